"""Messages and JSON by the C implementation."""

from google.protobuf import json_format, struct_pb2
from google.protobuf.internal import api_implementation


def check() -> None:
    assert api_implementation.Type() == "upb"
    message = struct_pb2.Struct()
    message["a"] = 1
    message["b"] = [1, "x"]
    again = struct_pb2.Struct.FromString(message.SerializeToString())
    assert again == message and again["b"][1] == "x"
    assert json_format.MessageToDict(again) == {"a": 1, "b": [1, "x"]}
