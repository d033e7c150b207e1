"""Hashes known vectors, keyed too."""

import blake3


def check() -> None:
    assert blake3.blake3(b"").hexdigest().startswith("af1349b9f5f9a1a6a0404dea36dcc949")
    whole = blake3.blake3(b"a" * 100_000).digest()
    parts = blake3.blake3()
    for _ in range(10):
        parts.update(b"a" * 10_000)
    assert parts.digest() == whole != blake3.blake3(b"a" * 100_000, key=b"k" * 32).digest()
