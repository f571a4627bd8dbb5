"""Rules of series in Graph's JSON: each pattern, each range, both ways."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from core.engine.errors import Unmappable
from core.engine.recurrence import DAYS, INDEXES, KINDS, Rule
from core.graph.recurrences import rule_from_graph, rule_to_graph
from sandbox.exchange.rules import read_rule

MONDAY = date(2026, 10, 5)
#: What Graph shows where a pattern or a range says nothing.
SILENT_PATTERN = {
    "interval": 1,
    "month": 0,
    "dayOfMonth": 0,
    "daysOfWeek": [],
    "firstDayOfWeek": "sunday",
    "index": "first",
}
SILENT_RANGE = {
    "startDate": "2026-10-05",
    "endDate": "0001-01-01",
    "recurrenceTimeZone": "Romance Standard Time",
    "numberOfOccurrences": 0,
}
NO_END: dict[str, Any] = {"type": "noEnd"}
WORKING_DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday"]


def _shown(pattern: dict[str, Any], span: dict[str, Any]) -> dict[str, Any]:
    """Return a recurrence as Graph shows it: every field is there."""
    return {"pattern": SILENT_PATTERN | pattern, "range": SILENT_RANGE | span}


PATTERNS: list[tuple[dict[str, Any], str, list[str]]] = [
    ({"type": "daily", "interval": 3}, "FREQ=DAILY;INTERVAL=3", ["10-05", "10-08"]),
    (
        {"type": "weekly", "daysOfWeek": ["monday", "wednesday"]},
        "FREQ=WEEKLY;INTERVAL=1;BYDAY=MO,WE;WKST=SU",
        ["10-05", "10-07"],
    ),
    (
        {"type": "absoluteMonthly", "dayOfMonth": 31},
        "FREQ=MONTHLY;INTERVAL=1;BYMONTHDAY=28,29,30,31;BYSETPOS=-1",
        ["10-31", "11-30"],
    ),
    (
        {"type": "relativeMonthly", "daysOfWeek": ["tuesday"], "index": "second"},
        "FREQ=MONTHLY;INTERVAL=1;BYDAY=TU;BYSETPOS=2",
        ["10-13", "11-10"],
    ),
    (
        {"type": "relativeMonthly", "daysOfWeek": WORKING_DAYS, "index": "last"},
        "FREQ=MONTHLY;INTERVAL=1;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
        ["10-30", "11-30"],
    ),
    (
        {"type": "relativeMonthly", "interval": 2, "daysOfWeek": list(DAYS), "index": "last"},
        "FREQ=MONTHLY;INTERVAL=2;BYDAY=SU,MO,TU,WE,TH,FR,SA;BYSETPOS=-1",
        ["10-31", "12-31"],
    ),
    (
        {"type": "absoluteYearly", "month": 11, "dayOfMonth": 2},
        "FREQ=YEARLY;INTERVAL=1;BYMONTH=11;BYMONTHDAY=2",
        ["11-02", "2027-11-02"],
    ),
    (
        {"type": "relativeYearly", "month": 11, "daysOfWeek": ["thursday"], "index": "fourth"},
        "FREQ=YEARLY;INTERVAL=1;BYMONTH=11;BYDAY=TH;BYSETPOS=4",
        ["11-26", "2027-11-25"],
    ),
]
#: Range in Graph -> whether a count is said, and the last of the dates of every Monday.
RANGES: list[tuple[dict[str, Any], int | None, date | None]] = [
    (NO_END, None, None),
    ({"type": "endDate", "endDate": "2026-10-20"}, None, date(2026, 10, 19)),
    ({"type": "numbered", "numberOfOccurrences": 2}, 2, date(2026, 10, 12)),
    ({"type": "endDate", "endDate": "4500-09-01"}, None, None),
    ({"type": "endDate", "endDate": "4500-01-01"}, None, None),
]


@pytest.mark.parametrize(("pattern", "rrule", "days"), PATTERNS)
def test_each_pattern_is_read_and_written(
    pattern: dict[str, Any], rrule: str, days: list[str]
) -> None:
    """What is read means the same dates; written, it is what Graph showed, unused fields away."""
    rule = rule_from_graph(_shown(pattern, NO_END))

    years = rule.slots(date(2030, 1, 1))
    expected = [date.fromisoformat(day if len(day) > 5 else f"2026-{day}") for day in days]
    assert [next(years), next(years)] == expected
    assert rule.rrule() == rrule
    written = rule_to_graph(rule, start=rule.start, zone="UTC")
    sent = {"interval": 1} | pattern
    if pattern["type"] == "weekly":
        sent["firstDayOfWeek"] = "sunday"
    if "daysOfWeek" in sent:
        sent["daysOfWeek"] = sorted(sent["daysOfWeek"], key=DAYS.index)
    assert written["pattern"] == sent


@pytest.mark.parametrize(("span", "count", "end"), RANGES)
def test_each_range_is_read_and_written(
    span: dict[str, Any], count: int | None, end: date | None
) -> None:
    """An end is the last date that there is; one in the year 4500 is none (seen by OGCS)."""
    rule = rule_from_graph(_shown({"type": "weekly", "daysOfWeek": ["monday"]}, span))

    assert (rule.count, rule.end, rule.start) == (count, end, MONDAY)
    written = rule_to_graph(rule, start=MONDAY, zone="Romance Standard Time")["range"]
    expected: dict[str, Any] = {
        "startDate": "2026-10-05",
        "recurrenceTimeZone": "Romance Standard Time",
    }
    if count is not None:
        expected |= {"type": "numbered", "numberOfOccurrences": count}
    elif end is not None:
        expected |= {"type": "endDate", "endDate": end.isoformat()}
    else:
        expected["type"] = "noEnd"
    assert written == expected


def test_weeks_begin_where_the_pattern_says() -> None:
    """Of every second week only: else it makes no difference, and none is seen."""
    both = {"type": "weekly", "daysOfWeek": ["sunday", "monday"], "interval": 2}
    dates = {
        first: [
            day.day
            for day in rule_from_graph(_shown(both | {"firstDayOfWeek": first}, NO_END)).slots(
                date(2026, 11, 2)
            )
        ]
        for first in ("sunday", "monday")
    }

    assert dates == {"sunday": [5, 18, 19, 1, 2], "monday": [5, 11, 19, 25, 2]}
    every = [
        rule_from_graph(_shown(both | {"interval": 1, "firstDayOfWeek": first}, NO_END))
        for first in ("sunday", "monday")
    ]
    assert every[0] == every[1]


def test_a_start_that_the_pattern_misses_is_moved_to_its_first_date() -> None:
    """Exchange does so as well when it is written, but old items exist."""
    rule = rule_from_graph(_shown({"type": "weekly", "daysOfWeek": ["thursday"]}, NO_END))

    assert rule.start == date(2026, 10, 8)


def test_capitals_do_not_matter() -> None:
    """The documentation's own samples write Monday and monday."""
    pattern = {"type": "Weekly", "daysOfWeek": ["Monday"], "firstDayOfWeek": "Sunday"}

    assert rule_from_graph(_shown(pattern, {"type": "NoEnd"})) == rule_from_graph(
        _shown({"type": "weekly", "daysOfWeek": ["monday"]}, NO_END)
    )


