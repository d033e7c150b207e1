"""Does what the input says; most of it fails."""

import wadup

from . import tasks


def main() -> object:
    with open("/data.bin") as file:
        name, _, argument = file.read().partition(" ")
    wadup.define_table("task", [("name", "String")])
    wadup.insert_row("task", [name])
    return getattr(tasks, name)(argument)


def fails() -> None:
    wadup.define_table("task", [("name", "String")])
    wadup.insert_row("task", ["export"])
    raise RuntimeError("an export that fails")


def chained() -> None:
    tasks.noted("")
