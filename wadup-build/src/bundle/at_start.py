"""Prints the modules that the interpreter has imported from files before it runs anything."""

import sys

print(*[name for name, module in sys.modules.items() if getattr(module.__spec__, "has_location", False)], sep="\n")
