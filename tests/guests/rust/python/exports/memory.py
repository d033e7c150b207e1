"""What the calls leave for one another."""

import constructor

calls = 0
values: list[int] = []


def recall() -> int:
    """The number of values; the host sees it as the status."""
    assert constructor.runs() == 1
    return len(values)
