"""CPython's guards that skip whole files of tests on WASI: lifted, because most tests in such a file need nothing that WASI lacks."""

import sys
import types


def lift(file: str) -> None:
    from test import support
    from test.support import socket_helper, threading_helper

    keep_files(support, "requires_working_socket")
    keep_files(threading_helper, "requires_working_threading")
    socket_helper.has_gethostname = True
    # Without `_testinternalcapi`, it decorates tests with nothing, which ends the import of the file.
    support.skip_if_suppress_immortalization = lambda: lambda test: test
    if file in ("test/test_selectors.py", "test/test_urllib_response.py"):
        support.is_wasi = False
    elif file == "test/test_argparse.py":
        # It takes a function from a package of tests that start programs.
        with support.swap_attr(support, "has_subprocess_support", True):
            import test.test_tools  # noqa: F401
    elif file in ("test/test_importlib", "test/test_compileall.py"):
        # Their common functions ask for a module that few tests use.
        sys.modules["_testmultiphase"] = types.ModuleType("_testmultiphase")
        import test.test_importlib.util  # noqa: F401

        del sys.modules["_testmultiphase"]
    elif file == "test/test_asyncio/test_events.py":
        import asyncio
        from unittest import mock

        # Each test of a loop first sets one; a guest has no child processes to watch.
        asyncio.SafeChildWatcher = mock.Mock
        asyncio.set_child_watcher = lambda watcher: None


def keep_files(module, guard: str) -> None:
    """Lets a guard skip tests and classes, but not whole files."""
    original = getattr(module, guard)
    setattr(module, guard, lambda *, module=False: None if module else original())
