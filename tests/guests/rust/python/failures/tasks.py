"""One function for each task."""

import os
import sys

import faults
import wadup

opened = []


def succeed(_: str) -> None:
    """Only the row that `main` inserts."""


def value_error(_: str) -> None:
    try:
        int("x")
    except ValueError as error:
        raise RuntimeError("größer") from error


def noted(_: str) -> None:
    try:
        int("x")
    except ValueError as error:
        chained = RuntimeError("größer")
        chained.add_note("the first note")
        chained.add_note("the second note")
        raise chained from error


def several(_: str) -> None:
    raise ExceptionGroup("several", [ValueError("one"), TypeError("two")])


def interrupt(_: str) -> None:
    raise KeyboardInterrupt


def exit_from_the_system(status: str) -> None:
    os._exit(int(status))


def abort(_: str) -> None:
    os.abort()


def flush_and_raise(_: str) -> None:
    wadup.flush()
    wadup.emit_bytes(b"content", "name")
    raise RuntimeError("after rows were written")


def leave_open_and_raise(_: str) -> None:
    file = open("/metadata/left_open.json", "w")
    file.write('{"tables": [{"name": "leak", "columns": [{"name": "a", "data_type": "Int64"}]}]}')
    file.flush()
    opened.append(file)
    raise RuntimeError("with a file open")


class OnlyWrites:
    """All that `print` needs."""

    def write(self, text: str) -> None:
        sys.__stderr__.write(text)


def print_elsewhere(text: str) -> None:
    sys.stdout = OnlyWrites()  # type: ignore[assignment]
    print(text)


def forget_stdout(_: str) -> None:
    del sys.stdout


def restore_stdout(_: str) -> None:
    sys.stdout = sys.__stdout__


def write_nonsense(_: str) -> None:
    with open("/metadata/nonsense.json", "w") as file:
        file.write('{"rows": [null]}')


def exit_with(status: str) -> None:
    sys.exit(int(status))


def exit_with_reason(reason: str) -> None:
    sys.exit(reason)


def return_status(status: str) -> int:
    return int(status)


def recurse(_: str) -> None:
    recurse(_)


def use_all_memory(_: str) -> None:
    pieces = []
    while True:
        pieces.append(bytearray(16 * 1024 * 1024))


def break_the_hook(_: str) -> None:
    def hook(*_: object) -> None:
        raise RuntimeError("the hook is broken too")

    sys.excepthook = hook
    raise ValueError("reported without the hook")


def restore_the_hook(_: str) -> None:
    sys.excepthook = sys.__excepthook__


def rust_error(_: str) -> None:
    faults.error()


def rust_caught(_: str) -> None:
    faults.caught()


def rust_missing_file(_: str) -> None:
    try:
        faults.missing_file()
    except FileNotFoundError:
        return
    raise AssertionError("another class")


def descriptor(path: str) -> int:
    number = os.open(path, os.O_RDONLY)
    os.close(number)
    return number


def for_ever(_: str) -> None:
    while True:
        pass


def rust_panic(_: str) -> None:
    print("printed before the panic")
    faults.panic()


def rust_exit(status: str) -> None:
    faults.exit(int(status))


def rust_recurse(_: str) -> None:
    faults.recurse(0)
