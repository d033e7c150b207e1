"""A module as it was written, a transformation of it, and a syntax error."""

import libcst


class Rename(libcst.CSTTransformer):
    def leave_Name(self, original, updated):
        return updated.with_changes(value="y") if updated.value == "x" else updated


def check():
    source = "def f(x):  # a comment\n    return x +  1\n"
    module = libcst.parse_module(source)
    assert module.code == source and isinstance(module.body[0], libcst.FunctionDef)
    assert module.visit(Rename()).code == source.replace("x", "y")
    try:
        libcst.parse_module("def (")
        raise AssertionError("a syntax error was accepted")
    except libcst.ParserSyntaxError as error:
        assert error.raw_line == 1
