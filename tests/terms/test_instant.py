"""Time: UTC milliseconds, and the days of the alliance's zone, which has had no summer time since 1991."""

from datetime import UTC, date, datetime, timedelta, timezone
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongshi.terms.instant import (
    ALLIANCE_ZONE,
    CALENDAR_END,
    MS_PER_DAY,
    day_of,
    end_of_day,
    instant_from_iso,
    instant_of,
    instant_to_iso,
    start_of_day,
)

DAYS = st.dates(date(1992, 1, 1), date(2100, 12, 31))


def test_a_day_in_shanghai_begins_eight_hours_before_that_of_utc():
    begin = start_of_day(date(2016, 10, 1))
    assert instant_to_iso(begin) == "2016-09-30T16:00:00Z"
    assert instant_to_iso(end_of_day(date(2016, 10, 1))) == "2016-10-01T15:59:59.999Z"
    assert start_of_day(date(2016, 10, 1), "UTC") - begin == 8 * 3_600_000


@given(DAYS)
def test_every_day_of_the_alliance_has_24_hours_and_its_first_and_last_instant(day):
    begin, end = start_of_day(day), end_of_day(day)
    assert end - begin == MS_PER_DAY - 1
    assert day_of(begin) == day_of(end) == day
    assert day_of(begin - 1) == day - timedelta(days=1)
    assert day_of(end + 1) == day + timedelta(days=1)


def test_a_zone_with_summer_time_has_days_of_23_and_25_hours():
    def hours(day):
        return (end_of_day(day, "Europe/Berlin") + 1 - start_of_day(day, "Europe/Berlin")) // 3_600_000

    assert (hours(date(2016, 3, 27)), hours(date(2016, 10, 30)), hours(date(2016, 10, 31))) == (23, 25, 24)


def test_shanghai_had_summer_time_until_1991():
    assert end_of_day(date(1991, 4, 14)) + 1 - start_of_day(date(1991, 4, 14)) == 23 * 3_600_000
    assert ALLIANCE_ZONE == "Asia/Shanghai"


@given(st.integers(0, 4_102_444_800_000))
def test_an_instant_reads_back_from_its_text(instant):
    assert instant_from_iso(instant_to_iso(instant)) == instant


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("2016-01-01", "2016-01-01T00:00:00Z"),
        ("2016-01-01T08:00:00+08:00", "2016-01-01T00:00:00Z"),
        ("2016-01-01T00:00:00", "2016-01-01T00:00:00Z"),
        ("2016-01-01T00:00:00.007Z", "2016-01-01T00:00:00.007Z"),
    ],
)
def test_iso_texts(text, same):
    assert instant_to_iso(instant_from_iso(text)) == same


def test_what_is_no_time_is_refused():
    for text in ("", "yesterday", "2016-13-01", "2016-01-01T25:00:00Z"):
        with pytest.raises(ValueError, match=r"isoformat|month|hour"):
            instant_from_iso(text)


@given(st.integers(-(10**18), 10**18))
def test_half_a_millisecond_goes_to_the_even_one_at_any_distance(micros):
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=micros % (253_370_764_800 * 10**6))
    assert instant_of(moment) == round(Fraction(micros % (253_370_764_800 * 10**6), 1000))


def test_days_reach_to_the_end_of_the_calendar():
    last = CALENDAR_END - 1
    assert last == end_of_day(date(9998, 12, 31), "UTC")
    assert day_of(last) == date(9999, 1, 1)
    assert end_of_day(day_of(last)) > last


def test_only_a_moment_with_a_zone_is_an_instant():
    assert instant_of(datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC)) == 1000
    assert instant_of(datetime(1970, 1, 1, 8, tzinfo=timezone(timedelta(hours=8)))) == 0
    with pytest.raises(AssertionError):
        instant_of(datetime(1970, 1, 1))  # noqa: DTZ001 - this is what is refused
