"""Tokenizes by words, and survives being saved."""

from tokenizers import Tokenizer, models, pre_tokenizers


def check() -> None:
    tokenizer = Tokenizer(models.WordLevel({"hello": 0, "world": 1, "[UNK]": 2}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    assert tokenizer.encode("hello world x").ids == [0, 1, 2]
    assert Tokenizer.from_str(tokenizer.to_str()).encode("world").ids == [1]
