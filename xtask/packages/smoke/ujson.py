"""Dumps, loads, and refuses broken JSON."""

import ujson


def check() -> None:
    data = {"a": [1, 2.25, None, True, "ü"]}
    assert ujson.loads(ujson.dumps(data)) == data
    assert ujson.dumps(0.1) == "0.1" and ujson.dumps("ü", ensure_ascii=False) == '"ü"'
    try:
        ujson.loads("{bad")
        raise AssertionError("ujson.JSONDecodeError was not raised")
    except ujson.JSONDecodeError:
        pass
