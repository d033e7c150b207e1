"""Frames and blocks, and refuses broken data."""

import lz4.block
import lz4.frame


def check() -> None:
    data = b"hello world " * 10_000
    packed = lz4.frame.compress(data)
    assert lz4.frame.decompress(packed) == data and len(packed) < 1000
    assert lz4.block.decompress(lz4.block.compress(data)) == data
    try:
        lz4.frame.decompress(b"junk" * 9)
        raise AssertionError("RuntimeError was not raised")
    except RuntimeError:
        pass
