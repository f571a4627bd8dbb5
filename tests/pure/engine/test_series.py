"""What Odoo does to the rows of a series, act by act, and the one series that comes of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone

import pytest
from rows import BRUSSELS, HOUR, JANUARY, MONDAYS, PLAN, at, days_of, folded, row, rule_of

from core.engine.recurrence import DAYS, Rule
from core.engine.series import (
    CANCELLED,
    Hint,
    Row,
    fold,
    is_slot_when,
    overrides,
    slot_when,
    unfold,
)
from core.engine.snapshot import EMPTY, AllDay, Body, Keyed, Person, Timed


def test_rows_that_follow_are_a_series_without_exceptions() -> None:
    """Four Mondays, and nothing else to say."""
    assert ("2026-01-05", "2026-01-26") == days_of(PLAN)
    assert ("Plan", BRUSSELS, at(date(2026, 1, 5)), EMPTY) == tuple(
        PLAN[name] for name in ("subject", "zone", "when", "occurrences")
    )


def test_a_series_that_ends_before_its_own_row_ends_on_its_row() -> None:
    """*This and following* on the second Wednesday: the record ends on the 11th, a row is later."""
    days = ["2026-04-06", "2026-04-08", "2026-04-10", "2026-04-13"]
    hint = Hint("weekly", 1, {"monday", "wednesday", "friday"})

    after = folded([row(day) for day in days], hint).snapshot

    assert ("2026-04-06", "2026-04-13") == days_of(after)
    assert EMPTY == after["occurrences"]


@pytest.mark.parametrize("first_day", DAYS)
@pytest.mark.parametrize(
    "days",
    [
        ["2026-04-05", "2026-04-06", "2026-04-19", "2026-04-20"],
        ["2026-04-05", "2026-04-13", "2026-04-19", "2026-04-27"],
    ],
)
def test_the_rows_tell_on_which_day_weeks_begin(days: list[str], first_day: str) -> None:
    """Fortnightly Sunday and Monday, expanded in an American's language or a Frenchman's."""
    hint = Hint("weekly", 2, {"sunday", "monday"}, first_day=first_day)

    after = folded([row(day) for day in days], hint).snapshot

    assert days == [day.isoformat() for day in rule_of(after).slots()]
    assert EMPTY == after["occurrences"]


def test_months_without_the_day_are_cancelled_dates() -> None:
    """Monthly on the 31st: Odoo leaves out what Exchange moves to the month's last day."""
    days = ["2026-01-31", "2026-03-31", "2026-05-31"]

    after = folded([row(day) for day in days], Hint("absoluteMonthly", 1, day=31)).snapshot

    assert Keyed({"2026-02-28": CANCELLED, "2026-04-30": CANCELLED}) == after["occurrences"]


def test_an_open_series_cancels_only_as_far_as_there_are_rows() -> None:
    """Beyond the horizon nobody has seen a row, so none is missing."""
    days = ["2026-01-31", "2026-03-31"]
    hint = Hint("absoluteMonthly", 1, day=31, is_open=True)

    after = folded([row(day) for day in days], hint, horizon=date(2026, 12, 31)).snapshot

    assert ("2026-01-31", None) == days_of(after)
    assert Keyed({"2026-02-28": CANCELLED}) == after["occurrences"]


def test_a_yearly_leap_day_waits_four_years() -> None:
    """February 29th, where the record leaves day and month to its first event."""
    after = folded([row("2024-02-29"), row("2028-02-29")], Hint("absoluteYearly", 1)).snapshot

    assert ["2025-02-28", "2026-02-28", "2027-02-28"] == sorted(after["occurrences"])  # type: ignore[arg-type]


@pytest.mark.parametrize("gone", JANUARY)
def test_one_row_that_goes_is_a_cancelled_date(gone: str) -> None:
    """The first, the last, one in between: no new pattern, the end stays."""
    after = folded([row(day) for day in JANUARY if day != gone], past=PLAN).snapshot

    assert Keyed({**PLAN, "occurrences": Keyed({gone: CANCELLED})}) == after


@pytest.mark.parametrize(
    ("hint", "end", "exceptions"),
    [
        (replace(MONDAYS, count=3), "2026-01-19", {}),
        (replace(MONDAYS, until=date(2026, 1, 25)), "2026-01-19", {}),
        (replace(MONDAYS, count=4), "2026-01-26", {"2026-01-26": CANCELLED}),
        (replace(MONDAYS, until=date(2026, 1, 26)), "2026-01-26", {"2026-01-26": CANCELLED}),
    ],
)
def test_the_record_tells_a_new_end_from_a_cancelled_last_date(
    hint: Hint, end: str, exceptions: dict[str, str]
) -> None:
    """One row less at the end: the series got shorter if its own record ends before."""
    shorter = folded([row(day) for day in JANUARY[:3]], hint, past=PLAN).snapshot

    assert ("2026-01-05", end) == days_of(shorter)
    assert exceptions == shorter["occurrences"]


