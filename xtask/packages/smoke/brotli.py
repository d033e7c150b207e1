"""Compresses and decompresses, and refuses broken data."""

import brotli


def check() -> None:
    data = b"hello world " * 10_000
    packed = brotli.compress(data)
    assert brotli.decompress(packed) == data and len(packed) < 100
    try:
        brotli.decompress(b"junk")
        raise AssertionError("brotli.error was not raised")
    except brotli.error:
        pass
