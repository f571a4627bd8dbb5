"""When a series takes place: a pattern of dates and where it begins and ends.

Dates, never instants: they are those of the calendar of the series' zone, and what the clock says
on them is ``series``' business. The patterns are Exchange's, which can say all of Odoo's and more:

* a day that a month lacks is that month's last day (MS-OXOCAL; RFC 5545 would skip the month),
* a relative pattern names one day per month or year: the first, … or last of all the days that
  bear one of the named weekdays ("last of Monday to Friday" is the last working day),
* 4500-08-31 is the end of time.
"""

from __future__ import annotations

import calendar
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import islice
from typing import Final

from .errors import Unmappable

#: Sunday first, as in Graph's enumeration and in most calendars that Exchange draws.
DAYS: Final = ("sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday")
INDEXES: Final = ("first", "second", "third", "fourth", "last")
FIRST_DATE: Final = date(1601, 1, 1)  # Exchange's first and last dates
LAST_DATE: Final = date(4500, 8, 31)

_MONTHS = ("absoluteMonthly", "relativeMonthly")
_YEARS = ("absoluteYearly", "relativeYearly")
KINDS: Final = ("daily", "weekly", *_MONTHS, *_YEARS)
_FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "MONTHLY", "YEARLY", "YEARLY")
_BY_DAY = ("absoluteMonthly", "absoluteYearly")
_BY_WEEKDAY = ("weekly", "relativeMonthly", "relativeYearly")
_BY_INDEX = ("relativeMonthly", "relativeYearly")


