"""A list refuses changes once it is frozen."""

import frozenlist
import frozenlist._frozenlist


def check() -> None:
    values = frozenlist.FrozenList([1])
    assert type(values).__module__ == "frozenlist._frozenlist"
    values.append(2)
    values.freeze()
    try:
        values.append(3)
        raise AssertionError("RuntimeError was not raised")
    except RuntimeError:
        pass
    assert list(values) == [1, 2]
