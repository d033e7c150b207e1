"""Works while it is imported."""

import sys

print("imported with", *sys.argv[1:])
