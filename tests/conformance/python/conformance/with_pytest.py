"""A plugin of pytest, with which a package's tests run against the package in the guest."""

import importlib
import os

from conformance import absent

SUITE = "/suite"


def pytest_addoption() -> None:
    # The first hook: nothing of the tests has been imported.
    for name in sorted(os.listdir(SUITE)):
        add_tests_to(name, f"{SUITE}/{name}")
    absent.stand_in(absent.ABSENT)


def pytest_collection_finish() -> None:
    absent.withdraw(absent.ABSENT)


def add_tests_to(package: str, folder: str) -> None:
    """Lets the package in the guest find its tests in `folder`: folders with `__init__.py` belong to the tests."""
    if not os.path.isdir(folder) or folder.endswith("/tests") or os.path.exists(f"{folder}/__init__.py"):
        return
    try:
        path = importlib.import_module(package).__path__
    except ModuleNotFoundError as error:
        if error.name != package:
            raise
        # A folder of tests alone.
        return
    path.append(folder)
    for name in sorted(os.listdir(folder)):
        add_tests_to(f"{package}.{name}", f"{folder}/{name}")
