"""Distances of strings and lists."""

import editdistance


def check() -> None:
    assert editdistance.eval("kitten", "sitting") == 3
    assert editdistance.eval(["a", "b"], ["a", "c", "d"]) == 2
