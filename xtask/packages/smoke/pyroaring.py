"""Intersects and saves sets of numbers."""

from pyroaring import BitMap


def check() -> None:
    large = BitMap(range(0, 100_000, 3))
    assert sorted(large & BitMap([3, 4, 9])) == [3, 9]
    assert BitMap.deserialize(large.serialize()) == large and len(large) == 33_334
