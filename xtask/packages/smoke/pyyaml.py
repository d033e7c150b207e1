"""Loads and dumps by the C loader, and refuses broken YAML."""

import yaml


def check() -> None:
    assert yaml.__with_libyaml__
    text = "a:\n- 1\n- ü\nb:\n  c: null\n"
    data = {"a": [1, "ü"], "b": {"c": None}}
    assert yaml.load(text, Loader=yaml.CSafeLoader) == data
    assert yaml.dump(data, Dumper=yaml.CSafeDumper, allow_unicode=True) == text
    try:
        yaml.load("a: [", Loader=yaml.CSafeLoader)
        raise AssertionError("yaml.YAMLError was not raised")
    except yaml.YAMLError:
        pass
