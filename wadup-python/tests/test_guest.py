"""One input and many, from bytes and files; what fails, and as which exception."""

import multiprocessing
import os
import pickle
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

import wadup

from conftest import LIMITS, module


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
    with pytest.raises(wadup.StatusError, match="the guest returned 1: .*ValidationError|errors.pydantic") as caught:
        users.process(b'{"id": -1, "name": ""}', export="users")

    assert caught.value.status == 1
    assert "Traceback" in caught.value.stderr


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
    results = users.process_many([tmp_path / "missing", user(1)], export="users")

    with pytest.raises(FileNotFoundError):
        next(results)
    assert next(results).error is None


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


@pytest.mark.parametrize("wrong", [{"deadline": -1}, {"deadline": float("nan")}, {"stack": 0}])
def test_a_limit_without_sense_is_a_value_error(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError):
        wadup.Guest(module("pydantic"), **wrong)  # type: ignore[arg-type]
