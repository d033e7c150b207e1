"""datetime, time, zoneinfo, calendar."""

import select
import time
import zoneinfo
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


def duration(wait: Callable[[], object]) -> float:
    """The seconds that a function takes."""
    before = time.monotonic()
    wait()
    return time.monotonic() - before


def check() -> None:
    paris = ZoneInfo("Europe/Paris")
    summer = datetime(2024, 7, 1, 12, tzinfo=paris)
    winter = datetime(2024, 1, 1, 12, tzinfo=paris)
    assert (summer.utcoffset(), winter.utcoffset()) == (timedelta(hours=2), timedelta(hours=1))
    assert summer.astimezone(ZoneInfo("Asia/Tokyo")).isoformat() == "2024-07-01T19:00:00+09:00"
    assert summer.tzname() == "CEST"
    assert "Pacific/Auckland" in zoneinfo.available_timezones()
    try:
        ZoneInfo("Nowhere/Atall")
    except ZoneInfoNotFoundError:
        pass
    else:
        raise AssertionError("found Nowhere/Atall")

    moment = datetime.fromisoformat("2024-02-29T23:59:59.999999+00:00")
    assert (moment + timedelta(microseconds=1)).date().isoformat() == "2024-03-01"
    assert datetime.strptime("3 Feb 2024", "%d %b %Y").strftime("%A %j") == "Saturday 034"
    assert datetime.fromtimestamp(0, timezone.utc).year == 1970

    # Without a zone file of the machine, local time is UTC.
    assert time.localtime(0).tm_hour == 0
    slept = duration(lambda: time.sleep(0.001))
    # The WADUP host does not wait at all.
    if slept >= 0.001:
        assert duration(lambda: select.select([], [], [], 0.0009)) >= 0.0009
    assert time.time() > 1_700_000_000
