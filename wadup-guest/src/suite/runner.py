"""Runs pytest in a guest, and counts the outcomes of its tests."""

import json
import os
import sys

# What this system lacks: files behind sys.stdout, signals, and a place that outlives the instance.
OPTIONS = ["--capture=sys", "-pno:faulthandler", "-pno:cacheprovider"]

# The outcomes of tests, as pytest's summary names them.
COUNTED = ["passed", "failed", "error", "skipped", "xfailed", "xpassed"]


def main(testing) -> int:
    _, project, source, *arguments = sys.argv
    # Libraries write there what nobody wants to read, and the folder is this instance's own.
    os.makedirs("/dev", exist_ok=True)
    open("/dev/null", "a").close()
    # The files as they are now, before those that were built in.
    sys.path.insert(0, source)
    sys.dont_write_bytecode = True
    os.chdir(project)

    import _pytest.tmpdir
    import pytest

    # WASI has no users, like Windows, for which pytest has this case.
    _pytest.tmpdir.get_user_id = lambda: None
    return int(pytest.main([*OPTIONS, *arguments], plugins=[Plugin(testing)]))


class Plugin:
    def __init__(self, testing) -> None:
        self.testing = testing

    def pytest_runtest_setup(self) -> None:
        # What one test hands over is not seen by the next.
        self.testing.taken()

    def pytest_terminal_summary(self, terminalreporter) -> None:
        stats = terminalreporter.stats
        counts = {outcome: len(stats.get(outcome, [])) for outcome in COUNTED}
        with open(OUTCOMES, "w") as file:
            json.dump(counts, file)
