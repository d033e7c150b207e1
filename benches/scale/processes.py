"""Watches the worker processes: those below this one that have loaded the wheel."""

import contextlib
import os
import threading
import time
from pathlib import Path
from typing import NamedTuple, Self

# The native part of the package, as it is seen in a process that has loaded it.
LOADED = "/wadup/_native."

INTERVAL = 0.2


class Sample(NamedTuple):
    """A look at a process."""

    time: float
    mebibytes: float
    """What is in memory, without what it shares with other processes on purpose: Ray's store of objects."""


class Watch:
    """Takes samples in a thread while a `with` block runs."""

    def __init__(self) -> None:
        self.samples: dict[int, list[Sample]] = {}
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *failure: object) -> None:
        self._end.set()
        self._thread.join()

    def newest(self) -> int:
        """The worker process that was seen last."""
        return max(self.samples, key=lambda pid: self.samples[pid][-1].time)

    def _run(self) -> None:
        while not self._end.wait(INTERVAL):
            for pid in workers(set(self.samples)):
                # It may have ended meanwhile.
                with contextlib.suppress(FileNotFoundError, ProcessLookupError, KeyError):
                    sample = Sample(time.monotonic(), memory(pid))
                    self.samples.setdefault(pid, []).append(sample)


def wait_for_end(seconds: float = 60) -> None:
    """Waits until all worker processes have ended."""
    until = time.monotonic() + seconds
    while running := workers(set()):
        if time.monotonic() > until:
            raise SystemExit(f"the worker processes {running} still run {seconds:.0f} seconds after their job")
        time.sleep(INTERVAL)


def workers(known: set[int]) -> list[int]:
    """The processes that have loaded the wheel; those that are known need no look."""
    found = []
    for pid in descendants():
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            if pid in known or LOADED in Path(f"/proc/{pid}/maps").read_text():
                found.append(pid)
    return found


def memory(pid: int) -> float:
    """What a process has in memory, in MiB."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    values = dict(line.split(":", 1) for line in lines)
    return sum(int(values[name].split()[0]) for name in ("RssAnon", "RssFile")) / 1024


def descendants() -> list[int]:
    """The processes that this one has started, directly or not."""
    children: dict[int, list[int]] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal():
            try:
                # After the name, which is in parentheses: the state and the parent.
                parent = (folder / "stat").read_text().rpartition(")")[2].split()[1]
            except (FileNotFoundError, ProcessLookupError):
                continue
            children.setdefault(int(parent), []).append(int(folder.name))
    found = []
    waiting = [os.getpid()]
    while waiting:
        below = children.get(waiting.pop(), [])
        found += below
        waiting += below
    return found
