"""What depends on the machine: sizes, calls through pointers, floating-point status flags, memory."""

import copy
import pickle
import warnings

import numpy as np

from .features import refused


def sizes() -> None:
    assert np.dtype(np.intp).itemsize == 4
    assert np.dtype("l").itemsize == 4
    assert np.arange(3).dtype == np.int32
    assert (np.array([2**40]) * 2).tolist() == [2**41]
    assert np.dtype({"names": ["a", "b"], "formats": ["i1", "f8"]}, align=True).itemsize == 16


def half_and_long_double() -> None:
    assert np.float16(65504) + np.float16(0) == 65504
    assert np.array([0.1], dtype=np.float16).astype(float)[0] == 0.0999755859375
    assert np.finfo(np.longdouble).nmant == 112
    third = np.longdouble(1) / np.longdouble(3)
    assert str(third) == "0.33333333333333333333333333333333333"[: len(str(third))]
    assert len(str(third)) > 33
    assert np.longdouble("0.1") != np.longdouble(0.1)
    assert np.clongdouble(1 + 2j) * np.clongdouble(1j) == -2 + 1j


def signs_of_nan() -> None:
    for kind in [np.float32, np.float64]:
        nan = kind("nan")
        assert not np.signbit(nan) and np.signbit(-nan)
        for count in [1, 2, 3, 7, 16, 33]:
            row = np.full(count, nan, dtype=kind)
            row[::2] = -nan
            for absolute in [np.abs(row), np.abs(row[::-1]), np.fabs(row), np.abs(row[0])]:
                assert not np.signbit(absolute).any(), (kind, count)


def copies_of_scalars() -> None:
    for scalar in [np.float64(1), np.int8(2), np.bool(True), np.datetime64("2024-01-01"), np.str_("a")]:
        assert copy.copy(scalar) == scalar
        assert copy.deepcopy(scalar) == scalar
        assert pickle.loads(pickle.dumps(scalar)) == scalar


def methods_by_other_signatures() -> None:
    """Functions that NumPy declares with fewer parameters than they are called with."""
    converter = np._core._multiarray_umath._array_converter(1.0, np.ones(2))
    assert converter.scalar_input == (True, False)
    cast = np._core._multiarray_umath._get_castingimpl(np.dtype("f4").__class__, np.dtype("f8").__class__)
    assert isinstance(cast._supports_unaligned, bool)
    scaled = np._core._multiarray_umath._get_sfloat_dtype()(2.0)
    assert scaled.__reduce__()[1] == (2.0,)


def floating_point_status() -> None:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        assert (np.array([1, 2]) // np.array([0, 1])).tolist() == [0, 2]
    assert [str(warning.message) for warning in caught] == ["divide by zero encountered in floor_divide"]
    with np.errstate(divide="raise"):
        refused(FloatingPointError, lambda: np.array([1]) // 0)
    with np.errstate(over="raise"):
        refused(FloatingPointError, lambda: np.int8(127) + np.int8(1))
    with np.errstate(all="ignore"):
        assert np.isinf(np.float64(1) / 0)
        assert np.isnan(np.sqrt(np.float64(-1)))


def memory_runs_out() -> None:
    assert "Unable to allocate" in refused(MemoryError, lambda: np.ones(2**28 - 1))
    assert np.ones(2**20).sum() == 2**20


def what_wasi_lacks() -> None:
    assert list(np.ctypeslib.as_ctypes(np.ones(2))) == [1.0, 1.0]
    refused(OSError, lambda: np.ctypeslib.load_library("libm.so", "/"))


def maps() -> None:
    mapped = np.memmap("/mapped", dtype="i4", shape=3, mode="w+")
    mapped[:] = [1, 2, 3]
    mapped.flush()
    assert np.fromfile("/mapped", dtype="i4").tolist() == [1, 2, 3]
    mapped[1] = 5
    del mapped
    read_only = np.memmap("/mapped", dtype="i4", mode="r", offset=4)
    assert read_only.tolist() == [5, 3]
    refused(ValueError, lambda: read_only.fill(0))
