"""Writes an SQLite database, and lists what is in one."""

import sqlite3

import wadup

MAGIC = b"SQLite format 3\0"


def emit():
    with sqlite3.connect(":memory:") as database:
        database.execute("CREATE TABLE books (title TEXT, pages INTEGER)")
        database.executemany("INSERT INTO books VALUES (?, ?)", [("größer", 300), ("a", 20)])
        database.execute("CREATE TABLE empty_one (title TEXT)")
    wadup.emit_bytes(database.serialize(), "books.db")


def tables():
    wadup.define_table("tables", [("name", "String"), ("size", "Int64"), ("fields", "String")])
    database = sqlite3.connect("file:/data.bin?mode=ro&immutable=1", uri=True)
    names = database.execute("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
    for (name,) in names.fetchall():
        columns = [column[1] for column in database.execute(f'PRAGMA table_info("{name}")')]
        (size,) = database.execute(f'SELECT count(*) FROM "{name}"').fetchone()
        wadup.insert_row("tables", [name, size, ", ".join(columns)])
    database.close()
