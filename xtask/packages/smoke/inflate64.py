"""Compresses and decompresses by Deflate64."""

import inflate64


def check() -> None:
    data = b"hello world " * 1000
    deflater = inflate64.Deflater()
    packed = deflater.deflate(data) + deflater.flush()
    assert inflate64.Inflater().inflate(packed) == data and len(packed) < len(data) / 2
