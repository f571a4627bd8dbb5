"""Which rule a set of rows follows, and which row stands for which date of it. Dates only.

The date on which a row is while it follows the rule is believed first, then its *original* date,
then the nearest date of the rule that no other row has. A row whose own date another one has is its
double (a copy, which somebody may have moved), and has none.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from .recurrence import DAYS, FIRST_DATE, LAST_DATE, Rule

_DAY: Final = timedelta(days=1)
_LENGTHS: Final = {"daily": 1, "weekly": 7, "absoluteMonthly": 31, "relativeMonthly": 31}
_LONGEST: Final = 366  # a year


@dataclass(frozen=True)
class Hint:
    """What a recurrence record says of its rule, in the words of ``Rule``.

    ``day`` and ``month`` may be 0 where the record leaves them to its first event. ``is_open``:
    it goes on for ever. ``count`` is the number of repetitions where the end is spoken of as such,
    ``until`` the date where it is one. No end is believed against a row: records have been seen to
    end before their own rows.
    """

    kind: str
    interval: int
    weekdays: Collection[str] = ()
    day: int = 0
    month: int = 0
    index: str = "first"
    first_day: str = "sunday"
    is_open: bool = False
    count: int | None = None
    until: date | None = None

    def rule(self, start: date, *, first_day: str) -> Rule:
        """Return the rule in the weeks that begin on that day, from ``start`` on."""
        return Rule.settled(
            kind=self.kind,
            interval=self.interval,
            start=start,
            weekdays=self.weekdays,
            day=self.day or start.day,
            month=self.month or start.month,
            index=self.index,
            first_day=first_day,
        )

    def ends_before(self, day: date, rule: Rule) -> bool:
        """Say whether the record itself ends before that day, by the rule of its rows."""
        if self.until is not None:
            return self.until < day
        return self.count is not None and sum(1 for _day in rule.slots(day)) > self.count

    def first_days(self) -> Sequence[str]:
        """Return the days on which its weeks may begin, the likeliest first."""
        if self.kind != "weekly" or self.interval == 1 or len(self.weekdays) < 2:
            return (self.first_day,)
        return (self.first_day, *(day for day in DAYS if day != self.first_day))


@dataclass(frozen=True)
class Place:
    """What is known of one row: where it is, where it was first, whether it follows the rule."""

    day: date
    original: date | None
    follows: bool

    @property
    def is_unmoved(self) -> bool:
        """Say whether it is where the rule has it."""
        return self.follows and self.original in (None, self.day)

    @property
    def known(self) -> date | None:
        """Return the date of the rule that it stands for, as far as the row itself can tell."""
        return self.original or (self.day if self.follows else None)


@dataclass(frozen=True)
class Placed:
    """The rule without its end, from its first taken date on, and the date of each row.

    ``slots`` is parallel to the rows, None for one that finds no date. ``continues``: it is the
    rule that was there before, and every row has one of that rule's dates.
    """

    rule: Rule
    slots: tuple[date | None, ...]
    continues: bool

    @property
    def last(self) -> date:
        """Return the last date that has a row."""
        return max(slot for slot in self.slots if slot is not None)


def placed(places: Sequence[Place], hint: Hint, before: Rule | None) -> Placed:
    """Find the rule that explains most rows, and give every row its date of it.

    ``before`` is the rule as it was: it stays where the rows leave a choice. Raises
    Unmappable("rule") for a hint that makes no sense.
    """
    rule = _explaining(places, hint, before)
    is_same = before is not None and _is_in_step(rule, before)
    given = _given(places, rule, before if is_same else None) or _given(places, rule, None)
    slots = tuple(given.get(number) for number in range(len(places)))
    first = min(given.values())
    continues = is_same and before is not None and first >= before.start
    return Placed(rule.starting(first), slots, continues)


def ended(
    found: Placed,
    hint: Hint,
    *,
    start: date,
    before: Rule | None,
    cancelled: Collection[date],
    horizon: date | None,
) -> tuple[Rule, date]:
    """Return the whole rule, and the date up to which a missing row is a cancelled one.

    ``before`` is the rule that goes on (None where another one begins) and ``cancelled`` what it
    left out already. One date more that is missing at the end was cancelled, if the record still
    has it; otherwise, and where two are missing, the series ends before them.
    """
    rule, last = found.rule.starting(start), found.last
    end, stop = None if hint.is_open else last, last
    if before is not None:
        wanted, limit = _expected(hint, before, horizon)
        after = rule.slots(limit or last, since=last + _DAY)
        missing = [day for day in after if day not in cancelled]
        if len(missing) > 1 or (missing and hint.ends_before(missing[0], found.rule)):
            end = last
        elif wanted is None or wanted >= last:
            end, stop = wanted or end, max(limit or last, last)
    rule = rule.ending(end)
    return (rule.counted() if hint.count else rule), stop


def _expected(hint: Hint, before: Rule, horizon: date | None) -> tuple[date | None, date | None]:
    """Return where the series should end, and up to where rows should show it; None = no say."""
    end = None if hint.is_open else before.end
    if hint.is_open or (end is not None and horizon is not None and end > horizon):
        return end, min(horizon, end) if horizon and end else horizon
    return end, end


def _explaining(places: Sequence[Place], hint: Hint, before: Rule | None) -> Rule:
    """Return the rule that most rows bear out: of the hint's readings, or else the one before.

    Rows say where the weeks begin, and which of the weeks, months or years are left out. Who knows
    his date speaks; the others only when nobody does.
    """
    dates = [place.known for place in places if place.known] or [place.day for place in places]
    readings = [_in_phase(hint.rule(min(dates), first_day=day), dates) for day in hint.first_days()]
    if before is not None:
        stayed = before.ending(None)
        is_meant = any(
            hint.rule(before.start, first_day=day).same_pattern(before) for day in hint.first_days()
        )
        readings.insert(0 if is_meant else len(readings), stayed)
    return max(readings, key=lambda rule: sum(rule.could_hit(day) for day in dates))


def _in_phase(rule: Rule, dates: Sequence[date]) -> Rule:
    """Return the rule in the step that most of the dates keep."""
    phases = Counter(rule.phase(day) for day in dates)
    del phases[None]
    if not phases:
        return rule
    commonest = phases.most_common(1)[0][0]
    return replace(rule, start=next(day for day in dates if rule.phase(day) == commonest))


def _is_in_step(rule: Rule, before: Rule) -> bool:
    """Say whether both are one pattern in one step."""
    return before.could_hit(rule.start) and rule.starting(before.start).same_pattern(before)


def _given(places: Sequence[Place], rule: Rule, before: Rule | None) -> dict[int, date]:
    """Give the rows their dates, the surest first: row → date."""
    taken: dict[date, int] = {}
    claims: tuple[Sequence[date | None], ...] = (
        [place.day if place.is_unmoved else None for place in places],
        [place.original for place in places],
        [place.day for place in places],
    )
    left = set(range(len(places)))
    for claim in claims:
        for number in sorted(left):
            day = claim[number]
            if day is None or not rule.could_hit(day):
                continue
            is_sure = day == places[number].known
            if taken.setdefault(day, number) == number or is_sure:
                left.discard(number)  # it has its date, or is the double of what has it
    free = sorted(set(_within_reach(places, rule, before)).difference(taken)) if left else []
    for number in sorted(left, key=lambda number: places[number].day):
        if free:
            taken[free.pop(_nearest(free, places[number].day))] = number
    return {number: day for day, number in taken.items()}


def _within_reach(places: Sequence[Place], rule: Rule, before: Rule | None) -> Iterator[date]:
    """Yield the dates that a moved row may have been moved from.

    A new series may have lost its first and its last date to a move, no more; one that goes on has
    its own dates and those that rows have reached since.
    """
    first = min(place.day for place in places)
    last = max(place.day for place in places)
    if before is not None:
        return rule.starting(before.start).slots(max(before.end or last, last))
    step = timedelta(days=_LENGTHS.get(rule.kind, _LONGEST) * rule.interval + 1)
    earlier = rule.starting(max(first - step, FIRST_DATE)).slots(first - _DAY)
    later = rule.starting(min(last + _DAY, LAST_DATE)).slots()
    lowest = max(earlier, default=first)
    return rule.starting(lowest).slots(next(later, last))


def _nearest(days: Sequence[date], day: date) -> int:
    """Return the place of the nearest of sorted days, of two the earlier."""
    at = bisect_left(days, day)
    around = [place for place in (at - 1, at) if 0 <= place < len(days)]
    return min(around, key=lambda place: (abs(days[place] - day), days[place]))
