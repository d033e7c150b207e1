"""Transforms back and forth."""

import numpy
import pywt


def check() -> None:
    approximation, details = pywt.dwt([1, 2, 3, 4], "db1")
    assert numpy.allclose(approximation, [2.1213, 4.9497], atol=1e-4)
    assert numpy.allclose(pywt.idwt(approximation, details, "db1"), [1, 2, 3, 4])
