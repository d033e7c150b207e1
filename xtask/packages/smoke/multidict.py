"""Keys in any case, several values each."""

import multidict
import multidict._multidict


def check() -> None:
    assert multidict.MultiDict is multidict._multidict.MultiDict
    values = multidict.CIMultiDict([("A", 1), ("a", 2)])
    assert values.getall("a") == [1, 2] and len(values) == 2
    values["A"] = 3
    assert values.getall("a") == [3]
