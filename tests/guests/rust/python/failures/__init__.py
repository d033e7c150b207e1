"""Does what it is asked to do; most of it fails."""

import wadup

from . import tasks


def main(task: str) -> object:
    name, _, argument = task.partition(" ")
    wadup.define_table("task", [("name", "String")])
    wadup.insert_row("task", [name])
    return getattr(tasks, name)(argument)


def fails() -> None:
    wadup.define_table("task", [("name", "String")])
    wadup.insert_row("task", ["export"])
    raise RuntimeError("an export that fails")


def chained() -> None:
    tasks.noted("")
