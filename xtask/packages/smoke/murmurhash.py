"""Hashes text and bytes."""

import murmurhash
from murmurhash import mrmr


def check() -> None:
    assert mrmr.hash("foo") == mrmr.hash(b"foo") != mrmr.hash("fop")
    assert mrmr.hash("foo", 1) != mrmr.hash("foo", 2)
