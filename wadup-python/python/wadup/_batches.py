"""Batches of inputs through a guest, for engines: which columns come back, and the rows for inputs that failed."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict

import pyarrow

if TYPE_CHECKING:
    from wadup import Guest, Result

# The types of columns in guests' tables.
TYPES = (pyarrow.int64(), pyarrow.float64(), pyarrow.string())

BINARY = (pyarrow.binary(), pyarrow.large_binary(), pyarrow.string(), pyarrow.large_string())


class Settings(TypedDict, total=False):
    """The keywords of `wadup.Guest`."""

    memory: int | None
    deadline: float | None
    fuel: int | None
    stack: int | None
    stdout: int | None
    stderr: int | None
    rows: int | None
    row_bytes: int | None
    subcontents: int | None
    subcontent_bytes: int | None
    files: int | None
    file_bytes: int | None
    environment: Mapping[str, str] | None
    reuse: bool
    cache: str | os.PathLike[str] | None


def read(guest: bytes | str | os.PathLike[str]) -> bytes:
    """The bytes of a guest, which may be the path of a file."""
    return guest if isinstance(guest, bytes) else Path(guest).read_bytes()


@dataclass(frozen=True)
class Job:
    """What is done with each batch."""

    column: str
    table: str
    schema: pyarrow.Schema
    keep: Sequence[str] | None
    error: str
    export: str
    parallel: int

    def __post_init__(self) -> None:
        for field in self.schema:
            if field.type not in TYPES:
                expected = ", ".join(map(str, TYPES))
                raise ValueError(f"schema: column `{field.name}` is {field.type}, but those of guests are {expected}")

    def kept(self, names: Sequence[str]) -> list[str]:
        """Those of the inputs' columns that are repeated in each row."""
        kept = [name for name in names if name != self.column] if self.keep is None else list(self.keep)
        for name in [self.column, *kept]:
            if name not in names:
                raise ValueError(f"the inputs have no column `{name}`, only {', '.join(names)}")
        columns = [*kept, *self.schema.names, *self.errors]
        for name in columns:
            if columns.count(name) > 1:
                raise ValueError(f"two columns of the result would be `{name}`: rename one, or change `keep` or `error`")
        return kept

    @property
    def errors(self) -> list[str]:
        """The columns for failures: the exception's class, and its text."""
        return [self.error, f"{self.error}_text"]

    def run(self, guest: Guest, batch: pyarrow.Table) -> pyarrow.Table:
        """The rows of all inputs in their order, and one row for each that failed. The schema is the same in every case."""
        kept = self.kept(batch.schema.names)
        nullable = pyarrow.schema([field.with_nullable(True) for field in self.schema])
        blank = pyarrow.table([pyarrow.nulls(1, field.type) for field in nullable], schema=nullable)
        parts, origins, errors, texts = [nullable.empty_table()], [], [], []
        for origin, (rows, failure) in enumerate(self._each(guest, batch[self.column])):
            if failure is None and rows is None:
                continue
            part = blank if rows is None else pyarrow.Table.from_arrays(rows.columns, schema=nullable)
            error, text = failure or (None, None)
            parts.append(part)
            origins += [origin] * part.num_rows
            errors += [error] * part.num_rows
            texts += [text] * part.num_rows
        taken = pyarrow.array(origins, pyarrow.int64())
        carried = [batch[name].take(taken) for name in kept]
        failures = [pyarrow.array(values, pyarrow.string()) for values in (errors, texts)]
        fields = [*map(batch.schema.field, kept), *nullable, *(pyarrow.field(name, pyarrow.string()) for name in self.errors)]
        columns = [*carried, *pyarrow.concat_tables(parts).columns, *failures]
        return pyarrow.Table.from_arrays(columns, schema=pyarrow.schema(fields)).combine_chunks()

    def _each(
        self, guest: Guest, column: pyarrow.ChunkedArray
    ) -> Iterator[tuple[pyarrow.Table | None, tuple[str, str] | None]]:
        if column.type not in BINARY:
            raise TypeError(f"inputs are bytes or text, but column `{self.column}` is {column.type}")
        values = column.cast(pyarrow.large_binary())
        given = (value.as_py() for value in values if value.is_valid)
        results = iter(guest.process_many(given, parallel=self.parallel, export=self.export))
        for value in values:
            yield self._one(next(results)) if value.is_valid else (None, ("ValueError", "the input is null"))

    def _one(self, result: Result) -> tuple[pyarrow.Table | None, tuple[str, str] | None]:
        if result.error is not None:
            return None, (type(result.error).__name__, str(result.error))
        found = result.tables.get(self.table)
        if found is None:
            return None, None
        rows = pyarrow.table(found)
        if rows.schema.names == self.schema.names and rows.schema.types == self.schema.types:
            return rows, None
        names, expected = (", ".join(f"{field.name}: {field.type}" for field in schema) for schema in (rows.schema, self.schema))
        return None, ("ContractError", f"the guest's table `{self.table}` has the columns {names}, not {expected}")
