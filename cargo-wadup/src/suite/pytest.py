"""Runs pytest on one file, and notes each test that begins, what it came to, and that it is over.

The settings:
`file`       what pytest runs
`arguments`  options for pytest
`log`        the file for the notes
`ended`      tests that ran before in another instance
`path`       folders to import from, after all others (optional)
`folder`     the folder to work in (optional)
`plugins`    names of modules that are plugins of pytest (optional)
`coverage`   the file for what is measured in the folder `source`, if it is (optional)
"""

import json
import os
import sys
from contextlib import contextmanager

# What this system lacks: files behind sys.stdout, signals, and a place that outlives the instance.
OPTIONS = ["--capture=sys", "-pno:faulthandler", "-pno:cacheprovider"]

# The beginning of a message identifies a failure; the output of pytest has all of it.
LONGEST_MESSAGE = 300


def main(testing, settings) -> int:
    sys.path += settings.get("path", [])
    if folder := settings.get("folder"):
        os.chdir(folder)

    import _pytest.tmpdir
    import pytest

    # WASI has no users, like Windows, for which pytest has this case.
    _pytest.tmpdir.get_user_id = lambda: None
    plugins = [f"-p{name}" for name in settings.get("plugins", [])]
    arguments = [*OPTIONS, *plugins, *settings["arguments"], settings["file"]]
    with measured(settings):
        return int(pytest.main(arguments, plugins=[Plugin(testing, settings)]))


@contextmanager
def measured(settings):
    """Measures coverage if it is asked for."""
    if not settings.get("coverage"):
        yield
        return
    import coverage

    # In memory: the results of all instances are put together later.
    measurement = coverage.Coverage(data_file=None)
    if not measurement.get_option("run:source"):
        measurement.set_option("run:source", [settings["source"]])
    if not measurement.get_option("run:core"):
        # The guest has no C tracer. sys.monitoring is fast, but reports no branches before Python 3.14.
        branches = measurement.get_option("run:branch")
        measurement.set_option("run:core", "pytrace" if branches else "sysmon")
    measurement.start()
    try:
        yield
    finally:
        measurement.stop()
        with open(settings["coverage"], "wb") as file:
            file.write(measurement.get_data().dumps())


def reason(report) -> str:
    """Why a test did not pass."""
    if hasattr(report, "wasxfail"):
        return str(report.wasxfail)
    if report.outcome == "skipped":
        # The file, the line, and why.
        return report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    if report.outcome == "failed":
        crash = getattr(report.longrepr, "reprcrash", None)
        return crash.message if crash else str(report.longrepr).strip().rpartition("\n")[2]
    return ""


def printable(text: str) -> str:
    """The text without halves of characters, which JSON has and Unicode has not."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


class Plugin:
    def __init__(self, testing, settings) -> None:
        self.testing = testing
        self.ended = set(settings["ended"])
        self.log = open(settings["log"], "a", buffering=1, encoding="utf-8")

    def note(self, test: str, outcome: str | None = None, message: str = "") -> None:
        message = " ".join(printable(message).split())[:LONGEST_MESSAGE]
        note = {"test": printable(test), "outcome": outcome, "message": message}
        print(json.dumps(note), file=self.log)

    def pytest_configure(self, config) -> None:
        self.config = config

    def pytest_collection_modifyitems(self, items) -> None:
        # Those that ran before one of them ended the instance.
        left_out = [item for item in items if self.has_ended(item)]
        if left_out:
            items[:] = [item for item in items if not self.has_ended(item)]
            self.config.hook.pytest_deselected(items=left_out)

    def has_ended(self, item) -> bool:
        return printable(item.nodeid) in self.ended

    def pytest_deselected(self, items) -> None:
        for item in items:
            if not self.has_ended(item):
                self.note(item.nodeid, "deselected", "not asked for")

    def pytest_collectreport(self, report) -> None:
        if report.outcome != "passed":
            self.note(report.nodeid, "error" if report.failed else report.outcome, reason(report))

    def pytest_runtest_logstart(self, nodeid) -> None:
        self.note(nodeid)

    def pytest_runtest_logfinish(self, nodeid) -> None:
        self.note(nodeid, "finished")

    def pytest_runtest_setup(self) -> None:
        # What one test hands over is not seen by the next.
        if self.testing:
            self.testing.taken()

    def pytest_runtest_logreport(self, report) -> None:
        outcome, _, _ = self.config.hook.pytest_report_teststatus(report=report, config=self.config)
        if outcome:
            self.note(report.nodeid, outcome, reason(report))
