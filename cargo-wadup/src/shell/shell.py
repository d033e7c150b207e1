"""A Python prompt."""

import builtins
import code
import sys
from _sitebuiltins import Quitter


def main(testing, settings) -> int:
    version = sys.version.split()[0]
    banner = f"Python {version} in the guest of {settings['project']}; end with Ctrl-D or exit()"
    # What `site` adds to programs of one's own machine.
    builtins.exit = Quitter("exit", "Ctrl-D")
    builtins.quit = Quitter("quit", "Ctrl-D")
    console = code.InteractiveConsole({"__name__": "__console__", "__doc__": None}, local_exit=True)
    console.interact(banner, exitmsg="")
    return 0
