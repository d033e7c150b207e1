"""ctypes: types, memory and functions of Python; a guest has no libraries to load, and calls nothing by its address."""

import ctypes
import ctypes.util
import errno
import struct


class Point(ctypes.Structure):
    _fields_ = [("tag", ctypes.c_char), ("x", ctypes.c_int), ("y", ctypes.c_double)]


class Flags(ctypes.LittleEndianStructure):
    _pack_ = 1
    _fields_ = [("low", ctypes.c_uint8, 3), ("high", ctypes.c_uint8, 5), ("rest", ctypes.c_uint32)]


class Number(ctypes.Union):
    _fields_ = [("whole", ctypes.c_uint32), ("bytes", ctypes.c_uint8 * 4)]


def check():
    layouts()
    memory()
    pointers()
    functions_of_python()
    refused()


def layouts():
    assert [ctypes.sizeof(kind) for kind in (ctypes.c_long, ctypes.c_void_p, ctypes.c_longlong)] == [4, 4, 8]
    assert ctypes.sizeof(Point) == struct.calcsize("cid0d") == 16 and Point.y.offset == 8
    assert ctypes.alignment(Point) == 8
    assert ctypes.sizeof(Flags) == 5
    flags = Flags(low=5, high=17, rest=1 << 31)
    assert bytes(flags) == bytes([5 | 17 << 3, 0, 0, 0, 128])
    assert bytes(Number(0x01020304).bytes) == bytes([4, 3, 2, 1])


def memory():
    data = bytearray(struct.pack("<3i", 1, 2, 3))
    numbers = (ctypes.c_int * 3).from_buffer(data)
    numbers[1] = 20
    assert struct.unpack("<3i", data) == (1, 20, 3)
    assert list((ctypes.c_int * 3).from_buffer_copy(bytes(data))) == [1, 20, 3]
    text = ctypes.create_string_buffer(b"some text", 20)
    assert ctypes.string_at(text, 4) == b"some" and ctypes.string_at(text) == b"some text"
    assert ctypes.wstring_at(ctypes.create_unicode_buffer("grüße")) == "grüße"
    other = ctypes.create_string_buffer(20)
    ctypes.memmove(other, text, 9)
    ctypes.memset(ctypes.addressof(other) + 5, ord("x"), 4)
    assert other.value == b"some xxxx"
    assert ctypes.string_at(id(text), ctypes.sizeof(ctypes.c_ssize_t)) != b""


def pointers():
    point = Point(b"p", 3, 0.5)
    pointer = ctypes.pointer(point)
    pointer.contents.x = 4
    assert point.x == pointer[0].x == 4
    numbers = (ctypes.c_int * 2)(5, 6)
    assert ctypes.cast(numbers, ctypes.POINTER(ctypes.c_int))[1] == 6
    assert not ctypes.POINTER(Point)()
    nothing = ctypes.c_void_p()
    assert nothing.value is None


def functions_of_python():
    compare = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_int, ctypes.c_double)(lambda a, b: a + round(b))
    assert compare(2, 3.6) == 6
    again = ctypes.cast(compare, type(compare))
    assert again(1, 1.0) == 2


def refused():
    for name in "libc.so.6", "/lib/libm.so":
        try:
            ctypes.CDLL(name)
        except OSError as error:
            assert "a guest cannot load libraries" in str(error), error
        else:
            raise AssertionError("a library was loaded")
    assert ctypes.util.find_library("c") is None
    try:
        ctypes.pythonapi.Py_IncRef
    except AttributeError as error:
        assert "no table of symbols" in str(error), error
    else:
        raise AssertionError("a symbol was found")
    for address in 1, 500, ctypes.addressof(ctypes.c_int()):
        try:
            ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_int)(address)(1)
        except OSError as error:
            assert error.errno == errno.ENOSYS and "by its address" in str(error), error
        else:
            raise AssertionError("an address was called")
    # With other arguments than those it was made for.
    function = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_int)(lambda number: number)
    try:
        ctypes.cast(function, ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_double))(1.0)
    except OSError:
        pass
    else:
        raise AssertionError("a function was called with arguments of other types")
