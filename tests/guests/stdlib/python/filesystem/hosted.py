"""What works on the host's files, which are beside the guest's own."""

import os
from collections.abc import Callable

from .mounted import DATA, HERE, TEXT


def _refused(attempt: Callable[[], object]) -> None:
    try:
        attempt()
    except OSError:
        return
    raise AssertionError("done")


def nothing() -> None:
    """No folder of the host: everything outside the mount is missing."""
    _refused(lambda: open("/data.bin"))
    _refused(lambda: open("/tmp/new", "w"))
    _refused(lambda: os.listdir("/tmp"))


def something() -> None:
    """`/notes/todo.txt`, and `/wadup/app/filesystem/data.txt`, which must not be seen."""
    with open("/notes/todo.txt") as hosted, open(DATA, encoding="utf-8") as mounted:
        # Descriptors are told apart even when both files are read in turn.
        assert hosted.fileno() != mounted.fileno()
        assert hosted.readline() == "first\n"
        assert mounted.readline() == TEXT.splitlines(keepends=True)[0]
        assert hosted.readline() == "second\n"
        assert mounted.read() == TEXT.splitlines(keepends=True)[1]
    assert os.stat("/notes/todo.txt").st_size == len("first\nsecond\n")

    with open("/notes/new.txt", "w") as file:
        file.write("written by the guest")
    with open("/notes/new.txt") as file:
        assert file.read() == "written by the guest"

    # Nothing moves between the two.
    _refused(lambda: os.rename("/notes/new.txt", os.path.join(HERE, "new.txt")))
    _refused(lambda: os.rename(DATA, "/notes/data.txt"))
    _refused(lambda: open("/notes/missing.txt"))
