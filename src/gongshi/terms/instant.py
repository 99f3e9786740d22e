"""Time. Instants are UTC milliseconds that come from a block; calendar rules name a zone."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import NewType
from zoneinfo import ZoneInfo

Instant = NewType("Instant", int)

MS_PER_DAY = 86_400_000
ALLIANCE_ZONE = "Asia/Shanghai"
CALENDAR_END = (
    253_370_764_800_000  # the year 9999 begins: no calendar rule reaches further, and no day can be computed after it
)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def instant_of(moment: datetime) -> Instant:
    """Give the instant of an aware datetime; half a millisecond goes to the even one. In integers: judgements use it."""
    assert moment.tzinfo is not None
    micros = (moment - _EPOCH) // timedelta(microseconds=1)
    return Instant((micros + 499 + (micros // 1000 & 1)) // 1000)


def instant_from_iso(text: str) -> Instant:
    """Read an ISO 8601 date or time; without a zone it is UTC. ValueError when it is neither."""
    moment = datetime.fromisoformat(text)
    return instant_of(moment if moment.tzinfo else moment.replace(tzinfo=UTC))


def instant_to_iso(instant: int) -> str:
    """Give RFC 3339 in UTC with milliseconds only where there are any."""
    moment = datetime.fromtimestamp(instant // 1000, UTC)
    fraction = f".{instant % 1000:03d}" if instant % 1000 else ""
    return moment.strftime("%Y-%m-%dT%H:%M:%S") + fraction + "Z"


def day_of(instant: int, zone: str = ALLIANCE_ZONE) -> date:
    """Give the calendar day that an instant before CALENDAR_END belongs to in a zone."""
    return (_EPOCH + timedelta(milliseconds=instant)).astimezone(ZoneInfo(zone)).date()


def start_of_day(day: date, zone: str = ALLIANCE_ZONE) -> Instant:
    """Give the first instant of a calendar day in a zone."""
    return instant_of(datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)))


def end_of_day(day: date, zone: str = ALLIANCE_ZONE) -> Instant:
    """Give the last millisecond of a calendar day in a zone: a period that ends on a day includes it."""
    return Instant(start_of_day(day + timedelta(days=1), zone) - 1)
