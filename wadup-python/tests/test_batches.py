"""Batches through a guest, as the modules for engines run them; `cargo xtask scale` runs these with their engines."""

import subprocess
import sys

import pyarrow
import pytest

import wadup
from wadup._batches import Job

from conftest import LIMITS, module

SCHEMA = pyarrow.schema([("id", pyarrow.int64()), ("name", pyarrow.string()), ("score", pyarrow.float64())])
USER = b'{"id": 7, "name": "Ada", "score": 0.5, "emails": ["a@example.org", "b@example.org"]}'


def job(
    table: str = "users", schema: pyarrow.Schema = SCHEMA, keep: list[str] | None = None, error: str = "error"
) -> Job:
    return Job("input", table, schema, keep, error, export="users", parallel=2)


def batch(*inputs: bytes | None) -> pyarrow.Table:
    columns = {"key": list(range(len(inputs))), "input": pyarrow.array(inputs, pyarrow.binary()), "other": ["x"] * len(inputs)}
    return pyarrow.table(columns)


def test_rows_carry_the_other_columns_of_their_input(users: wadup.Guest) -> None:
    rows = job().run(users, batch(USER))

    assert rows.column_names == ["key", "other", "id", "name", "score", "error", "error_text"]
    assert rows.to_pylist() == [
        {"key": 0, "other": "x", "id": 7, "name": "Ada", "score": 0.5, "error": None, "error_text": None}
    ]


def test_an_input_may_have_several_rows_or_none(users: wadup.Guest) -> None:
    emails = job("emails", pyarrow.schema([("email", pyarrow.string())]), keep=["key"])
    none = b'{"id": 7, "name": "Ada", "emails": []}'

    rows = emails.run(users, batch(USER, none, USER)).select(["key", "email"]).to_pylist()

    assert [tuple(row.values()) for row in rows] == [
        (0, "a@example.org"),
        (0, "b@example.org"),
        (2, "a@example.org"),
        (2, "b@example.org"),
    ]


def test_an_input_that_fails_has_one_row_that_says_why(users: wadup.Guest) -> None:
    rows = job(keep=["key"]).run(users, batch(USER, b"trap", b"print", None, USER)).to_pylist()

    assert [(row["key"], row["id"], row["error"]) for row in rows] == [
        (0, 7, None),
        (1, None, "TrapError"),
        (2, None, "LimitError"),
        (3, None, "ValueError"),
        (4, 7, None),
    ]
    assert rows[2]["error_text"] == "the guest exceeded its limit of 1048576 bytes of standard output"
    assert rows[3]["error_text"] == "the input is null"


def test_the_schema_is_the_same_without_rows_and_with_errors_only(users: wadup.Guest) -> None:
    expected = job().run(users, batch(USER)).schema

    assert expected.types[2:] == [*SCHEMA.types, pyarrow.string(), pyarrow.string()]
    assert job().run(users, batch(b"trap")).schema == expected
    assert job().run(users, batch().cast(batch(USER).schema)).schema == expected


def test_text_is_an_input_too_and_never_a_path(users: wadup.Guest) -> None:
    for kind in [pyarrow.string(), pyarrow.large_string(), pyarrow.large_binary()]:
        texts = pyarrow.table({"input": pyarrow.array([USER.decode(), "/etc/passwd"]).cast(kind)})

        rows = job().run(users, texts).to_pylist()

        assert [row["name"] for row in rows] == ["Ada", None]
        assert "ValidationError" in rows[1]["error_text"]


def test_a_table_of_another_schema_is_an_error_of_its_input(users: wadup.Guest) -> None:
    [row] = job(schema=pyarrow.schema([("id", pyarrow.string())])).run(users, batch(USER)).to_pylist()

    assert row["error"] == "ContractError"
    assert row["error_text"] == (
        "the guest's table `users` has the columns id: int64, name: string, score: double, not id: string"
    )


def test_what_cannot_be_a_result_is_refused(users: wadup.Guest) -> None:
    with pytest.raises(ValueError, match="schema: column `at` is date32"):
        job(schema=pyarrow.schema([("at", pyarrow.date32())]))
    with pytest.raises(ValueError, match="two columns of the result would be `id`"):
        job().run(users, batch(USER).rename_columns(["id", "input", "other"]))
    with pytest.raises(ValueError, match="two columns of the result would be `name`"):
        job(error="name").run(users, batch(USER))
    with pytest.raises(ValueError, match="the inputs have no column `kye`, only key, input, other"):
        job(keep=["kye"]).run(users, batch(USER))
    with pytest.raises(TypeError, match="column `input` is int64"):
        job().run(users, pyarrow.table({"input": [1]}))


def test_a_missing_export_ends_the_job(users: wadup.Guest) -> None:
    missing = Job("input", "users", SCHEMA, None, "error", export="missing", parallel=1)

    with pytest.raises(wadup.LoadError, match="does not have an export `missing`"):
        missing.run(users, batch(USER))


def test_import_wadup_imports_no_engine_and_no_arrow() -> None:
    code = "import sys, wadup; print({'ray', 'pyspark', 'pyarrow'} & set(sys.modules))"
    checked = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert checked.stdout == "set()\n"


def test_the_limits_are_those_of_a_guest() -> None:
    strict = wadup.Guest(module("pydantic"), **{**LIMITS, "fuel": 1})

    [row] = job().run(strict, batch(USER)).to_pylist()

    assert row["error"] == "LimitError" and "fuel" in row["error_text"]
