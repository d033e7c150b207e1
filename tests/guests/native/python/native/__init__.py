"""Packages with native code, each built by another backend, at real work."""

import markupsafe
import markupsafe._speedups
import msgpack
import msgpack._cmsgpack
import rpds


def main() -> None:
    escape()
    pack()
    persist()


def escape() -> None:
    """setuptools, C."""
    assert markupsafe._speedups._escape_inner("<") == "&lt;"
    assert markupsafe.escape("<a & 'b'>") == "&lt;a &amp; &#39;b&#39;&gt;"


def pack() -> None:
    """setuptools, Cython."""
    assert msgpack.Packer is msgpack._cmsgpack.Packer
    data = {"a": [1, -5, 2**40, 3.5, b"x", None, True], "s": "ü" * 100}
    assert msgpack.unpackb(msgpack.packb(data)) == data
    try:
        msgpack.unpackb(b"\xc1")
    except msgpack.FormatError:
        pass
    else:
        raise AssertionError("0xc1 is never used")


def persist() -> None:
    """maturin."""
    values = rpds.HashTrieMap({"a": 1}).insert("b", 2)
    assert dict(values) == {"a": 1, "b": 2}
    assert values.remove("a") == rpds.HashTrieMap({"b": 2})
    try:
        values["missing"]
    except KeyError as error:
        assert error.args == ("missing",)
    else:
        raise AssertionError("a key that is not there")
