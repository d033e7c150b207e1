"""Runs one job, and notes what its worker processes do meanwhile."""

import contextlib
import os
import signal
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import pyarrow

import wadup
from processes import Sample, Watch

# The limits of all jobs.
SETTINGS: dict[str, Any] = {"memory": 256 << 20, "deadline": 5, "stdout": 1 << 20}

# The guest's export, its table, and the columns of that.
EXPORT = TABLE = "users"
SCHEMA = pyarrow.schema([("id", pyarrow.int64()), ("name", pyarrow.string()), ("score", pyarrow.float64())])


@dataclass
class Job:
    """What to run."""

    name: str
    guest: Path
    inputs: pyarrow.Table
    workers: int = 2
    kill_after: float | None = None
    """Seconds of work after which a worker process is killed."""


class Cluster(Protocol):
    """An engine with its worker processes."""

    def prepare(self, job: Job) -> None:
        """Does what would disturb the measurement of a job."""

    def run(self, job: Job) -> pyarrow.Table:
        """The rows of a job, in any order."""


@dataclass
class Done:
    """What came of it."""

    job: Job
    rows: pyarrow.Table
    """Sorted by key."""
    start: float
    """Seconds until the first worker process has loaded the package."""
    work: float
    """Seconds from then to the end."""
    samples: dict[int, list[Sample]]
    """The worker processes by their ids."""
    killed: int | None = None
    """The one that was killed."""

    def row(self) -> list[str]:
        """For the table of jobs."""
        inputs = len(self.job.inputs)
        return [self.job.name, str(inputs), str(len(self.rows)), f"{self.start:.1f}", f"{self.work:.1f}", f"{inputs / self.work:.0f}"]

    def memory(self) -> list[list[str]]:
        """A row for each worker process: its memory at four points of its work."""
        rows = []
        for pid, samples in self.samples.items():
            points = [samples[(len(samples) - 1) * quarter // 4].mebibytes for quarter in range(1, 5)]
            rows.append([self.job.name, f"{pid}{', killed' if pid == self.killed else ''}", *(f"{point:.0f}" for point in points)])
        return rows


def run_single(job: Job) -> Done:
    """In this process, without an engine."""
    started = time.monotonic()
    guest = wadup.Guest(job.guest, **SETTINGS)
    ready = time.monotonic()
    tables = []
    for result in guest.process_many(job.inputs["user"].to_pylist(), parallel=1, export=EXPORT):
        result.raise_for_error()
        tables.append(pyarrow.table(result.tables[TABLE]))
    rows = pyarrow.concat_tables(tables).add_column(0, "key", job.inputs["key"])
    return Done(job, rows.combine_chunks(), ready - started, time.monotonic() - ready, {})


def run_job(cluster: Cluster, job: Job) -> Done:
    """On a cluster."""
    print(f"... {job.name}: {len(job.inputs)} inputs", flush=True)
    cluster.prepare(job)
    started = time.monotonic()
    killed: list[int] = []
    with Watch() as watch:
        if job.kill_after is not None:
            threading.Thread(target=kill, args=(watch, job.kill_after, killed), daemon=True).start()
        rows = cluster.run(job)
        end = time.monotonic()
    if not watch.samples:
        raise SystemExit(f"{job.name}: no worker process was seen")
    first = min(samples[0].time for samples in watch.samples.values())
    start = max(0, first - started)
    return Done(job, rows.sort_by("key").combine_chunks(), start, end - started - start, watch.samples, *killed)


def kill(watch: Watch, after: float, killed: list[int]) -> None:
    """Ends a worker process as a system without memory does, once work has gone on for some time."""
    while not watch.samples:
        time.sleep(0.05)
    time.sleep(after)
    pid = watch.newest()
    # If it has ended by itself, it is missing in `killed`, which the checks find.
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
        killed.append(pid)
