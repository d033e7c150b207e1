"""Persistent maps with changes in a block."""

import immutables
import immutables._map


def check() -> None:
    first = immutables.Map({str(i): i for i in range(100)})
    assert type(first) is immutables._map.Map
    second = first.set("x", 1)
    with second.mutate() as changes:
        del changes["5"]
        third = changes.finish()
    assert len(first) == 100 and second["x"] == 1 and "5" not in third and "5" in second
