"""What must hold. Each check returns its problems, none if all is well."""

import pyarrow
import pyarrow.compute

import inputs
from job import Done

# How much more memory a worker process may have at the end of a job than in its middle.
GROWTH = 32

CARRIED = ["key", "id", "name", "score"]


def same(done: Done, expected: pyarrow.Table) -> list[str]:
    """Without the error rows, the rows are those of one process: none is missing, doubled, or of another type."""
    rows = done.rows.filter(pyarrow.compute.is_null(done.rows["error"])).select(CARRIED)
    if rows.schema.types != expected.schema.types:
        return [f"{done.job.name}: the types are {rows.schema.types}, not {expected.schema.types}"]
    if rows.cast(expected.schema).equals(expected):
        return []
    return [f"{done.job.name}: {len(rows)} rows are not the {len(expected)} of one process"]


def harm(done: Done, given: pyarrow.Table) -> list[str]:
    """Exactly the inputs that do harm have an error row, which says why."""
    found = {text.encode(): (error, why) for _, text, error, why in inputs.failures(done.rows, given)}
    problems = []
    if set(found) != set(inputs.HARM) or len(inputs.failures(done.rows, given)) != len(inputs.HARM):
        problems.append(f"{done.job.name}: the error rows are those of {sorted(found)}")
    for harmful, (error, why) in inputs.HARM.items():
        if harmful in found and (found[harmful][0] != error or why not in found[harmful][1]):
            problems.append(f"{done.job.name}: {harmful!r} is {found[harmful]}, not {error} with `{why}`")
    return problems


def flat(jobs: list[Done]) -> list[str]:
    """No worker process grows from the middle of its job to the end."""
    problems = []
    for done in jobs:
        for pid, samples in done.samples.items():
            middle = len(samples) // 2
            before = max(sample.mebibytes for sample in samples[: middle + 1])
            after = max(sample.mebibytes for sample in samples[middle:])
            if after > before + GROWTH:
                problems.append(f"{done.job.name}: process {pid} grew from {before:.0f} to {after:.0f} MiB")
    return problems


def replaced(done: Done) -> list[str]:
    """A worker process was killed, and another took its place."""
    if done.killed is None:
        return [f"{done.job.name}: none was killed"]
    ended = done.samples[done.killed][-1].time
    later = [pid for pid, samples in done.samples.items() if samples[0].time > ended]
    return [] if later else [f"{done.job.name}: no worker process came after {done.killed}"]
