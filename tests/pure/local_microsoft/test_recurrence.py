"""The sandbox's own expansion against dateutil's: two implementations, one meaning."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from itertools import islice

from dateutil import rrule
from hypothesis import assume, given
from hypothesis import strategies as st

from sandbox.exchange.recurrence import DAYS, INDEXES, LAST_DATE, Rule

#: Our weekdays begin on Sunday, dateutil's on Monday.
WEEKDAYS = {name: (number - 1) % 7 for number, name in enumerate(DAYS)}
POSITIONS = dict(zip(INDEXES, (1, 2, 3, 4, -1), strict=True))

starts = st.dates(date(2020, 1, 1), date(2030, 12, 31))
day_sets = st.lists(st.sampled_from(DAYS), min_size=1, max_size=7, unique=True).map(tuple)


def mine(rule: Rule, number: int = 12) -> list[date]:
    """Return the first dates by the sandbox."""
    return list(islice(rule.dates(LAST_DATE), number))


def theirs(start: date, *, number: int = 12, **values: object) -> list[date]:
    """Return the first dates by dateutil."""
    begin = datetime(start.year, start.month, start.day, tzinfo=timezone.utc)
    return [moment.date() for moment in islice(rrule.rrule(dtstart=begin, **values), number)]


@given(starts, st.integers(1, 40))
def test_daily(start: date, interval: int) -> None:
    """Every n days."""
    rule = Rule("daily", interval, "noEnd", start)

    assert theirs(start, freq=rrule.DAILY, interval=interval) == mine(rule)


@given(starts, st.integers(1, 5), day_sets, st.sampled_from(DAYS))
def test_weekly(start: date, interval: int, days: tuple[str, ...], first: str) -> None:
    """Weeks begin on the day that the pattern says."""
    rule = Rule("weekly", interval, "noEnd", start, days=days, first_day=first)

    expected = theirs(
        start,
        freq=rrule.WEEKLY,
        interval=interval,
        byweekday=[WEEKDAYS[day] for day in days],
        wkst=WEEKDAYS[first],
    )
    assert expected == mine(rule)


@given(starts, st.integers(1, 14), st.integers(1, 31))
def test_monthly_by_day(start: date, interval: int, day: int) -> None:
    """A day that a month lacks is its last one."""
    rule = Rule("absoluteMonthly", interval, "noEnd", start, day_of_month=day)

    expected = theirs(
        start,
        freq=rrule.MONTHLY,
        interval=interval,
        bymonthday=list(range(min(day, 28), day + 1)),
        bysetpos=-1,
    )
    # dateutil counts months from the start's own: a date before the start only delays it.
    assert expected == mine(rule)


@given(starts, st.integers(1, 14), day_sets, st.sampled_from(INDEXES))
def test_monthly_by_weekday(start: date, interval: int, days: tuple[str, ...], index: str) -> None:
    """Several weekdays: the n-th day that is any of them."""
    rule = Rule("relativeMonthly", interval, "noEnd", start, days=days, index=index)

    expected = theirs(
        start,
        freq=rrule.MONTHLY,
        interval=interval,
        byweekday=[WEEKDAYS[day] for day in days],
        bysetpos=POSITIONS[index],
    )
    assert expected == mine(rule)


@given(starts, st.integers(1, 5), st.integers(1, 12), st.integers(1, 28))
def test_yearly_by_day(start: date, interval: int, month: int, day: int) -> None:
    """One date a year."""
    rule = Rule("absoluteYearly", interval, "noEnd", start, month=month, day_of_month=day)

    expected = theirs(start, freq=rrule.YEARLY, interval=interval, bymonth=month, bymonthday=day)
    assert expected == mine(rule)


@given(starts, st.integers(1, 5), st.integers(1, 12), day_sets, st.sampled_from(INDEXES))
def test_yearly_by_weekday(
    start: date, interval: int, month: int, days: tuple[str, ...], index: str
) -> None:
    """The n-th such day of a month."""
    rule = Rule("relativeYearly", interval, "noEnd", start, days=days, month=month, index=index)

    expected = theirs(
        start,
        freq=rrule.YEARLY,
        interval=interval,
        bymonth=month,
        byweekday=[WEEKDAYS[day] for day in days],
        bysetpos=POSITIONS[index],
    )
    assert expected == mine(rule)


@given(starts, st.integers(1, 30), st.integers(0, 400), st.integers(1, 20))
def test_ranges_cut(start: date, interval: int, length: int, number: int) -> None:
    """An end date is inclusive, a number counts from the first."""
    endless = mine(Rule("daily", interval, "noEnd", start), 500)
    end = start + timedelta(days=length)
    ended = Rule("daily", interval, "endDate", start, end=end)
    numbered = Rule("daily", interval, "numbered", start, count=number)

    assert [day for day in endless if day <= end] == mine(ended, 500)
    assert endless[:number] == mine(numbered, 500)
    assert endless[number - 1] == numbered.last()


@given(starts, day_sets, st.integers(0, 60))
def test_a_date_is_hit_or_not(start: date, days: tuple[str, ...], offset: int) -> None:
    """Asking for one date and listing them agree."""
    rule = Rule("weekly", 2, "noEnd", start, days=days)
    day = start + timedelta(days=offset)
    assume(day <= LAST_DATE)

    assert (day in mine(rule, 100)) == rule.hits(day)
