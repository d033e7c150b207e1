"""Tables in other libraries, by Arrow's PyCapsule interface."""

from pathlib import Path

import duckdb
import pandas
import polars
import pyarrow
import pytest

import wadup

COLUMNS = ["name", "version", "origin", "dependencies"]
FIRST = ("serde", "1.0.228", "registry", 1)


@pytest.fixture
def table(lockfile: wadup.Guest, sample: Path) -> wadup.Table:
    return lockfile.process(sample).tables["packages"]


def test_python(table: wadup.Table) -> None:
    assert (table.name, table.column_names, table.num_rows, len(table)) == ("packages", COLUMNS, 5, 5)
    assert table.rows()[0] == FIRST
    assert repr(table) == "<wadup.Table packages (name, version, origin, dependencies): 5 rows>"


def test_pyarrow(table: wadup.Table) -> None:
    taken = pyarrow.table(table)

    assert taken.schema.types == [pyarrow.string(), pyarrow.string(), pyarrow.string(), pyarrow.int64()]
    assert [tuple(row.values()) for row in taken.to_pylist()] == table.rows()
    assert pyarrow.schema(table) == taken.schema
    taken.validate(full=True)


def test_a_table_outlives_its_result(lockfile: wadup.Guest, sample: Path) -> None:
    taken = pyarrow.table(lockfile.process(sample).tables["packages"])

    assert taken["name"][0].as_py() == "serde"


def test_a_table_may_be_taken_twice_or_not_at_all(table: wadup.Table) -> None:
    table.__arrow_c_stream__()
    assert pyarrow.table(table) == pyarrow.table(table)


def test_polars(table: wadup.Table) -> None:
    frame = polars.DataFrame(table)

    assert frame.columns == COLUMNS
    assert frame.row(0) == FIRST


def test_pandas(table: wadup.Table) -> None:
    frame = pandas.DataFrame.from_arrow(table)

    assert list(frame.columns) == COLUMNS
    assert tuple(frame.iloc[0]) == FIRST


def test_duckdb(table: wadup.Table) -> None:
    packages = table
    found = duckdb.sql("SELECT name, dependencies FROM packages WHERE origin = 'path'").fetchall()

    assert found == [("shop", 3)], packages
