"""Arrays in files: NumPy's own format, raw bytes, archives and text."""

import io

import numpy as np
from numpy.testing import assert_array_equal

from .features import refused

A = np.arange(100_000, dtype=np.float64).reshape(100, 1000)


def save_and_load() -> None:
    np.save("/array.npy", A)
    assert_array_equal(np.load("/array.npy"), A)
    # Two arrays in one file: each begins where the other ended.
    with open("/two.npy", "wb") as file:
        np.save(file, A)
        np.save(file, A[0])
        file.write(b"end")
    with open("/two.npy", "rb") as file:
        assert_array_equal(np.load(file), A)
        assert_array_equal(np.load(file), A[0])
        assert file.read() == b"end"
    np.save("/objects.npy", np.array([{"a": 1}], dtype=object))
    assert np.load("/objects.npy", allow_pickle=True)[0] == {"a": 1}
    refused(FileNotFoundError, lambda: np.load("/absent.npy"))


def raw_files() -> None:
    A.tofile("/array.raw")
    assert_array_equal(np.fromfile("/array.raw"), A.ravel())
    assert_array_equal(np.fromfile("/array.raw", count=2, offset=8), [1, 2])
    np.arange(3).tofile("/array.txt", sep=" ")
    assert_array_equal(np.fromfile("/array.txt", dtype=int, sep=" "), [0, 1, 2])
    with open("/array.raw", "r+b") as file:
        file.read(8)
        np.array([-1.0]).tofile(file)
        assert file.tell() == 16
        assert np.fromfile(file, count=1)[0] == 2
        assert file.tell() == 24
    assert np.fromfile("/array.raw", count=3).tolist() == [0, -1, 2]


def archives_and_text() -> None:
    np.savez_compressed("/arrays.npz", a=A, b=A[0])
    with np.load("/arrays.npz") as archive:
        assert_array_equal(archive["a"], A)
        assert archive.files == ["a", "b"]
    np.savetxt("/array.csv", A[:2, :3], delimiter=",")
    assert_array_equal(np.loadtxt("/array.csv", delimiter=","), A[:2, :3])
    table = np.genfromtxt(io.StringIO("a,b\n1,2.5\n3,"), delimiter=",", names=True)
    assert table["a"].tolist() == [1, 3]
    assert np.isnan(table["b"][1])
