"""Messages of upb in bytes, JSON and text, and invalid bytes."""

from google.protobuf import descriptor_pb2, json_format, struct_pb2, text_format, timestamp_pb2
from google.protobuf.internal import api_implementation
from google.protobuf.message import DecodeError


def check():
    assert api_implementation.Type() == "upb"
    value = struct_pb2.Struct()
    value.update({"a": 1, "b": [1, "x", None], "c": {"d": True}})
    again = struct_pb2.Struct.FromString(value.SerializeToString(deterministic=True))
    assert again == value and again["b"][1] == "x" and json_format.MessageToDict(again)["c"] == {"d": True}
    assert json_format.Parse('{"a": 1, "b": [1, "x", null], "c": {"d": true}}', struct_pb2.Struct()) == value
    time = timestamp_pb2.Timestamp(seconds=1, nanos=500)
    assert text_format.Parse(str(time), timestamp_pb2.Timestamp()) == time
    file = descriptor_pb2.FileDescriptorProto(name="x.proto")
    file.message_type.add(name="X")
    assert [one.name for one in file.message_type] == ["X"]
    for wrong in (b"\xff", b"\x0a\x05ab"):
        try:
            struct_pb2.Struct.FromString(wrong)
            raise AssertionError("bytes that are no message were accepted")
        except DecodeError:
            pass
    try:
        time.seconds = "text"
        raise AssertionError("text was accepted as a number")
    except TypeError:
        pass
