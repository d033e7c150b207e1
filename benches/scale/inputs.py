"""The inputs: users to validate, and four that make the guest do harm."""

import pyarrow
import pyarrow.compute

# What the guest does when it is asked to, and the exception and the limit that must end it.
HARM = {
    b"loop": ("LimitError", "timed out after 5s"),
    b"trap": ("TrapError", "unreachable"),
    b"memory": ("LimitError", "268435456 bytes of memory"),
    b"print": ("LimitError", "bytes of standard output"),
}


def users(count: int) -> pyarrow.Table:
    """Users with a key each."""
    texts = [b'{"id": %d, "name": "user %d", "score": %d.5, "emails": []}' % (number, number, number % 100) for number in range(count)]
    return pyarrow.table({"key": pyarrow.array(range(count), pyarrow.int64()), "user": pyarrow.array(texts, pyarrow.binary())})


def with_hostile(table: pyarrow.Table) -> pyarrow.Table:
    """The same with the harmful ones evenly among them, under keys that go on where the others end."""
    part = len(table) // len(HARM)
    pieces = []
    for number, harm in enumerate(HARM):
        last = len(table) if number == len(HARM) - 1 else (number + 1) * part
        middle = number * part + part // 2
        one = pyarrow.table({"key": [len(table) + number], "user": [harm]}, schema=table.schema)
        pieces += [table.slice(number * part, middle - number * part), one, table.slice(middle, last - middle)]
    return pyarrow.concat_tables(pieces)


def failures(rows: pyarrow.Table, given: pyarrow.Table) -> list[list[str]]:
    """The error rows with their inputs."""
    found = rows.filter(pyarrow.compute.is_valid(rows["error"]))
    texts = dict(zip(given["key"].to_pylist(), given["user"].to_pylist(), strict=True))
    return [
        [str(row["key"]), texts[row["key"]].decode(), row["error"], row["error_text"]] for row in found.to_pylist()
    ]
