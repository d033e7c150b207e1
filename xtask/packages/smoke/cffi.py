"""Types and memory, and a module in API mode; a call by address is refused."""

import cffi
from _argon2_cffi_bindings import ffi as compiled
from _argon2_cffi_bindings import lib


def check():
    ffi = cffi.FFI()
    ffi.cdef("struct point { int x; char tag; double y; }; typedef int (*function)(int);")
    point = ffi.new("struct point *", {"x": 5, "tag": b"a"})
    point.y = 0.5
    assert (point.x, point.tag, point.y, ffi.sizeof("struct point"), ffi.sizeof("long")) == (5, b"a", 0.5, 16, 4)
    assert bytes(ffi.buffer(point))[:4] == b"\x05\0\0\0"
    numbers = ffi.new("int[]", [1, 2, 3])
    assert list(numbers[0:3]) == [1, 2, 3] and ffi.string(ffi.new("char[]", b"text")) == b"text"
    try:
        numbers[3]
        raise AssertionError("IndexError was not raised")
    except IndexError:
        pass

    assert compiled.string(lib.argon2_error_message(lib.ARGON2_OK)) == b"OK"
    out = compiled.new("uint8_t[]", 16)
    cost, text, salt = (1, 64, 1), (b"x", 1), (b"somesalt", 8)
    kind = (lib.Argon2_id, lib.ARGON2_VERSION_NUMBER)
    status = lib.argon2_hash(*cost, *text, *salt, out, 16, compiled.NULL, 0, *kind)
    assert status == lib.ARGON2_OK and any(out)
    try:
        ffi.cast("function", 1)(1)
        raise AssertionError("a call of an address was made")
    except OSError as error:
        assert "address" in str(error), error
