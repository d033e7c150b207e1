"""Compresses and decompresses, and refuses broken data."""

from backports import zstd


def check() -> None:
    data = b"hello world " * 10_000
    packed = zstd.compress(data)
    assert zstd.decompress(packed) == data and len(packed) < 200
    try:
        zstd.decompress(b"junk")
        raise AssertionError("zstd.ZstdError was not raised")
    except zstd.ZstdError:
        pass
