"""Which date of its series an occurrence stands for, and where it is looked for."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from graph.samples import utc
from hypothesis import given
from hypothesis import strategies as st

from core.engine.recurrence import Rule
from core.engine.snapshot import AllDay, Keyed, Snapshot, Timed
from core.graph import slots

DAY = date(2026, 10, 5)
UID = "040000008200E00074C5B7101A82E008{}C2F0D7A2B5A8DC01000000000000000010000000AB"
DATED = UID.format("07EA0A06")


def _daily(hour: int, zone: str, *, end: date | None = None) -> dict[str, Any]:
    """Return a daily series of an hour; `hour` is in UTC."""
    start = utc(2026, 10, 5, hour)
    rule = Rule.settled(kind="daily", interval=1, start=DAY, end=end)
    when = Timed(start, start + timedelta(hours=1))
    return {"when": when, "zone": zone, "rule": rule}


@pytest.mark.parametrize(
    ("moment", "zone", "expected"),
    [
        ("2026-10-05T07:00:00Z", "Europe/Brussels", "2026-10-05"),
        ("2026-10-06T03:30:00.0000000Z", "America/New_York", "2026-10-05"),
        ("2026-10-05T17:00:00Z", "Asia/Ho_Chi_Minh", "2026-10-06"),
        ("2026-10-05T12:00:00+14:00", "UTC", "2026-10-04"),
    ],
)
def test_the_date_is_that_of_the_series_calendar(moment: str, zone: str, expected: str) -> None:
    """Not that of UTC, in which Graph says originalStart."""
    day = slots.slot_of({"type": "exception", "originalStart": moment}, _daily(7, zone))

    assert day == date.fromisoformat(expected)


@pytest.mark.parametrize(
    "moment", ["2026-10-06T00:00:00Z", "2026-10-05T22:00:00Z", "2026-10-06T00:00:00.0000000Z"]
)
def test_whole_days_stand_for_their_date(moment: str) -> None:
    """As midnight in UTC, or as midnight where the series is at home."""
    series = {**_daily(0, "Europe/Brussels"), "when": AllDay(DAY, DAY)}

    assert slots.slot_of({"originalStart": moment}, series) == date(2026, 10, 6)


def test_whole_days_west_of_greenwich_stand_for_their_date() -> None:
    """Midnight in UTC is the evening before in New York: the date floats."""
    series = {**_daily(0, "America/New_York"), "when": AllDay(DAY, DAY)}

    assert slots.slot_of({"originalStart": "2026-10-06T00:00:00Z"}, series) == date(2026, 10, 6)


@pytest.mark.parametrize(
    "item",
    [
        {"type": "exception", "iCalUId": DATED},
        {"type": "exception", "originalStart": "0001-01-01T00:00:00Z", "iCalUId": DATED},
        {"type": "exception", "occurrenceId": "OID.a.b.2026-10-06", "iCalUId": UID},
        {
            "type": "occurrence",
            "start": {"dateTime": "2026-10-06T07:00:00", "timeZone": "UTC"},
            "end": {"dateTime": "2026-10-06T08:00:00", "timeZone": "UTC"},
        },
    ],
)
def test_without_an_original_start_other_names_tell_the_date(item: dict[str, Any]) -> None:
    """Exchange puts it into ids as well; what was not moved is where it was."""
    assert slots.slot_of(item, _daily(7, "Europe/Brussels")) == date(2026, 10, 6)


@pytest.mark.parametrize("uid", [None, 7, "", UID.format("00000000"), UID.format("07EAFFFF"), "x"])
def test_an_exception_that_nothing_dates_has_no_date(uid: object) -> None:
    """Where it was moved to says nothing."""
    times = {"dateTime": "2026-10-06T07:00:00", "timeZone": "UTC"}
    item = {"type": "exception", "iCalUId": uid, "start": times, "end": times}

    assert slots.slot_of(item, _daily(7, "Europe/Brussels")) is None


def test_the_series_of_an_occurrence_s_uid_is_known() -> None:
    """The date's bytes are zero in the series' own; uids of other systems stay."""
    assert slots.series_uid(DATED) == UID.format("00000000")
    assert slots.day_of_uid(DATED) == date(2026, 10, 6)
    for other in (UID.format("00000000"), "abc@google.example", "", "040000008200E00074C5B7101A82"):
        assert slots.series_uid(other) == other


@pytest.mark.parametrize("name", [None, 7, "", "OID.x", "OID.x.2026-13-01"])
def test_a_cancelled_date_that_is_none_is_left_out(name: object) -> None:
    """Of `OID.<master>.<date>` only the last part says anything."""
    assert slots.cancelled_day(name) is None
    assert slots.cancelled_day("OID.AAMk.b-c=.2026-10-06") == date(2026, 10, 6)


def test_occurrences_near_to_each_other_are_one_request() -> None:
    """Far ones are not: between them lie pages of others."""
    series: Snapshot = _daily(7, "Europe/Brussels")

    near = slots.windows(series, ["2026-10-06", "2026-12-01"])
    far = slots.windows(series, ["2026-10-06", "2027-12-01"])

    assert near == [(utc(2026, 10, 5, 7), utc(2026, 12, 2, 9))]
    assert [(start.date(), end.date()) for start, end in far] == [
        (date(2026, 10, 5), date(2026, 10, 7)),
        (date(2027, 11, 30), date(2027, 12, 2)),
    ]
    assert slots.windows(series, []) == []


def test_a_moved_occurrence_is_looked_for_where_it_is() -> None:
    """Its own time counts, beside the one by the pattern."""
    moved = Timed(utc(2026, 11, 5, 7), utc(2026, 11, 5, 8))
    series = {
        **_daily(7, "UTC"),
        "occurrences": Keyed({"2026-10-06": Keyed({"when": moved}), "2026-10-07": "cancelled"}),
    }

    [(start, end)] = slots.windows(series, ["2026-10-06", "2026-10-07"])

    assert start == utc(2026, 10, 5, 7)
    assert end == utc(2026, 11, 6, 8)


@given(st.integers(0, 9000), st.integers(0, 9000))
def test_no_window_is_longer_than_graph_answers(first: int, second: int) -> None:
    """1825 days (seen live), and nothing between two stretches is left out."""
    series = _daily(7, "UTC")
    days = [(DAY + timedelta(days=number)).isoformat() for number in (first, second)]

    for pieces in (slots.windows(series, days), list(slots.cut(slots.extent(series, _now())[0]))):
        assert all(end - start <= timedelta(days=1825) for start, end in pieces)
    pieces = list(slots.cut(slots.extent(series, _now())[0]))
    assert all(one[1] == other[0] for one, other in zip(pieces, pieces[1:], strict=False))


def _now() -> datetime:
    return utc(2036, 10, 5)


def test_a_series_is_looked_at_to_its_end_or_five_years_from_now() -> None:
    """Without an end there is no other limit."""
    now = utc(2026, 10, 20)

    (begins, ends), is_cut = slots.extent(_daily(7, "UTC"), now)
    (_, closed), is_closed_cut = slots.extent(_daily(7, "UTC", end=date(2026, 11, 1)), now)
    (_, late), is_late_cut = slots.extent(_daily(7, "UTC", end=date(2040, 1, 1)), now)

    assert begins < utc(2026, 10, 5)
    assert (ends, is_cut) == (now + timedelta(days=1825), True)
    assert (closed > utc(2026, 11, 1), is_closed_cut) == (True, False)
    assert (late, is_late_cut) == (ends, True)
