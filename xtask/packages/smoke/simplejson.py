"""Loads and dumps decimals by the C implementation."""

import decimal

import simplejson
import simplejson._speedups


def check() -> None:
    assert simplejson.encoder.c_make_encoder is not None
    assert simplejson.loads("[1.1]", use_decimal=True) == [decimal.Decimal("1.1")]
    assert simplejson.dumps({"a": [1, None]}) == '{"a": [1, null]}'
    try:
        simplejson.loads("{")
        raise AssertionError("simplejson.JSONDecodeError was not raised")
    except simplejson.JSONDecodeError:
        pass
