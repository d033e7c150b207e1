"""A package inside a package."""

from ..names import PUBLIC

INNER = f"inner {PUBLIC}"
