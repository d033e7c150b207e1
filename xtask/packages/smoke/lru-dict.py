"""Drops what was used least recently."""

from lru import LRU


def check() -> None:
    cache = LRU(2)
    cache["a"], cache["b"] = 1, 2
    cache["a"]
    cache["c"] = 3
    assert cache.keys() == ["c", "a"] and "b" not in cache
    assert cache.get_stats() == (1, 0)
