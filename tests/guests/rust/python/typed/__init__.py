"""Functions that Rust calls with values, and that call Rust to be called back."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Optional, TypedDict

import back
import wadup

from .more import successor as reexported


@dataclass
class User:
    name: str
    age: int


class Options(TypedDict):
    limit: int
    reverse: bool


class Refused(Exception):
    """An exception that only this guest has."""


Numbers = list[int]


def negated(flag: bool) -> bool:
    return not flag


def incremented(number: int) -> int:
    return number + 1


def half(number: float) -> float:
    return number / 2


def upper(text: str) -> str:
    return text.upper()


def mirrored(data: bytes) -> bytes:
    return data[::-1]


def doubled(numbers: Numbers) -> Numbers:
    return [2 * number for number in numbers]


def lengths(words: list[str]) -> dict[str, int]:
    return {word: len(word) for word in words}


def keys(table: dict[str, int]) -> set[str]:
    return set(table)


def swapped(pair: tuple[str, int]) -> tuple[int, str]:
    text, number = pair
    return number, text


def maybe(number: Optional[int]) -> int | None:
    return None if number is None else number + 1


def later(moment: datetime, wait: timedelta) -> datetime:
    return moment + wait


def parent(path: Path) -> Path:
    return path.parent


def user(name: str, age: int) -> User:
    return User(name, age)


def chosen(numbers: list[int], options: Options) -> list[int]:
    return sorted(numbers, reverse=options["reverse"])[: options["limit"]]


def person() -> User:
    return User("Ada", 36)


def name_of(user: User) -> str:
    return user.name


def described(first: str, number: int = 7, *, last: str) -> str:
    return f"{first}-{number}-{last}"


def total(*numbers: int) -> int:
    return sum(numbers)


def ignored() -> str:
    return "of no interest"


def anything(what: str):
    match what:
        case "large":
            return 256
        case "raise":
            try:
                try:
                    raise ValueError("value")
                except ValueError as error:
                    raise KeyError("key") from error
            except KeyError:
                raise Refused("refused")
        case "exit":
            raise SystemExit(3)
        case _:
            return what


def leave_row(name: str, fail: bool) -> None:
    wadup.define_table("typed", [("name", "String")])
    wadup.insert_row("typed", [name])
    if fail:
        raise RuntimeError("a row and a failure")


def clamp(value: float, low: float, high: float) -> float:
    if low > high:
        raise ValueError("no such range")
    return min(max(value, low), high)


def product(first: int, second: int) -> int:
    if second == 0:
        raise SystemExit
    return first * second


def check(number: int) -> int:
    return number


def main(_: str) -> None:
    back.every_kind()
    back.leave_row("inside")

    try:
        back.raised("raise")
    except Refused as error:
        assert isinstance(error.__context__, KeyError), error.__context__
        assert isinstance(error.__context__.__cause__, ValueError)
        lines = []
        traceback = error.__traceback__
        while traceback:
            lines.append(traceback.tb_frame.f_code.co_name)
            traceback = traceback.tb_next
        assert lines == ["main", "anything"], lines
    else:
        raise AssertionError("nothing was raised")

    try:
        back.with_context()
    except RuntimeError as error:
        assert str(error) == "the number cannot be read"
        assert isinstance(error.__cause__, Refused), repr(error.__cause__)
    else:
        raise AssertionError("nothing was raised")

    try:
        back.with_anyhow(False)
    except RuntimeError as error:
        assert str(error) == "the setting cannot be read"
        assert str(error.__cause__) == "invalid digit found in string"
    else:
        raise AssertionError("nothing was raised")

    try:
        back.with_anyhow(True)
    except Refused as error:
        assert isinstance(error.__context__, KeyError), error.__context__
    else:
        raise AssertionError("nothing was raised")

    try:
        back.raised("exit")
    except SystemExit as error:
        assert error.code == 3
    else:
        raise AssertionError("nothing was raised")
