"""Parses, changes and prints Python."""

import libcst


def check() -> None:
    module = libcst.parse_module("def f(x):\n    return x + 1  # more\n")
    assert module.code == "def f(x):\n    return x + 1  # more\n"
    function = module.body[0]
    renamed = module.with_changes(body=[function.with_changes(name=libcst.Name("g"))])
    assert renamed.code.startswith("def g(x):")
    try:
        libcst.parse_module("def (")
        raise AssertionError("libcst.ParserSyntaxError was not raised")
    except libcst.ParserSyntaxError:
        pass
