"""Persistent maps, and jsonschema validates with them."""

import jsonschema
from rpds import HashTrieMap, List


def check() -> None:
    values = HashTrieMap({"a": 1}).insert("b", 2)
    assert dict(values) == {"a": 1, "b": 2} and values.remove("a") == HashTrieMap({"b": 2})
    assert list(List([1, 2, 3]).push_front(0)) == [0, 1, 2, 3]
    schema = {"type": "object", "properties": {"a": {"type": "integer"}}}
    jsonschema.validate({"a": 1}, schema)
    try:
        jsonschema.validate({"a": "x"}, schema)
        raise AssertionError("jsonschema.ValidationError was not raised")
    except jsonschema.ValidationError:
        pass
    try:
        values["missing"]
        raise AssertionError("KeyError was not raised")
    except KeyError:
        pass
