"""Dates of other calendars, as arrays."""

import cftime
import numpy


def check() -> None:
    dates = cftime.num2date(numpy.array([0, 59]), "days since 2001-01-01", calendar="360_day")
    assert [(date.month, date.day) for date in dates] == [(1, 1), (2, 30)]
    assert cftime.date2num(dates, "days since 2001-01-01", calendar="360_day").tolist() == [0, 59]
