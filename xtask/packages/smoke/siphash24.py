"""Hashes the known vector of SipHash."""

import siphash24


def check() -> None:
    key = bytes(range(16))
    assert siphash24.siphash24(b"", key=key).hexdigest() == "310e0edd47db6f72"
    parts = siphash24.siphash24(key=key)
    parts.update(b"a" * 1000)
    assert parts.digest() == siphash24.siphash24(b"a" * 1000, key=key).digest()
