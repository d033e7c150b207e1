"""Calls this guest's entry point in tests, and shows what it hands over to the host.

For editors and type checkers: the module exists in a guest that `cargo wadup test` runs.
"""

from dataclasses import dataclass

@dataclass(frozen=True)
class SubContent:
    """Content that the guest hands to the host, which processes it like an input."""

    filename: str
    data: bytes

@dataclass(frozen=True)
class Outcome:
    """What the guest has handed over."""

    #: The rows of each table that is defined, in order, as dicts of values by column.
    tables: dict[str, list[dict[str, object]]]
    #: The further content, in order.
    sub_content: list[SubContent]

def process(data: bytes) -> Outcome:
    """Call the entry point with `data` as its input, and return what it hands over.

    What the test handed over before is dropped. An exception of the entry point is raised, and so is SystemExit unless its
    status is 0.
    """

def taken() -> Outcome:
    """Return what this test has handed over since it began, or since the last call of this function."""
