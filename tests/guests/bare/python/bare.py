"""Nothing but the interpreter and the standard library."""

import sys


def main() -> None:
    # The other guests assert.
    if not __debug__:
        raise RuntimeError("compiled without assertions")
    assert sys.version_info[:3] == (3, 13, 5), sys.version
    assert sys.platform == "wasi"
    assert sys.path == ["/wadup/app", "/wadup/lib/python3.13", "/wadup/site"], sys.path
    assert sys.argv == [""], sys.argv
    assert sys.flags.isolated == 1
    assert sys.flags.utf8_mode == 1
    assert sys.getfilesystemencoding() == "utf-8"
    print("größer", "数", flush=False)
    print("to standard error", file=sys.stderr)
