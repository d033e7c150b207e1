"""Encodes and decodes with ranks of its own."""

import tiktoken


def check() -> None:
    ranks = {bytes([i]): i for i in range(256)} | {b"he": 256, b"hel": 257, b"lo": 258}
    encoding = tiktoken.Encoding(
        "own", pat_str=r"\w+|\s+|[^\w\s]+", mergeable_ranks=ranks, special_tokens={"<end>": 300}
    )
    assert encoding.encode("hello hello!") == [257, 258, 32, 257, 258, 33]
    assert encoding.decode(encoding.encode("hello ü")) == "hello ü"
