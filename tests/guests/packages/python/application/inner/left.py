"""One half of a circle of imports."""

from . import right

NAME = "left"


def other() -> str:
    return right.NAME
