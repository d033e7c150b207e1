"""What the guests hold beside the package that is tested: it runs a program that the host left, as the runtime of a guest for tests does."""

import json
import os
import sys

FOLDER = "/wadup-tests"


def main() -> None:
    # Programs write to it what nobody wants to read, and the folder is this instance's own.
    os.makedirs("/dev", exist_ok=True)
    open("/dev/null", "w").close()
    sys.path.append("/harness")
    with open(f"{FOLDER}/settings.json", encoding="utf-8") as file:
        settings = json.load(file)
    with open(f"{FOLDER}/program.py", encoding="utf-8") as file:
        code = compile(file.read(), "<conformance>", "exec")
    names = {"__name__": "_conformance"}
    exec(code, names)
    status = names["main"](None, settings)
    # A test that exits does not come here.
    with open(f"{FOLDER}/status", "w", encoding="utf-8") as file:
        file.write(str(status))
    sys.exit(status)
