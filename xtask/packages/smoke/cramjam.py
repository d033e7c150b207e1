"""Compresses and decompresses with six algorithms."""

import cramjam


def check() -> None:
    data = b"hello " * 1000
    for name in ["snappy", "zstd", "brotli", "lz4", "gzip", "bzip2"]:
        algorithm = getattr(cramjam, name)
        packed = algorithm.compress(data)
        assert bytes(algorithm.decompress(packed)) == data and len(bytes(packed)) < 1000, name
