"""Functions of the kinds of values that few calls need."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import IntEnum, StrEnum
from fractions import Fraction
from ipaddress import IPv4Address
from typing import NamedTuple, TypedDict
from uuid import UUID


class Color(StrEnum):
    RED = "red"


class Level(IntEnum):
    HIGH = 3


class Point(NamedTuple):
    number: int
    name: str


class Place(TypedDict):
    name: str
    height: int | None


def next_letter(letter: str) -> str:
    return chr(ord(letter) + 1)


def negative(number: int) -> int:
    return -number


def squared(number: int) -> int:
    return number * number


def as_number(flag: int) -> int:
    return flag + 0


def third(number: float) -> float:
    return number / 3


def of_integer(number: float) -> float:
    return number / 2


def buffer(data: bytes) -> bytearray:
    return bytearray(data)


def repeated(pair: tuple[int, int]) -> tuple[int, ...]:
    return pair * 2


def inverted(table: Mapping[str, int]) -> dict[int, str]:
    return {number: name for name, number in table.items()}


def odd(numbers: Iterable[int]) -> set[int]:
    return {number for number in numbers if number % 2}


def frozen(numbers: set[int]) -> frozenset[int]:
    return frozenset(numbers)


def nested(rows: Sequence[list[str | None]]) -> list[list[str | None]]:
    return [[text and text.upper() for text in row] for row in rows]


def next_address(address: IPv4Address) -> IPv4Address:
    return address + 1


def color() -> Color:
    return Color.RED


def level() -> Level:
    return Level.HIGH


def point() -> Point:
    return Point(7, "here")


def place(name: str) -> Place:
    return {"name": name, "height": 2962}


def tomorrow(day: date) -> date:
    return day + timedelta(days=1)


def noon(moment: time) -> time:
    assert moment.hour == 12
    return moment


def on_day(moment: datetime) -> datetime:
    assert moment.tzinfo is None
    return moment


def sum_of(number: Decimal) -> Decimal:
    return number + number + number


def same(id: UUID) -> UUID:
    return UUID(str(id))


def conjugate(number: complex) -> complex:
    return number.conjugate()


def halved(number: Fraction) -> Fraction:
    return number / 2
