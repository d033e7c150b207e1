"""Reads what differs from machine to machine and from moment to moment while it is imported, each on a line of its own.

The test of this guest looks for these lines by what is written on them.
"""

import os
import random
import secrets
import ssl
import sys
import time
import uuid

# The clock stands still while a snapshot is taken, in a year that no host of an instance has.
IN_SNAPSHOT = time.time() < 1e9

URANDOM = os.urandom(8)
GENERATOR = random.Random()
IDENTITY = uuid.uuid4()
KEY = secrets.token_hex(8)
OF_OPENSSL = ssl.RAND_bytes(8)
DEBUG = os.environ.get("READS_DEBUG")
INPUT = sys.stdin.read()


def outcome(function, *arguments, **options):
    """What a call returns, or the exception that it raises."""
    try:
        return repr(function(*arguments, **options))
    except OSError as error:
        return f"{type(error).__name__} {error.errno}"


def entries(path):
    with os.scandir(path) as found:
        return [entry.name for entry in found]


def stat(path):
    status = os.stat(path)
    return f"{status.st_mode >> 12:o} {status.st_size} {status.st_mtime}"


def through_descriptor():
    descriptor = os.open("/", os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
        return os.path.isdir(descriptor), os.fstat(descriptor).st_nlink
    finally:
        os.close(descriptor)


def files():
    """What the files of the host answer."""
    return {
        "open": outcome(open, "/etc/hosts"),
        "open relative": outcome(open, "settings.toml"),
        "open above": outcome(open, "/../etc/hosts"),
        "open the folder": outcome(open, "/"),
        "write": outcome(open, "/new.txt", "w"),
        "append": outcome(open, "/data.log", "a"),
        "create exclusively": outcome(open, "/lock", "x"),
        "open for writing": outcome(os.open, "/old.txt", os.O_WRONLY),
        "listdir": outcome(os.listdir, "/"),
        "listdir here": outcome(os.listdir),
        "listdir missing": outcome(os.listdir, "/etc"),
        "scandir": outcome(entries, "/"),
        "scandir missing": outcome(entries, "/etc"),
        "stat": outcome(stat, "/"),
        "stat missing": outcome(stat, "/etc"),
        "lstat missing": outcome(os.lstat, "/etc"),
        "exists": outcome(os.path.exists, "/etc"),
        "isdir": outcome(os.path.isdir, "/"),
        "walk": outcome(lambda: list(os.walk("/"))),
        "mkdir": outcome(os.mkdir, "/cache"),
        "makedirs": outcome(os.makedirs, "/cache/deep", exist_ok=True),
        "makedirs of the folder": outcome(os.makedirs, "/", exist_ok=True),
        "unlink": outcome(os.unlink, "/old.txt"),
        "rmdir": outcome(os.rmdir, "/cache"),
        "rename": outcome(os.rename, "/old.txt", "/new.txt"),
        "symlink": outcome(os.symlink, "/target", "/link"),
        "readlink": outcome(os.readlink, "/link"),
        "utime": outcome(os.utime, "/old.txt"),
        "descriptor": outcome(through_descriptor),
        "write to the embedded": outcome(open, "/wadup/new.txt", "w"),
    }


# A host's own folder may be of any kind, and not every host can list one.
ANSWERS = files() if IN_SNAPSHOT else {}

try:
    HOSTS = open("/etc/hosts").read()
except FileNotFoundError:
    HOSTS = ""
