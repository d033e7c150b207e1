"""A program that does what its first argument says."""

import os
import sys


def main() -> None:
    match sys.argv[1:]:
        case ["echo", *words]:
            print(*words)
        case ["environment", name]:
            print(os.environ[name])
        case ["exit", status]:
            sys.exit(int(status))
        case ["exit"]:
            sys.exit("a reason")
        case ["raise"]:
            raise ValueError("raised on purpose")
        case arguments:
            raise AssertionError(f"no such task: {arguments}")