def test_two_rows_that_go_at_the_end_make_it_shorter() -> None:
    """That is *this and following*: the series ends, nothing is cancelled."""
    after = folded([row(day) for day in JANUARY[:2]], past=PLAN).snapshot

    assert ("2026-01-05", "2026-01-12") == days_of(after)
    assert EMPTY == after["occurrences"]


def test_one_more_cancelled_at_the_end_keeps_the_end() -> None:
    """The last was cancelled before; now the one before it is: two cancelled dates."""
    once = folded([row(day) for day in JANUARY[:3]], past=PLAN).snapshot

    twice = folded([row(day) for day in JANUARY[:2]], past=once).snapshot

    assert Keyed(dict.fromkeys(JANUARY[2:], CANCELLED)) == twice["occurrences"]
    assert rule_of(PLAN) == rule_of(twice)


def test_an_open_series_that_was_cut_has_an_end() -> None:
    """The record says for ever; its rows stop long before the horizon."""
    hint = Hint("weekly", 1, {"monday"}, is_open=True)
    until = date(2026, 1, 26)
    whole = folded([row(day) for day in JANUARY], hint, horizon=until).snapshot

    cut = folded([row(day) for day in JANUARY[:2]], hint, past=whole, horizon=until).snapshot
    one_less = folded([row(day) for day in JANUARY[:3]], hint, past=whole, horizon=until).snapshot

    assert ("2026-01-05", None) == days_of(whole)
    assert ("2026-01-05", "2026-01-12") == days_of(cut)
    assert ("2026-01-05", None) == days_of(one_less)
    assert Keyed({"2026-01-26": CANCELLED}) == one_less["occurrences"]


def test_an_end_beyond_the_horizon_stays() -> None:
    """Rows show the next years only: what comes after them is not cancelled, nor cut off."""
    late = {"2026-12-07": CANCELLED}
    far = Keyed(
        {
            **PLAN,
            "rule": rule_of(PLAN).ending(None).ending(date(2026, 12, 28)),
            "occurrences": Keyed(late),
        }
    )

    after = folded([row(day) for day in JANUARY], past=far, horizon=date(2026, 1, 31)).snapshot

    assert far == after


def test_another_time_of_day_is_a_new_beginning() -> None:
    """All moved to ten, the first was deleted before: the series begins on the first row."""
    past = folded([row(day) for day in JANUARY[1:]], past=PLAN).snapshot

    after = folded([row(day, 10) for day in JANUARY[1:]], past=past).snapshot

    assert (at(date(2026, 1, 12), 10), EMPTY) == (after["when"], after["occurrences"])
    assert ("2026-01-12", "2026-01-26") == days_of(after)


def test_most_rows_name_the_series() -> None:
    """Three of four: the fourth is the exception."""
    names = ["A", "B", "B", "B"]
    rows = [row(day, subject=name) for day, name in zip(JANUARY, names, strict=True)]

    after = folded(rows, past=PLAN).snapshot

    assert ("B", Keyed({JANUARY[0]: Keyed({"subject": "A"})})) == (
        after["subject"],
        after["occurrences"],
    )


def test_at_a_tie_the_series_keeps_its_name() -> None:
    """Two renamed of four, the first two: they are the exceptions."""
    names = ["New", "New", "Plan", "Plan"]
    rows = [row(day, subject=name) for day, name in zip(JANUARY, names, strict=True)]

    assert "Plan" == folded(rows, past=PLAN).snapshot["subject"]
    assert "New" == folded(rows).snapshot["subject"]


def test_exceptions_do_not_rename_the_series_however_many() -> None:
    """Three exceptions of old have no say when the fourth, the only follower, is renamed."""
    special = {day: Keyed({"subject": "Special"}) for day in JANUARY[:3]}
    past = Keyed({**PLAN, "occurrences": Keyed(special)})
    same = [row(day, subject="Special") for day in JANUARY[:3]]

    unchanged = folded([*same, row(JANUARY[3])], past=past).snapshot
    renamed = folded([*same, row(JANUARY[3], subject="New")], past=past).snapshot

    assert past == unchanged
    assert Keyed({**past, "subject": "New"}) == renamed


def test_a_renamed_series_is_renamed_with_its_exceptions() -> None:
    """*All events*: Odoo gives every row the new name, exceptions too."""
    past = Keyed({**PLAN, "occurrences": Keyed({JANUARY[1]: Keyed({"subject": "Special"})})})

    after = folded([row(day, subject="New") for day in JANUARY], past=past).snapshot

    assert ("New", EMPTY) == (after["subject"], after["occurrences"])


