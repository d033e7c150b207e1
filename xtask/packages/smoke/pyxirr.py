"""Rates of return."""

import datetime

import pyxirr


def check() -> None:
    dates = [datetime.date(2025, 1, 1), datetime.date(2026, 1, 1)]
    assert abs(pyxirr.xirr(dates, [-100, 110]) - 0.1) < 1e-6
    assert abs(pyxirr.npv(0.1, [-100, 110])) < 1e-9
