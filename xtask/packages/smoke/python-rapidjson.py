"""Dumps, loads and validates JSON."""

import rapidjson


def check() -> None:
    data = {"a": [1, 2.5, None, True, "ü"]}
    assert rapidjson.loads(rapidjson.dumps(data)) == data
    validate = rapidjson.Validator('{"type": "object", "required": ["a"]}')
    validate('{"a": 1}')
    try:
        validate("{}")
        raise AssertionError("rapidjson.ValidationError was not raised")
    except rapidjson.ValidationError:
        pass
    try:
        rapidjson.loads("{")
        raise AssertionError("rapidjson.JSONDecodeError was not raised")
    except rapidjson.JSONDecodeError:
        pass
