"""A package that names what it offers."""

from .names import PUBLIC as PUBLIC

__all__ = ["PUBLIC", "names"]
