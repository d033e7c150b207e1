"""The guests for the tests, which `cargo xtask wheel` builds."""

import os
from pathlib import Path

import pytest

import wadup

REPOSITORY = Path(__file__).parents[2]


def module(name: str) -> Path:
    """The path of a guest."""
    return Path(os.environ["WADUP_TEST_GUESTS"]) / f"{name}.snapshot.wasm"


def printing(stderr: bytes) -> bytes:
    """A small guest whose `process` prints this to standard error and returns 1."""

    def number(value: int) -> bytes:
        """LEB128; no value here is negative."""
        digits = []
        while value >= 0x40:
            digits.append(value & 0x7F | 0x80)
            value >>= 7
        return bytes([*digits, value])

    def vector(*items: bytes) -> bytes:
        return number(len(items)) + b"".join(items)

    def sized(data: bytes) -> bytes:
        return number(len(data)) + data

    def section(kind: int, *items: bytes) -> bytes:
        return bytes([kind]) + sized(vector(*items))

    constant, start = b"\x41", 16
    types = section(1, b"\x60\x04\x7f\x7f\x7f\x7f\x01\x7f", b"\x60\x00\x01\x7f")
    imports = section(2, sized(b"wasi_snapshot_preview1") + sized(b"fd_write") + b"\x00\x00")
    functions = section(3, b"\x01")
    memory = section(5, b"\x00\x01")
    exports = section(7, sized(b"memory") + b"\x02\x00", sized(b"process") + b"\x00\x01")
    # fd_write(2, the one buffer at 0, where it writes how much was written), drop, return 1
    arguments = b"".join(constant + number(argument) for argument in [2, 0, 1, 8])
    code = section(10, sized(b"\x00" + arguments + b"\x10\x00\x1a" + constant + number(1) + b"\x0b"))
    buffer = start.to_bytes(4, "little") + len(stderr).to_bytes(4, "little") + bytes(start - 8)
    data = section(11, b"\x00" + constant + number(0) + b"\x0b" + sized(buffer + stderr))
    return b"\0asm\x01\0\0\0" + types + imports + functions + memory + exports + code + data


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
