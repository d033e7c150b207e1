"""The native part of the package, with types."""

import os
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, final

from typing_extensions import Buffer

from wadup._result import Result

__all__ = ["Guest", "Results", "Table"]

@final
class Guest:
    def __new__(
        cls,
        module: Buffer | str | os.PathLike[str],
        *,
        memory: int | None = None,
        deadline: float | None = None,
        fuel: int | None = None,
        stack: int | None = None,
        stdout: int | None = None,
        stderr: int | None = None,
        rows: int | None = None,
        row_bytes: int | None = None,
        subcontents: int | None = None,
        subcontent_bytes: int | None = None,
        files: int | None = None,
        file_bytes: int | None = None,
        environment: Mapping[str, str] | None = None,
        reuse: bool = False,
        cache: str | os.PathLike[str] | None = None,
    ) -> Guest: ...
    def process(
        self, input: Buffer | str | os.PathLike[str], *, export: str = "process", check: bool = True
    ) -> Result: ...
    def process_many(
        self,
        inputs: Iterable[Buffer | str | os.PathLike[str]],
        *,
        parallel: int | None = None,
        export: str = "process",
    ) -> Results: ...

@final
class Results:
    def __iter__(self) -> Iterator[Result]: ...
    def __next__(self) -> Result: ...

@final
class Table:
    @property
    def name(self) -> str: ...
    @property
    def column_names(self) -> list[str]: ...
    @property
    def num_rows(self) -> int: ...
    def __len__(self) -> int: ...
    def rows(self) -> list[tuple[int | float | str, ...]]: ...
    def __arrow_c_stream__(self, requested_schema: object | None = None) -> Any: ...
    def __arrow_c_schema__(self) -> Any: ...
