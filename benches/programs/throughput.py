"""Runs one of the programs beside this file and prints how long it took, and a checksum of what it found.

The program's name is in /data.bin, or is the first argument: a module that has a `run`, or `module:function`.
"""

import importlib
import json
import sys
import time
import zlib


def main(program: str | None = None) -> None:
    if program is None:
        with open("/data.bin", encoding="utf-8") as file:
            program = file.read().strip()
    module, _, function = program.partition(":")
    run = getattr(importlib.import_module(module), function or "run")
    start = time.perf_counter()
    found = run()
    seconds = time.perf_counter() - start
    checksum = zlib.crc32(repr(found).encode())
    print(json.dumps({"seconds": seconds, "checksum": checksum}))


if __name__ == "__main__":
    main(sys.argv[1])
