"""Encodes and decodes by the C implementation."""

import base64

import pybase64
import pybase64._pybase64


def check() -> None:
    data = bytes(range(256)) * 10
    assert pybase64.b64encode(data) == base64.b64encode(data)
    assert pybase64.b64decode(pybase64.b64encode(data), validate=True) == data
    assert pybase64.b64decode is pybase64._pybase64.b64decode
