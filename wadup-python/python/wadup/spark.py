"""Guests in Spark: one pool in each Python worker, which runs batches of inputs.

Needs PySpark: `pip install wadup[spark]`.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import pyarrow
from pyspark.sql import DataFrame
from pyspark.sql.types import StringType, StructField, StructType

from wadup import Guest
from wadup._batches import Job, Settings, read

if TYPE_CHECKING:
    from pyspark import Broadcast
    from typing_extensions import Unpack

__all__ = ["map_in_arrow"]

# Spark's names for the types of columns in guests' tables.
_TYPES = {"bigint": pyarrow.int64(), "double": pyarrow.float64(), "string": pyarrow.string()}

# How many guests a worker process keeps for later tasks.
_KEPT = 4

# The guests of this worker process by what they were made of, the oldest first.
_guests: dict[tuple[str, str], Guest] = {}


def map_in_arrow(
    frame: DataFrame,
    guest: bytes | str | os.PathLike[str],
    *,
    column: str,
    table: str,
    schema: StructType | str,
    keep: Sequence[str] | None = None,
    error: str = "error",
    export: str = "process",
    parallel: int = 1,
    **settings: Unpack[Settings],
) -> DataFrame:
    """Runs a guest on each row of a data frame, and returns the rows of one of its tables.

    The input is in `column`, as bytes or as text, which the guest sees in UTF-8. `guest`, a path or bytes, is sent to each executor
    once. Each Python worker has one pool of instances, which it keeps for later tasks, under the limits of `wadup.Guest`: they are
    the `settings`, as `memory=` and `deadline=`. Without a deadline, an endless loop never ends.

    The result has the columns

    - `keep` of the input [default: all but `column`], repeated for each row that the guest made of it
    - those of the guest's `table`. `schema` names them in Spark's way, as `"name string, size bigint, share double"`; guests have no
      other types than these three
    - `error` and `error_text`: null, or why the guest failed on this input. `error` is the class of the exception, as
      `"LimitError"`, and `error_text` its text. The input then has exactly one row, and null in the table's columns.
      `error="failure"` calls them `failure` and `failure_text`

    An input for which the guest succeeds without a row has none here. One that fails stops no other. When a worker process is killed,
    Spark runs its tasks again, up to `spark.task.maxFailures` times, and the result is the same.

    `export` is the function of the guest to call, and `parallel` the threads of each worker. Spark Connect is not supported.

    >>> import wadup.spark
    >>> sample = open("sample.lock", "rb").read()
    >>> inputs = spark.createDataFrame([("a", sample), ("b", b"no lock file")], "path string, data binary")
    >>> found = wadup.spark.map_in_arrow(
    ...     inputs, "lockfile.wasm", column="data", table="packages", deadline=30, memory=256 << 20,
    ...     schema="name string, version string, origin string, dependencies bigint",
    ... ).cache()
    >>> found.columns
    ['path', 'name', 'version', 'origin', 'dependencies', 'error', 'error_text']
    >>> sorted((row["path"], row["count"]) for row in found.groupBy("path").count().collect())
    [('a', 5), ('b', 1)]
    >>> [(row.path, row.error) for row in found.where("error is not null").collect()]
    [('b', 'StatusError')]
    """
    declared = StructType.fromDDL(schema) if isinstance(schema, str) else schema
    if not isinstance(declared, StructType):
        raise ValueError(f"schema: `{schema}` is not a list of columns: expected `name type, ...`, as in `name string, size bigint`")
    job = Job(column, table, _arrow(declared), keep, error, export, parallel)
    fields = [frame.schema[name] for name in job.kept(frame.columns)]
    fields += [StructField(field.name, field.dataType) for field in declared]
    fields += [StructField(name, StringType()) for name in job.errors]
    data = read(guest)
    digest = hashlib.sha256(data).hexdigest()
    shipped = frame.sparkSession.sparkContext.broadcast(data)

    def run(batches: Iterator[pyarrow.RecordBatch]) -> Iterator[pyarrow.RecordBatch]:
        served = _guest(shipped, digest, settings)
        for batch in batches:
            yield from job.run(served, pyarrow.Table.from_batches([batch])).to_batches()

    return frame.mapInArrow(run, StructType(fields))


def _arrow(schema: StructType) -> pyarrow.Schema:
    kinds = [(field.name, field.dataType.simpleString()) for field in schema]
    for name, kind in kinds:
        if kind not in _TYPES:
            raise ValueError(f"schema: column `{name}` is {kind}, but those of guests are {', '.join(_TYPES)}")
    return pyarrow.schema([(name, _TYPES[kind]) for name, kind in kinds])


def _guest(shipped: Broadcast[bytes], digest: str, settings: Settings) -> Guest:
    """The guest of this process, which is made only if it is not there."""
    key = (digest, repr(sorted(settings.items())))
    if key not in _guests:
        while len(_guests) >= _KEPT:
            del _guests[next(iter(_guests))]
        _guests[key] = Guest(shipped.value, **settings)
    return _guests[key]
