"""What the cases in this folder call. `index.json` is what the build writes of it."""

import datetime
import uuid
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Literal, Optional, TypedDict

from pydantic import BaseModel


@dataclass
class Row:
    name: str


class Model(BaseModel):
    name: str


class Options(TypedDict):
    limit: int


class Color(StrEnum):
    RED = "red"


Names = list[str]


def score(text: str, weight: float = 1.0) -> float: ...
def tokens(text: str, /, *, limit: int = 10) -> Names: ...
def total(*numbers: int, unit: Literal["kg", "g"] = "kg") -> int: ...
def first(items: list[Row], limit: int = 1) -> Optional[Row]: ...
def find(name: str) -> float | None: ...
def reset() -> None: ...
def untyped(a, b=1): ...
async def fetch(name: str) -> str: ...
def lines(path: Path) -> Iterator[str]:
    yield ""


def everything(
    flag: bool,
    number: int,
    ratio: float,
    data: bytes,
    when: datetime.datetime,
    day: datetime.date,
    wait: datetime.timedelta,
    price: Decimal,
    key: uuid.UUID,
    path: Path,
    names: Names,
    counts: dict[str, int],
    unique: set[int],
    pair: tuple[str, int],
    row: Row,
    model: Model,
    options: Options,
    color: Color,
    maybe: int | None,
) -> None: ...


def give_row() -> Row: ...
def give_options() -> Options: ...
def give_color() -> Color: ...
def give_counts() -> dict[str, list[int]]: ...
def give_pair() -> tuple[str, int]: ...
def give_many() -> tuple[int, ...]: ...
def give_moment() -> datetime.datetime: ...
async def stream(path: Path) -> AsyncIterator[str]:
    yield ""
def placed(a: int, b: int = 0, /, **rest: int) -> int: ...
