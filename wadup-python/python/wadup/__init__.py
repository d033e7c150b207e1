"""Runs guests of wadup: Python and its packages in one WebAssembly module, isolated and under limits.

>>> import wadup
>>> guest = wadup.Guest("lockfile.wasm", memory=256 << 20, deadline=30)
>>> result = guest.process("sample.lock")
>>> result.tables["packages"].rows()[0]
('serde', '1.0.228', 'registry', 1)

A `Table` is handed to pyarrow, polars, pandas and DuckDB without a copy.

Inside a guest, `import wadup` is another module: the one with which the guest hands over its rows.
"""

from wadup._errors import ContractError, Error, GuestError, LimitError, LoadError, StatusError, TrapError
from wadup._native import Guest, Results, Table
from wadup._result import Result, SubContent

__all__ = [
    "ContractError",
    "Error",
    "Guest",
    "GuestError",
    "LimitError",
    "LoadError",
    "Result",
    "Results",
    "StatusError",
    "SubContent",
    "Table",
    "TrapError",
]
