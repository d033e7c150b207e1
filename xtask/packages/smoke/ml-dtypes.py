"""Arithmetic of bfloat16 arrays."""

import ml_dtypes
import numpy


def check() -> None:
    values = numpy.array([1.5, 2.25], dtype=ml_dtypes.bfloat16) * 2
    assert values.dtype == ml_dtypes.bfloat16 and values.astype(float).tolist() == [3, 4.5]
    assert float(ml_dtypes.finfo(ml_dtypes.float8_e4m3fn).max) == 448
