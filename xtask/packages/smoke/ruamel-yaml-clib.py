"""Loads by the C loader."""

import _ruamel_yaml
from ruamel.yaml import YAML


def check() -> None:
    assert _ruamel_yaml.get_version() >= (0, 1)
    data = YAML(typ="safe", pure=False).load("a: [1, x]\n")
    assert data == {"a": [1, "x"]}
    try:
        YAML(typ="safe", pure=False).load("a: [")
        raise AssertionError("Exception was not raised")
    except Exception:
        pass
