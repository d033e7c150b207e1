"""Encodes and decodes nested values and a time."""

import datetime

import cbor2
import cbor2._cbor2


def check() -> None:
    time = datetime.datetime(2026, 1, 1, tzinfo=datetime.timezone.utc)
    data = {"a": [1, 2.5, None, b"x", "ü", time], "b": 2**70}
    assert cbor2.loads(cbor2.dumps(data)) == data
    try:
        cbor2.loads(b"\x1b\x00")
        raise AssertionError("cbor2.CBORDecodeError was not raised")
    except cbor2.CBORDecodeError:
        pass
