"""Counts its calls, and does in each what allocates: models, exceptions, regular expressions, modules."""

import re
import sys

import wadup
from pydantic import BaseModel, Field, ValidationError

calls = 0
recent: list[str] = []


class Item(BaseModel):
    name: str = Field(pattern=r"^item \d+$")
    sizes: list[int]


def main() -> None:
    global calls
    calls += 1

    # Few names: pydantic caches the last thousands of strings that it parsed.
    number = calls % 7
    item = Item.model_validate_json(f'{{"name": "item {number}", "sizes": {list(range(100))}}}')
    try:
        Item(name="no item", sizes=["x"] * 10)  # type: ignore[list-item]
    except ValidationError as error:
        assert error.error_count() == 11
    else:
        raise AssertionError("accepted")
    assert re.fullmatch(f"item {number}|item .*", item.name)
    cycle: list = [item]
    cycle.append(cycle)
    text = "".join(chr(97 + (calls + index) % 26) for index in range(10_000))

    recent.append(text[:10])
    del recent[:-5]
    wadup.define_table("calls", [("number", "Int64"), ("modules", "Int64")])
    wadup.insert_row("calls", [calls, len(sys.modules)])
    print(calls)
