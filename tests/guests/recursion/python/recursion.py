"""Recursion without end is an exception that can be caught, wherever it takes place; then everything goes on."""

import ast
import copy
import json
import pickle
from collections.abc import Callable

DEPTH = 100_000


def nested_list() -> list:
    value: list = []
    for _ in range(DEPTH):
        value = [value]
    return value


def function() -> None:
    function()


def generator():  # noqa: ANN201
    yield from generator()


class Constructed:
    def __init__(self) -> None:
        Constructed()


class Called:
    def __call__(self) -> None:
        self()


class Compared:
    def __eq__(self, other: object) -> bool:
        return Compared() == Compared()


class Looked:
    def __getattr__(self, name: str) -> object:
        return getattr(self, name + "x")


def sort(_: object) -> list:
    return sorted([1], key=sort)


def compile_tree() -> None:
    node: ast.expr = ast.Constant(1)
    for _ in range(DEPTH):
        node = ast.UnaryOp(ast.Not(), node)
    compile(ast.fix_missing_locations(ast.Expression(node)), "<tree>", "eval")


def compare_lists() -> None:
    assert nested_list() == nested_list()


RECURSIONS: list[Callable[[], object]] = [
    function,
    lambda: next(generator()),
    Constructed,
    lambda: Called()(),
    lambda: Compared() == Compared(),
    lambda: Looked().name,
    lambda: sort(1),
    lambda: repr(nested_list()),
    lambda: copy.deepcopy(nested_list()),
    lambda: json.dumps(nested_list()),
    lambda: json.loads("[" * DEPTH),
    lambda: pickle.dumps(nested_list()),
    compare_lists,
    compile_tree,
    lambda: compile("a" + ".b" * DEPTH, "<attributes>", "eval"),
    lambda: compile("1" + " + 1" * DEPTH, "<sum>", "eval"),
]

# The parser has a limit of its own.
TOO_COMPLEX: list[str] = ["(" * DEPTH, "-" * DEPTH + "1", "[" * DEPTH, "not " * DEPTH + "1"]


def main() -> None:
    with open("/data.bin") as file:
        task = file.read()
    if task == "recurse":
        recurse()
    else:
        parse()


def recurse() -> None:
    for number, recursion in enumerate(RECURSIONS):
        try:
            recursion()
        except RecursionError:
            continue
        raise AssertionError(f"recursion {number} came to an end")


def parse() -> None:
    for text in TOO_COMPLEX:
        try:
            compile(text, "<text>", "eval")
        except (MemoryError, SyntaxError, RecursionError):
            continue
        raise AssertionError(f"{text[:10]}... was compiled")
