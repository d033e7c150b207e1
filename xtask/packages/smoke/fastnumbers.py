"""Converts text to numbers, with fallbacks."""

from fastnumbers import check_int, try_float, try_int


def check() -> None:
    assert try_float("1.5e3") == 1500 and try_float("x") == "x"
    assert try_int("42") == 42 and try_int("4.5", on_fail=lambda text: None) is None
    assert check_int("7") and not check_int("7.5")
