"""Loads and dumps TOML, and refuses broken TOML."""

import rtoml


def check() -> None:
    data = {"a": [1, 2], "b": {"c": "ü"}}
    assert rtoml.loads(rtoml.dumps(data)) == data
    try:
        rtoml.loads("a = ")
        raise AssertionError("rtoml.TomlParsingError was not raised")
    except rtoml.TomlParsingError:
        pass
