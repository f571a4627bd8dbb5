"""What is said to Graph of a series: its time and its rule are one."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from graph.samples import utc
from hypothesis import given
from hypothesis import strategies as st

from core.engine.errors import Unmappable
from core.engine.recurrence import Rule
from core.engine.snapshot import EMPTY, AllDay, Keyed, Snapshot, Timed
from core.engine.timezones import local_to_utc, same_clock
from core.graph.mapping import from_graph, to_graph
from core.graph.operations import CreateEvent, UpdateEvent

MONDAYS = Rule.settled(
    kind="weekly",
    interval=1,
    start=date(2026, 10, 5),
    end=date(2026, 11, 2),
    weekdays={"monday"},
)
SERIES: dict[str, Any] = {
    "subject": "a",
    "when": Timed(utc(2026, 10, 5, 7), utc(2026, 10, 5, 8)),
    "zone": "Europe/Brussels",
    "rule": MONDAYS,
    "occurrences": Keyed({"2026-10-12": "cancelled"}),
}
WRITTEN = {
    "start": {"dateTime": "2026-10-05T09:00:00", "timeZone": "Romance Standard Time"},
    "end": {"dateTime": "2026-10-05T10:00:00", "timeZone": "Romance Standard Time"},
    "isAllDay": False,
    "recurrence": {
        "pattern": {
            "type": "weekly",
            "interval": 1,
            "daysOfWeek": ["monday"],
            "firstDayOfWeek": "sunday",
        },
        "range": {
            "type": "endDate",
            "startDate": "2026-10-05",
            "endDate": "2026-11-02",
            "recurrenceTimeZone": "Romance Standard Time",
        },
    },
}


def _shown(body: dict[str, Any], **values: Any) -> dict[str, Any]:
    """Return the master that Graph shows after it was told `body`."""
    zone = body["start"]["timeZone"]
    return {"id": "x", "type": "seriesMaster", "originalStartTimeZone": zone, **body, **values}


@pytest.mark.parametrize("changed", ["when", "zone", "rule"])
def test_the_time_and_the_rule_of_a_series_go_together(changed: str) -> None:
    """Graph refuses a start that is not the first date of the range."""
    assert to_graph({changed: SERIES[changed]}, target=SERIES) == WRITTEN


def test_other_fields_of_a_series_leave_its_time_alone() -> None:
    """A PATCH that names the time or the rule may drop every exception."""
    assert to_graph({"subject": "a"}, target=SERIES) == {"subject": "a"}


def test_occurrences_are_not_written_with_their_series() -> None:
    """They have ids of their own."""
    assert to_graph({"occurrences": SERIES["occurrences"]}, target=SERIES) == {}
    assert to_graph(SERIES, target=SERIES) == {"subject": "a", **WRITTEN}


def test_the_first_date_is_that_of_the_time_written() -> None:
    """The rule's own may lag behind a new time for a moment."""
    later = Timed(utc(2026, 10, 11, 22, 30), utc(2026, 10, 11, 23))

    body = to_graph({"when": later}, target={**SERIES, "when": later})

    assert body["start"]["dateTime"] == "2026-10-12T00:30:00"
    assert body["recurrence"]["range"]["startDate"] == "2026-10-12"


def test_a_series_of_whole_days_starts_on_its_date() -> None:
    """Midnights of one zone, whichever it is."""
    days = AllDay(date(2026, 10, 5), date(2026, 10, 6))

    body = to_graph({"when": days}, target={**SERIES, "when": days, "zone": "America/New_York"})

    assert body["start"] == {
        "dateTime": "2026-10-05T00:00:00",
        "timeZone": "Eastern Standard Time",
    }
    assert (body["end"]["dateTime"], body["isAllDay"]) == ("2026-10-07T00:00:00", True)
    assert body["recurrence"]["range"]["startDate"] == "2026-10-05"


def test_a_series_that_becomes_single_says_so() -> None:
    """null ends it; the time is written only where it changes."""
    target = {**SERIES, "rule": None, "occurrences": EMPTY}

    assert to_graph({"rule": None, "occurrences": EMPTY}, target=target) == {"recurrence": None}
    assert UpdateEvent("e", {"rule": None}, target).call().body == {"recurrence": None}


def test_a_single_event_is_made_without_a_word_on_repeating() -> None:
    """There is nothing to end."""
    values = {**SERIES, "rule": None, "occurrences": EMPTY}

    body = CreateEvent(None, values, "tx", "tag").call().body

    assert "recurrence" not in body
    assert body["start"] == WRITTEN["start"]


def test_a_series_is_never_written_in_utc_instead() -> None:
    """Its occurrences would be an hour off in summer: Exchange may refuse a zone it lacks."""
    start = utc(2026, 10, 25, 1)  # 02:00 in Brussels for the second time
    when = Timed(start, start + timedelta(hours=1))
    rule = Rule.settled(kind="daily", interval=1, start=date(2026, 10, 25))

    for zone, name, hour in (
        ("Europe/Brussels", "Romance Standard Time", "02"),
        ("Antarctica/Troll", "Antarctica/Troll", "01"),
    ):
        body = to_graph({"when": when}, target={"when": when, "zone": zone, "rule": rule})
        assert body["start"] == {"dateTime": f"2026-10-25T{hour}:00:00", "timeZone": name}
        assert body["recurrence"]["range"]["recurrenceTimeZone"] == name


def test_a_series_in_no_zone_is_parked() -> None:
    """Nobody could say when it takes place."""
    with pytest.raises(Unmappable) as caught:
        to_graph({"when": SERIES["when"]}, target={**SERIES, "zone": "Mars"})

    assert caught.value.field == "zone"


ZONES = ("Europe/Brussels", "America/New_York", "Asia/Ho_Chi_Minh", "Australia/Lord_Howe", "UTC")


@given(
    st.dates(date(2024, 1, 1), date(2030, 1, 1)),
    st.integers(5 * 60, 23 * 60),  # no hour that a change of the clock doubles
    st.integers(0, 300),
    st.sampled_from(ZONES),
    st.none() | st.integers(1, 20),
    st.booleans(),
)
def test_a_written_series_reads_the_same(
    first: date, minute: int, length: int, zone: str, count: int | None, whole: bool
) -> None:
    """Its time, its rule with the way the end is said, and its clock."""
    rule = Rule.settled(kind="absoluteMonthly", interval=1, start=first, day=first.day, count=count)
    start = local_to_utc(datetime.combine(first, time()) + timedelta(minutes=minute), zone)
    when = AllDay(first, first) if whole else Timed(start, start + timedelta(minutes=length))
    target: Snapshot = {"when": when, "zone": zone, "rule": rule}

    event = from_graph(_shown(to_graph({"rule": rule}, target=target)))

    shown = event.shared["rule"]
    assert isinstance(shown, Rule)
    assert (shown, shown.count, event.shared["when"]) == (rule, count, when)
    assert same_clock(str(event.shared["zone"]), zone)
