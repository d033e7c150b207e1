"""Runs a file with pytest against the package in the guest."""

import importlib
import os
import sys

from conformance import absent
from conformance.outcomes import Outcomes

SUITE = "/suite"
PACKAGES = "/packages"
IN_ROOT = "--in-root"

OPTIONS = [
    f"--rootdir={SUITE}",
    # The other ways to capture output, and the fault handler, duplicate file descriptors.
    "--capture=sys",
    "-pno:faulthandler",
    "-pno:cacheprovider",
    # Rewriting asserts takes longer than most test files.
    "--assert=plain",
    "--tb=short",
    "--no-header",
    "--quiet",
]


def run(file: str, options: list[str]) -> None:
    sys.path += [PACKAGES, SUITE]
    for name in sorted(os.listdir(SUITE)):
        add_tests_to(name, f"{SUITE}/{name}")

    import _pytest.tmpdir
    import pytest

    # WASI has no users, like Windows, for which it has this fallback.
    _pytest.tmpdir.get_user_id = lambda: None
    in_root = IN_ROOT in options
    os.chdir(SUITE if in_root else "/tmp")
    options = [option for option in options if option != IN_ROOT]
    outcomes = Outcomes()
    absent.stand_in(absent.ABSENT)
    status = pytest.main([*OPTIONS, *options, f"{SUITE}/{file}"], plugins=[Plugin(outcomes)])
    if status in (pytest.ExitCode.INTERNAL_ERROR, pytest.ExitCode.USAGE_ERROR):
        sys.exit(int(status))
    outcomes.complete()


def add_tests_to(package: str, folder: str) -> None:
    """Lets the package in the guest find its tests in `folder`: folders with `__init__.py` belong to the tests."""
    if not os.path.isdir(folder) or folder.endswith("/tests") or os.path.exists(f"{folder}/__init__.py"):
        return
    try:
        path = importlib.import_module(package).__path__
    except ModuleNotFoundError as error:
        if error.name != package:
            raise
        # A folder of tests alone.
        return
    path.append(folder)
    for name in sorted(os.listdir(folder)):
        add_tests_to(f"{package}.{name}", f"{folder}/{name}")


class Plugin:
    def __init__(self, outcomes: Outcomes) -> None:
        self.outcomes = outcomes

    def pytest_collection_finish(self) -> None:
        absent.withdraw(absent.ABSENT)

    def pytest_deselected(self, items) -> None:
        for item in items:
            self.outcomes.ended(item.nodeid, "skipped", "not asked for")

    def pytest_collectreport(self, report) -> None:
        if report.outcome != "passed":
            self._ended(report)

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        self.outcomes.started(nodeid)

    def pytest_runtest_logreport(self, report) -> None:
        # A test has three phases: only the call counts as passed, each can fail.
        if report.when == "call" or report.outcome != "passed":
            self._ended(report)

    def _ended(self, report) -> None:
        outcome, message = report.outcome, ""
        if outcome == "skipped":
            # pytest prints where and why, unless the test was expected to fail.
            message = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
            if hasattr(report, "wasxfail"):
                outcome, message = "expected", report.wasxfail
        elif outcome == "failed":
            crash = getattr(report.longrepr, "reprcrash", None)
            text = str(report.longrepr)
            message = crash.message if crash else text.strip().rpartition("\n")[2]
            self.outcomes.explain(report.nodeid, text)
        self.outcomes.ended(report.nodeid, outcome, message)
