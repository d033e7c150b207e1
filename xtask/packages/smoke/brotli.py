"""One call, streams, and invalid data."""

import brotli


def check():
    data = b"hello world " * 10_000
    packed = brotli.compress(data, quality=9)
    assert len(packed) < 100 and brotli.decompress(packed) == data
    packer = brotli.Compressor(mode=brotli.MODE_TEXT)
    stream = packer.process(data[:99]) + packer.process(data[99:]) + packer.finish()
    unpacker = brotli.Decompressor()
    assert unpacker.process(stream) == data and unpacker.is_finished()
    try:
        brotli.decompress(b"junk")
        raise AssertionError("a broken stream was accepted")
    except brotli.error:
        pass
