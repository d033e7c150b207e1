"""Distances of strings, and how they sound."""

import jellyfish


def check() -> None:
    assert jellyfish.levenshtein_distance("jellyfish", "smellyfish") == 2
    assert jellyfish.metaphone("Jellyfish") == "JLFX"
    assert abs(jellyfish.jaro_similarity("dixon", "dicksonx") - 0.7667) < 0.001
    assert jellyfish.soundex("Robert") == "R163"
