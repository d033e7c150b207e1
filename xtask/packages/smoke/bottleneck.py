"""Reductions, ranks and moving windows, with and without NaN."""

import bottleneck as bn
import numpy as np


def check():
    values = np.array([1, np.nan, 3.0])
    assert bn.nansum(values) == 4 and bn.nanmean(values) == 2 and bn.anynan(values)
    assert bn.median(np.array([[3, 1, 2], [9, 7, 8]]), axis=1).tolist() == [2, 8]
    assert bn.move_mean(np.arange(6.0), 3)[2:].tolist() == [1, 2, 3, 4]
    assert bn.rankdata(np.array([10, 30, 20])).tolist() == [1, 3, 2]
    try:
        bn.move_mean(np.arange(3.0), 9)
        raise AssertionError("a window longer than the data was accepted")
    except ValueError:
        pass
