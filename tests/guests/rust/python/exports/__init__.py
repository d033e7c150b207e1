"""Functions that the host calls in any order; they share what they remember."""

import constructor

from . import memory


def _called() -> None:
    memory.calls += 1
    assert constructor.runs() == 1, f"the constructor ran {constructor.runs()} times"


def main(_: str) -> None:
    _called()


def remember() -> None:
    _called()
    memory.values.append(len(memory.values))


def answer() -> int:
    _called()
    return 42


def refuse() -> None:
    _called()
    raise PermissionError("refused on purpose")
