"""The other half of a circle of imports."""

from . import left

NAME = "right"


def other() -> str:
    return left.NAME
