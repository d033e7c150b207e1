"""Runs the entry point under pdb."""

import importlib
import pdb
import sys
import traceback

# Whose lines nobody wants to step through.
SKIPPED = ["wadup.testing", "importlib.*", "zipimport"]


class Debugger(pdb.Pdb):
    def __init__(self) -> None:
        super().__init__(skip=SKIPPED)
        self.has_begun = False

    def user_call(self, frame, arguments) -> None:
        # The entry point stops at its first line, and not at its call too.
        if self.has_begun:
            super().user_call(frame, arguments)
        self.has_begun = True


def main(testing, settings) -> int:
    with open(settings["input"], "rb") as file:
        data = file.read()
    try:
        # Before pdb sees the first line, which is that of the entry point.
        importlib.import_module(testing._ENTRY_MODULE)
        if settings["continue"]:
            outcome = testing.process(data)
        else:
            outcome = Debugger().runcall(testing.process, data)
    except pdb.bdb.BdbQuit:
        return 0
    except SystemExit as ended:
        print(f"the entry point exited with {ended.code!r}")
        return 1
    except BaseException as error:
        traceback.print_exc()
        pdb.post_mortem(error.__traceback__)
        return 1
    for table, rows in outcome.tables.items():
        print(f"{table}: {len(rows)} rows")
    sys.stdout.flush()
    return 0
