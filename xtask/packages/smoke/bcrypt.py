"""Hashes and checks passwords, with a known vector."""

import bcrypt


def check() -> None:
    known = b"$2b$04$cVWp4XaNU8a4v1uMRum2SO026BWLIoQMD/TXg5uZV.0P.uO8m3YEm"
    assert bcrypt.hashpw(b"Kk4DQuMMfZL9o", known[:29]) == known
    hashed = bcrypt.hashpw(b"secret", bcrypt.gensalt(4))
    assert bcrypt.checkpw(b"secret", hashed) and not bcrypt.checkpw(b"other", hashed)
