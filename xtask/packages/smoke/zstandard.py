"""Compresses by level, streams, and refuses broken data."""

import io

import zstandard
import zstandard.backend_c


def check() -> None:
    data = b"hello world " * 10_000
    packed = zstandard.ZstdCompressor(level=10).compress(data)
    assert zstandard.ZstdDecompressor().decompress(packed) == data and len(packed) < 200
    assert zstandard.ZstdDecompressor().stream_reader(io.BytesIO(packed)).read() == data
    try:
        zstandard.ZstdDecompressor().decompress(b"junk")
        raise AssertionError("zstandard.ZstdError was not raised")
    except zstandard.ZstdError:
        pass
