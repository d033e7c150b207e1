"""JSON, YAML and MessagePack in one package."""

import srsly


def check() -> None:
    data = {"a": [1, 2.5, None, "ü"]}
    assert srsly.json_loads(srsly.json_dumps(data)) == data
    assert srsly.msgpack_loads(srsly.msgpack_dumps(data)) == data
    assert srsly.yaml_loads(srsly.yaml_dumps(data)) == data
    try:
        srsly.json_loads("{")
        raise AssertionError("ValueError was not raised")
    except ValueError:
        pass
