"""Blocks, frames, streams, and invalid data."""

import lz4.block
import lz4.frame


def check():
    data = b"hello world " * 10_000
    block = lz4.block.compress(data, mode="high_compression")
    assert len(block) < 1000 and lz4.block.decompress(block) == data
    frame = lz4.frame.compress(data, content_checksum=True)
    assert lz4.frame.decompress(frame) == data
    packer = lz4.frame.LZ4FrameCompressor()
    stream = packer.begin() + packer.compress(data[:50]) + packer.compress(data[50:]) + packer.flush()
    assert lz4.frame.decompress(stream) == data
    damaged = frame[:-1] + bytes([frame[-1] ^ 1])
    for wrong in (b"junk" * 9, damaged):
        try:
            lz4.frame.decompress(wrong)
            raise AssertionError("a broken frame was accepted")
        except RuntimeError:
            pass
