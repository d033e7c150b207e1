"""Hashes a password with Argon2id."""

from _argon2_cffi_bindings import ffi, lib


def check() -> None:
    out = ffi.new("uint8_t[]", 32)
    status = lib.argon2_hash(
        1, 64, 1, b"pw", 2, b"saltsaltsalt", 12, out, 32, ffi.NULL, 0, lib.Argon2_id, lib.ARGON2_VERSION_NUMBER
    )
    assert status == 0
    first = bytes(out)
    assert any(first) and lib.argon2_hash(
        1, 64, 1, b"pw", 2, b"saltsaltsalt", 12, out, 32, ffi.NULL, 0, lib.Argon2_id, lib.ARGON2_VERSION_NUMBER
    ) == 0
    assert bytes(out) == first
    assert ffi.string(lib.argon2_error_message(-1)) == b"Output pointer is NULL"