@dataclass(frozen=True)
class Rule:
    """A recurrence pattern with its first and last date.

    ``start`` and ``end`` are dates on which the series really takes place (``settled`` sees to
    that); ``end`` is None where it has no end. ``weekdays`` and ``first_day`` hold English names in
    lower case, ``index`` one of ``INDEXES``, ``day`` 1–31, ``month`` 1–12. Parts that a kind does
    not use are reset, and ``first_day`` is the first of those (Sunday first) that make the same
    weeks, so that equal rules are equal values. ``count`` says only how the end is spoken of.

    Raises Unmappable("rule") for a pattern that makes no sense.
    """

    kind: str
    interval: int
    start: date
    end: date | None = None
    weekdays: frozenset[str] = frozenset()
    day: int = 0
    month: int = 0
    index: str = "first"
    first_day: str = "sunday"
    count: int | None = field(default=None, compare=False)

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise Unmappable("rule", "no such kind of pattern")
        unused = {
            "weekdays": frozenset() if self.kind not in _BY_WEEKDAY else self.weekdays,
            "day": 0 if self.kind not in _BY_DAY else self.day,
            "month": 0 if self.kind not in _YEARS else self.month,
            "index": "first" if self.kind not in _BY_INDEX else self.index,
        }
        for name, value in unused.items():
            object.__setattr__(self, name, value)
        self._check()
        object.__setattr__(self, "first_day", self._plain_first_day())

    @classmethod
    def settled(
        cls,
        *,
        kind: str,
        interval: int,
        start: date,
        end: date | None = None,
        count: int | None = None,
        weekdays: Collection[str] = (),
        day: int = 0,
        month: int = 0,
        index: str = "first",
        first_day: str = "sunday",
    ) -> Rule:
        """Make a rule from dates it need not hit: the start moves on to the first one it does.

        The end moves back to the last, and ``count``, where given, says which that is; of both the
        earlier counts. Raises Unmappable("rule") for nonsense and where no date is left.
        """
        loose = cls(kind, interval, start, None, frozenset(weekdays), day, month, index, first_day)
        slots = islice(loose.slots(end), count)
        first = next(slots, None)
        if first is None:
            raise Unmappable("rule", "it takes place on no day")
        if count is not None:
            last: date | None = max(slots, default=first)
        else:
            last = end and loose._last(first, end)
        return replace(loose, start=first, end=last, count=count and loose._number(last))

    def slots(self, until: date | None = None, *, since: date | None = None) -> Iterator[date]:
        """Yield the dates in order, none before ``since`` or after ``until`` (both inclusive)."""
        first = max(self.start, since or self.start)
        stop = min(until or LAST_DATE, self.end or LAST_DATE)
        if stop < first:
            return
        opening = self._period(self.start)
        opening += (self._period(first) - opening) // self.interval * self.interval
        for period in range(opening, self._period(stop) + 1, self.interval):
            for day in self._days(period):
                if first <= day <= stop:
                    yield day

    def hits(self, day: date) -> bool:
        """Say whether the series takes place on that date, if nobody made an exception."""
        return self.start <= day <= (self.end or LAST_DATE) and self.could_hit(day)

    def could_hit(self, day: date) -> bool:
        """Say whether the pattern has that date, wherever the series begins and ends."""
        return self.phase(day) == 0

    def phase(self, day: date) -> int | None:
        """Return by how many days, weeks, months or years that date is out of step; 0 = in step.

        Less than the interval; None for a date that the pattern has at no interval.
        """
        period = self._period(day)
        if day not in self._days(period):
            return None
        return (period - self._period(self.start)) % self.interval

    def counted(self) -> Rule:
        """Return the same rule, its end spoken of as a number of dates; as it is without end."""
        return replace(self, count=self._number(self.end))

    def same_pattern(self, other: Rule) -> bool:
        """Say whether they differ in nothing but their end."""
        return replace(self, end=None) == replace(other, end=None)

    def ending(self, day: date | None) -> Rule:
        """Return the same rule ending on its last date up to that day; None = without end.

        Raises Unmappable("rule") where there is none.
        """
        if day is None:
            return replace(self, end=None, count=None)
        if day < self.start:
            raise Unmappable("rule", "it takes place on no day")
        last = replace(self, end=None)._last(self.start, day)
        return replace(self, end=last, count=self.count and self._number(last))

    def starting(self, day: date) -> Rule:
        """Return the same rule beginning on its first date from that day on, before or after.

        A fortnight stays the same fortnight. Raises Unmappable("rule") where there is none.
        """
        first = self._first(day)
        if first > (self.end or LAST_DATE):
            raise Unmappable("rule", "it takes place on no day")
        moved = replace(self, start=first)
        return replace(moved, count=self.count and moved._number(self.end))

    def rrule(self) -> str:
        """Return the pattern in the words of RFC 5545, faithful to the day; no start, no end."""
        parts = {"FREQ": _FREQUENCIES[KINDS.index(self.kind)], "INTERVAL": str(self.interval)}
        if self.month:
            parts["BYMONTH"] = str(self.month)
        if self.day:
            parts["BYMONTHDAY"] = ",".join(map(str, range(min(self.day, 28), self.day + 1)))
        if self.weekdays:
            parts["BYDAY"] = ",".join(day[:2].upper() for day in DAYS if day in self.weekdays)
        if self.kind in _BY_INDEX:
            parts["BYSETPOS"] = str((1, 2, 3, 4, -1)[INDEXES.index(self.index)])
        if self.day > 28:
            parts["BYSETPOS"] = "-1"
        if self.kind == "weekly":
            parts["WKST"] = self.first_day[:2].upper()
        return ";".join(f"{name}={value}" for name, value in parts.items())

    def _check(self) -> None:
        """Refuse what says nothing. Values are checked, types are the caller's."""
        sensible = (
            (self.interval >= 1, "its interval is no positive number"),
            (FIRST_DATE <= self.start <= LAST_DATE, "it lies outside of the calendar"),
            (self.end is None or self.end >= self.start, "it ends before it starts"),
            ({*self.weekdays, self.first_day} <= {*DAYS}, "no such day of the week"),
            (bool(self.weekdays) or self.kind not in _BY_WEEKDAY, "it names no day of the week"),
            (1 <= self.day <= 31 or self.kind not in _BY_DAY, "no such day of a month"),
            (1 <= self.month <= 12 or self.kind not in _YEARS, "no such month"),
            (self.index in INDEXES, "no such week of a month"),
        )
        for is_fine, reason in sensible:
            if not is_fine:
                raise Unmappable("rule", reason)

    def _plain_first_day(self) -> str:
        """Return the first name for the same weeks, which only tell where weeks are left out.

        Of those weeks only which weekday leads them matters, once the start is one of its dates.
        """
        if self.kind != "weekly" or self.interval == 1:
            return DAYS[0]
        if weekday(self.start) not in self.weekdays:
            return self.first_day
        return next(day for day in DAYS if self._leader(day) == self._leader(self.first_day))

    def _leader(self, first_day: str) -> str:
        opening = DAYS.index(first_day)
        week = (*DAYS[opening:], *DAYS[:opening])
        return next(day for day in week if day in self.weekdays)

    def _first(self, day: date) -> date:
        """Return the first date from that day on, whatever the start, or the day after time."""
        period = self._period(day)
        period += (self._period(self.start) - period) % self.interval
        for number in range(period, self._period(LAST_DATE) + 1, self.interval):
            found = min((one for one in self._days(number) if one >= day), default=None)
            if found is not None:
                return found
        return LAST_DATE + timedelta(days=1)

    def _last(self, first: date, end: date) -> date:
        """Return the last date up to ``end``; ``first`` is one."""
        end = min(end, LAST_DATE)
        period, opening = self._period(end), self._period(self.start)
        period -= (period - opening) % self.interval
        while True:
            found = max((day for day in self._days(period) if day <= end), default=None)
            if found is not None:
                return max(found, first)
            period -= self.interval

    def _number(self, last: date | None) -> int | None:
        return None if last is None else sum(1 for _day in self.slots(last))

    def _period(self, day: date) -> int:
        """Return the number of the day, week, month or year which that day belongs to."""
        if self.kind == "daily":
            return day.toordinal()
        if self.kind == "weekly":
            return (day.toordinal() - DAYS.index(self.first_day)) // 7
        return day.year if self.kind in _YEARS else day.year * 12 + day.month - 1

    def _days(self, period: int) -> tuple[date, ...]:
        """Return the dates of that day, week, month or year, in order."""
        if self.kind == "daily":
            return (date.fromordinal(period),)
        if self.kind == "weekly":
            opening = DAYS.index(self.first_day)
            offsets = sorted((DAYS.index(day) - opening) % 7 for day in self.weekdays)
            return tuple(date.fromordinal(period * 7 + opening + offset) for offset in offsets)
        year, month = (period, self.month) if self.kind in _YEARS else divmod(period, 12)
        return (self._in_month(year, month if self.kind in _YEARS else month + 1),)

    def _in_month(self, year: int, month: int) -> date:
        length = calendar.monthrange(year, month)[1]
        if self.kind in _BY_DAY:
            return date(year, month, min(self.day, length))
        named = [
            day
            for day in (date(year, month, number) for number in range(1, length + 1))
            if weekday(day) in self.weekdays
        ]
        return named[-1 if self.index == "last" else INDEXES.index(self.index)]


def weekday(day: date) -> str:
    """Return the name of a date's weekday."""
    return DAYS[day.isoweekday() % 7]
