"""Packs and unpacks, and refuses broken data."""

import ormsgpack


def check() -> None:
    data = {"a": [1, 2.5, None, "ü", b"x"]}
    assert ormsgpack.unpackb(ormsgpack.packb(data)) == data
    try:
        ormsgpack.unpackb(b"\xc1")
        raise AssertionError("ormsgpack.MsgpackDecodeError was not raised")
    except ormsgpack.MsgpackDecodeError:
        pass
