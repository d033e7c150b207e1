"""Runs the smoke operation of the package that the input names."""

import importlib
import traceback
from importlib import metadata

import smoke
import wadup

COLUMNS = [(name, "String") for name in ["package", "version", "error"]]


def imported(name: str):
    """The smoke module of a package, or why it cannot be imported."""
    try:
        return importlib.import_module("smoke." + name.replace("-", "_"))
    except Exception:
        return traceback.format_exc()


# Imported here, so that a snapshot contains the packages.
MODULES = {name: imported(name) for name in smoke.NAMES}


def main() -> None:
    with open("/data.bin") as file:
        name = file.read()
    wadup.define_table("packages", COLUMNS)
    wadup.insert_row("packages", [name, metadata.version(name), error_of(MODULES[name])])


def error_of(module) -> str:
    """What went wrong, or nothing."""
    if isinstance(module, str):
        return module
    try:
        module.check()
    except Exception:
        return traceback.format_exc()
    return ""
