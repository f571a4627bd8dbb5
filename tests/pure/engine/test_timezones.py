"""Names of zones both ways, and clocks around the changes to and from summer time."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

import pytest
import pytz
from dateutil import tz
from hypothesis import given
from hypothesis import strategies as st
from tzlocal import windows_tz

from core.engine.errors import Unmappable
from core.engine.snapshot import AllDay, Timed
from core.engine.timezones import (
    iana_to_windows,
    is_read_as,
    local_to_utc,
    midnights,
    resolve,
    same_clock,
    span,
    utc_to_local,
    windows_to_iana,
)
from strategies import ZONES

naive = datetime.fromisoformat
zones = st.sampled_from(ZONES)
# Up to 2037: past it dateutil, which judges here, has no table.
walls = st.datetimes(naive("2000-01-01"), naive("2036-12-31"))
# Hours around the changes, where all the trouble is.
CHANGES = {
    "Asia/Ho_Chi_Minh": ["2026-03-29", "2026-10-25"],
    "Europe/Brussels": ["2026-03-29", "2026-10-25"],
    "America/New_York": ["2026-03-08", "2026-11-01"],
    "Australia/Lord_Howe": ["2026-04-05", "2026-10-04"],
}


@st.composite
def wall_clocks(draw: st.DrawFn) -> tuple[datetime, str]:
    """Draw a zone and a wall-clock time, often of a night when its clock changes."""
    zone = draw(zones)
    night = naive(draw(st.sampled_from(CHANGES[zone])))
    near = st.integers(0, 300).map(lambda minutes: night + timedelta(minutes=minutes))
    return draw(near | walls).replace(second=0, microsecond=0), zone


def utc(text: str) -> datetime:
    """Read a UTC instant."""
    return naive(text).replace(tzinfo=timezone.utc)


@pytest.mark.parametrize(
    ("zone", "wall", "instant"),
    [
        # No summer time at all.
        ("Asia/Ho_Chi_Minh", "2026-03-29 02:30", "2026-03-28 19:30"),
        ("Asia/Ho_Chi_Minh", "2026-10-25 02:30", "2026-10-24 19:30"),
        # 02:00 → 03:00, and 03:00 → 02:00.
        ("Europe/Brussels", "2026-03-29 01:59", "2026-03-29 00:59"),
        ("Europe/Brussels", "2026-03-29 02:00", "2026-03-29 01:00"),
        ("Europe/Brussels", "2026-03-29 02:30", "2026-03-29 01:30"),
        ("Europe/Brussels", "2026-03-29 03:30", "2026-03-29 01:30"),
        ("Europe/Brussels", "2026-10-25 02:30", "2026-10-25 00:30"),
        ("Europe/Brussels", "2026-10-25 03:00", "2026-10-25 02:00"),
        # The same on other days, west of Greenwich.
        ("America/New_York", "2026-03-08 02:30", "2026-03-08 07:30"),
        ("America/New_York", "2026-11-01 01:30", "2026-11-01 05:30"),
        ("America/New_York", "2026-11-01 02:00", "2026-11-01 07:00"),
        # Half an hour only: 02:00 → 02:30, and 02:00 → 01:30.
        ("Australia/Lord_Howe", "2026-10-04 02:15", "2026-10-03 15:45"),
        ("Australia/Lord_Howe", "2026-10-04 02:45", "2026-10-03 15:45"),
        ("Australia/Lord_Howe", "2026-04-05 01:45", "2026-04-04 14:45"),
        ("Australia/Lord_Howe", "2026-04-05 02:00", "2026-04-04 15:30"),
        # A whole day that never was: Samoa crossed the date line.
        ("Pacific/Apia", "2011-12-30 12:00", "2011-12-30 22:00"),
        # Summer time is the standard there, and winter time the exception.
        ("Europe/Dublin", "2026-03-29 01:30", "2026-03-29 01:30"),
        ("Europe/Dublin", "2026-10-25 01:30", "2026-10-25 00:30"),
    ],
)
def test_a_gap_moves_forward_and_of_two_the_first_is_taken(
    zone: str, wall: str, instant: str
) -> None:
    """The documented rule, on the nights of the change."""
    assert utc(instant) == local_to_utc(naive(wall), zone)


@given(wall_clocks())
def test_another_library_reads_the_clocks_alike(case: tuple[datetime, str]) -> None:
    """``dateutil`` with ``fold=0`` and its own tables says the same, gaps included."""
    wall, zone = case
    theirs = tz.resolve_imaginary(wall.replace(tzinfo=tz.gettz(zone)))

    assert theirs.astimezone(timezone.utc) == local_to_utc(wall, zone)


@given(wall_clocks())
def test_a_wall_clock_time_comes_back_unless_it_never_was(case: tuple[datetime, str]) -> None:
    """To UTC and back: the same time, or, from a gap, later by the length of the jump."""
    wall, zone = case
    back = utc_to_local(local_to_utc(wall, zone), zone)

    jump = timedelta(minutes=30) if zone == "Australia/Lord_Howe" else timedelta(hours=1)
    exists = tz.datetime_exists(wall.replace(tzinfo=tz.gettz(zone)))
    assert wall + (timedelta(0) if exists else jump) == back


@given(wall_clocks())
def test_an_instant_comes_back_unless_its_hour_came_twice(case: tuple[datetime, str]) -> None:
    """To the wall clock and back: the same instant, or the first of two."""
    wall, zone = case
    instant = wall.replace(tzinfo=timezone.utc)
    back = local_to_utc(utc_to_local(instant, zone), zone)

    assert back <= instant
    assert utc_to_local(instant, zone) == utc_to_local(back, zone)


@given(
    st.datetimes(naive("0002-01-01"), naive("9998-12-31")),
    st.sampled_from(pytz.all_timezones),
)
def test_any_time_in_any_zone_is_answered(wall: datetime, zone: str) -> None:
    """Old times, far times, odd zones: after there and back it has moved by a gap at most."""
    back = utc_to_local(local_to_utc(wall, zone), zone)

    assert abs(back - wall) <= timedelta(hours=24)


@pytest.mark.parametrize("wall", [naive("0001-01-01"), naive("9999-12-31")])
@pytest.mark.parametrize("zone", ZONES)
def test_a_time_at_the_ends_of_the_calendar_is_unmappable(wall: datetime, zone: str) -> None:
    """Both have been seen in the wild: such a meeting is parked."""
    with pytest.raises(Unmappable):
        local_to_utc(wall, zone)


def test_zones_on_the_wrong_kind_of_time_are_refused() -> None:
    """An aware wall clock and a naive instant are bugs."""
    with pytest.raises(ValueError, match="zone of its own"):
        local_to_utc(utc("2026-01-01"), "UTC")
    with pytest.raises(ValueError, match="naive"):
        utc_to_local(naive("2026-01-01"), "UTC")
    with pytest.raises(Unmappable):
        utc_to_local(utc("9999-12-31 23:00"), "Asia/Tokyo")


@given(zones, st.dates(date(2020, 1, 1), date(2036, 1, 1)), st.integers(0, 5))
def test_whole_days_keep_their_dates_in_every_zone(zone: str, first: date, more: int) -> None:
    """Written as midnights and read back: the same dates, on days of 23 and 25 hours too."""
    days = AllDay(first, first + timedelta(days=more))
    start, end = midnights(days)

    assert AllDay.until(start.date(), end.date()) == days
    begins, ends = span(days, zone)
    assert utc_to_local(begins, zone).date() == days.first
    assert utc_to_local(ends, zone) == end


def test_a_whole_day_lasts_as_long_as_its_clock_says() -> None:
    """23 hours, 25 hours, 24 and a half."""
    lengths = {
        (zone, day): span(AllDay(date.fromisoformat(day), date.fromisoformat(day)), zone)
        for zone, days in CHANGES.items()
        for day in days
    }

    assert [(end - start) / timedelta(hours=1) for start, end in lengths.values()] == [
        24,
        24,
        23,
        25,
        23,
        25,
        24.5,
        23.5,
    ]


def test_a_timed_meeting_takes_place_when_it_says() -> None:
    """Its zone does not matter."""
    when = Timed(utc("2026-01-01 09:00"), utc("2026-01-01 10:00"))

    assert (when.start, when.end) == span(when, "Asia/Tokyo")


@pytest.mark.parametrize(
    ("name", "zone"),
    [
        ("Romance Standard Time", "Europe/Paris"),
        ("SE Asia Standard Time", "Asia/Bangkok"),
        ("lord howe standard time ", "Australia/Lord_Howe"),
        ("Europe/Brussels", "Europe/Brussels"),
        ("europe/brussels", "Europe/Brussels"),
        ("Asia/Saigon", "Asia/Saigon"),
        ("UTC", "UTC"),
        ("utc", "UTC"),
        ("Z", "UTC"),
        ("Etc/UTC", "UTC"),
        ("Etc/Zulu", "UTC"),
        ("tzone://Microsoft/Utc", "UTC"),
        ("Coordinated Universal Time", "UTC"),
        ("GMT Standard Time", "Europe/London"),
        ("UTC-11", "Etc/GMT+11"),
        ("UTC+13", "Etc/GMT-13"),
        ("Kamchatka Standard Time", "Asia/Kamchatka"),
        ("Mid-Atlantic Standard Time", "Etc/GMT+2"),
    ],
)
def test_any_name_of_a_zone_is_understood(name: str, zone: str) -> None:
    """IANA, Windows, and what Graph says instead."""
    assert zone == resolve(name)


@pytest.mark.parametrize(
    "name", ["", "tzone://Microsoft/Custom", "Customized Time Zone", "Mars/Olympus", "\x00"]
)
def test_a_name_that_says_nothing_is_unmappable(name: str) -> None:
    """The caller looks for another zone of the meeting."""
    with pytest.raises(Unmappable) as refused:
        resolve(name)

    assert refused.value.field == "zone"
    for translate in (windows_to_iana, iana_to_windows):
        with pytest.raises(Unmappable):
            translate(name)


@given(st.text())
def test_no_text_raises_anything_else(name: str) -> None:
    """A zone, or Unmappable."""
    try:
        assert resolve(name) in pytz.all_timezones_set
    except Unmappable:
        assert not same_clock(name, "UTC")


@pytest.mark.parametrize("name", sorted(windows_tz.win_tz))
def test_every_windows_zone_goes_to_its_clock_and_back(name: str) -> None:
    """CLDR's pairs, all of them."""
    assert name == iana_to_windows(windows_to_iana(name))


