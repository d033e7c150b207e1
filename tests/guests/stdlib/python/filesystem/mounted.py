"""What works on the guest's own files."""

import errno
import importlib.metadata
import importlib.resources
import inspect
import os
import pathlib
import pkgutil
import stat
import sys
from collections.abc import Callable
from zoneinfo import ZoneInfo

import filesystem

HERE = os.path.dirname(__file__)
DATA = os.path.join(HERE, "data.txt")
TEXT = "data beside the module\ngrößer\n"


def check() -> None:
    files_beside_modules()
    resources()
    metadata()
    listings()
    reading()
    status()
    nothing_can_be_changed()


def files_beside_modules() -> None:
    assert HERE == "/wadup/app/filesystem", HERE
    with open(os.path.join(os.path.dirname(__file__), "data.txt"), encoding="utf-8") as file:
        assert file.read() == TEXT
    assert pathlib.Path(__file__).with_name("data.txt").read_text() == TEXT
    assert pkgutil.get_data("filesystem", "data.txt") == TEXT.encode()
    assert inspect.getsource(files_beside_modules).startswith("def files_beside_modules")


def resources() -> None:
    files = importlib.resources.files(filesystem)
    assert files.joinpath("data.txt").read_text(encoding="utf-8") == TEXT
    assert files.joinpath("templates", "page.html").read_text() == "<p>{name}</p>\n"
    assert {entry.name for entry in files.iterdir()} >= {"data.txt", "templates", "inner"}
    with importlib.resources.as_file(files / "data.txt") as path:
        assert path.read_text() == TEXT


def metadata() -> None:
    assert importlib.metadata.version("tzdata") == "2026.6"
    distribution = importlib.metadata.distribution("tzdata")
    assert distribution.metadata["Name"] == "tzdata"
    assert any(path.name == "Paris" for path in distribution.files or [])
    assert {"tzdata"} <= {each.name for each in importlib.metadata.distributions()}
    assert ZoneInfo("Europe/Paris").key == "Europe/Paris"


def listings() -> None:
    names = set(os.listdir(HERE)) - {"__pycache__"}
    assert names == {
        "__init__.py",
        "data.txt",
        "escapes.py",
        "hosted.py",
        "inner",
        "mounted.py",
        "templates",
    }, names
    assert sorted(os.listdir("/wadup")) == ["app", "lib", "licenses", "site"]
    assert {info.name for info in pkgutil.iter_modules(filesystem.__path__)} == {
        "escapes",
        "hosted",
        "inner",
        "mounted",
    }
    with os.scandir(HERE) as entries:
        kinds = {entry.name: entry.is_dir() for entry in entries}
    assert (kinds["templates"], kinds["data.txt"]) == (True, False)
    walked = {os.path.relpath(os.path.join(folder, name), HERE) for folder, _, files in os.walk(HERE) for name in files}
    assert {"data.txt", "templates/page.html", "inner/__init__.py"} <= walked
    # More entries than one call for them returns.
    assert len(os.listdir(os.path.dirname(os.__file__))) > 150


def reading() -> None:
    raw = TEXT.encode()
    with open(DATA, "rb", buffering=0) as file:
        assert file.read(4) == raw[:4]
        assert file.tell() == 4
        assert file.seek(-4, os.SEEK_END) == len(raw) - 4
        assert file.read(100) == raw[-4:]
        assert file.read(1) == b""
        assert file.seek(1000) == 1000 and file.read(1) == b""
        assert os.pread(file.fileno(), 4, 5) == raw[5:9]
        assert file.tell() == 1000
    with open(DATA) as first, open(DATA) as second:
        assert first.fileno() != second.fileno()
        assert first.readline() == second.readline() == TEXT.splitlines(keepends=True)[0]
    folder = os.open(HERE, os.O_RDONLY | os.O_DIRECTORY)
    try:
        descriptor = os.open("data.txt", os.O_RDONLY, dir_fd=folder)
        with open(descriptor, "rb") as file:
            assert file.read() == raw
    finally:
        os.close(folder)


def status() -> None:
    found = os.stat(DATA)
    assert stat.S_ISREG(found.st_mode) and found.st_size == len(TEXT.encode())
    assert stat.S_ISDIR(os.stat(HERE).st_mode)
    with open(DATA, "rb") as file:
        assert os.path.sameopenfile(file.fileno(), file.fileno())
        assert os.fstat(file.fileno()).st_ino == found.st_ino != 0
    assert os.path.exists(DATA) and os.path.isfile(DATA) and os.path.isdir(HERE)
    assert not os.path.exists(DATA + "x")
    assert os.path.realpath(os.path.join(HERE, "inner", "..", "data.txt")) == DATA
    assert os.access(DATA, os.R_OK)
    for path, kind in [
        (os.path.join(HERE, "missing"), FileNotFoundError),
        (os.path.join(DATA, "below"), NotADirectoryError),
        (HERE, IsADirectoryError),
    ]:
        try:
            open(path).close()
        except kind:
            continue
        raise AssertionError(f"{path} was opened")


def nothing_can_be_changed() -> None:
    beside = os.path.join(HERE, "new")
    attempts: dict[str, Callable[[], object]] = {
        "write": lambda: open(DATA, "w"),
        "append": lambda: open(DATA, "a"),
        "update": lambda: open(DATA, "r+"),
        "create": lambda: open(beside, "x"),
        "mkdir": lambda: os.mkdir(beside),
        "unlink": lambda: os.unlink(DATA),
        "rmdir": lambda: os.rmdir(os.path.join(HERE, "inner")),
        "rename": lambda: os.rename(DATA, beside),
        "symlink": lambda: os.symlink("data.txt", beside),
        "utime": lambda: os.utime(DATA, (0, 0)),
    }
    for name, attempt in attempts.items():
        try:
            attempt()
        except OSError as error:
            assert error.errno == errno.EROFS, f"{name}: {error}"
        else:
            raise AssertionError(f"{name} changed something")
    assert open(DATA, encoding="utf-8").read() == TEXT
    assert sys.modules["filesystem"] is filesystem
