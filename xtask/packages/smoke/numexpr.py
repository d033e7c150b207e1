"""Evaluates expressions over arrays."""

import numexpr
import numpy


def check() -> None:
    a = numpy.arange(5.0)
    assert numexpr.evaluate("2*a + 1").tolist() == [1, 3, 5, 7, 9]
    assert numexpr.evaluate("sum(where(a > 2, a, 0))") == 7