@pytest.mark.parametrize("name", pytz.common_timezones)
def test_every_zone_that_a_user_can_choose_has_a_windows_name(name: str) -> None:
    """But one, whose clock no Windows zone keeps."""
    if name == "Antarctica/Troll":
        with pytest.raises(Unmappable):
            iana_to_windows(name)
    else:
        assert same_clock(name, windows_to_iana(iana_to_windows(name)))


def test_one_clock_may_have_two_names() -> None:
    """What Exchange makes of a zone is that zone; a zone with another clock is not."""
    assert same_clock("Asia/Ho_Chi_Minh", "Asia/Bangkok")
    assert same_clock("Europe/Brussels", "Romance Standard Time")
    assert same_clock("Mars/Olympus", "Mars/Olympus")
    assert not same_clock("Europe/Brussels", "Europe/London")
    assert not same_clock("Europe/Brussels", "Mars/Olympus")


@pytest.mark.parametrize(
    ("zone", "wall", "instant", "is_read_so"),
    [
        ("Europe/Dublin", naive("2026-10-25 01:30"), utc("2026-10-25 00:30"), True),
        ("Europe/Dublin", naive("2026-10-25 01:30"), utc("2026-10-25 01:30"), True),
        ("Europe/Dublin", naive("2026-10-25 01:30"), utc("2026-10-25 02:30"), False),
        ("Europe/Dublin", naive("2026-03-29 01:30"), utc("2026-03-29 00:30"), True),
        ("Europe/Dublin", naive("2026-03-29 01:30"), utc("2026-03-29 01:30"), True),
        ("Europe/Dublin", naive("2026-03-29 03:30"), utc("2026-03-29 02:30"), True),
        ("Europe/Dublin", naive("2026-03-29 03:30"), utc("2026-03-29 03:30"), False),
    ],
)
def test_an_hour_in_doubt_may_be_read_both_ways(
    zone: str, wall: datetime, instant: datetime, is_read_so: bool
) -> None:
    """Twice or never: two clients may store two instants and mean one time of day."""
    assert is_read_so == is_read_as(wall, zone, instant)


def test_of_an_hour_that_comes_twice_both_can_be_had() -> None:
    """The first as RFC 5545 has it, the second where standard time is asked for."""
    wall = naive("2026-10-25 02:30")

    assert utc("2026-10-25 00:30") == local_to_utc(wall, "Europe/Brussels")
    assert utc("2026-10-25 01:30") == local_to_utc(wall, "Europe/Brussels", late=True)
