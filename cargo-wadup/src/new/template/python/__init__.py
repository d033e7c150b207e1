"""Counts what is in the input: lines, words and bytes."""

import wadup
from pydantic import BaseModel, ConfigDict, NonNegativeInt


class Counts(BaseModel):
    model_config = ConfigDict(frozen=True)

    lines: NonNegativeInt
    words: NonNegativeInt
    size: NonNegativeInt

    @classmethod
    def of(cls, content: bytes) -> "Counts":
        return cls(lines=content.count(b"\n"), words=len(content.split()), size=len(content))


def main() -> None:
    with open("/data.bin", "rb") as file:
        counts = Counts.of(file.read())
    wadup.define_table("counts", [(column, "Int64") for column in Counts.model_fields])
    wadup.insert_row("counts", list(counts.model_dump().values()))
