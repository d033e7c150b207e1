"""Parses times of ISO 8601."""

import ciso8601


def check() -> None:
    time = ciso8601.parse_datetime("2026-01-02T03:04:05.678+02:00")
    assert time.isoformat() == "2026-01-02T03:04:05.678000+02:00"
    try:
        ciso8601.parse_datetime("2026-13-01")
        raise AssertionError("ValueError was not raised")
    except ValueError:
        pass
