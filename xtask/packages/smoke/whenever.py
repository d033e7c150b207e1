"""Calculates with instants and time zones."""

import whenever
import whenever._whenever


def check() -> None:
    instant = whenever.Instant("2026-01-02T03:04:05Z")
    assert type(instant) is whenever._whenever.Instant
    assert str(instant.add(hours=1)) == "2026-01-02T04:04:05Z"
    assert instant.to_tz("Europe/Paris").hour == 4
