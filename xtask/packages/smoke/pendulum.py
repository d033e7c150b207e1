"""Parses times and calculates with them."""

import pendulum
import pendulum._pendulum


def check() -> None:
    time = pendulum.parse("2026-01-02T03:04:05+01:00")
    assert time.add(days=30).isoformat() == "2026-02-01T03:04:05+01:00"
    assert pendulum._pendulum.is_leap(2024) and not pendulum._pendulum.is_leap(2026)
    assert time.in_timezone("Europe/Paris").hour == 3
