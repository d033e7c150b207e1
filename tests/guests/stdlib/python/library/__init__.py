"""The standard library: its modules work, and those that a guest cannot have say why."""

import gc

from . import asynchronous, compression, databases, foreign, modules, numbers, secure, system, texts, times


def main() -> None:
    # What the first call imports is frozen: no collection looks at it.
    assert gc.get_freeze_count() > 1000
    for part in [modules, asynchronous, compression, databases, foreign, numbers, secure, system, texts, times]:
        part.check()
