"""What every Graph does with series for the client, ours and Microsoft's (see ``places``)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from contract.places import Place, create, creation, failed
from contract.samples import (
    HOUR,
    MONDAY,
    MONDAYS,
    NOON,
    VALUES,
    occurrence_id,
    snapshot_of,
    whole,
    whole_round,
)

from core.engine.errors import Missing, Rejected
from core.engine.fields import CANCELLED
from core.engine.occurrences import slot_when
from core.engine.recurrence import DAYS, Rule
from core.engine.snapshot import EMPTY, AllDay, Keyed, Snapshot, Timed
from core.engine.timezones import local_to_utc, utc_to_local
from core.graph.operations import DeleteEvent, UpdateEvent
from core.graph.remote import RemoteEvent

WORKING_DAYS = frozenset(DAYS[1:6])


def _daily(*, zone: str = "Europe/Brussels", days: int = 5, at: int = 12) -> dict[str, Any]:
    """Return a daily series of an hour, from the 7th of December."""
    wall = datetime.combine(MONDAY, datetime.min.time()) + timedelta(hours=at)
    start = local_to_utc(wall, zone)
    rule = Rule.settled(kind="daily", interval=1, start=MONDAY, count=days)
    return {**VALUES, "when": Timed(start, start + HOUR), "zone": zone, "rule": rule}


def _change(place: Place, remote_id: str, values: Snapshot, target: Snapshot) -> RemoteEvent:
    [changed] = place.client.perform([UpdateEvent(remote_id, values, target)])
    assert isinstance(changed, RemoteEvent), changed
    return changed


def _change_slot(place: Place, remote_id: str, series: RemoteEvent, **values: Any) -> RemoteEvent:
    """Change one occurrence: its time is said by the clock of its series, without the rule."""
    return _change(place, remote_id, values, {**snapshot_of(series), **values, "rule": None})


@pytest.mark.parametrize(
    "pattern",
    [
        {"kind": "daily", "interval": 2},
        {"kind": "weekly", "interval": 1, "weekdays": {"monday", "thursday"}},
        {
            "kind": "weekly",
            "interval": 2,
            "weekdays": {"monday", "sunday"},
            "first_day": "monday",
        },
        {"kind": "absoluteMonthly", "interval": 1, "day": 7},
        {"kind": "relativeMonthly", "interval": 1, "weekdays": {"monday"}, "index": "first"},
        {"kind": "relativeMonthly", "interval": 3, "weekdays": WORKING_DAYS, "index": "fourth"},
        {"kind": "absoluteYearly", "interval": 1, "day": 7, "month": 12},
        {
            "kind": "relativeYearly",
            "interval": 1,
            "weekdays": {"monday"},
            "index": "first",
            "month": 12,
        },
    ],
)
@pytest.mark.parametrize("ending", [{}, {"count": 4}, {"end": date(2031, 3, 1)}])
def test_a_series_is_shown_as_it_was_made(
    place: Place, pattern: dict[str, Any], ending: dict[str, Any]
) -> None:
    """Each pattern with each kind of end: in the answer, and read whole; nothing is otherwise."""
    rule = Rule.settled(start=MONDAY, **pattern, **ending)
    noon = local_to_utc(datetime.combine(rule.start, NOON.time()), "Europe/Brussels")
    when = Timed(noon, noon + HOUR)

    made = create(place, {**VALUES, "when": when, "rule": rule})
    read = whole(place.client, made.id)

    for event in (made, read):
        shown = event.shared["rule"]
        assert isinstance(shown, Rule)
        assert (event.kind, shown, shown.count) == ("seriesMaster", rule, rule.count)
        assert event.shared["when"] == when
    assert "occurrences" not in made.shared
    assert (read.shared["occurrences"], read.exceptions) == (EMPTY, {})


def test_a_day_that_a_month_lacks_is_its_last(place: Place) -> None:
    """Exchange does not skip the month, as RFC 5545 would."""
    rule = Rule.settled(kind="absoluteMonthly", interval=1, day=31, start=date(2026, 12, 31))
    when = Timed(NOON + timedelta(days=24), NOON + timedelta(days=24) + HOUR)
    made = create(place, {**VALUES, "when": when, "rule": rule})
    series = whole(place.client, made.id)

    found = place.client.occurrence_ids(
        made.id, snapshot_of(series), ["2027-01-31", "2027-02-28", "2027-03-01"]
    )

    assert sorted(found) == ["2027-01-31", "2027-02-28"]


def test_what_became_of_single_dates_is_shown_with_the_series(place: Place) -> None:
    """Cancelled, moved and renamed: by the date of the pattern, with what differs and no more."""
    made = create(place, MONDAYS)
    series = whole(place.client, made.id)
    shown = snapshot_of(series)
    wanted = ["2026-12-14", "2026-12-21", "2026-12-28", "2027-01-04"]
    ids = place.client.occurrence_ids(made.id, shown, wanted)
    moved = Timed(NOON + timedelta(days=15, hours=2), NOON + timedelta(days=15, hours=4))
    renamed: dict[str, Any] = {"subject": "b", "show_as": "oof", "reminder": None}

    assert sorted(ids) == wanted
    assert place.client.perform([DeleteEvent(ids["2026-12-14"])]) == [None]
    exception = _change_slot(place, ids["2026-12-21"], series, when=moved)
    _change_slot(place, ids["2026-12-28"], series, **renamed)

    again = whole(place.client, made.id)
    assert again.shared["occurrences"] == Keyed(
        {
            "2026-12-14": CANCELLED,
            "2026-12-21": Keyed({"when": moved}),
            "2026-12-28": Keyed(renamed),
        }
    )
    assert sorted(again.exceptions) == ["2026-12-21", "2026-12-28"]
    assert again.exceptions["2026-12-21"].id == exception.id
    assert {name: again.shared[name] for name in ("when", "rule", "subject")} == {
        name: series.shared[name] for name in ("when", "rule", "subject")
    }
    assert (exception.kind, exception.series_id) == ("exception", made.id)


def test_an_occurrence_that_was_cancelled_is_missing(place: Place) -> None:
    """It has no id any more, and the one that it had leads nowhere."""
    series = whole(place.client, create(place, MONDAYS).id)
    gone = occurrence_id(place.client, series, "2026-12-14")
    place.client.perform([DeleteEvent(gone)])

    assert place.client.occurrence_ids(series.id, snapshot_of(series), ["2026-12-14"]) == {}
    failed(place.client.perform([DeleteEvent(gone)])[0], Missing)
    failed(place.client.perform([UpdateEvent(gone, {"subject": "x"}, {})])[0], Missing)
    with pytest.raises(Missing):
        place.client.get_event(gone)


def test_a_moved_occurrence_is_found_where_it_is(place: Place) -> None:
    """Its id is still that of its date, though another day shows it."""
    series = whole(place.client, create(place, MONDAYS).id)
    moved = Timed(NOON + timedelta(days=11), NOON + timedelta(days=11) + HOUR)
    slot = occurrence_id(place.client, series, "2026-12-14")
    changed = _change_slot(place, slot, series, when=moved)

    again = whole(place.client, series.id)

    assert occurrence_id(place.client, again, "2026-12-14") == changed.id


def test_one_occurrence_tells_which_date_it_stands_for(place: Place) -> None:
    """By its original start; a series read by its id comes whole."""
    series = whole(place.client, create(place, MONDAYS).id)
    slot = occurrence_id(place.client, series, "2026-12-14")
    moved = Timed(NOON + timedelta(days=8), NOON + timedelta(days=8) + HOUR)
    _change_slot(place, slot, series, when=moved)
    [exception] = whole(place.client, series.id).exceptions.values()

    read = place.client.get_event(exception.id)

    assert (read.kind, read.original_start) == ("exception", NOON + timedelta(days=7))
    assert read.original_start == exception.original_start
    assert read.shared == exception.shared
    assert place.client.get_event(series.id) == whole(place.client, series.id)


@pytest.mark.parametrize("zone", ["America/Los_Angeles", "Pacific/Auckland", "Asia/Ho_Chi_Minh"])
@pytest.mark.parametrize("at", [0, 23])
def test_dates_are_those_of_the_series_own_calendar(place: Place, zone: str, at: int) -> None:
    """An hour before midnight in Los Angeles is the next day in UTC, in which Graph answers."""
    values = _daily(zone=zone, at=at)
    values["rule"] = Rule.settled(kind="daily", interval=1, start=MONDAY, count=5)
    series = whole(place.client, create(place, values).id)
    slots = ["2026-12-07", "2026-12-09", "2026-12-11"]

    ids = place.client.occurrence_ids(series.id, snapshot_of(series), slots)
    place.client.perform([DeleteEvent(ids["2026-12-09"])])
    _change_slot(place, ids["2026-12-11"], series, subject="b")

    assert sorted(ids) == slots
    assert whole(place.client, series.id).shared["occurrences"] == Keyed(
        {"2026-12-09": CANCELLED, "2026-12-11": Keyed({"subject": "b"})}
    )


@pytest.mark.parametrize("zone", ["America/Los_Angeles", "Europe/Brussels", "Pacific/Auckland"])
def test_whole_days_float(place: Place, zone: str) -> None:
    """A series of whole days has its dates wherever it is at home."""
    when = AllDay(MONDAY, MONDAY)
    rule = Rule.settled(kind="daily", interval=2, start=MONDAY, count=4)
    values = {**VALUES, "when": when, "zone": zone, "rule": rule}
    series = whole(place.client, create(place, values).id)
    ids = place.client.occurrence_ids(
        series.id, snapshot_of(series), ["2026-12-07", "2026-12-08", "2026-12-09", "2026-12-11"]
    )
    place.client.perform([DeleteEvent(ids["2026-12-09"])])
    moved = AllDay(date(2026, 12, 12), date(2026, 12, 12))
    _change_slot(place, ids["2026-12-11"], series, when=moved)

    again = whole(place.client, series.id)

    assert sorted(ids) == ["2026-12-07", "2026-12-09", "2026-12-11"]
    assert (again.shared["when"], again.shared["rule"]) == (when, rule)
    assert again.shared["occurrences"] == Keyed(
        {"2026-12-09": CANCELLED, "2026-12-11": Keyed({"when": moved})}
    )


def test_the_clock_of_a_series_is_kept_over_the_change_to_summer_time(place: Place) -> None:
    """Nothing is moved by it, and an occurrence of then is written by the same clock."""
    values = _daily(days=200)
    series = whole(place.client, create(place, values).id)
    slot = "2027-04-12"
    pattern = slot_when(snapshot_of(series), date(2027, 4, 12))
    assert isinstance(pattern, Timed)
    assert utc_to_local(pattern.start, "Europe/Brussels").hour == 12
    later = Timed(pattern.start + HOUR, pattern.end + HOUR)
    found = occurrence_id(place.client, series, slot)
    changed = _change_slot(place, found, series, when=later)
    back = _change_slot(place, changed.id, series, when=pattern)

    assert changed.shared["when"] == later
    assert back.shared["when"] == pattern
    assert whole(place.client, series.id).shared["occurrences"] == EMPTY


def test_a_series_becomes_single_and_a_single_event_a_series(place: Place) -> None:
    """Both are changes of one event, whose id stays."""
    single = create(place, VALUES)
    target = {**snapshot_of(single), "rule": MONDAYS["rule"]}

    series = _change(place, single.id, {"rule": MONDAYS["rule"]}, target)
    shown = whole(place.client, single.id)
    again = _change(place, single.id, {"rule": None}, {**target, "rule": None})

    assert (series.id, series.kind) == (single.id, "seriesMaster")
    assert shown.shared["rule"] == MONDAYS["rule"]
    assert again.kind == "singleInstance"
    read = whole(place.client, single.id)
    assert (read.kind, read.shared["rule"], read.shared["occurrences"]) == (
        "singleInstance",
        None,
        EMPTY,
    )
    assert read.shared["when"] == VALUES["when"]


def test_a_series_ends_elsewhere(place: Place) -> None:
    """Shorter, longer, without end: the rule says so, the time stays."""
    made = create(place, MONDAYS)
    rule = MONDAYS["rule"]

    for ending in (rule.ending(date(2026, 12, 28)), rule.ending(None), rule.ending(MONDAY)):
        _change(place, made.id, {"rule": ending}, {**snapshot_of(made), "rule": ending})
        shown = whole(place.client, made.id).shared
        assert (shown["rule"], shown["when"]) == (ending, MONDAYS["when"])


def test_a_new_time_of_the_series_keeps_its_exceptions_or_drops_all(place: Place) -> None:
    """Neither is documented. What is left has a date of the new pattern."""
    made = create(place, MONDAYS)
    series = snapshot_of(whole(place.client, made.id))
    ids = place.client.occurrence_ids(made.id, series, ["2026-12-14", "2026-12-21"])
    place.client.perform([DeleteEvent(ids["2026-12-14"])])
    _change(place, ids["2026-12-21"], {"subject": "b"}, {})
    later = {"when": Timed(NOON + HOUR, NOON + 2 * HOUR)}

    _change(place, made.id, later, {**series, **later})

    left = whole(place.client, made.id).shared["occurrences"]
    kept = Keyed({"2026-12-14": CANCELLED, "2026-12-21": Keyed({"subject": "b"})})
    assert left in (EMPTY, kept)


def test_an_occurrence_cannot_pass_its_neighbour(place: Place) -> None:
    """That is refused for this occurrence alone, and named; the code says what it was."""
    series = whole(place.client, create(place, MONDAYS).id)
    shown = snapshot_of(series)
    ids = place.client.occurrence_ids(series.id, shown, ["2026-12-14", "2026-12-28"])
    beyond: Snapshot = {"when": Timed(NOON + timedelta(days=15), NOON + timedelta(days=15) + HOUR)}

    refused, renamed = place.client.perform(
        [
            UpdateEvent(ids["2026-12-14"], beyond, {**shown, **beyond, "rule": None}),
            UpdateEvent(ids["2026-12-28"], {"subject": "b"}, {}),
        ]
    )

    error = failed(refused, Rejected)
    assert isinstance(error, Rejected)
    assert error.code == "ErrorOccurrenceCrossingBoundary"
    assert isinstance(renamed, RemoteEvent)


def test_an_occurrence_longer_than_its_interval_is_refused(place: Place) -> None:
    """A daily meeting of two days cannot be made in Outlook."""
    values = _daily()
    values["when"] = Timed(NOON, NOON + timedelta(days=2))

    [refused] = place.client.perform([creation(values)])

    assert failed(refused, Rejected)


def test_each_series_has_its_own_outcome(place: Place) -> None:
    """One that is gone and one that is none any more stop no other; an id counts once."""
    made = create(place, MONDAYS)
    single = create(place, VALUES)
    gone = create(place, MONDAYS)
    place.client.perform([DeleteEvent(gone.id)])

    read = place.client.series([made.id, gone.id, "nonsense", single.id, made.id])

    assert list(read) == [made.id, gone.id, "nonsense", single.id]
    assert isinstance(read[gone.id], Missing)
    assert isinstance(read["nonsense"], Rejected)
    kinds = {key: one.kind for key, one in read.items() if isinstance(one, RemoteEvent)}
    assert kinds == {made.id: "seriesMaster", single.id: "singleInstance"}
    assert place.client.series([]) == {}


def test_a_page_shows_a_series_without_its_dates(place: Place) -> None:
    """The master says its rule and leaves its occurrences open; its parts name it."""
    made = create(place, MONDAYS)

    def parts() -> list[RemoteEvent] | None:
        events = whole_round(place.client).events
        found = [one for one in events if isinstance(one, RemoteEvent)]
        own = [one for one in found if made.id in (one.id, one.series_id)]
        return own if len(own) == 7 else None

    shown = place.eventually(parts)

    [master] = [one for one in shown if one.id == made.id]
    assert master.shared["rule"] == MONDAYS["rule"]
    assert "occurrences" not in master.shared
    assert all("rule" not in one.shared for one in shown if one.id != made.id)
