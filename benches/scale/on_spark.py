"""Spark on this machine."""

import os
import sys
from pathlib import Path
from typing import Any, Self

import pyarrow
from pyspark.sql import SparkSession

import wadup.spark
from job import EXPORT, SETTINGS, TABLE, Job

# Parts of the inputs: a worker that is killed loses one.
PARTS = 32

SCHEMA = "id bigint, name string, score double"


class Cluster:
    """Spark with two executors in processes of their own; each has a Python worker."""

    def __init__(self, folder: Path) -> None:
        os.environ["PYSPARK_PYTHON"] = sys.executable
        os.environ["SPARK_WORKER_DIR"] = str(folder / "spark")
        self._builder = (
            SparkSession.builder.master("local-cluster[2,1,1024]")
            .config("spark.ui.enabled", "false")
            .config("spark.ui.showConsoleProgress", "false")
            .config("spark.log.level", "ERROR")
            .config("spark.local.dir", str(folder / "local"))
            .config("spark.sql.warehouse.dir", str(folder / "warehouse"))
        )

    def __enter__(self) -> Self:
        self._session = self._builder.getOrCreate()
        # What examples in the documentation use.
        self.names: dict[str, Any] = {"spark": self._session}
        return self

    def __exit__(self, *failure: object) -> None:
        self._session.stop()

    def prepare(self, job: Job) -> None:
        """Makes the guest in both workers, which Spark keeps from job to job."""
        self._rows(job, job.inputs.slice(0, 2 * PARTS), PARTS)

    def run(self, job: Job) -> pyarrow.Table:
        """The rows of the job. With one part, only one worker has something to do."""
        return self._rows(job, job.inputs, PARTS if job.workers > 1 else 1)

    def _rows(self, job: Job, inputs: pyarrow.Table, parts: int) -> pyarrow.Table:
        rows = wadup.spark.map_in_arrow(
            self._session.createDataFrame(inputs).repartition(parts),
            job.guest,
            column="user",
            table=TABLE,
            schema=SCHEMA,
            export=EXPORT,
            **SETTINGS,
        )
        return rows.toArrow()
