"""Tells the build of another package where NumPy's headers for the guest are; NumPy itself runs in the guest alone."""

import os

from .version import version as __version__  # noqa: F401


def get_include() -> str:
    """The folder that holds `numpy/arrayobject.h`."""
    return os.path.join(os.path.dirname(__file__), "_core", "include")
