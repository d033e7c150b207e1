"""Sums and moving means of arrays with NaN."""

import bottleneck
import numpy


def check() -> None:
    values = numpy.array([1, numpy.nan, 3.0])
    assert bottleneck.nansum(values) == 4 and bottleneck.nanmax(values) == 3
    assert bottleneck.move_mean(numpy.arange(6.0), 3)[2:].tolist() == [1, 2, 3, 4]
    assert bottleneck.rankdata([3, 1, 2]).tolist() == [3, 1, 2]
