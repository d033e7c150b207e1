"""Stand-ins for modules that test files import at the top and guests lack, so that only tests that use them fail."""

import contextlib
import importlib
import sys
import types

ABSENT = ["ctypes"]

# CPython's modules for its tests, which guests lack too. Most tests check for them and are skipped.
ABSENT_OF_CPYTHON = ["_testcapi", "_testinternalcapi"]

# Test files that cannot be imported where a module is there but knows nobody: they ask for the name of user 0.
HIDDEN = {"test/test_tarfile.py": ["pwd"]}

# They check for an absent module on import, and must not find its stand-in.
TO_IMPORT_BEFORE = ["numpy.ctypeslib"]


class Absent(types.ModuleType):
    """A module or anything in it. It works in parameters of tests, but not in tests."""

    in_use = False

    def __getattr__(self, name: str):
        if name.startswith("__"):
            raise AttributeError(name)
        return Absent(f"{self.__name__}.{name}")

    def __mro_entries__(self, bases) -> tuple:
        return ()

    def __call__(self, *arguments, **named):
        if Absent.in_use:
            return self
        raise ModuleNotFoundError(f"No module named {self.__name__!r} in the guest")

    __getitem__ = __mul__ = __rmul__ = __call__


def exists(name: str) -> bool:
    try:
        importlib.import_module(name)
    except ImportError:
        return False
    return True


def stand_in(names: list[str]) -> None:
    for name in TO_IMPORT_BEFORE:
        exists(name)
    absent = [name for name in names if not exists(name)]
    sys.modules.update((name, Absent(name)) for name in absent)
    Absent.in_use = True


@contextlib.contextmanager
def hidden(file: str):
    """While a test file is imported, it finds some modules absent."""
    names = HIDDEN.get(file, [])
    sys.modules.update((name, None) for name in names)
    try:
        yield
    finally:
        for name in names:
            del sys.modules[name]


def withdraw(names: list[str]) -> None:
    Absent.in_use = False
    for name in names:
        if isinstance(sys.modules.get(name), Absent):
            del sys.modules[name]
