"""Runs pytest on one file, and notes each test that begins and what it came to."""

import json
from contextlib import contextmanager

# What this system lacks: files behind sys.stdout, signals, and a place that outlives the instance.
OPTIONS = ["--capture=sys", "-pno:faulthandler", "-pno:cacheprovider"]


def main(testing, settings) -> int:
    import _pytest.tmpdir
    import pytest

    # WASI has no users, like Windows, for which pytest has this case.
    _pytest.tmpdir.get_user_id = lambda: None
    plugin = Plugin(testing, settings)
    with measured(settings):
        return int(pytest.main([*OPTIONS, *settings["arguments"], settings["file"]], plugins=[plugin]))


@contextmanager
def measured(settings):
    """Measures coverage if it is asked for."""
    if not settings["coverage"]:
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


class Plugin:
    def __init__(self, testing, settings) -> None:
        self.testing = testing
        self.ended = set(settings["ended"])
        self.log = open(settings["log"], "a", buffering=1, encoding="utf-8")

    def note(self, test: str, outcome: str | None = None) -> None:
        print(json.dumps({"test": test, "outcome": outcome}), file=self.log)

    def pytest_configure(self, config) -> None:
        self.config = config

    def pytest_collection_modifyitems(self, items) -> None:
        # Those that ran before one of them ended the instance.
        left_out = [item for item in items if item.nodeid in self.ended]
        if left_out:
            items[:] = [item for item in items if item.nodeid not in self.ended]
            self.config.hook.pytest_deselected(items=left_out)

    def pytest_collectreport(self, report) -> None:
        if report.failed:
            self.note(report.nodeid, "error")

    def pytest_runtest_logstart(self, nodeid) -> None:
        self.note(nodeid)

    def pytest_runtest_setup(self) -> None:
        # What one test hands over is not seen by the next.
        self.testing.taken()

    def pytest_runtest_logreport(self, report) -> None:
        outcome, _, _ = self.config.hook.pytest_report_teststatus(report=report, config=self.config)
        if outcome:
            self.note(report.nodeid, outcome)
