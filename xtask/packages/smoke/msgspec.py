"""Decodes JSON and MessagePack into a checked type."""

import msgspec


def check() -> None:
    class User(msgspec.Struct):
        name: str
        age: int
        tags: list[str] = []

    user = User("x", 3, ["a"])
    text = b'{"name":"x","age":3,"tags":["a"]}'
    assert msgspec.json.decode(text, type=User) == user and msgspec.json.encode(user) == text
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(user), type=User) == user
    try:
        msgspec.json.decode(b'{"name":1,"age":3}', type=User)
        raise AssertionError("msgspec.ValidationError was not raised")
    except msgspec.ValidationError:
        pass
