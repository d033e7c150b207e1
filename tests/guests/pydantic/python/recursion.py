"""Recursion without end raises an exception that can be caught, wherever it happens."""

import ast
import copy
import json
import pickle
from collections.abc import Callable
from typing import Annotated

import native
from pydantic import AfterValidator, BaseModel, TypeAdapter, computed_field, field_serializer, validate_call
from pydantic_core import PydanticSerializationError

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


def execute() -> None:
    exec("execute()", globals())


def through_rust() -> None:
    native.call(through_rust)


class Serialized(BaseModel):
    field: int = 1

    @field_serializer("field")
    def serialize(self, _: int) -> str:
        return self.model_dump_json()


class Computed(BaseModel):
    @computed_field
    @property
    def itself(self) -> str:
        return self.model_dump_json()


class Validated(BaseModel):
    field: int

    def model_post_init(self, _: object) -> None:
        TypeAdapter(Validated).validate_python({"field": self.field})


@validate_call
def checked(number: int) -> None:
    checked(number)


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
    execute,
    through_rust,
    Serialized().model_dump_json,
    Computed().model_dump_json,
    lambda: Validated(field=1),
    lambda: checked(1),
]

# How deep functions nest at least, by the C code that calls them (docs/src/limits.md).
LEVELS: dict[str, tuple[int, Callable[[Callable], object]]] = {
    "sorted": (100, lambda function: sorted([1], key=function)),
    "max": (200, lambda function: max([1], key=function)),
    "map": (300, lambda function: next(map(function, [1]))),
    "pydantic": (50, lambda function: TypeAdapter(Annotated[int, AfterValidator(function)]).validate_python(1)),
}

# The parser has a limit of its own.
TOO_COMPLEX: list[str] = [
    "(" * DEPTH,
    "[" * DEPTH,
    "-" * DEPTH + "1",
    "not " * DEPTH + "1",
    "lambda: " * DEPTH + "1",
    "1 if 1 else " * DEPTH + "1",
]

# What people might write; it must compile.
COMPLEX: list[str] = [
    "[" * 60 + "1" + "]" * 60,
    "not " * 500 + "1",
    "1 if 1 else " * 500 + "1",
]


def deepest(call: Callable[[Callable], object]) -> int:
    """Counts the levels of functions that `call` nests before the limit ends them."""
    levels = 0

    def function(_: object) -> object:
        nonlocal levels
        levels += 1
        return call(function)

    try:
        function(1)
    except RecursionError:
        return levels
    raise AssertionError("the recursion came to an end")


def main() -> None:
    for number, recursion in enumerate(RECURSIONS):
        try:
            recursion()
        except RecursionError:
            continue
        except PydanticSerializationError as error:
            # It names the cause in its text only.
            assert "RecursionError" in str(error), error
            continue
        raise AssertionError(f"recursion {number} came to an end")
    for text in TOO_COMPLEX:
        try:
            compile(text, "<text>", "eval")
        except MemoryError:
            continue
        raise AssertionError(f"{text[:10]}... was compiled")
    for text in COMPLEX:
        compile(text, "<text>", "eval")
    for caller, (least, call) in LEVELS.items():
        levels = deepest(call)
        assert levels >= least, f"functions that {caller} calls nest {levels} levels deep"
