"""Compresses as small as Deflate can be."""

import zlib

from zopfli.zlib import compress


def check() -> None:
    data = b"hello world " * 500
    assert zlib.decompress(compress(data)) == data and len(compress(data)) <= len(zlib.compress(data, 9))
