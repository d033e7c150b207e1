"""Caches that drop by age and use."""

from cachebox import LRUCache


def check() -> None:
    cache = LRUCache(2)
    cache["a"], cache["b"] = 1, 2
    assert cache["a"] == 1
    cache["c"] = 3
    assert "b" not in cache and "a" in cache and len(cache) == 2
