"""One row for each user, as a program on many machines wants it; some inputs ask for the worst that a guest can do to its host."""

import os

import wadup
from pydantic import BaseModel, Field


class User(BaseModel):
    id: int = Field(ge=0)
    name: str = Field(min_length=1)
    score: float = 0.0
    emails: list[str] = []


def loop() -> None:
    while True:
        pass


def want_ten_gigabytes() -> None:
    blocks = [bytes(64 << 20) for _ in range(160)]
    raise AssertionError(f"{len(blocks)} blocks")


def print_for_ever() -> None:
    while True:
        print("x" * 1023)


HOSTILE = {
    b"loop": loop,
    b"trap": os.abort,
    b"memory": want_ten_gigabytes,
    b"print": print_for_ever,
}


def main() -> None:
    with open("/data.bin", "rb") as file:
        data = file.read()
    if data in HOSTILE:
        HOSTILE[data]()
    user = User.model_validate_json(data)
    wadup.define_table("users", [("id", "Int64"), ("name", "String"), ("score", "Float64")])
    wadup.insert_row("users", [user.id, user.name, user.score])
    wadup.define_table("emails", [("email", "String")])
    for email in user.emails:
        wadup.insert_row("emails", [email])
    wadup.flush()
