"""Runs a module of CPython's tests like its regression test runner: with unittest, each module separately."""

import importlib
import os
import sys
import traceback
import unittest

from conformance import absent, guards
from conformance.outcomes import Outcomes

SUITE = "/suite"


def run(file: str, options: list[str]) -> None:
    sys.path.insert(0, SUITE)
    sys.dont_write_bytecode = True
    os.chdir("/tmp")

    from test import support

    # No tests that are slow or need much memory or the network: resources that are not enabled are skipped.
    support.use_resources = []
    guards.lift(file)
    left_out = [option.removeprefix("--deselect=") for option in options]
    result = Result(file, Outcomes())
    try:
        with absent.hidden(file):
            module = import_tests(result.module)
        tests = unittest.TestLoader().loadTestsFromModule(module)
    except unittest.SkipTest as skipped:
        result.outcomes.ended(file, "skipped", str(skipped))
    except Exception:
        result.failed(file, sys.exc_info())
    else:
        leave_out(left_out, tests, result)
        tests(result)
    result.outcomes.complete()


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


def leave_out(entries: list[str], suite: unittest.TestSuite, result: "Result") -> None:
    """Takes the tests that entries stand for out of a suite."""
    kept = []
    for test in suite:
        if isinstance(test, unittest.TestSuite):
            leave_out(entries, test, result)
            kept.append(test)
        elif any(stands_for(entry, result.name(test)) for entry in entries):
            result.outcomes.ended(result.name(test), "skipped", "left out")
        else:
            kept.append(test)
    suite._tests = kept


def stands_for(entry: str, name: str) -> bool:
    return entry == name or (entry.endswith("*") and name.startswith(entry[:-1]))


class Result(unittest.TestResult):
    def __init__(self, file: str, outcomes: Outcomes) -> None:
        super().__init__()
        self.buffer = True
        self.file = file
        self.module = file.removesuffix(".py").replace("/", ".")
        self.outcomes = outcomes

    def name(self, test) -> str:
        return f"{self.file}::{test.id().removeprefix(self.module + '.')}"

    def startTest(self, test) -> None:
        super().startTest(test)
        self.outcomes.started(self.name(test))

    def addSuccess(self, test) -> None:
        self.outcomes.ended(self.name(test), "passed")

    def addSkip(self, test, reason: str) -> None:
        self.outcomes.ended(self.name(test), "skipped", reason)

    def addExpectedFailure(self, test, error) -> None:
        self.outcomes.ended(self.name(test), "expected")

    def addUnexpectedSuccess(self, test) -> None:
        self.outcomes.ended(self.name(test), "failed", "unexpected success")

    def addError(self, test, error) -> None:
        self.failed(self.name(test), error)

    addFailure = addError

    def addSubTest(self, test, subtest, error) -> None:
        if error is not None:
            self.failed(self.name(test), error)

    def failed(self, name: str, error) -> None:
        self.outcomes.ended(name, "failed", "".join(traceback.format_exception_only(error[1])))
        self.outcomes.explain(name, "".join(traceback.format_exception(*error)))
