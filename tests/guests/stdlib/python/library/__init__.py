"""The standard library: its modules work, and those that a guest cannot have say why."""

import gc

from . import asynchronous, compression, databases, foreign, modules, monitored, numbers, secure, system, texts, times


def main() -> None:
    # What the first call imports is frozen: no collection looks at it.
    assert gc.get_freeze_count() > 1000
    parts = [modules, asynchronous, compression, databases, foreign, monitored, numbers, secure, system, texts, times]
    for part in parts:
        part.check()
