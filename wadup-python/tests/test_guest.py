"""One input and many, from bytes and files; what fails, and as which exception."""

import multiprocessing
import os
import pickle
import pwd
import signal
import threading
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

import wadup

from conftest import LIMITS, module, printing

# Compiled in no time, unlike one with Python in it.
EMPTY = b"\0asm\x01\0\0\0"


def user(number: int) -> bytes:
    return b'{"id": %d, "name": "user %d", "score": 0.5, "emails": ["a@example.org"]}' % (number, number)


def test_an_input_is_bytes_or_a_file(users: wadup.Guest, tmp_path: Path) -> None:
    file = tmp_path / "user.json"
    file.write_bytes(user(7))

    for given in [user(7), bytearray(user(7)), memoryview(user(7)), file, str(file)]:
        result = users.process(given, export="users")
        assert result.tables["users"].rows() == [(7, "user 7", 0.5)]
        assert result.tables["emails"].rows() == [("a@example.org",)]
        assert (result.status, result.error) == (0, None)


def test_what_is_no_input_is_a_type_error(users: wadup.Guest) -> None:
    with pytest.raises(TypeError, match="bytes or the path of a file, not <class 'int'>"):
        users.process(7)  # type: ignore[arg-type]


def test_a_missing_file_is_an_os_error(users: wadup.Guest, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="missing"):
        users.process(tmp_path / "missing")
    with pytest.raises(FileNotFoundError):
        wadup.Guest(tmp_path / "missing.wasm")


def test_a_module_that_is_no_guest(users: wadup.Guest) -> None:
    with pytest.raises(wadup.LoadError, match="cannot compile"):
        wadup.Guest(b"no module")
    with pytest.raises(wadup.LoadError, match="does not have an export `missing`"):
        users.process(b"", export="missing")


def test_an_exception_in_the_guest_tells_which(users: wadup.Guest) -> None:
    with pytest.raises(wadup.StatusError, match="the guest returned 1: .*ValidationError") as caught:
        users.process(b'{"id": -1, "name": ""}', export="users")

    assert caught.value.status == 1
    assert "Traceback" in caught.value.stderr


TRACEBACK = b"""Traceback (most recent call last):
  File "main.py", line 3, in main
    check(
    ~~~~~^
"""


@pytest.mark.parametrize(
    ("stderr", "named"),
    [
        (TRACEBACK + b"KeyError: 'id'\n", "KeyError: 'id'"),
        (TRACEBACK + b"a.Invalid: two faults\nid\n  is negative\nname\n  is empty\n", "a.Invalid: two faults"),
        (TRACEBACK + b"  [Previous line repeated 9 more times]\nRecursionError\n", "RecursionError"),
        (
            TRACEBACK + b"KeyError: 1\n\nDuring handling of it, another occurred:\n\n" + TRACEBACK + b"ValueError: 2\na note\n",
            "ValueError: 2",
        ),
        (TRACEBACK, "    ~~~~~^"),
        (b"starting\nwadup: no such module\n\n", "wadup: no such module"),
    ],
)
def test_the_message_names_the_exception(stderr: bytes, named: str, tmp_path: Path) -> None:
    with pytest.raises(wadup.StatusError) as caught:
        wadup.Guest(printing(stderr), cache=tmp_path).process(b"")

    assert str(caught.value) == f"the guest returned 1: {named}"
    assert caught.value.stderr == stderr.decode()


def test_a_message_without_a_line(tmp_path: Path) -> None:
    with pytest.raises(wadup.StatusError) as caught:
        wadup.Guest(printing(b""), cache=tmp_path).process(b"")

    assert str(caught.value) == "the guest returned 1"


HARM = {b"loop": "deadline", b"memory": "memory", b"print": "stdout"}


@pytest.mark.parametrize("harm", HARM)
def test_a_limit_is_named(users: wadup.Guest, harm: bytes) -> None:
    result = users.process(harm, export="users", check=False)

    assert isinstance(result.error, wadup.LimitError)
    assert result.error.limit == HARM[harm]
    assert result.status is None or harm == b"memory"
    assert not result.tables
    with pytest.raises(wadup.LimitError):
        result.raise_for_error()


def test_a_fault_is_a_trap(users: wadup.Guest) -> None:
    with pytest.raises(wadup.TrapError) as caught:
        users.process(b"trap", export="users")

    assert caught.value.backtrace
    assert "\n" not in str(caught.value)


