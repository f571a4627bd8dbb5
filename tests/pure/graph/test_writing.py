"""What is said to Graph, and that it comes back as it was meant."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import strategies
from core.engine.errors import InvariantBroken, Unmappable
from core.engine.fields import KINDS
from core.engine.normalize import person_key
from core.engine.snapshot import AllDay, Body, Keyed, Person, Snapshot, Timed
from core.engine.timezones import same_clock
from core.graph.mapping import from_graph, to_graph

_persons = st.lists(
    st.builds(
        Person,
        st.sampled_from(KINDS),
        st.sampled_from(["", "Ann", "Room 1"]),
        st.sampled_from([None, "Ann@Example.com", "bob@example.com"]),
    ).filter(lambda one: one.name or one.address),
    max_size=4,
)
#: As the bridge makes them: each person under the key that says who it is.
_people = _persons.map(
    lambda persons: Keyed({person_key(one.name, one.address): one for one in persons})
)
#: Rules go with their times and occurrences by themselves: see test_writing_series.
_SINGLE = strategies.FIELDS.keys() - {"rule", "occurrences"}
FIELDS = {**{name: strategies.FIELDS[name] for name in sorted(_SINGLE)}, "people": _people}

ZONES = (*strategies.ZONES, "Asia/Kathmandu", "America/St_Johns", "Africa/Casablanca", "UTC")
# Naive, as the strategy wants its bounds.
YEARS = (datetime(1990, 1, 1), datetime(2037, 1, 1))  # noqa: DTZ001
NOON = datetime(2026, 10, 5, 12, tzinfo=timezone.utc)
HOUR = timedelta(hours=1)


def _shown(body: dict[str, Any]) -> dict[str, Any]:
    """Return what Graph shows after it was told `body`: the zone moves to a field of its own."""
    item = {"id": "x", "type": "singleInstance", **body}
    if "start" in body:
        item["originalStartTimeZone"] = body["start"]["timeZone"]
    return item


@given(st.fixed_dictionaries({}, optional=FIELDS))
def test_what_is_written_reads_the_same(values: Snapshot) -> None:
    """Each field comes back equal, wherever Graph can say it."""
    target = {"when": Timed(NOON, NOON + HOUR), "zone": "UTC", **values}
    try:
        body = to_graph(values, target=target)
    except Unmappable:
        assume(False)

    event = from_graph(_shown(body))

    shown = {**event.shared, **event.private}
    for name, value in values.items():
        if name == "zone":
            # A zone whose summer time would make the instant another one is given up for UTC.
            assert shown["zone"] == "UTC" or same_clock(str(value), str(shown["zone"]))
        elif (name, value) != ("show_as", "unknown"):
            assert value == shown[name]


@given(
    st.datetimes(*YEARS, timezones=st.just(timezone.utc)),
    st.timedeltas(timedelta(0), timedelta(days=3)),
    st.sampled_from(ZONES),
)
def test_an_instant_survives_every_zone(start: datetime, length: timedelta, zone: str) -> None:
    """Hours that come twice, and zones that Windows draws otherwise, never move a meeting."""
    when = Timed(start, start + length)
    body = to_graph({"when": when}, target={"when": when, "zone": zone})

    assert when == from_graph(_shown(body)).shared["when"]


@given(st.dates(date(1900, 1, 1), date(4500, 1, 1)), st.integers(0, 40), st.sampled_from(ZONES))
def test_dates_survive_every_zone(first: date, more: int, zone: str) -> None:
    """Whole days are written as midnights of one zone and come back as the same dates."""
    days = AllDay(first, first + timedelta(days=more))

    body = to_graph({"when": days}, target={"when": days, "zone": zone})

    assert body["start"]["timeZone"] == body["end"]["timeZone"]
    assert body["start"]["dateTime"].endswith("T00:00:00")
    assert days == from_graph(_shown(body)).shared["when"]


def test_only_what_changed_is_named() -> None:
    """Every field that a PATCH names counts as changed for Exchange."""
    target: Snapshot = {"subject": "a", "when": Timed(NOON, NOON + HOUR), "zone": "Europe/Brussels"}

    assert to_graph({"subject": "a"}, target=target) == {"subject": "a"}
    assert to_graph({}, target=target) == {}


@pytest.mark.parametrize("changed", ["when", "zone"])
def test_a_time_is_written_with_its_zone(changed: str) -> None:
    """Graph takes a time without a zone for UTC; a zone alone cannot be said."""
    target: Snapshot = {"when": Timed(NOON, NOON + HOUR), "zone": "Europe/Brussels"}

    body = to_graph({changed: target[changed]}, target=target)

    assert body == {
        "start": {"dateTime": "2026-10-05T14:00:00", "timeZone": "Romance Standard Time"},
        "end": {"dateTime": "2026-10-05T15:00:00", "timeZone": "Romance Standard Time"},
        "isAllDay": False,
    }


@pytest.mark.parametrize("zone", ["Antarctica/Vostok/Nowhere", "Mars"])
def test_a_zone_that_windows_lacks_becomes_utc(zone: str) -> None:
    """A right time is worth more than its zone; an unknown name would refuse the whole event."""
    when = Timed(NOON, NOON + HOUR)

    body = to_graph({"when": when}, target={"when": when, "zone": zone})

    assert body["start"] == {"dateTime": "2026-10-05T12:00:00", "timeZone": "UTC"}


def test_the_second_coming_of_an_hour_is_written_in_utc() -> None:
    """02:30 comes twice in Brussels on 2026-10-25; Graph would take the first one."""
    first = datetime(2026, 10, 25, 0, 30, tzinfo=timezone.utc)
    second = first + HOUR

    for start, zone in ((first, "Romance Standard Time"), (second, "UTC")):
        when = Timed(start, start)
        body = to_graph({"when": when}, target={"when": when, "zone": "Europe/Brussels"})
        assert zone == body["start"]["timeZone"]


def test_people_are_written_whole_and_in_order() -> None:
    """The list replaces the one there: kinds and people without an address stay."""
    people = Keyed(
        {
            "name:beamer": Person("resource", "Beamer"),
            "cleo@x.example": Person("optional", "", "Cleo@x.example"),
            "bert@x.example": Person("required", "Bert", "bert@x.example"),
        }
    )

    assert to_graph({"people": people}, target={}) == {
        "attendees": [
            {
                "type": "required",
                "emailAddress": {"name": "Bert", "address": "bert@x.example"},
            },
            {"type": "optional", "emailAddress": {"address": "Cleo@x.example"}},
            {"type": "resource", "emailAddress": {"name": "Beamer"}},
        ]
    }


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"location": ""}, {"location": {"displayName": ""}}),
        ({"reminder": None}, {"isReminderOn": False}),
        ({"reminder": 0}, {"isReminderOn": True, "reminderMinutesBeforeStart": 0}),
        ({"categories": frozenset({"b", "a"})}, {"categories": ["a", "b"]}),
        ({"show_as": "oof"}, {"showAs": "oof"}),
        ({"show_as": "unknown"}, {}),
        ({"body": Body.of("<p>a</p>")}, {"body": {"contentType": "html", "content": "<p>a</p>"}}),
        ({"people": Keyed()}, {"attendees": []}),
    ],
)
def test_a_value_has_one_form(values: Snapshot, expected: dict[str, Any]) -> None:
    """Empty values clear, lists are in a fixed order."""
    assert expected == to_graph(values, target={})


def test_what_graph_cannot_hold_is_refused() -> None:
    """The field is named; nothing is sent."""
    days = AllDay(date.max, date.max)

    for values in ({"reminder": -5}, {"when": days}):
        with pytest.raises(Unmappable) as caught:
            to_graph(values, target={})
        assert [caught.value.field] == list(values)


@pytest.mark.parametrize(
    "values",
    [
        {"nonsense": "x"},
        {"subject": None},
        {"zone": "UTC"},
        {"body": Body(None, Body.of("a").digest)},
    ],
)
def test_a_caller_s_mistake_is_loud(values: Snapshot) -> None:
    """Unknown fields, wrong types, a base instead of a text: our own bugs."""
    with pytest.raises(InvariantBroken):
        to_graph(values, target={})