def test_what_an_enumeration_leaves_out_has_its_first_value() -> None:
    """index and firstDayOfWeek may be null."""
    pattern = {"type": "relativeMonthly", "daysOfWeek": ["monday"], "index": None}

    rule = rule_from_graph(_shown(pattern | {"firstDayOfWeek": None}, NO_END))

    assert (rule.index, rule.start) == ("first", MONDAY)


@pytest.mark.parametrize(
    ("pattern", "span"),
    [
        ({"type": "hourly"}, NO_END),
        ({"type": None}, NO_END),
        ({"type": "daily", "interval": 0}, NO_END),
        ({"type": "daily", "interval": None}, NO_END),
        ({"type": "daily", "interval": True}, NO_END),
        ({"type": "weekly"}, NO_END),
        ({"type": "weekly", "daysOfWeek": ["someday"]}, NO_END),
        ({"type": "weekly", "daysOfWeek": [1]}, NO_END),
        ({"type": "absoluteMonthly"}, NO_END),
        ({"type": "absoluteYearly", "dayOfMonth": 1, "month": 13}, NO_END),
        ({"type": "relativeMonthly", "daysOfWeek": ["monday"], "index": "fifth"}, NO_END),
        ({"type": "daily"}, {"type": "someday"}),
        ({"type": "daily"}, {"type": "endDate", "endDate": "0001-01-01"}),
        ({"type": "daily"}, {"type": "endDate", "endDate": None}),
        ({"type": "daily"}, {"type": "numbered"}),
        ({"type": "daily"}, {"type": "numbered", "numberOfOccurrences": -1}),
        ({"type": "daily"}, {"type": "noEnd", "startDate": "0001-01-01"}),
        ({"type": "daily"}, {"type": "noEnd", "startDate": "soon"}),
        (
            {"type": "absoluteMonthly", "dayOfMonth": 1},
            {"type": "endDate", "endDate": "2026-10-20"},
        ),
    ],
)
def test_nonsense_is_no_rule(pattern: dict[str, Any], span: dict[str, Any]) -> None:
    """The series is parked, with the field's name."""
    with pytest.raises(Unmappable) as caught:
        rule_from_graph(_shown(pattern, span))

    assert caught.value.field == "rule"


_rules = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(KINDS),
        "interval": st.integers(1, 6),
        "start": st.dates(date(2020, 1, 1), date(2032, 12, 31)),
        "weekdays": st.sets(st.sampled_from(DAYS), min_size=1),
        "day": st.integers(1, 31),
        "month": st.integers(1, 12),
        "index": st.sampled_from(INDEXES),
        "first_day": st.sampled_from(DAYS),
        "length": st.integers(0, 4000),
        "count": st.none() | st.integers(1, 30),
        "is_open": st.booleans(),
    }
)


def _rule(drawn: dict[str, Any]) -> Rule:
    parts = {name: one for name, one in drawn.items() if name not in {"length", "is_open"}}
    if parts["count"] is None and not drawn["is_open"]:
        parts["end"] = drawn["start"] + timedelta(days=drawn["length"])
    return Rule.settled(**parts)


@given(_rules)
def test_what_exchange_makes_of_a_rule_is_that_rule(drawn: dict[str, Any]) -> None:
    """Written, read by the sandbox, shown by it, read again: the same rule and the same dates."""
    try:
        rule = _rule(drawn)
    except Unmappable:
        assume(False)

    held = read_rule(rule_to_graph(rule, start=rule.start, zone="Romance Standard Time"))

    assert held is not None
    again = rule_from_graph(held.as_json())
    assert (again, again.count) == (rule, rule.count)
    horizon = rule.start + timedelta(days=800)
    assert list(rule.slots(horizon)) == list(held.dates(horizon))