def test_exceptions_pass_between_processes(users: wadup.Guest) -> None:
    error = users.process(b"print", export="users", check=False).error

    again = pickle.loads(pickle.dumps(error))

    assert type(again) is wadup.LimitError
    assert (str(again), again.limit, again.stderr) == (str(error), "stdout", "")


def test_many_keep_their_order_and_fail_alone(users: wadup.Guest) -> None:
    inputs = [b"trap" if number % 10 == 3 else user(number) for number in range(100)]

    for parallel in [1, 2, 8]:
        results = list(users.process_many(inputs, parallel=parallel, export="users"))
        for number, result in enumerate(results):
            if number % 10 == 3:
                assert isinstance(result.error, wadup.TrapError)
            else:
                assert result.tables["users"].rows() == [(number, f"user {number}", 0.5)]


def test_many_read_only_a_little_ahead(users: wadup.Guest) -> None:
    read = 0

    def endless() -> Iterator[bytes]:
        nonlocal read
        while True:
            read += 1
            yield user(read)

    results = users.process_many(endless(), parallel=2, export="users")
    for _ in range(10):
        assert next(results).error is None

    assert read <= 10 + 2 * 4


def test_a_file_that_cannot_be_read_ends_no_other(users: wadup.Guest, tmp_path: Path) -> None:
    inputs = [user(1), tmp_path / "missing", tmp_path, "no\0name", user(2)]

    results = []
    for result in users.process_many(inputs, export="users"):
        results.append(result)

    assert [type(result.error) for result in results] == [type(None), FileNotFoundError, IsADirectoryError, OSError, type(None)]
    assert results[1].error is not None and "missing" in str(results[1].error)
    assert results[1].status is None and not results[1].tables
    with pytest.raises(FileNotFoundError):
        results[1].raise_for_error()


@pytest.mark.parametrize("parallel", [1, 4])
def test_what_is_no_input_loses_no_result(users: wadup.Guest, parallel: int) -> None:
    inputs = [user(1), user(2), 7, user(3)]
    results = users.process_many(inputs, parallel=parallel, export="users")  # type: ignore[arg-type]

    seen = []
    with pytest.raises(TypeError, match="not <class 'int'>"):
        for result in results:
            seen.append(result.tables["users"].rows()[0][0])

    assert seen == [1, 2]
    assert [result.tables["users"].rows()[0][0] for result in results] == [3]


def test_an_error_of_the_inputs_loses_no_result(users: wadup.Guest) -> None:
    class Inputs:
        """Goes on after an error, as a generator cannot."""

        asked = 0

        def __iter__(self) -> Iterator[bytes]:
            return self

        def __next__(self) -> bytes:
            self.asked += 1
            if self.asked == 3:
                raise LookupError("no third")
            return user(self.asked)

    inputs = Inputs()
    results = users.process_many(inputs, parallel=2, export="users")

    seen = []
    with pytest.raises(LookupError, match="no third"):
        for result in results:
            seen.append(result.tables["users"].rows()[0][0])

    assert seen == [1, 2]
    assert list(results) == []
    assert inputs.asked == 3


def test_ctrl_c_in_the_inputs_waits_for_no_result(users: wadup.Guest) -> None:
    def interrupted() -> Iterator[bytes]:
        yield user(1)
        raise KeyboardInterrupt

    results = users.process_many(interrupted(), export="users")

    with pytest.raises(KeyboardInterrupt):
        next(results)
    assert len(list(results)) == 1


def test_other_threads_run_meanwhile(users: wadup.Guest) -> None:
    seen = []
    with pytest.raises(wadup.LimitError):
        timer = threading.Timer(0.2, lambda: seen.append(threading.current_thread()))
        timer.start()
        users.process(b"loop", export="users")
    assert seen == [timer]


def test_ctrl_c_stops_the_guest() -> None:
    # A program that was started in the background ignores it.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    patient = wadup.Guest(module("pydantic"))
    threading.Timer(0.5, lambda: os.kill(os.getpid(), signal.SIGINT)).start()

    with pytest.raises(KeyboardInterrupt):
        patient.process(b"loop", export="users")


def test_an_instance_is_fresh_unless_it_is_reused() -> None:
    # `process` of this guest counts the calls of its instance.
    fresh, reused = wadup.Guest(module("pydantic")), wadup.Guest(module("pydantic"), reuse=True)

    assert [fresh.process(b"").stdout for _ in range(3)] == ["1\n", "1\n", "1\n"]
    assert [reused.process(b"").stdout for _ in range(3)] == ["1\n", "2\n", "3\n"]


