"""A package with `__all__`."""

from .names import PUBLIC as PUBLIC

__all__ = ["PUBLIC", "names"]
