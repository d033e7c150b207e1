"""The standard library: its modules work, and those that WASI cannot have fail to import."""

import gc
import importlib

from . import compression, databases, numbers, texts, times

# Modules without a function of their own below; importing them is the test.
MODULES = """
abc argparse array ast asyncio base64 bisect calendar cmath codecs collections concurrent.futures configparser
contextlib contextvars copy dataclasses difflib dis email.message enum errno fileinput fnmatch fractions functools
gc getopt gettext glob graphlib heapq hmac html.parser http.client importlib.abc importlib.metadata
importlib.resources inspect io ipaddress itertools keyword linecache locale logging.handlers marshal mimetypes
numbers operator os pathlib pickle pkgutil platform plistlib pprint queue quopri random reprlib runpy sched secrets
selectors shelve shlex shutil signal socket stat statistics string stringprep struct subprocess symtable sysconfig
tarfile tempfile textwrap threading time timeit tokenize trace traceback types typing unicodedata unittest
urllib.parse urllib.request uuid warnings wave weakref xml.dom.minidom xml.sax zipapp zipfile zipimport
""".split()

# What WASI cannot offer, or what wadup leaves out.
MISSING = "ssl ctypes readline curses fcntl mmap resource tkinter _multiprocessing".split()


def main() -> None:
    # What the first call imports is frozen: no collection looks at it.
    assert gc.get_freeze_count() > 1000
    for name in MODULES:
        importlib.import_module(name)
    for name in MISSING:
        try:
            importlib.import_module(name)
        except ImportError:
            continue
        raise AssertionError(f"{name} was imported")
    for part in [compression, databases, numbers, texts, times]:
        part.check()
