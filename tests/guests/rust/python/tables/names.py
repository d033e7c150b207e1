"""SQLite is asked which names it takes: the host's tables can have these and no others."""

import sqlite3

import wadup

# https://sqlite.org/lang_keywords.html
KEYWORDS = """
    ABORT ACTION ADD AFTER ALL ALTER ALWAYS ANALYZE AND AS ASC ATTACH AUTOINCREMENT BEFORE BEGIN BETWEEN BY
    CASCADE CASE CAST CHECK COLLATE COLUMN COMMIT CONFLICT CONSTRAINT CREATE CROSS CURRENT CURRENT_DATE
    CURRENT_TIME CURRENT_TIMESTAMP DATABASE DEFAULT DEFERRABLE DEFERRED DELETE DESC DETACH DISTINCT DO DROP EACH
    ELSE END ESCAPE EXCEPT EXCLUDE EXCLUSIVE EXISTS EXPLAIN FAIL FILTER FIRST FOLLOWING FOR FOREIGN FROM FULL
    GENERATED GLOB GROUP GROUPS HAVING IF IGNORE IMMEDIATE IN INDEX INDEXED INITIALLY INNER INSERT INSTEAD
    INTERSECT INTO IS ISNULL JOIN KEY LAST LEFT LIKE LIMIT MATCH MATERIALIZED NATURAL NO NOT NOTHING NOTNULL NULL
    NULLS OF OFFSET ON OR ORDER OTHERS OUTER OVER PARTITION PLAN PRAGMA PRECEDING PRIMARY QUERY RAISE RANGE
    RECURSIVE REFERENCES REGEXP REINDEX RELEASE RENAME REPLACE RESTRICT RETURNING RIGHT ROLLBACK ROW ROWS
    SAVEPOINT SELECT SET TABLE TEMP TEMPORARY THEN TIES TO TRANSACTION TRIGGER UNBOUNDED UNION UNIQUE UPDATE USING
    VACUUM VALUES VIEW VIRTUAL WHEN WHERE WINDOW WITH WITHOUT
"""

OTHERS = ["a", "_", "Größe", "a$b", "true", "rowid", "content", "", "1st", "$a", "two words", "a-b", "a;b", "a\ufeff"]
QUOTED = ['""', '"order"', '"two words"', '"Größe 2"', '"a""b"', '"', '"a', '"a"b"', '"a" "b"', '"a""', '"x\0"']
HOSTS = ["sqlite_x", '"SQLite_y"', '"Content_UUID"']


def sqlite_takes(table: str, column: str) -> bool:
    """Whether the statements of the host make exactly one table of it, and insert a row."""
    with sqlite3.connect(":memory:") as database:
        try:
            database.execute(f"CREATE TABLE {table} (content_uuid TEXT NOT NULL, {column} INTEGER)")
            database.execute(f"INSERT INTO {table} (content_uuid, {column}) VALUES (?, ?)", ("uuid", 1))
        except (sqlite3.Error, sqlite3.Warning, ValueError):
            return False
        return True


def wadup_takes(table: str, column: str) -> bool:
    try:
        wadup.define_table(table, [(column, "Int64")])
    except ValueError:
        return False
    wadup.insert_row(table, [1])
    return True


def define() -> None:
    """Every name that SQLite takes becomes a table, and a column of another, each with one row."""
    keywords = KEYWORDS.split()
    rows = 0
    for number, name in enumerate(keywords + OTHERS + QUOTED + HOSTS):
        for table, column in [(name, "a"), (f"column_{number}", name)]:
            expected = sqlite_takes(table, column)
            assert wadup_takes(table, column) == expected, f"table {table!r}, column {column!r}: SQLite {expected}"
            rows += expected
    print(f"{len(keywords)} keywords, {rows} rows")
