"""Enters the user's project in a guest for tests, and runs a program of `cargo wadup` there."""

import json
import os
import sys


def main(testing, program: str, settings: str) -> int:
    with open(settings, encoding="utf-8") as file:
        settings = json.load(file)
    # Libraries write there what nobody wants to read, and the folder is this instance's own.
    os.makedirs("/dev", exist_ok=True)
    open("/dev/null", "a").close()
    # The files as they are now, before those that were built in.
    sys.path.insert(0, settings["source"])
    sys.dont_write_bytecode = True
    os.chdir(settings["project"])
    with open(program, encoding="utf-8") as file:
        code = compile(file.read(), "<cargo wadup>", "exec")
    names = {"__name__": "_cargo_wadup"}
    exec(code, names)
    return names["main"](testing, settings)
