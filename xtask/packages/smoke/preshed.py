"""Maps and counts of hashed keys."""

from preshed.counter import PreshCounter
from preshed.maps import PreshMap


def check() -> None:
    values = PreshMap(initial_size=8)
    for key in range(10, 100):
        values[key] = key * 2
    assert values[50] == 100 and len(values) == 90 and values[1000] is None
    counter = PreshCounter()
    counter.inc(5, 3)
    assert counter[5] == 3
