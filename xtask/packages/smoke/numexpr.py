"""Expressions over arrays, and one that is malformed."""

import numexpr
import numpy as np


def check():
    a, b = np.arange(5.0), np.arange(5)
    assert numexpr.evaluate("2 * a + sqrt(b * b)").tolist() == [0, 3, 6, 9, 12]
    assert numexpr.evaluate("where(a > 2, a, -b)").tolist() == [0, -1, -2, 3, 4]
    assert numexpr.evaluate("sum(a * b)") == 30
    big = np.linspace(0, 1, 100_000)
    assert np.allclose(numexpr.evaluate("sin(big) ** 2 + cos(big) ** 2"), 1)
    try:
        numexpr.evaluate("a +")
        raise AssertionError("half an expression was accepted")
    except SyntaxError:
        pass
