"""Writes and reads what mypy caches."""

import librt
import librt.internal
from librt.internal import ReadBuffer, WriteBuffer, read_int, read_str, write_int, write_str


def check() -> None:
    buffer = WriteBuffer()
    write_str(buffer, "größe")
    write_int(buffer, 2**40)
    again = ReadBuffer(buffer.getvalue())
    assert read_str(again) == "größe" and read_int(again) == 2**40
