"""Hashes known vectors."""

import mmh3


def check() -> None:
    assert mmh3.hash("foo") == -156908512
    assert mmh3.hash_bytes(b"") == bytes(16)
    assert mmh3.hash128(b"x" * 100) == int.from_bytes(mmh3.hash_bytes(b"x" * 100), "little")
