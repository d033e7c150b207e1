"""Frames, streams, dictionaries, and invalid data."""

import io

import zstandard
import zstandard.backend_c


def check():
    assert zstandard.backend == "cext"
    data = b"hello world " * 10_000
    packed = zstandard.ZstdCompressor(level=10).compress(data)
    unpacker = zstandard.ZstdDecompressor()
    assert len(packed) < 200 and unpacker.decompress(packed) == data
    with unpacker.stream_reader(io.BytesIO(packed)) as reader:
        assert reader.read(5) == b"hello" and reader.read() == data[5:]

    samples = [b"key=%d;name=user-%d;" % (n, n * 7) for n in range(500)]
    dictionary = zstandard.train_dictionary(2048, samples)
    with_dictionary = zstandard.ZstdCompressor(dict_data=dictionary).compress(samples[3])
    assert zstandard.ZstdDecompressor(dict_data=dictionary).decompress(with_dictionary) == samples[3]
    for wrong in (b"junk", packed[:-9]):
        try:
            unpacker.decompress(wrong)
            raise AssertionError("a broken frame was accepted")
        except zstandard.ZstdError:
            pass
