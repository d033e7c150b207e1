"""What the guests hold beside the package that is tested: all else is in folders of the host."""

import importlib
import os
import sys


def main() -> None:
    # Programs write to it what nobody wants to read, and the folder is this instance's own.
    os.makedirs("/dev", exist_ok=True)
    open("/dev/null", "w").close()
    sys.path.append("/harness")
    kind, file, *options = sys.argv[1:]
    importlib.import_module(f"conformance.with_{kind}").run(file, options)
