"""What a mailbox holds: calendars and items, and how an item looks on one of its dates.

An item is one copy of a meeting in one mailbox: a single event or a whole series. Exceptions and
cancelled dates belong to their series' item, as in Exchange's store, so they share its change key
(sample answer of event-list-instances).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, timezone
from typing import Any

from .recurrence import Rule
from .zones import Moment, resolve, to_local

#: A plain JSON object.
Json = dict[str, Any]

#: The values of an event under Graph's names; ``start`` and ``end`` are ``Moment``, ``body`` is
#: HTML.
Content = dict[str, Any]

#: Graph's way to say "never".
NEVER = "0001-01-01T00:00:00Z"

#: What is one mailbox's own business and never travels between copies.
PRIVATE = frozenset(
    {
        "categories",
        "isReminderOn",
        "reminderMinutesBeforeStart",
        "showAs",
        "responseStatus",
        "isCancelled",
        "extended",
    }
)


@dataclass
class Calendar:
    """A calendar folder of a mailbox."""

    uid: int
    name: str
    is_default: bool = False
    color: str = "auto"
    can_edit: bool = True
    owner: Json | None = None
    providers: tuple[str, ...] = ()
    change_key: str = ""
    #: Extended properties, by id.
    extended: dict[str, str] = field(default_factory=dict)


@dataclass
class Item:
    """One copy of a meeting or series in one mailbox."""

    uid: int
    calendar: Calendar
    ical_uid: str
    organizer: Json | None
    is_organizer: bool
    content: Content
    created: datetime
    modified: datetime
    change_key: str = ""
    seq: int = 0
    rule: Rule | None = None
    exceptions: dict[date, Content] = field(default_factory=dict)
    cancelled: set[date] = field(default_factory=set)
    #: The dates whose occurrence got a new id when it became an exception.
    renamed: set[date] = field(default_factory=set)
    transaction_id: str | None = None
    fingerprint: str = ""
    #: Where only one occurrence of somebody's series was sent to this mailbox: that date.
    lone_slot: date | None = None
    #: And when it would have been by the organizer's pattern.
    lone_start: datetime | None = None
    #: How often its mailbox was asked for something since it was to have a room to meet in.
    requests_since: int = 0

    @property
    def has_attendees(self) -> bool:
        """Say whether this is a meeting rather than an appointment."""
        lists = [self.content["attendees"]]
        lists += [override.get("attendees", []) for override in self.exceptions.values()]
        return any(lists)


@dataclass(frozen=True)
class Entry:
    """An event as Graph shows it: an item itself, or one date of a series."""

    item: Item
    kind: str
    content: Content
    slot: date | None = None

    @property
    def span(self) -> tuple[datetime, datetime]:
        """Return start and end as instants, as calendarView compares them.

        All-day events count from UTC midnight to UTC midnight whatever their zone (seen live).
        """
        start, end = self.content["start"], self.content["end"]
        if self.content["isAllDay"]:
            return _utc_midnight(start.local.date()), _utc_midnight(end.local.date())
        return start.utc, end.utc

    def overlaps(self, start: datetime, end: datetime) -> bool:
        """Say whether the event lies in a window; ending just at its start counts (seen)."""
        begins, ends = self.span
        return begins < end and ends >= start

    @property
    def original_start(self) -> datetime | None:
        """Return the slot's start by the pattern, in UTC."""
        if self.slot is None:
            return self.item.lone_start
        start = _slot_times(self.item, self.slot)["start"]
        if self.item.content["isAllDay"]:
            return _utc_midnight(self.slot)
        return Moment(start.local, start.zone).utc


def itself(item: Item) -> Entry:
    """Show an item as a single event or as a series' master."""
    kind = "seriesMaster" if item.rule else "singleInstance"
    if item.lone_slot:
        kind = "exception"
    return Entry(item, kind, item.content)


def on_date(item: Item, slot: date) -> Entry | None:
    """Show the occurrence of a series on a date, unless there is none or it is cancelled."""
    if item.rule is None or slot in item.cancelled or not item.rule.hits(slot):
        return None
    return _occurrence(item, slot)


def occurrences(item: Item, start: datetime, end: datetime) -> list[Entry]:
    """Expand a series over a window (aware instants), in order, without cancelled dates."""
    if item.rule is None:
        return []
    length = item.content["end"].local - item.content["start"].local
    reach = timedelta(days=2) + length
    dates = set(item.rule.dates(end.date() + timedelta(days=2)))
    first = start.date() - reach
    dates = {slot for slot in dates if slot >= first}
    dates |= {slot for slot in item.exceptions if item.rule.hits(slot)}
    shown = [_occurrence(item, slot) for slot in sorted(dates - item.cancelled)]
    return [entry for entry in shown if entry.overlaps(start, end)]


def _occurrence(item: Item, slot: date) -> Entry:
    override = item.exceptions.get(slot)
    content = {**item.content, **_slot_times(item, slot), **(override or {})}
    if override and "extended" in override:
        content["extended"] = {**item.content["extended"], **override["extended"]}
    return Entry(item, "occurrence" if override is None else "exception", content, slot)


def _slot_times(item: Item, slot: date) -> dict[str, Moment]:
    """Return start and end of a slot: the series' wall-clock times in the pattern's zone.

    learn.microsoft.com, resource recurrenceRange: the pattern is applied in recurrenceTimeZone.
    """
    start, end = series_times(item)
    begin = datetime.combine(slot, start.local.time())
    return {
        "start": Moment(begin, start.zone),
        "end": Moment(begin + (end.local - start.local), end.zone),
    }


def series_times(item: Item) -> tuple[Moment, Moment]:
    """Return a series' first start and end on the wall clock of the pattern's zone."""
    start, end = item.content["start"], item.content["end"]
    if item.rule is None or item.content["isAllDay"]:
        return start, end
    zone_name = item.rule.zone or start.zone
    zone = resolve(zone_name)
    return (
        Moment(to_local(start.utc, zone), zone_name),
        Moment(to_local(end.utc, zone), zone_name),
    )


def _utc_midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=timezone.utc)
