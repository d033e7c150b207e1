"""Asks every cell twice: the second answer comes from the first."""

from fractions import Fraction

import cells
import chained

calls = 0


def main(_: str) -> None:
    global calls
    calls += 1

    if calls == 1:
        try:
            cells.cubes(0)
        except ValueError:
            pass
        else:
            raise AssertionError("an error filled a cell")

    for _ in range(2):
        assert cells.squares() == [0, 1, 4, 9, 16, 25, 36, 49, 64, 81]
        assert cells.cubes(4) == [0, 1, 8, 27]
        assert (cells.numeral("two"), cells.numeral("ten")) == (2, None)
        assert cells.greeting() == "hello"
        assert cells.counter() is cells.counter()
        assert cells.registry() is cells.registry()
        assert cells.fraction(2, 4) == Fraction(1, 2)
    assert cells.times_filled() == 6, cells.times_filled()

    assert cells.counter().next() == calls
    cells.registry()[calls] = calls
    assert len(cells.registry()) == calls

    assert (chained.length, chained.text) == (5, "12.50")
    assert chained.counter_type is type(cells.counter()) is cells.Counter
