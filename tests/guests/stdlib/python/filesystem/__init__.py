"""Files: the guest's own below /wadup, and the host's beside them."""

import os

from . import escapes, hosted, mounted


def main() -> None:
    mounted.check()
    if os.path.exists("/data.bin"):
        hosted.something()
    else:
        hosted.nothing()
    escapes.check()
    mounted.check()
