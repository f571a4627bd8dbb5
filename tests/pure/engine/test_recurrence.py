"""A rule names the dates that Exchange would, and says so in the words of RFC 5545."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import islice

import pytest
from dateutil.rrule import rrulestr
from hypothesis import assume, given
from hypothesis import strategies as st

from core.engine.errors import Unmappable
from core.engine.recurrence import DAYS, INDEXES, KINDS, LAST_DATE, Rule
from sandbox.exchange.recurrence import Rule as ExchangeRule
from strategies import rules

MON_WED = frozenset({"monday", "wednesday"})


def weekly(*days: str, **parts: object) -> Rule:
    """Return a weekly rule from Monday 2026-01-05 on."""
    given: dict[str, object] = {"interval": 1, "start": date(2026, 1, 5), **parts}
    return Rule.settled(kind="weekly", weekdays=days, **given)  # type: ignore[arg-type]


def days_of(rule: Rule, number: int = 6) -> list[str]:
    """Return the first dates in short."""
    return [day.isoformat() for day in islice(rule.slots(), number)]


@given(
    st.sampled_from(KINDS),
    st.integers(1, 13),
    st.dates(date(2020, 1, 1), date(2030, 1, 1)),
    st.frozensets(st.sampled_from(DAYS), min_size=1),
    st.integers(1, 31),
    st.integers(1, 12),
    st.sampled_from(INDEXES),
    st.sampled_from(DAYS),
    st.integers(0, 3000),
)
def test_it_has_the_dates_of_exchange(
    kind: str,
    interval: int,
    start: date,
    weekdays: frozenset[str],
    day: int,
    month: int,
    index: str,
    first_day: str,
    length: int,
) -> None:
    """The sandbox expands patterns by code of its own: both come to the same dates."""
    until = start + timedelta(days=length)
    theirs = ExchangeRule(
        kind, interval, "noEnd", start, tuple(weekdays), day, month, index, first_day
    )
    wanted = list(theirs.dates(until))
    assume(wanted)
    ours = Rule.settled(
        kind=kind,
        interval=interval,
        start=start,
        end=until,
        weekdays=weekdays,
        day=day,
        month=month,
        index=index,
        first_day=first_day,
    )

    assert wanted == list(ours.slots())
    assert (wanted[0], wanted[-1]) == (ours.start, ours.end)


@given(rules())
def test_its_words_mean_its_dates(rule: Rule) -> None:
    """dateutil, from the first date on, expands the RFC 5545 text to the same dates."""
    noon = datetime.combine(rule.start, datetime.min.time())
    theirs = rrulestr(rule.rrule(), dtstart=noon)

    assert list(islice(rule.ending(None).slots(), 40)) == [
        moment.date() for moment in islice(theirs, 40)
    ]


@given(rules(ends=True))
def test_a_date_is_hit_exactly_if_it_is_among_the_dates(rule: Rule) -> None:
    """``hits`` computes what ``slots`` lists."""
    assert rule.end is not None
    dates = set(rule.slots())
    span = min((rule.end - rule.start).days, 1500)

    for number in range(-3, span + 3):
        day = rule.start + timedelta(days=number)
        assert (day in dates) == rule.hits(day)


@given(rules(ends=True), st.data())
def test_a_cut_keeps_the_other_dates(rule: Rule, data: st.DataObject) -> None:
    """Ending or starting elsewhere takes dates away and moves none, and can be undone."""
    dates = list(rule.slots())
    at = data.draw(st.integers(0, len(dates) - 1))
    head, tail = rule.ending(dates[at]), rule.starting(dates[at])

    assert (dates[: at + 1], dates[at:]) == (list(head.slots()), list(tail.slots()))
    assert rule == head.ending(None).ending(rule.end) == tail.starting(rule.start)
    assert (at + 1, len(dates) - at) == (head.counted().count, tail.counted().count)


@given(rules(ends=True))
def test_a_number_and_a_date_are_two_words_for_one_end(rule: Rule) -> None:
    """``count`` tells how the end is said, and two ends on one date are equal."""
    counted = rule.counted()

    assert counted == rule
    assert counted.count == len(list(rule.slots()))


def test_the_start_moves_on_to_the_first_date() -> None:
    """A start between the dates is no date, and neither is such an end."""
    rule = weekly("monday", "wednesday", start=date(2026, 1, 6), end=date(2026, 1, 16))

    assert (date(2026, 1, 7), date(2026, 1, 14)) == (rule.start, rule.end)


def test_a_day_that_a_month_lacks_is_its_last() -> None:
    """The 31st falls on February 28th, the leap day on the 28th of other years."""
    monthly = Rule.settled(kind="absoluteMonthly", interval=1, start=date(2026, 1, 31), day=31)
    yearly = Rule.settled(
        kind="absoluteYearly", interval=1, start=date(2024, 2, 29), day=29, month=2
    )

    assert ["2026-01-31", "2026-02-28", "2026-03-31"] == days_of(monthly, 3)
    assert ["2024-02-29", "2025-02-28", "2026-02-28"] == days_of(yearly, 3)


def test_the_last_of_several_weekdays_is_one_day() -> None:
    """Last working day of the month: one date, not five."""
    rule = Rule.settled(
        kind="relativeMonthly",
        interval=1,
        start=date(2026, 1, 1),
        weekdays=DAYS[1:6],
        index="last",
    )

    assert ["2026-01-30", "2026-02-27", "2026-03-31"] == days_of(rule, 3)


def test_where_weeks_are_left_out_their_first_day_counts() -> None:
    """Every other week on Sunday and Monday: together, or eight days apart."""
    sunday = date(2026, 1, 4)
    days = ("sunday", "monday")
    american = weekly(*days, start=sunday, interval=2, first_day="sunday")
    french = weekly(*days, start=sunday, interval=2, first_day="monday")

    assert ["2026-01-04", "2026-01-05", "2026-01-18", "2026-01-19"] == days_of(american, 4)
    assert ["2026-01-04", "2026-01-12", "2026-01-18", "2026-01-26"] == days_of(french, 4)
    assert not american.same_pattern(french)


def test_weeks_that_begin_otherwise_and_come_to_the_same_are_equal() -> None:
    """No difference where no week is left out, one day a week, or no day of it in between."""
    assert weekly("monday", "sunday") == weekly("monday", "sunday", first_day="friday")
    assert weekly("monday", interval=2) == weekly("monday", interval=2, first_day="monday")
    assert weekly(*MON_WED, interval=2) == weekly(*MON_WED, interval=2, first_day="saturday")
    assert weekly(*MON_WED, interval=2) != weekly(*MON_WED, interval=2, first_day="tuesday")


def test_parts_that_a_kind_does_not_use_make_no_difference() -> None:
    """Graph fills in every part of a pattern, used or not."""
    rich = Rule("daily", 1, date(2026, 1, 5), None, MON_WED, 5, 6, "last", "friday")

    assert Rule("daily", 1, date(2026, 1, 5)) == rich


@pytest.mark.parametrize(
    "parts",
    [
        {"kind": "hourly"},
        {"interval": 0},
        {"kind": "weekly"},
        {"kind": "weekly", "weekdays": ("Mo",)},
        {"kind": "absoluteMonthly"},
        {"kind": "absoluteMonthly", "day": 32},
        {"kind": "absoluteYearly", "day": 1, "month": 13},
        {"kind": "relativeMonthly", "weekdays": ("monday",), "index": "fifth"},
        {"end": date(2026, 1, 4)},
        {"count": 0},
        {"start": date(4500, 9, 1)},
        {"start": date(1600, 1, 1)},
        {"kind": "weekly", "weekdays": ("tuesday",), "end": date(2026, 1, 5)},
    ],
)
def test_nonsense_is_unmappable(parts: dict[str, object]) -> None:
    """A pattern that says nothing, and one that takes place on no day."""
    given: dict[str, object] = {"kind": "daily", "interval": 1, "start": date(2026, 1, 5), **parts}

    with pytest.raises(Unmappable):
        Rule.settled(**given)  # type: ignore[arg-type]


def test_time_ends() -> None:
    """A series without end stops where Exchange's calendar does."""
    rule = Rule.settled(kind="daily", interval=1, start=LAST_DATE - timedelta(days=2))

    assert 3 == len(list(rule.slots()))
    assert not rule.hits(LAST_DATE + timedelta(days=1))
