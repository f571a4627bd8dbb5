"""Series that began long ago: their rows are those of the last year, their past stays as it is."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest

from core.engine.recurrence import Rule
from core.engine.series import CANCELLED, Folded, Hint, Row, fold, unfold
from core.engine.snapshot import EMPTY, Keyed, Snapshot, Timed
from core.engine.timezones import local_to_utc

BRUSSELS = "Europe/Brussels"
DAY = timedelta(days=1)
SINCE = date(2026, 1, 1)
UNTIL = date(2027, 1, 10)
DAILY = Hint("daily", 1, is_open=True)
STARTS = [date(1900, 1, 1), date(2010, 6, 1)]


def at(day: date, hour: int = 10) -> Timed:
    """Return an hour by Brussels' clock."""
    start = local_to_utc(datetime.combine(day, time(hour)), BRUSSELS)
    return Timed(start, start + timedelta(hours=1))


def daily(start: date, **exceptions: Keyed | str) -> Snapshot:
    """Return a series of every day; exceptions are named like ``d20100603``."""
    occurrences = {date.fromisoformat(f"{name[1:5]}-{name[5:7]}-{name[7:]}").isoformat(): one
                   for name, one in exceptions.items()}  # fmt: skip
    return Keyed(
        {
            "subject": "Stand-up",
            "when": at(start),
            "zone": BRUSSELS,
            "rule": Rule.settled(kind="daily", interval=1, start=start),
            "occurrences": Keyed(occurrences),
        }
    )


def rows(series: Snapshot) -> dict[date, Row]:
    """Return the rows between both bounds, by slot."""
    shown = unfold(series, until=UNTIL, since=SINCE)
    return {
        slot: Row(Keyed((key, one) for key, one in each.items() if key != "zone"), None, True)
        for slot, each in shown.items()
    }


def folded(found: dict[date, Row], past: Snapshot) -> Folded:
    """Fold rows of which the first is where a window begins."""
    return fold(
        list(found.values()), DAILY, BRUSSELS, past=past, horizon=UNTIL, since=SINCE
    )  # fmt: skip


@pytest.mark.parametrize("start", STARTS)
def test_a_series_of_long_ago_keeps_its_beginning(start: date) -> None:
    """Rows of a year make the series that began a century ago."""
    series = daily(start, d20260105=CANCELLED)
    found = rows(series)
    folding = folded(found, series)

    assert (SINCE, UNTIL, 374) == (min(found), max(found), len(found))
    assert series == folding.snapshot
    assert () == folding.strays


def test_what_was_otherwise_in_the_past_stays() -> None:
    """Exceptions on dates without a row are what they were; so are those of the rows."""
    own = Keyed({"subject": "Party"})
    series = daily(STARTS[1], d20100603=CANCELLED, d20110101=own, d20260203=own)

    assert series == folded(rows(series), series).snapshot


def test_a_row_before_the_others_counts() -> None:
    """It is there, and says what is otherwise on its date; its neighbours are not cancelled."""
    series, day = daily(STARTS[1]), SINCE - 30 * DAY
    early = Row(Keyed({"subject": "Party", "when": at(day)}), None, True)
    folding = folded({day: early, **rows(series)}, series)

    own = Keyed({day.isoformat(): Keyed({"subject": "Party"})})
    assert Keyed({**series, "occurrences": own}) == folding.snapshot
    assert day == folding.slots[0]


def test_a_row_that_is_gone_is_one_cancelled_date() -> None:
    """The first of the rows, too: the series began long before."""
    series = daily(STARTS[1])
    left = rows(series)
    del left[SINCE], left[SINCE + 7 * DAY]

    cancelled = [SINCE.isoformat(), (SINCE + 7 * DAY).isoformat()]
    expected = Keyed((slot, CANCELLED) for slot in cancelled)
    assert Keyed({**series, "occurrences": expected}) == folded(left, series).snapshot


def test_another_time_of_day_does_not_cut_the_past_off() -> None:
    """All rows an hour later: it is the series from its first date on that moves."""
    series = daily(STARTS[1])
    moved = {slot: Row(Keyed({**one.fields, "when": at(slot, 11)}), None, True)
             for slot, one in rows(series).items()}  # fmt: skip
    after = folded(moved, series).snapshot

    assert (series["rule"], at(STARTS[1], 11), EMPTY) == tuple(
        after[name] for name in ("rule", "when", "occurrences")
    )


def test_the_dates_of_a_rule_between_two_days() -> None:
    """A fortnight stays the same fortnight, wherever it is looked at."""
    rule = Rule.settled(
        kind="weekly", interval=2, start=date(2010, 6, 1), weekdays={"tuesday", "friday"}
    )
    for offset in range(15):
        since = SINCE + offset * DAY
        expected = [day for day in rule.slots(UNTIL) if day >= since]
        assert expected == list(rule.slots(UNTIL, since=since))
