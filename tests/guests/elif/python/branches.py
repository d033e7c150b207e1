"""Compiles modules with long chains of branches, as pydantic's schema generator has one; then looks at uneven files."""

import sys

import uneven

BRANCHES = 500


def source() -> str:
    lines = ["def choose(x):", "    if x == 0:", "        return 'zero'"]
    for number in range(1, BRANCHES):
        lines += [f"    elif x == {number}:", f"        return 'number {number}'"]
    lines += ["    else:", "        return 'none'"]
    return "\n".join(lines)


def main() -> None:
    assert sys.version_info[:3] == (3, 13, 5), sys.version
    namespace: dict = {}
    exec(compile(source(), "<branches>", "exec"), namespace)
    choose = namespace["choose"]
    assert choose(0) == "zero"
    assert choose(250) == "number 250"
    assert choose(BRANCHES - 1) == f"number {BRANCHES - 1}"
    assert choose(BRANCHES) == "none"
    uneven.main()
