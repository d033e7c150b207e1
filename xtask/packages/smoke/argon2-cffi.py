"""A hash, its verification, and a wrong password."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from argon2.low_level import Type, hash_secret_raw


def check():
    # RFC 9106 has its vectors with a secret, which this interface does not take; this one is the reference program's.
    raw = hash_secret_raw(b"password", b"somesalt", 2, 64, 1, 24, Type.I)
    assert len(raw) == 24 and raw == hash_secret_raw(b"password", b"somesalt", 2, 64, 1, 24, Type.I)

    # Its Python refuses more lanes on wasm, where none would run beside another.
    hasher = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    hashed = hasher.hash("correct")
    assert hashed.startswith("$argon2id$v=19$m=64,t=1,p=1$") and hasher.verify(hashed, "correct")
    for wrong, error in [(hashed, VerifyMismatchError), ("no hash", InvalidHashError)]:
        try:
            hasher.verify(wrong, "wrong")
            raise AssertionError("a wrong password was accepted")
        except error:
            pass
