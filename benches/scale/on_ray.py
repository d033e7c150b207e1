"""Ray on this machine."""

import logging
import os
from pathlib import Path
from typing import Any, Self

import pyarrow

# Before Ray is imported, which reads it. Nothing is reported to anyone.
os.environ["RAY_USAGE_STATS_ENABLED"] = "0"

import ray
import ray.data

import wadup.ray
from job import EXPORT, SCHEMA, SETTINGS, TABLE, Job
from processes import wait_for_end

# Parts of the inputs: a worker that is killed loses those that it has at hand.
PARTS = 32


class Cluster:
    """Ray with two processors."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        # What examples in the documentation use.
        self.names: dict[str, Any] = {}

    def __enter__(self) -> Self:
        ray.init(
            num_cpus=2,
            object_store_memory=256 << 20,
            include_dashboard=False,
            log_to_driver=False,
            logging_level="ERROR",
            _temp_dir=str(self._folder / "ray"),
        )
        ray.data.DataContext.get_current().enable_progress_bars = False
        logging.getLogger("ray.data").setLevel(logging.ERROR)
        return self

    def __exit__(self, *failure: object) -> None:
        ray.shutdown()

    def prepare(self, job: Job) -> None:
        """Waits for the end of the last job's workers: Ray ends them some time after their job."""
        wait_for_end()

    def run(self, job: Job) -> pyarrow.Table:
        """The rows of the job, in workers of its own."""
        size = -(-len(job.inputs) // PARTS)
        parts = [job.inputs.slice(start, size).combine_chunks() for start in range(0, len(job.inputs), size)]
        rows = wadup.ray.map_batches(
            ray.data.from_arrow(parts),
            job.guest,
            column="user",
            table=TABLE,
            schema=SCHEMA,
            export=EXPORT,
            workers=job.workers,
            **SETTINGS,
        )
        return pyarrow.concat_tables(ray.get(rows.to_arrow_refs()))
