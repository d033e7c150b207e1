"""Calls this guest's entry point in tests, and shows what it hands over to the host."""

import json
import os
from dataclasses import dataclass

import wadup

__all__ = ["Outcome", "SubContent", "process", "taken"]


@dataclass(frozen=True)
class SubContent:
    """Content that the guest hands to the host, which processes it like an input."""

    filename: str
    data: bytes


@dataclass(frozen=True)
class Outcome:
    """What the guest has handed over."""

    #: The rows of each table that is defined, in order, as dicts of values by column.
    tables: dict[str, list[dict[str, object]]]
    #: The further content, in order.
    sub_content: list[SubContent]


def process(data: bytes) -> Outcome:
    """Call the entry point with `data` as its input, and return what it hands over.

    What the test handed over before is dropped. An exception of the entry point is raised, and so is SystemExit unless its
    status is 0.
    """
    taken()
    with open(_INPUT, "wb") as file:
        file.write(data)
    try:
        _call_entry()
    except SystemExit as ended:
        if ended.code not in (None, 0):
            raise
    return taken()


def taken() -> Outcome:
    """Return what this test has handed over since it began, or since the last call of this function."""
    wadup.flush()
    tables = {}
    for name in _files(_TABLES, "rows_"):
        _read_tables(_take(_TABLES, name), tables)
    sub_content = [_read_sub_content(name) for name in _files(_SUB_CONTENT, "metadata_")]
    return Outcome(tables, sub_content)


def _read_tables(text: bytes, tables: dict[str, list[dict[str, object]]]) -> None:
    document = json.loads(text)
    columns = {}
    for table in document["tables"]:
        columns[table["name"]] = [column["name"] for column in table["columns"]]
        tables.setdefault(table["name"], [])
    for row in document["rows"]:
        table = row["table_name"]
        # Each value is an object whose only key is its type.
        values = [value for typed in row["values"] for value in typed.values()]
        tables[table].append(dict(zip(columns[table], values, strict=True)))


def _read_sub_content(description: str) -> SubContent:
    filename = json.loads(_take(_SUB_CONTENT, description))["filename"]
    number = description.removeprefix("metadata_").removesuffix(".json")
    return SubContent(filename, _take(_SUB_CONTENT, f"data_{number}.bin"))


def _files(folder: str, prefix: str) -> list[str]:
    names = [name for name in os.listdir(folder) if name.startswith(prefix)]
    return sorted(names, key=lambda name: (len(name), name))


def _take(folder: str, name: str) -> bytes:
    path = f"{folder}/{name}"
    with open(path, "rb") as file:
        content = file.read()
    os.remove(path)
    return content
