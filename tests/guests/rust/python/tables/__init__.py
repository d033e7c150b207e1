"""Hands tables and content to the host; the task says which."""

import from_rust
import wadup

from . import mistakes, names


def main(task: str) -> None:
    {"rows": rows, "flushes": flushes, "mistakes": make_mistakes, "content": content, "names": names.define}[task]()


def rows() -> None:
    """Every type from Python, and a table that Rust shares."""
    columns = [("text", "String"), ("number", "Int64", -1), ["ratio", "Float64", 0.5]]
    for _ in range(2):
        wadup.define_table("types", columns)
    wadup.insert_row("types", ["größer \"数\"\n\0", 2**63 - 1, 1e300])
    wadup.insert_row("types", ("", -(2**63), -0.0))
    wadup.insert_row("types", (value for value in ["generated", True, 3]))
    wadup.insert_row("types", ["none", None, None])
    wadup.define_table("empty", [("a", "Int64")])

    from_rust.insert("Rust", 1, 0.25)
    wadup.insert_row("shared", ["Python", 2, 0.75])


def flushes() -> None:
    """As many files as there are flushes, and the rows of all of them."""
    wadup.define_table("numbers", [("number", "Int64")])
    for number in range(1000):
        wadup.insert_row("numbers", [number])
        if number % 100 == 0:
            wadup.flush()


def make_mistakes() -> None:
    """Only the one correct row arrives."""
    wadup.define_table("correct", [("text", "String"), ("number", "Int64"), ("ratio", "Float64")])
    mistakes.check()
    from_rust.check_errors()
    wadup.insert_row("correct", ["correct", 1, 1.0])


def content() -> None:
    wadup.emit_bytes(b"\x00\xff", "from Python.bin")
    wadup.emit_bytes(bytearray(b""), 'größer "empty"')
    wadup.emit_bytes(memoryview(b"a view"), "view")
    from_rust.emit("a text", "from Rust.txt")
    for wrong in [("text", "name"), (b"bytes",), (b"bytes", 1)]:
        try:
            wadup.emit_bytes(*wrong)
        except TypeError:
            continue
        raise AssertionError(wrong)
