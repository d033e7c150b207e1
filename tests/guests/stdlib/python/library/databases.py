"""sqlite3, with full-text search and JSON."""

import sqlite3


def check() -> None:
    with sqlite3.connect(":memory:") as connection:
        connection.execute("create table numbers (number integer, text text, part blob)")
        rows = [(1, "größer", b"\0"), (2**63 - 1, "", None)]
        connection.executemany("insert into numbers values (?, ?, ?)", rows)
        assert connection.execute("select * from numbers order by number").fetchall() == rows
        connection.create_function("twice", 1, lambda number: number * 2)
        assert connection.execute("select twice(21), sqrt(16)").fetchone() == (42, 4.0)

        connection.execute("create virtual table texts using fts5(body)")
        connection.executemany("insert into texts values (?)", [("a quick fox",), ("a lazy dog",)])
        found = connection.execute("select body from texts where texts match 'qui*'").fetchall()
        assert found == [("a quick fox",)]

        document = '{"a": [1, {"b": "c"}]}'
        assert connection.execute("select ? ->> '$.a[1].b'", [document]).fetchone() == ("c",)
        assert connection.execute("select json_array_length(?, '$.a')", [document]).fetchone() == (2,)

        try:
            connection.execute("select * from missing")
        except sqlite3.OperationalError as error:
            assert str(error) == "no such table: missing"
        else:
            raise AssertionError("a missing table was read")