@pytest.mark.parametrize(("start", "hours"), [(22, 8), (9, 26)])
def test_both_ways_across_a_change_of_the_clock_are_unmoved(start: int, hours: int) -> None:
    """Over the night to summer time Exchange keeps the hour of the end, Odoo the duration."""
    hint = Hint("weekly", 1, {"saturday"})
    days = [date(2026, 3, 21), date(2026, 3, 28), date(2026, 4, 4)]
    odoo = [Row(Keyed({"when": at(day, start, hours=hours)}), None, True) for day in days]
    series = folded(odoo, hint).snapshot
    by_the_clock = slot_when(series, days[1])

    assert EMPTY == series["occurrences"]
    assert isinstance(by_the_clock, Timed)
    assert (hours - 1) * HOUR == by_the_clock.end - by_the_clock.start
    assert is_slot_when(series, days[1], by_the_clock)
    assert is_slot_when(series, days[1], at(days[1], start, hours=hours))
    assert not is_slot_when(series, days[1], at(days[1], start, 1, hours=hours))


def test_an_hour_that_does_not_exist_moves_forward_for_a_day() -> None:
    """Half past two on the night to summer time: half past three, and the others stay."""
    day = date(2026, 3, 29)
    series = folded(
        [row("2026-03-22", 2), row("2026-03-29", 2), row("2026-04-05", 2)],
        Hint("weekly", 1, {"sunday"}),
    ).snapshot

    assert EMPTY == series["occurrences"]
    assert Timed(
        datetime(2026, 3, 29, 1, tzinfo=timezone.utc), datetime(2026, 3, 29, 2, tzinfo=timezone.utc)
    ) == slot_when(series, day)


def test_an_hour_that_comes_twice_is_standard_time() -> None:
    """Odoo takes the second coming; somebody who takes the first has not moved it either."""
    series = folded([row("2026-10-18", 2)], Hint("weekly", 1, {"sunday"})).snapshot
    first = datetime(2026, 10, 25, 0, tzinfo=timezone.utc)

    assert Timed(first + HOUR, first + 2 * HOUR) == slot_when(series, date(2026, 10, 25))
    assert is_slot_when(series, date(2026, 10, 25), Timed(first, first + HOUR))


def test_whole_days_stay_whole_days() -> None:
    """All-day series float; one timed occurrence is an exception."""
    days = [date(2026, 1, 5), date(2026, 1, 12)]
    rows = [Row(Keyed({"when": AllDay(day, day + timedelta(days=1))}), None, True) for day in days]
    timed = Row(Keyed({"when": at(date(2026, 1, 19))}), None, False)

    after = folded([*rows, timed]).snapshot

    assert AllDay(days[0], days[0] + timedelta(days=1)) == after["when"]
    assert Keyed({"2026-01-19": Keyed({"when": timed.when})}) == after["occurrences"]


def test_an_occurrence_says_only_what_differs() -> None:
    """Zone and what the series does not show are nobody's exception."""
    shown = {
        "subject": "Plan",
        "when": at(date(2026, 1, 12)),
        "zone": "Asia/Tokyo",
        "location": "Roof",
    }

    assert EMPTY == overrides(PLAN, shown, date(2026, 1, 12))
    assert Keyed({"when": shown["when"]}) == overrides(PLAN, shown, date(2026, 1, 19))


def test_a_single_meeting_is_its_only_occurrence() -> None:
    """A series that becomes single, and back, needs no other way of writing rows."""
    single = Keyed({**PLAN, "rule": None})

    assert [date(2026, 1, 5)] == list(unfold(single, until=None))


def test_rows_of_a_series_show_no_series() -> None:
    """Unfolded, a row has what a meeting of its own has: no rule, no exceptions."""
    rows = unfold(PLAN, until=date(2026, 1, 12), limit=9)

    assert [date(2026, 1, 5), date(2026, 1, 12)] == list(rows)
    assert {"subject", "when", "zone"} == {name for fields in rows.values() for name in fields}


def test_no_rows_are_no_series() -> None:
    """Who has nothing to fold asks in vain."""
    with pytest.raises(ValueError, match="row"):
        folded([])


def test_as_many_rows_as_there_may_be_are_one_series() -> None:
    """720, Odoo's most: nobody moved one, so there is nothing to say of any."""
    series = Keyed(
        {
            "subject": "Plan",
            "body": Body.of("<p>x</p>"),
            "people": Keyed({f"{one}@example.com": Person("required") for one in "abcdefgh"}),
            "zone": BRUSSELS,
            "when": at(date(2026, 1, 5)),
            "rule": Rule("daily", 1, date(2026, 1, 5), date(2027, 12, 25)),
            "occurrences": EMPTY,
        }
    )
    rows = [Row(fields, None, True) for fields in unfold(series, until=None).values()]
    assert 720 == len(rows)

    after = fold(rows, Hint("daily", 1), BRUSSELS, past=series, horizon=None)

    assert series == after.snapshot
