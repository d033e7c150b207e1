"""Encodes and decodes places."""

import pygeohash


def check() -> None:
    assert pygeohash.encode(42.6, -5.6) == "ezs42e44yx96"
    place = pygeohash.decode("ezs42")
    assert abs(place.latitude - 42.6) < 0.03 and abs(place.longitude + 5.6) < 0.03
