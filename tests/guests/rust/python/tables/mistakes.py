"""Everything that the host would lose without a word is an exception that names table and column."""

import math
from collections.abc import Callable, Iterator
from decimal import Decimal

import wadup

A = [("a", "String")]
CORRECT = ["text", 1, 1.0]


def define(table: object, columns: object) -> Callable[[], None]:
    return lambda: wadup.define_table(table, columns)  # type: ignore[arg-type]


def insert(*values: object) -> Callable[[], None]:
    return lambda: wadup.insert_row("correct", list(values))


class Unreadable:
    """Values that cannot be had."""

    def __iter__(self) -> Iterator[object]:
        raise LookupError("the values are elsewhere")


MISTAKES: list[tuple[Callable[[], None], type[Exception], list[str]]] = [
    # Names.
    (define("two words", A), ValueError, ["two words"]),
    (define('"a"b"', A), ValueError, ["double quote"]),
    (define("1st", A), ValueError, ["1st"]),
    (define("", A), ValueError, []),
    (define("Select", A), ValueError, ["Select", "keyword"]),
    (define("__wadup_content", A), ValueError, ["__wadup_content"]),
    (define("t", [("from", "String")]), ValueError, ["`t`", "`from`", "keyword"]),
    (define("t", [("content_uuid", "String")]), ValueError, ["`t`", "`content_uuid`"]),
    (define("t", [("a", "String"), ("A", "Int64")]), ValueError, ["`t`", "`A`"]),
    (define("t", [("a", "String"), ('"A"', "Int64")]), ValueError, ["`t`", '`"A"`']),
    (define(1, A), TypeError, []),
    # Columns.
    (define("t", []), ValueError, ["`t`", "column"]),
    (define("t", [("a", "Bool")]), ValueError, ["`t`", "`a`", "Int64"]),
    (define("t", [("a", "int")]), ValueError, ["`t`", "`a`", "Float64"]),
    (define("t", [("a", int)]), TypeError, ["`t`", "`a`"]),
    (define("t", ["ab"]), TypeError, ["`t`"]),
    (define("t", {"a": "String"}), TypeError, ["`t`"]),
    (define("t", [("a", "Int64", "none")]), TypeError, ["`t`", "`a`"]),
    (define("t", [("a", "Int64", None)]), ValueError, ["`t`", "`a`"]),
    (define("correct", A), ValueError, ["`correct`"]),
    (define("CORRECT", A), ValueError, ["`CORRECT`"]),
    (define('"correct"', A), ValueError, ['`"correct"`']),
    # Rows.
    (lambda: wadup.insert_row("undefined", CORRECT), KeyError, ["undefined"]),
    (insert("text", 1), ValueError, ["`correct`", "3", "2"]),
    (insert(*CORRECT, 1), ValueError, ["`correct`", "3", "4"]),
    (lambda: wadup.insert_row("correct", "abc"), TypeError, ["`correct`"]),
    (lambda: wadup.insert_row("correct", None), TypeError, ["`correct`"]),  # type: ignore[arg-type]
    (lambda: wadup.insert_row("correct", Unreadable()), LookupError, ["elsewhere"]),  # type: ignore[arg-type]
    (lambda: wadup.define_table("t", Unreadable()), LookupError, ["elsewhere"]),  # type: ignore[arg-type]
    # Values.
    (insert(1, 1, 1.0), TypeError, ["`correct`", "`text`"]),
    (insert(b"text", 1, 1.0), TypeError, ["`correct`", "`text`"]),
    (insert("\ud800", 1, 1.0), ValueError, ["`correct`", "`text`"]),
    (insert("text", "1", 1.0), TypeError, ["`correct`", "`number`"]),
    (insert("text", 1.0, 1.0), TypeError, ["`correct`", "`number`"]),
    (insert("text", 2**63, 1.0), OverflowError, ["`correct`", "`number`"]),
    (insert("text", -(2**63) - 1, 1.0), OverflowError, ["`correct`", "`number`"]),
    (insert("text", Decimal(1), 1.0), TypeError, ["`correct`", "`number`"]),
    (insert("text", 1, "1.0"), TypeError, ["`correct`", "`ratio`"]),
    (insert("text", 1, math.nan), ValueError, ["`correct`", "`ratio`"]),
    (insert("text", 1, -math.inf), ValueError, ["`correct`", "`ratio`"]),
    (insert("text", 1, 10**400), OverflowError, ["`correct`", "`ratio`"]),
    (insert(None, 1, 1.0), ValueError, ["`correct`", "`text`", "None"]),
]


def check() -> None:
    for number, (make, kind, named) in enumerate(MISTAKES):
        try:
            make()
        except kind as error:
            for words in named:
                assert words in str(error), f"mistake {number}: {words} is not in: {error}"
        else:
            raise AssertionError(f"mistake {number} was not noticed")
