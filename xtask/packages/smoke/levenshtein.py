"""Distances and edits of strings."""

import Levenshtein


def check() -> None:
    assert Levenshtein.distance("kitten", "sitting") == 3
    assert Levenshtein.editops("spam", "park") == [("delete", 0, 0), ("insert", 3, 2), ("replace", 3, 3)]
    assert abs(Levenshtein.ratio("abcd", "abce") - 0.75) < 1e-9
