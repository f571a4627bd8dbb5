"""A series as a person sees it on the calendar's pages: dates one by one, from either side.

The dates of a series are found by their place: a single date may have a subject of its own, and
*this and following* makes a second series of the first.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

from sandbox.control import Control

from ..stage import Person

#: The acts happen in the coming weeks: what lies further away is none of theirs.
_LOOK_DAYS = 70


@dataclass(frozen=True, order=True)
class Date:
    """One date of a series; times are UTC instants."""

    start: datetime
    end: datetime
    subject: str

    def __str__(self) -> str:
        return f"{self.start:%a %d %b %H:%M}–{self.end:%H:%M} {self.subject!r}"


@dataclass(frozen=True)
class Series:
    """What both sides must agree on: the dates, and of how many series they are."""

    place: str
    dates: frozenset[Date]
    parts: int = 1

    def differences(self, other: Series | None, *, seen_by: str = "") -> list[str]:
        """List in words where `other` shows something else."""
        if other is None:
            return ["it is not there"]
        found = [f"missing: {date}" for date in sorted(self.dates - other.dates)]
        found += [f"unexpected: {date}" for date in sorted(other.dates - self.dates)]
        if self.parts != other.parts:
            found.append(f"{other.parts} series instead of {self.parts}")
        return found


def here(person: Person, place: str) -> Series | None:
    """Read the series as the person finds it in Odoo's calendar."""
    found = person.odoo.call(
        "calendar.event",
        "search_read",
        [("location", "=", place), ("partner_ids.user_ids", "in", [person.odoo.uid])],
        fields=["name", "start", "stop", "recurrence_id"],
    )
    dates = [Date(_instant(one["start"]), _instant(one["stop"]), one["name"]) for one in found]
    return _series(
        place, dates, [one["recurrence_id"] and one["recurrence_id"][0] for one in found]
    )


def there(control: Control, person: Person, place: str) -> Series | None:
    """Read the series as the person finds it in Outlook's week."""
    found = shown_there(control, person, place)
    masters = [event.get("seriesMasterId") for _date, event in found]
    return _series(place, [date for date, _event in found], masters)


def shown_there(control: Control, person: Person, place: str) -> list[tuple[Date, dict[str, Any]]]:
    """Return the dates that Outlook's calendar shows at a place, each with what Graph tells."""
    now = datetime.now(timezone.utc).replace(tzinfo=None)
    until = now + timedelta(days=_LOOK_DAYS)
    shown = control.view(person.address, now.isoformat(), until.isoformat())
    return [
        (_date(event), event)
        for event in shown
        if _place(event) == place and not event["isCancelled"]
    ]


def _date(event: dict[str, Any]) -> Date:
    start, end = (_instant(event[name]["dateTime"]) for name in ("start", "end"))
    return Date(start, end, event["subject"])


def _series(place: str, dates: list[Date], parts: list[Any]) -> Series | None:
    if not dates:
        return None
    if len(set(dates)) < len(dates):
        raise AssertionError(f"a date of {place!r} is there more than once")
    return Series(place, frozenset(dates), len(set(parts)))


def _place(event: dict[str, Any]) -> str:
    return str((event.get("location") or {}).get("displayName") or "")


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text[:19].replace(" ", "T")).replace(tzinfo=timezone.utc)
