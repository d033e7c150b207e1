"""Imports in every direction."""

import importlib
import importlib.util
import pkgutil
import sys

from application import *  # noqa: F403


def main() -> None:
    import application
    from application.inner import left, right
    from application.inner.deeper import deepest
    from namespace.portion import module
    from sibling import made_up

    assert PUBLIC == "public"  # noqa: F405
    assert (left.other(), right.other()) == ("right", "left")
    assert deepest.SEEN == ("public", "inner public", "right", "sibling")
    assert module.NAME == "namespace.portion.module"
    assert made_up == "made up"
    assert __name__ == "application.entry"
    assert __package__ == "application"

    assert importlib.import_module(".left", "application.inner") is left
    assert importlib.util.find_spec("application.missing") is None
    assert importlib.reload(left).NAME == "left"
    found = {info.name for info in pkgutil.walk_packages(application.__path__, "application.")}
    assert found == {
        "application.entry",
        "application.names",
        "application.inner",
        "application.inner.left",
        "application.inner.right",
        "application.inner.deeper",
        "application.inner.deeper.deepest",
    }, found

    try:
        import application.missing  # noqa: F401
    except ModuleNotFoundError as error:
        assert error.name == "application.missing"
    else:
        raise AssertionError("a missing module was imported")
    assert "application.missing" not in sys.modules