def in_a_fork(guest: wadup.Guest, queue: "multiprocessing.Queue[str]") -> None:
    try:
        guest.process(b"{}")
    except RuntimeError as error:
        queue.put(str(error))
    own = wadup.Guest(module("pydantic"), **LIMITS)
    queue.put(type(own.process(b"loop", export="users", check=False).error).__name__)


def test_a_fork_needs_a_guest_of_its_own(users: wadup.Guest) -> None:
    users.process(user(1), export="users")
    context = multiprocessing.get_context("fork")
    queue = context.Queue()

    child = context.Process(target=in_a_fork, args=(users, queue))
    child.start()

    assert "before the process forked" in queue.get(timeout=60)
    assert queue.get(timeout=60) == "LimitError"
    child.join()


def next_in_a_fork(held: "list[wadup.Results]", queue: "multiprocessing.Queue[str]") -> None:
    try:
        next(held[0])
    except RuntimeError as error:
        queue.put(str(error))
    held.clear()
    queue.put("dropped")


def test_results_are_not_those_of_a_fork(users: wadup.Guest) -> None:
    # The only reference, so that the fork drops them.
    held = [users.process_many([user(number) for number in range(9)], parallel=2, export="users")]
    next(held[0])
    context = multiprocessing.get_context("fork")
    queue = context.Queue()

    child = context.Process(target=next_in_a_fork, args=(held, queue))
    child.start()
    try:
        assert "before the process forked" in queue.get(timeout=20)
        assert queue.get(timeout=20) == "dropped"
        child.join(timeout=20)
        assert child.exitcode == 0
    finally:
        child.kill()

    assert len(list(held[0])) == 8


def homeless(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody(user: int) -> None:
        raise KeyError(user)

    monkeypatch.delenv("HOME")
    monkeypatch.setattr(pwd, "getpwuid", nobody)


@pytest.mark.parametrize("home", [None, "relative"])
def test_without_a_home_nothing_is_kept(home: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if home is None:
        homeless(monkeypatch)
    else:
        monkeypatch.setenv("HOME", home)
    monkeypatch.chdir(tmp_path)

    with pytest.warns(RuntimeWarning, match="cache="):
        wadup.Guest(EMPTY)

    assert list(tmp_path.iterdir()) == []


def test_a_default_cache_that_cannot_be_made_is_not_needed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Not even root makes a folder in a file.
    file = tmp_path / "file"
    file.touch()
    monkeypatch.setenv("HOME", str(file))

    with pytest.warns(RuntimeWarning, match="Not a directory.*cache=") as caught:
        guest = wadup.Guest(printing(b"it runs"))

    assert caught[0].filename == __file__
    with pytest.raises(wadup.StatusError, match="it runs"):
        guest.process(b"")
    with pytest.raises(NotADirectoryError):
        wadup.Guest(EMPTY, cache=file / "cache")


def test_a_default_cache_that_cannot_be_written_is_not_needed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    folder = tmp_path / ".cache/wadup/compiled"
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        wadup.Guest(EMPTY)
    [compiled] = folder.iterdir()
    # Nothing replaces a folder with something in it.
    compiled.unlink()
    (compiled / "in the way").mkdir(parents=True)

    with pytest.warns(RuntimeWarning, match="cannot write.*cache="):
        wadup.Guest(EMPTY)
    with pytest.raises(OSError):
        wadup.Guest(EMPTY, cache=folder)


def test_no_cache_makes_no_guest_of_what_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    homeless(monkeypatch)

    # The error says it all.
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(wadup.LoadError):
            wadup.Guest(b"no module")
        with pytest.raises(FileNotFoundError):
            wadup.Guest(tmp_path / "missing.wasm")


def test_the_environment_of_a_guest() -> None:
    wadup.Guest(EMPTY, environment={"NAME": "", "name with space": "a=b", "größe": "ü"})
    for wrong in [{"": "x"}, {"A=B": "x"}, {"=": "x"}, {"A\0": "x"}]:
        with pytest.raises(ValueError, match="environment: .* is no name of a variable"):
            wadup.Guest(EMPTY, environment=wrong)
    with pytest.raises(ValueError, match="environment: the value of A contains NUL"):
        wadup.Guest(EMPTY, environment={"A": "x\0"})


@pytest.mark.parametrize("wrong", [{"deadline": -1}, {"deadline": float("nan")}, {"stack": 0}])
def test_a_limit_without_sense_is_a_value_error(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError):
        wadup.Guest(module("pydantic"), **wrong)  # type: ignore[arg-type]
