"""Word and byte-pair models, offsets, and a tokenizer as JSON."""

from tokenizers import Tokenizer, models, pre_tokenizers, trainers


def check():
    words = Tokenizer(models.WordLevel({"hello": 0, "world": 1, "[UNK]": 2}, unk_token="[UNK]"))
    words.pre_tokenizer = pre_tokenizers.Whitespace()
    encoded = words.encode("hello world x")
    assert encoded.ids == [0, 1, 2] and encoded.offsets == [(0, 5), (6, 11), (12, 13)]
    assert Tokenizer.from_str(words.to_str()).encode("world").ids == [1]

    pairs = Tokenizer(models.BPE())
    pairs.train_from_iterator(["abab abab ab"], trainers.BpeTrainer(vocab_size=6, show_progress=False))
    assert pairs.decode(pairs.encode("abab").ids).replace(" ", "") == "abab"
    assert "ab" in pairs.get_vocab()
    try:
        Tokenizer.from_str("{")
        raise AssertionError("half a JSON was accepted")
    except Exception as error:
        assert "EOF" in str(error), error
