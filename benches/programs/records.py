"""10,000 records validated by pydantic, from Python objects and from JSON."""

import json
from typing import Annotated, Literal

from pydantic import BaseModel, Field, ValidationError


class Address(BaseModel):
    street: str
    zip: Annotated[str, Field(pattern=r"^\d{5}$")]


class Record(BaseModel):
    id: int
    name: Annotated[str, Field(min_length=1, max_length=40)]
    kind: Literal["person", "company"]
    score: Annotated[float, Field(ge=0)]
    tags: list[str] = []
    address: Address | None = None


def raw(number):
    return {
        "id": str(number),
        "name": f"name {number}",
        "kind": "person" if number % 2 else "company",
        "score": number / 4,
        "tags": [str(number % 7), "x"],
        "address": {"street": "Main Street", "zip": f"{number % 99991:05}"} if number % 3 else None,
    }


def run():
    total, refused = 0.0, 0
    for number in range(10_000):
        value = raw(number)
        if number % 100 == 99:
            value["kind"] = "unknown"
        try:
            if number % 2:
                record = Record.model_validate(value)
            else:
                record = Record.model_validate_json(json.dumps(value))
        except ValidationError as error:
            refused += error.error_count()
            continue
        total += record.score + len(record.model_dump_json())
    return total, refused
