"""Hands rows and content to the host that runs this guest.

For editors and type checkers: the module itself is a part of every guest.
"""

from collections.abc import Buffer, Iterable
from typing import Literal, SupportsFloat, SupportsIndex

type _Value = SupportsIndex | SupportsFloat | str | None
type _ColumnType = Literal["Int64", "Float64", "String"]
type _Column = tuple[str, _ColumnType] | tuple[str, _ColumnType, _Value]

def define_table(name: str, columns: Iterable[_Column]) -> None:
    """Define a table. Repeating the same definition changes nothing.

    Each column is (name, type) or (name, type, none_value). none_value is written where a row has None, as the host has no NULL.
    """

def insert_row(table: str, values: Iterable[_Value]) -> None:
    """Add a row to a table: one value per column, in the order of the columns.

    Raises ValueError, TypeError or OverflowError if the row does not fit, and KeyError if the table is not defined.
    """

def flush() -> None:
    """Hand over the rows so far, which frees their memory. The end of a successful call does the same."""

def emit_bytes(data: Buffer, filename: str) -> None:
    """Hand bytes to the host as further content, which it processes after this one."""
