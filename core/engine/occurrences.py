"""From a series to its occurrences: when each takes place, and what is otherwise there.

An occurrence keeps the wall clock of the series' zone. Its *slot* is the date on which the pattern
has it, on the calendar of that zone, wherever it was moved since.

Hours that do not exist move forward; of hours that come twice an occurrence takes standard time,
as Odoo does. Across a change of the clock Exchange keeps the wall-clock end and Odoo the duration:
neither has moved the occurrence.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice

from .fields import CANCELLED, OF_THE_SERIES
from .recurrence import Rule
from .snapshot import EMPTY, AllDay, Keyed, Snapshot, Timed, Value, When
from .timezones import is_read_as, local_to_utc, utc_to_local

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Pattern:
    """What the clock on the wall says of every occurrence of a series.

    ``begins`` counts from midnight of the slot and ``runs`` on to the wall-clock end; ``lasts`` is
    the duration that passes. Whole days begin at zero, and both lengths are their number.
    """

    zone: str
    whole_days: bool
    begins: timedelta
    runs: timedelta
    lasts: timedelta

    @classmethod
    def of(cls, when: When, zone: str, slot: date | None = None) -> Pattern:
        """Read it off one occurrence. Without ``slot``: off the one that was not moved."""
        if isinstance(when, AllDay):
            length = when.last - when.first + _DAY
            return cls(zone, True, when.first - (slot or when.first), length, length)
        start, end = utc_to_local(when.start, zone), utc_to_local(when.end, zone)
        midnight = datetime.combine(slot or start.date(), time())
        return cls(zone, False, start - midnight, end - start, when.end - when.start)

    @property
    def is_on_its_date(self) -> bool:
        """Say whether such an occurrence begins on its slot, and on no other day."""
        return timedelta() <= self.begins < _DAY

    def on(self, slot: date) -> When:
        """Return the span of the occurrence that the pattern has on that date."""
        if self.whole_days:
            return AllDay(slot + self.begins, slot + self.begins + self.runs - _DAY)
        wall = datetime.combine(slot, time()) + self.begins
        start = local_to_utc(wall, self.zone, late=True)
        end = local_to_utc(wall + self.runs, self.zone, late=True)
        if end <= start:  # the beginning lay in the gap and moved past the end
            end = start + self.lasts
        return Timed(start, end)

    def has(self, slot: date, when: When) -> bool:
        """Say whether an occurrence is where the pattern has it, by the clock or by its length."""
        if self.whole_days or not isinstance(when, Timed):
            return self.whole_days and when == self.on(slot)
        wall = datetime.combine(slot, time()) + self.begins
        if not self._is_at(wall, when.start):
            return False
        return when.end - when.start == self.lasts or self._is_at(wall + self.runs, when.end)

    def _is_at(self, wall: datetime, instant: datetime) -> bool:
        """Say whether the clock says so then, or near a change of the clock may be read so."""
        shown = utc_to_local(instant, self.zone)
        return shown == wall or (abs(shown - wall) < _DAY and is_read_as(wall, self.zone, instant))


def pattern_of(series: Snapshot) -> Pattern:
    """Return what the clock says of the occurrences of a series (a snapshot with ``when``)."""
    zone = series["zone"]
    if not isinstance(zone, str):
        raise TypeError("a series shows where its clock hangs")
    return Pattern.of(_span(series), zone)


def slot_when(series: Snapshot, slot: date) -> When:
    """Return the span that the pattern of a series has on one of its dates.

    On the first that is the series' own ``when``, whatever the clock did that night.
    """
    return _on(series, pattern_of(series), slot)


def is_slot_when(series: Snapshot, slot: date, when: When) -> bool:
    """Say whether an occurrence was not moved: it is there where the pattern has it.

    With the wall-clock end as in Exchange, or with the series' duration as in Odoo.
    """
    return pattern_of(series).has(slot, when)


def overrides(series: Snapshot, shown: Snapshot, slot: date) -> Keyed:
    """Return the fields of one occurrence that differ from its series; EMPTY = none.

    Of fields that only one of both shows nothing is known.
    """
    return differing(series, pattern_of(series), shown, slot)


def differing(series: Snapshot, pattern: Pattern, shown: Snapshot, slot: date) -> Keyed:
    """Do what ``overrides`` does, with the pattern at hand: for many occurrences."""
    found: dict[str, Value] = {}
    for name, value in shown.items():
        if name in OF_THE_SERIES or name not in series:
            continue
        if isinstance(value, (Timed, AllDay)):
            is_same = pattern.has(slot, value)
        else:
            is_same = value is series[name] or value == series[name]
        if not is_same:
            found[name] = value
    return Keyed(found) if found else EMPTY


def unfold(
    series: Snapshot, *, until: date | None, since: date | None = None, limit: int = 720
) -> dict[date, Snapshot]:
    """Return slot → all fields of that occurrence, as a meeting of its own would show them.

    Cancelled ones are left out. No slot is before ``since`` or after ``until`` (None = as far as
    the rule goes), and there are at most ``limit`` occurrences. A single meeting is its own only
    occurrence.
    """
    pattern, rule = pattern_of(series), series.get("rule")
    shared = {name: one for name, one in series.items() if name not in ("rule", "occurrences")}
    if not isinstance(rule, Rule):
        return {date_of(_span(series), pattern.zone): Keyed(shared)}
    exceptions = exceptions_of(series)
    slots = (
        day
        for day in rule.slots(until, since=since)
        if exceptions.get(day.isoformat()) != CANCELLED
    )
    return {
        slot: Keyed({**shared, "when": _on(series, pattern, slot), **_own(exceptions, slot)})
        for slot in islice(slots, limit)
    }


def exceptions_of(series: Snapshot) -> Keyed:
    """Return the occurrences that are otherwise; EMPTY where the snapshot does not say."""
    exceptions = series.get("occurrences")
    return exceptions if isinstance(exceptions, Keyed) else EMPTY


def date_of(when: When, zone: str) -> date:
    """Return the date on which a meeting begins for somebody in that zone."""
    return utc_to_local(when.start, zone).date() if isinstance(when, Timed) else when.first


def _own(exceptions: Keyed, slot: date) -> Mapping[str, Value]:
    fields = exceptions.get(slot.isoformat())
    return fields if isinstance(fields, Keyed) else {}


def _on(series: Snapshot, pattern: Pattern, slot: date) -> When:
    first = _span(series)
    return first if date_of(first, pattern.zone) == slot else pattern.on(slot)


def _span(series: Snapshot) -> When:
    when = series["when"]
    if not isinstance(when, (Timed, AllDay)):
        raise TypeError("a meeting shows when it takes place")
    return when
