"""Recurrence patterns: read, checked, expanded, written back.

learn.microsoft.com: resources recurrencePattern and recurrenceRange, concept page "Schedule
repeating appointments as recurring events in Outlook" (fields that a pattern ignores are validated
all the same). A day that a month lacks falls on the month's last day (MS-OXOCAL).
"""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import count, islice, takewhile
from typing import Any

#: Sunday first, as in Graph's enumeration.
DAYS = ("sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday")
INDEXES = ("first", "second", "third", "fourth", "last")
PATTERNS = (
    "daily",
    "weekly",
    "absoluteMonthly",
    "relativeMonthly",
    "absoluteYearly",
    "relativeYearly",
)
RANGES = ("endDate", "noEnd", "numbered")
#: Outlook's last date; a series without end stops there.
LAST_DATE = date(4500, 8, 31)
_NO_DATE = "0001-01-01"


@dataclass(frozen=True)
class Rule:
    """A recurrence: the pattern and its range, with dates on the calendar of ``zone``."""

    type: str
    interval: int
    range_type: str
    start: date
    days: tuple[str, ...] = ()
    day_of_month: int = 0
    month: int = 0
    index: str = "first"
    first_day: str = "sunday"
    end: date | None = None
    count: int = 0
    zone: str = ""

    def dates(self, until: date) -> Iterator[date]:
        """Yield the pattern's dates in order, none after ``until`` (inclusive)."""
        stop = min(until, self.end or LAST_DATE)
        hits = takewhile(lambda day: day <= stop, self._all_dates())
        return islice(hits, self.count) if self.range_type == "numbered" else hits

    def hits(self, slot: date) -> bool:
        """Say whether the pattern has an occurrence on a date."""
        return slot >= self.start and slot in set(self.dates(slot))

    def first(self) -> date | None:
        """Return the first date, if there is any."""
        return next(self.dates(LAST_DATE), None)

    def last(self) -> date | None:
        """Return the last date; None where there is no end."""
        if self.range_type == "noEnd":
            return None
        return max(self.dates(LAST_DATE), default=None)

    def starting(self, day: date) -> Rule:
        """Return the same rule from another start date."""
        return replace(self, start=day)

    def as_json(self) -> dict[str, Any]:
        """Write it as Graph does: every field is there, unused ones hold 0 or their first value."""
        return {
            "pattern": {
                "type": self.type,
                "interval": self.interval,
                "month": self.month,
                "dayOfMonth": self.day_of_month,
                "daysOfWeek": list(self.days),
                "firstDayOfWeek": self.first_day,
                "index": self.index,
            },
            "range": {
                "type": self.range_type,
                "startDate": self.start.isoformat(),
                "endDate": self.end.isoformat() if self.end else _NO_DATE,
                "recurrenceTimeZone": self.zone,
                "numberOfOccurrences": self.count,
            },
        }

    def _all_dates(self) -> Iterator[date]:
        periods = {"daily": self._daily, "weekly": self._weekly}.get(self.type, self._by_month)
        return (day for day in periods() if day >= self.start)

    def _daily(self) -> Iterator[date]:
        return (
            self.start + timedelta(days=self.interval * step)
            for step in range((LAST_DATE - self.start).days // self.interval + 1)
        )

    def _weekly(self) -> Iterator[date]:
        opening = DAYS.index(self.first_day)
        monday_based = (self.start.weekday() + 1) % 7
        week = self.start - timedelta(days=(monday_based - opening) % 7)
        offsets = sorted((DAYS.index(day) - opening) % 7 for day in self.days)
        while week <= LAST_DATE:
            yield from (week + timedelta(days=offset) for offset in offsets)
            week += timedelta(weeks=self.interval)

    def _by_month(self) -> Iterator[date]:
        """Yield one date per month or year that the interval names."""
        yearly = self.type.endswith("Yearly")
        pick = self._relative if self.type.startswith("relative") else self._absolute
        opening = self.start.year * 12 + (self.month if yearly else self.start.month) - 1
        for step in count(0, self.interval * (12 if yearly else 1)):
            year, month = divmod(opening + step, 12)
            if year > LAST_DATE.year:
                return
            yield pick(year, month + 1)

    def _absolute(self, year: int, month: int) -> date:
        return date(year, month, min(self.day_of_month, calendar.monthrange(year, month)[1]))

    def _relative(self, year: int, month: int) -> date:
        """Pick the n-th day of the month that is one of the named weekdays, whichever it is."""
        length = calendar.monthrange(year, month)[1]
        days = (date(year, month, number) for number in range(1, length + 1))
        named = [day for day in days if DAYS[(day.weekday() + 1) % 7] in self.days]
        return named[-1 if self.index == "last" else INDEXES.index(self.index)]
