"""Attempts to reach what the host did not open for this guest; each is refused and changes nothing."""

import os
from collections.abc import Callable

from .mounted import DATA, HERE, TEXT

# Files outside the preopens.
SECRETS = [
    "/etc/passwd",
    "/wadup/../etc/passwd",
    "/wadup/app/../../etc/passwd",
    "/wadup/../../../../../../etc/passwd",
    HERE + "/../../../secret.txt",
    "../secret.txt",
    "//etc/passwd",
    "/proc/self/environ",
]

# The first descriptor of the mount.
MOUNTED = 1 << 30

# Beside the folder that the harness opens as `/notes`, and a link in it that leads there.
BESIDE_NOTES = ["/notes/../secret.txt", "/notes/link-out"]


def check() -> None:
    paths()
    descriptors()
    memory()


def _refused(name: object, attempt: Callable[[], object]) -> None:
    try:
        result = attempt()
    except (OSError, ValueError, OverflowError):
        return
    raise AssertionError(f"{name} was not refused: {result!r}")


def paths() -> None:
    for path in SECRETS + (BESIDE_NOTES if os.path.lexists("/notes/link-out") else []):
        _refused(path, lambda: open(path).read())
        _refused(path, lambda: open(path, "w"))
        _refused(path, lambda: os.stat(path))
        _refused(path, lambda: os.listdir(path))
        _refused(path, lambda: os.rename(DATA, path))
        _refused(path, lambda: os.link(DATA, path))
    folder = os.open(HERE, os.O_RDONLY | os.O_DIRECTORY)
    try:
        for path in ["../../../etc/passwd", "../../../secret.txt", "/etc/passwd", "inner/../../../../x"]:
            _refused(path, lambda: os.open(path, os.O_RDONLY, dir_fd=folder))
            _refused(path, lambda: os.open(path, os.O_WRONLY | os.O_CREAT, dir_fd=folder))
    finally:
        os.close(folder)
    _refused("a zero byte", lambda: open("/wadup/app\0/etc/passwd"))
    _refused("a long path", lambda: open("/wadup/" + "x/" * 100_000))
    _refused("a chroot", lambda: os.chdir("/etc"))


def descriptors() -> None:
    """Descriptors that are not open, some of them around the mount's own range."""
    own = os.open(DATA, os.O_RDONLY)
    odd = [-1, -(2**31), 2**31 - 1, 999, 1 << 20, 1 << 29, 1 << 30, own + 1, own - 1, own ^ 1 << 29]
    for number in odd:
        if number == own:
            continue
        _refused(number, lambda: os.read(number, 1))
        _refused(number, lambda: os.write(number, b"x"))
        _refused(number, lambda: os.lseek(number, 0, os.SEEK_SET))
        _refused(number, lambda: os.open("data.txt", os.O_RDONLY, dir_fd=number))
        # The WADUP host accepts every number here, but negative ones and those of the mount never reach it.
        if number < 0 or number >= MOUNTED:
            _refused(number, lambda: os.ftruncate(number, 0))
    _refused("writing", lambda: os.write(own, b"x"))
    _refused("cutting", lambda: os.ftruncate(own, 0))
    _refused("seeking back", lambda: os.lseek(own, -1, os.SEEK_SET))
    assert os.pread(own, 4, 2**62) == b""
    os.close(own)
    _refused("closed", lambda: os.read(own, 1))
    _refused("closed twice", lambda: os.close(own))


def memory() -> None:
    """Without ctypes, Python reaches no memory but that of its objects."""
    view = memoryview(bytearray(8))
    for attempt in [lambda: view[8], lambda: view.cast("B", [1 << 20]), lambda: view.__setitem__(8, 0)]:
        try:
            attempt()
        except (IndexError, TypeError):
            continue
        raise AssertionError("reached behind the end")
    with open(DATA, encoding="utf-8") as file:
        assert file.read() == TEXT
