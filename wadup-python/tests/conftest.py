"""The guests for the tests, which `cargo xtask wheel` builds."""

import os
from pathlib import Path

import pytest

import wadup

REPOSITORY = Path(__file__).parents[2]


def module(name: str) -> Path:
    """The path of a guest."""
    return Path(os.environ["WADUP_TEST_GUESTS"]) / f"{name}.snapshot.wasm"


LIMITS = {"memory": 256 << 20, "deadline": 5, "stdout": 1 << 20}


@pytest.fixture(scope="session")
def users() -> wadup.Guest:
    """A guest whose export `users` validates one user, and does harm where it is asked to."""
    return wadup.Guest(module("pydantic"), **LIMITS)


@pytest.fixture(scope="session")
def lockfile() -> wadup.Guest:
    """The guest of examples/lockfile."""
    return wadup.Guest(module("lockfile"))


@pytest.fixture
def sample() -> Path:
    """The sample of examples/lockfile."""
    return REPOSITORY / "examples/lockfile/sample.lock"
