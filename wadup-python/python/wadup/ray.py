"""Guests in Ray Data: one pool in each worker process, which runs batches of inputs.

Needs Ray: `pip install wadup[ray]`.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pyarrow
import ray
import ray.data

from wadup import Guest, Table
from wadup._batches import Job, Settings, read

if TYPE_CHECKING:
    from typing_extensions import Unpack

__all__ = ["map_batches"]


def map_batches(
    dataset: ray.data.Dataset,
    guest: bytes | str | os.PathLike[str],
    *,
    column: str,
    table: str,
    schema: pyarrow.Schema | Table,
    keep: Sequence[str] | None = None,
    error: str = "error",
    export: str = "process",
    parallel: int = 1,
    workers: int | tuple[int, int] | None = None,
    options: Mapping[str, Any] | None = None,
    **settings: Unpack[Settings],
) -> ray.data.Dataset:
    """Runs a guest on each row of a dataset, and returns the rows of one of its tables.

    The input is in `column`, as bytes or as text, which the guest sees in UTF-8. `guest`, a path or bytes, is sent to the cluster
    once. Each worker process has one pool of instances, under the limits of `wadup.Guest`: they are the `settings`, as `memory=`
    and `deadline=`. Without a deadline, an endless loop never ends.

    The result has the columns

    - `keep` of the input [default: all but `column`], repeated for each row that the guest made of it
    - those of the guest's `table`, of the guest's types. `schema` names them: a `pyarrow.Schema`, or the `Table` of some result
    - `error` and `error_text`: null, or why the guest failed on this input. `error` is the class of the exception, as
      `"LimitError"`, and `error_text` its text. The input then has exactly one row, and null in the table's columns.
      `error="failure"` calls them `failure` and `failure_text`

    An input for which the guest succeeds without a row has none here. One that fails stops no other. When a worker process is killed,
    Ray runs its batches again, and the result is the same.

    `export` is the function of the guest to call; `parallel` the threads of each worker, for which it reserves as many processors;
    `workers` the number of worker processes, or the least and the most [default: as many as the cluster has room for]. `options` are
    further arguments of `Dataset.map_batches`, as `{"batch_size": 100}`.

    >>> import pyarrow, ray.data, wadup.ray
    >>> sample = open("sample.lock", "rb").read()
    >>> inputs = ray.data.from_items([{"path": "a", "data": sample}, {"path": "b", "data": b"no lock file"}])
    >>> schema = wadup.Guest("lockfile.wasm").process(sample).tables["packages"]
    >>> found = wadup.ray.map_batches(
    ...     inputs, "lockfile.wasm", column="data", table="packages", schema=schema, deadline=30, memory=256 << 20
    ... ).to_pandas()
    >>> list(found.columns)
    ['path', 'name', 'version', 'origin', 'dependencies', 'error', 'error_text']
    >>> found.groupby("path").size().to_dict()
    {'a': 5, 'b': 1}
    >>> found[found["error"].notna()][["path", "error"]].values.tolist()
    [['b', 'StatusError']]
    """
    job = Job(column, table, pyarrow.schema(schema), keep, error, export, parallel)
    if workers is None:
        pool = ray.data.ActorPoolStrategy()
    elif isinstance(workers, int):
        pool = ray.data.ActorPoolStrategy(size=workers)
    else:
        pool = ray.data.ActorPoolStrategy(min_size=workers[0], max_size=workers[1])
    arguments = {"compute": pool, "num_cpus": parallel, **(options or {})}
    return dataset.map_batches(
        _Worker,
        batch_format="pyarrow",
        fn_constructor_args=(ray.put(read(guest)), job, settings),
        **arguments,
    )


class _Worker:
    """What a worker process keeps from batch to batch."""

    def __init__(self, guest: ray.ObjectRef[bytes], job: Job, settings: Settings) -> None:
        self._guest = Guest(ray.get(guest), **settings)
        self._job = job

    def __call__(self, batch: pyarrow.Table) -> pyarrow.Table:
        return self._job.run(self._guest, batch)
