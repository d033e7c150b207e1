"""Dumps, loads, and refuses broken JSON."""

import datetime

import orjson


def check() -> None:
    data = {"a": [1, 2.5, None, True, "ü"], "t": datetime.datetime(2026, 1, 2, tzinfo=datetime.timezone.utc)}
    dumped = orjson.dumps(data, option=orjson.OPT_SORT_KEYS)
    assert dumped == '{"a":[1,2.5,null,true,"ü"],"t":"2026-01-02T00:00:00+00:00"}'.encode()
    assert orjson.loads(dumped)["a"] == data["a"]
    large = orjson.dumps([{"i": i, "s": str(i) * 3, "f": i / 7} for i in range(5000)])
    assert orjson.loads(large)[4999] == {"i": 4999, "s": "4999" * 3, "f": 4999 / 7}
    try:
        orjson.loads(b"{bad")
        raise AssertionError("orjson.JSONDecodeError was not raised")
    except orjson.JSONDecodeError:
        pass
