"""Packs, unpacks and streams, and refuses broken data."""

import msgpack
import msgpack._cmsgpack


def check() -> None:
    assert msgpack.Packer is msgpack._cmsgpack.Packer
    data = {"a": [1, -5, 2**40, 3.5, b"x", None, True], "s": "ü" * 100}
    assert msgpack.unpackb(msgpack.packb(data)) == data
    unpacker = msgpack.Unpacker()
    unpacker.feed(msgpack.packb(1) + msgpack.packb([2]))
    assert list(unpacker) == [1, [2]]
    try:
        msgpack.unpackb(b"\xc1")
        raise AssertionError("msgpack.FormatError was not raised")
    except msgpack.FormatError:
        pass
