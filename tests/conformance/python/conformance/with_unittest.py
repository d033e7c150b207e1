"""Runs a module of CPython's tests like its regression test runner: with unittest, each module separately.

The settings, and what is noted, are those of the program of `cargo wadup test`:
`file`       the module, or a folder that is a package of tests
`arguments`  `--deselect=TEST` for each test to leave out; a `*` at the end stands for anything
`log`        the file for the notes
`ended`      tests that ran before in another instance
"""

import importlib
import json
import os
import sys
import traceback
import unittest

from conformance import absent, guards

SUITE = "/suite"

# The beginning of a message identifies a failure; the output has all of it.
LONGEST_MESSAGE = 300


def main(testing, settings) -> int:
    sys.path.insert(0, SUITE)
    sys.dont_write_bytecode = True
    os.chdir("/tmp")

    from test import support

    # No tests that are slow or need much memory or the network: resources that are not enabled are skipped.
    support.use_resources = []
    file = settings["file"].removeprefix(f"{SUITE}/")
    guards.lift(file)
    result = Result(file, settings["log"])
    try:
        with absent.hidden(file):
            module = import_tests(result.module)
        tests = unittest.TestLoader().loadTestsFromModule(module)
    except unittest.SkipTest as skipped:
        result.note(file, "skipped", str(skipped))
    except Exception:
        result.failed(file, sys.exc_info())
    else:
        left_out = [argument.removeprefix("--deselect=") for argument in settings["arguments"]]
        leave_out(left_out, set(settings["ended"]), tests, result)
        tests(result)
    return 0


def import_tests(name: str):
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name not in absent.ABSENT_OF_CPYTHON:
            raise
    absent.stand_in(absent.ABSENT_OF_CPYTHON)
    try:
        return importlib.import_module(name)
    finally:
        absent.withdraw(absent.ABSENT_OF_CPYTHON)


def leave_out(entries: list[str], ended: set[str], suite: unittest.TestSuite, result: "Result") -> None:
    """Takes the tests that entries stand for, and those that ran before, out of a suite."""
    kept = []
    for test in suite:
        if isinstance(test, unittest.TestSuite):
            leave_out(entries, ended, test, result)
            kept.append(test)
        elif any(stands_for(entry, result.name(test)) for entry in entries):
            result.note(result.name(test), "deselected", "left out")
        elif result.name(test) not in ended:
            kept.append(test)
    suite._tests = kept


def stands_for(entry: str, name: str) -> bool:
    return entry == name or (entry.endswith("*") and name.startswith(entry[:-1]))


def printable(text: str) -> str:
    """The text without halves of characters, which JSON has and Unicode has not."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


class Result(unittest.TestResult):
    def __init__(self, file: str, log: str) -> None:
        super().__init__()
        self.buffer = True
        self.file = file
        self.module = file.removesuffix(".py").replace("/", ".")
        self.log = open(log, "a", buffering=1, encoding="utf-8")
        # Tests replace and close sys.stdout.
        self.output = open(1, "w", buffering=1, encoding="utf-8", closefd=False)

    def note(self, test: str, outcome: str | None = None, message: str = "") -> None:
        message = " ".join(printable(message).split())[:LONGEST_MESSAGE]
        print(json.dumps({"test": test, "outcome": outcome, "message": message}), file=self.log)

    def name(self, test) -> str:
        return printable(f"{self.file}::{test.id().removeprefix(self.module + '.')}")

    def startTest(self, test) -> None:
        super().startTest(test)
        self.note(self.name(test))

    def stopTest(self, test) -> None:
        super().stopTest(test)
        self.note(self.name(test), "finished")

    def addSuccess(self, test) -> None:
        self.note(self.name(test), "passed")

    def addSkip(self, test, reason: str) -> None:
        self.note(self.name(test), "skipped", reason)

    def addExpectedFailure(self, test, error) -> None:
        self.note(self.name(test), "xfailed")

    def addUnexpectedSuccess(self, test) -> None:
        self.note(self.name(test), "failed", "unexpected success")

    def addError(self, test, error) -> None:
        self.failed(self.name(test), error)

    addFailure = addError

    def addSubTest(self, test, subtest, error) -> None:
        if error is not None:
            self.failed(self.name(test), error)

    def failed(self, name: str, error) -> None:
        self.note(name, "failed", "".join(traceback.format_exception_only(error[1])))
        text = printable("".join(traceback.format_exception(*error)))
        print(f"=== {name}\n{text}\n", file=self.output)
