"""A module in a package without `__init__` (PEP 420)."""

NAME = __name__
