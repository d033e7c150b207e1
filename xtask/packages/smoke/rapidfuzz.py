"""Ratios, distances and the best matches."""

import rapidfuzz.fuzz_cpp
from rapidfuzz import distance, fuzz, process


def check() -> None:
    assert fuzz.ratio.__module__ != "rapidfuzz.fuzz_py"
    assert distance.Levenshtein.distance("kitten", "sitting") == 3
    assert abs(fuzz.ratio("this is a test", "this is a test!") - 96.55) < 0.01
    assert process.extractOne("app", ["zebra", "apple"])[0] == "apple"
