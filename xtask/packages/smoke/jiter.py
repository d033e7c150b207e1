"""Parses JSON, whole and cut off."""

import jiter


def check() -> None:
    assert jiter.from_json(b'{"a": [1, 2.5, "x", null]}') == {"a": [1, 2.5, "x", None]}
    assert jiter.from_json(b'["a", "b', partial_mode="trailing-strings") == ["a", "b"]
    try:
        jiter.from_json(b'{"a": ')
        raise AssertionError("ValueError was not raised")
    except ValueError:
        pass
