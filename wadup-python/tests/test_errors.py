"""Errors of the host that no test can bring about, as exceptions; builds for tests have functions that make them."""

from typing import Any

import pyarrow
import pytest

import wadup
from wadup import _native
from wadup._batches import Job

testing: Any = getattr(_native, "_testing", None)
if testing is None:
    pytest.skip("the wheel is not one for tests", allow_module_level=True)


def test_only_what_keeps_a_guest_from_starting_is_a_load_error() -> None:
    kinds = {name: type(error) for name, error in testing["exceptions"]().items()}

    assert kinds == {
        "Compile": wadup.LoadError,
        "UnknownImport": wadup.LoadError,
        "Instantiate": wadup.LoadError,
        "Initialize": wadup.LoadError,
        "Export": wadup.LoadError,
        "Limits": ValueError,
        "File": FileNotFoundError,
        "Memory": wadup.Error,
        "Folder": wadup.Error,
        "Thread": wadup.Error,
        "Panicked": wadup.Error,
    }


def test_a_table_that_no_batch_can_hold_is_a_failure_of_its_input() -> None:
    result = testing["misfit"]()

    assert type(result.error) is wadup.ContractError
    assert str(result.error) == "the table `t` cannot be a record batch: column `number`: a row has no Int64 there"
    assert (result.error.file, result.error.stdout, result.error.stderr) == ("", "printed", "warned")
    assert (result.status, result.tables, result.subcontents) == (None, {}, ())


def test_such_a_table_ends_no_job() -> None:
    job = Job("input", "t", pyarrow.schema([("number", pyarrow.int64())]), None, "error", export="process", parallel=1)

    rows, failure = job._one(testing["misfit"]())

    assert rows is None and failure is not None
    assert failure[0] == "ContractError"


@pytest.mark.parametrize("parallel", [1, 3])
def test_a_panic_on_a_thread_is_an_error_in_its_turn(parallel: int, capfd: pytest.CaptureFixture[str]) -> None:
    results = testing["panicking"]([b"first", b"panic", b"panic", b"last"], parallel)

    assert next(results).error is None
    for _ in range(2):
        with pytest.raises(wadup.Error, match="panicked") as caught:
            next(results)
        assert caught.type is wadup.Error
    assert [result.error for result in results] == [None]
    assert "for a test" in capfd.readouterr().err
