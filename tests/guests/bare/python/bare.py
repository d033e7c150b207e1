"""Nothing but the interpreter and the standard library."""

import sys


def main() -> None:
    # The other guests assert.
    if not __debug__:
        raise RuntimeError("compiled without assertions")
    assert sys.platform == "wasi"
    library = "/wadup/lib/python{}.{}".format(*sys.version_info)
    assert sys.path == ["/wadup/app", library, "/wadup/site"], sys.path
    assert sys.argv == [""], sys.argv
    # A build at another time makes the same guest.
    assert "Jan  1 1980" in sys.version, sys.version
    assert sys.flags.isolated == 1
    assert sys.flags.utf8_mode == 1
    assert sys.getfilesystemencoding() == "utf-8"
    print("größer", "数", flush=False)
    print("to standard error", sys.version.split()[0], file=sys.stderr)
