"""Runs a guest on a local cluster of two worker processes, compares with one process, and says what does not hold.

`cargo xtask scale ray|spark` starts it in an environment with the engine and the wheel.
"""

import argparse
import importlib
import sys
import tempfile
from pathlib import Path

import checks
import documented
import inputs
from job import Job, run_job, run_single
from tables import show

# The most inputs for the jobs in which guests do harm and a worker is killed: enough for a middle.
FEW = 10_000


def main() -> int:
    parser = argparse.ArgumentParser(prog="scale", description=__doc__)
    parser.add_argument("engine", choices=["ray", "spark"])
    parser.add_argument("--inputs", type=int, default=100_000)
    parser.add_argument("--guests", type=Path, required=True, help="the folder with the snapshots")
    arguments = parser.parse_args()
    engine = importlib.import_module(f"on_{arguments.engine}")
    guest = arguments.guests / "pydantic.snapshot.wasm"
    users = inputs.users(arguments.inputs)
    few = users.slice(0, FEW)
    hostile = inputs.with_hostile(few)

    single = run_single(Job("one process, 1 thread", guest, users))
    with tempfile.TemporaryDirectory(prefix="wadup-scale-") as folder, engine.Cluster(Path(folder)) as cluster:
        one = run_job(cluster, Job("1 worker", guest, users, workers=1))
        two = run_job(cluster, Job("2 workers", guest, users))
        harmed = run_job(cluster, Job("2 workers, four inputs do harm", guest, hostile))
        middle = two.work / len(users) * len(few) / 2
        killed = run_job(cluster, Job("2 workers, one is killed", guest, few, kill_after=middle))
        documented.run(cluster, arguments.guests, arguments.engine)

    jobs = [single, one, two, harmed, killed]
    show(f"Jobs of {arguments.engine}", ["job", "inputs", "rows", "start s", "work s", "inputs/s"], [job.row() for job in jobs])
    memory = [row for job in jobs[1:] for row in job.memory()]
    show("Worker processes, MiB of memory", ["job", "process", "25 %", "50 %", "75 %", "100 %"], memory)
    show("Error rows", ["key", "input", "error", "error_text"], inputs.failures(harmed.rows, hostile))

    few_rows = single.rows.slice(0, len(few))
    problems = [
        *checks.same(one, single.rows),
        *checks.same(two, single.rows),
        *checks.flat([one, two]),
        *checks.same(harmed, few_rows),
        *checks.harm(harmed, hostile),
        *checks.same(killed, few_rows),
        *checks.replaced(killed),
    ]
    for problem in problems:
        print(f"FAILED: {problem}", file=sys.stderr)
    if not problems:
        print("The rows of all jobs are those of one process. Exactly the four inputs have error rows. Memory is flat.")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
