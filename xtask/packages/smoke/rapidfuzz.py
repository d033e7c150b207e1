"""Ratios, distances, the best matches, and a matrix of NumPy."""

from rapidfuzz import distance, fuzz, process
import rapidfuzz.fuzz_cpp


def check():
    assert fuzz.ratio.__module__ == "rapidfuzz.fuzz_cpp" or rapidfuzz.fuzz_cpp.ratio is fuzz.ratio
    assert distance.Levenshtein.distance("kitten", "sitting") == 3
    assert distance.Levenshtein.editops("ab", "b").as_list() == [("delete", 0, 0)]
    assert abs(fuzz.ratio("this is a test", "this is a test!") - 96.55) < 0.01
    assert abs(distance.JaroWinkler.similarity("MARTHA", "MARHTA") - 0.9611) < 0.0001
    names = ["apple", "ape", "zebra"]
    assert [found[0] for found in process.extract("app", names, limit=2)] == ["apple", "ape"]
    assert process.extractOne("zebr", names)[2] == 2
    try:
        fuzz.ratio(1, "a")
        raise AssertionError("a number was compared with text")
    except TypeError:
        pass
