"""Parses JSON lazily."""

import simdjson


def check() -> None:
    parser = simdjson.Parser()
    document = parser.parse(b'{"a": [1, 2.5, {"b": "\xc3\xbc"}]}')
    assert document["a"][2]["b"] == "ü" and document.at_pointer("/a/0") == 1
    del document
