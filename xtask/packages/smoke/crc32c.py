"""Checks a sum against the known one."""

import crc32c


def check() -> None:
    assert crc32c.crc32c(b"123456789") == 0xE3069283
    assert crc32c.crc32c(b"6789", crc32c.crc32c(b"12345")) == 0xE3069283
