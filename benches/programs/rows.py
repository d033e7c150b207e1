"""What a host that makes tables of its inputs runs: one validated row, or as many rows as the input says."""

import wadup
from pydantic import BaseModel, Field


class User(BaseModel):
    id: int = Field(ge=0)
    name: str = Field(min_length=1)
    score: float = 0.0


RECORD = b'{"id": 7, "name": "Ada", "score": "0.5"}'

COLUMNS = [("id", "Int64"), ("count", "Int64"), ("score", "Float64"), ("name", "String"), ("city", "String")]
CITIES = ["Berlin", "Köln", "New York", "São Paulo", "Ulaanbaatar"]


def given() -> bytes:
    with open("/data.bin", "rb") as file:
        return file.read()


def one() -> None:
    user = User.model_validate_json(given() or RECORD)
    wadup.define_table("users", [("id", "Int64"), ("name", "String"), ("score", "Float64")])
    wadup.insert_row("users", [user.id, user.name, user.score])


def many() -> None:
    wadup.define_table("people", COLUMNS)
    for number in range(int(given() or b"1000000")):
        wadup.insert_row("people", [number, number * 7919, number / 8, f"name {number}", CITIES[number % 5]])
        # Rows wait in the guest's memory, which is too small for a million.
        if number % 50_000 == 49_999:
            wadup.flush()


def nothing() -> None:
    pass
