"""What Graph's JSON says of a series and of its occurrences, read from samples of its shape."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from graph.samples import event_of, payload, utc

from core.engine.errors import Unmappable
from core.engine.recurrence import Rule
from core.engine.snapshot import Timed
from core.graph.mapping import from_graph


def test_a_master_tells_its_rule_and_not_its_dates() -> None:
    """What became of single dates is in no page: left out, and so never overwritten."""
    event = event_of("master")

    assert event.kind == "seriesMaster"
    assert event.shared["rule"] == Rule.settled(
        kind="weekly",
        interval=1,
        start=date(2026, 10, 5),
        end=date(2026, 11, 2),
        weekdays={"monday"},
    )
    assert event.shared["when"] == Timed(utc(2026, 10, 5, 7), utc(2026, 10, 5, 8, 30))
    assert event.shared["zone"] == "Europe/Paris"
    assert "occurrences" not in event.shared
    assert "rule" not in event_of("master", recurrence=...).shared


def test_an_exception_tells_where_it_belongs() -> None:
    """It has neither a rule nor occurrences of its own; originalStart only where it is shown."""
    event = event_of("exception")

    assert (event.kind, event.series_id) == ("exception", payload("master")["id"])
    assert event.original_start == utc(2026, 10, 12, 7)
    assert not {"rule", "occurrences"} & event.shared.keys()
    for nothing in (..., None, "0001-01-01T00:00:00Z", "soon"):
        assert event_of("exception", originalStart=nothing).original_start is None


def test_a_single_event_does_not_repeat() -> None:
    """That is said only where the answer tells what it is."""
    assert (event_of("single").shared["rule"], event_of("single").shared["occurrences"]) == (
        None,
        {},
    )
    assert not {"rule", "occurrences"} & event_of("single", type=...).shared.keys()


_CUSTOM = "tzone://Microsoft/Custom"


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (("Tokyo Standard Time", "UTC", "UTC"), "Asia/Tokyo"),
        ((_CUSTOM, "Romance Standard Time", "UTC"), "Europe/Paris"),
        (("", _CUSTOM, "Romance Standard Time"), "Europe/Paris"),
        ((None, None, "Europe/Brussels"), "Europe/Brussels"),
    ],
)
def test_the_zone_of_the_pattern_is_the_series_own(
    told: tuple[str | None, ...], expected: str
) -> None:
    """A zone whose rules are not shown is passed over for the next one (closeio/sync-engine)."""
    recurrence = payload("master")["recurrence"]
    recurrence["range"]["recurrenceTimeZone"] = told[0]

    event = event_of(
        "master",
        recurrence=recurrence,
        originalStartTimeZone=told[1],
        originalEndTimeZone=told[2],
    )

    assert event.shared["zone"] == expected


def _without_a_clock() -> dict[str, Any]:
    item = payload("master")
    item["recurrence"]["range"]["recurrenceTimeZone"] = _CUSTOM
    return {**item, "originalStartTimeZone": _CUSTOM, "originalEndTimeZone": _CUSTOM}


def test_a_series_without_a_known_clock_goes_by_its_owners() -> None:
    """A guess, and mostly right; the first occurrence stays when it is."""
    event = from_graph(_without_a_clock(), owner_zone="Europe/Berlin")

    assert event.shared["zone"] == "Europe/Berlin"
    known = event_of("master").shared
    assert event.shared["when"] == known["when"]
    assert event.shared["rule"] == known["rule"]


@pytest.mark.parametrize("owner_zone", [None, "Pacific/Kiritimati"])
def test_a_series_without_a_known_clock_is_parked(owner_zone: str | None) -> None:
    """Nobody's clock, or one on which the first occurrence is on another date, says nothing."""
    item = _without_a_clock()
    for key in ("start", "end"):  # in the middle of the Pacific it is tomorrow by then
        item[key]["dateTime"] = f"2026-10-05T{11 if key == 'start' else 12}:00:00"

    with pytest.raises(Unmappable) as caught:
        from_graph(item, owner_zone=owner_zone)

    assert caught.value.field == "zone"


def test_a_clock_that_is_known_is_never_guessed() -> None:
    """Wherever the owner may be."""
    event = from_graph(payload("master"), owner_zone="Asia/Tokyo")

    assert event == event_of("master")


@pytest.mark.parametrize(
    ("zone", "start", "first"),
    [
        ("Romance Standard Time", "2026-10-02", utc(2026, 10, 5, 7)),
        ("Romance Standard Time", "2026-10-20", utc(2026, 10, 26, 8)),
    ],
)
def test_a_series_begins_on_a_date_of_its_own(zone: str, start: str, first: datetime) -> None:
    """Where its range says another, its time goes along, on the wall clock."""
    recurrence = payload("master")["recurrence"]
    recurrence["range"] |= {"startDate": start, "recurrenceTimeZone": zone}

    event = event_of("master", recurrence=recurrence)

    rule = event.shared["rule"]
    assert isinstance(rule, Rule)
    assert rule.start == first.date()
    assert event.shared["when"] == Timed(first, first + timedelta(minutes=90))


def test_the_date_of_a_series_is_its_own_clock_s() -> None:
    """An evening in New York is the next day in UTC; nothing is moved for that."""
    recurrence = payload("master")["recurrence"]
    recurrence["range"]["recurrenceTimeZone"] = "Eastern Standard Time"
    late = {"dateTime": "2026-10-06T03:00:00.0000000", "timeZone": "UTC"}

    event = event_of("master", recurrence=recurrence, start=late, end=late)

    assert event.shared["when"] == Timed(utc(2026, 10, 6, 3), utc(2026, 10, 6, 3))


@pytest.mark.parametrize("recurrence", [None, {}, [], {"pattern": []}, "weekly"])
def test_a_series_without_a_rule_is_none(recurrence: object) -> None:
    """It can neither be shown nor written."""
    with pytest.raises(Unmappable):
        event_of("master", recurrence=recurrence)
