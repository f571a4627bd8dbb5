"""A mailbox: its calendars, its items, and the running number of its changes."""

from __future__ import annotations

import base64
import uuid
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import count
from typing import Any

from ..clock import Clock
from ..errors import not_found
from . import ids
from .items import Calendar, Content, Entry, Item, itself, on_date
from .recurrence import Rule


@dataclass(frozen=True)
class Tombstone:
    """What went from a calendar: an item, or one date of a series that is still there."""

    seq: int
    calendar: int
    item: Item
    slot: date | None = None


@dataclass(frozen=True)
class Copying:
    """What a new item starts with besides its content."""

    ical_uid: str
    organizer: dict[str, Any] | None
    is_organizer: bool


@dataclass
class Mailbox:
    """One person's mailbox."""

    address: str
    name: str
    time_zone: str
    tenant: str
    clock: Clock
    personal: bool = False
    #: The address under which a personal account is shown (outlook_XXXX@outlook.com, seen live).
    alias: str | None = None
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    calendars: list[Calendar] = field(default_factory=list)
    items: dict[int, Item] = field(default_factory=dict)
    tombstones: list[Tombstone] = field(default_factory=list)
    categories: list[dict[str, Any]] = field(default_factory=list)
    seq: int = 0
    _numbers: count[int] = field(default_factory=lambda: count(1))

    def __post_init__(self) -> None:
        """Give it its default calendar, as every mailbox has one."""
        self.add_calendar("Calendar", is_default=True)

    @property
    def person(self) -> dict[str, str]:
        """Return name and address as Graph's emailAddress."""
        return {"name": self.name, "address": self.alias or self.address}

    @property
    def default_calendar(self) -> Calendar:
        """Return the primary calendar: where invitations arrive."""
        return next(calendar for calendar in self.calendars if calendar.is_default)

    def add_calendar(self, name: str, *, is_default: bool = False, **values: Any) -> Calendar:
        """Make a calendar of the person's own."""
        providers = () if self.personal else ("teamsForBusiness",)
        calendar = Calendar(next(self._numbers), name, is_default, owner=self.person, **values)
        calendar.providers = providers
        calendar.change_key = self.new_change_key()
        self.calendars.append(calendar)
        return calendar

    def calendar(self, text: str) -> Calendar:
        """Find a calendar by its id, or refuse (404)."""
        wanted = ids.parse(text)
        for calendar in self.calendars:
            if wanted.mailbox == self.id and wanted.folder == calendar.uid and not wanted.item:
                return calendar
        raise not_found()

    def calendar_id(self, calendar: Calendar) -> str:
        """Return a calendar's id; containers have one kind only."""
        return str(ids.ItemId(self.id, calendar.uid, 0))

    def entry_id(self, entry: Entry, *, immutable: bool) -> str:
        """Return an event's id of the kind the request asks for."""
        folder = 0 if immutable else entry.item.calendar.uid
        variant = int(entry.slot in entry.item.renamed)
        return str(ids.ItemId(self.id, folder, entry.item.uid, entry.slot, variant))

    def find(self, text: str) -> Entry:
        """Find an event, or the occurrence of a series, by either kind of id, or refuse (404)."""
        wanted = ids.parse(text)
        item = self.items.get(wanted.item) if wanted.mailbox == self.id else None
        if item is None or (wanted.folder and wanted.folder != item.calendar.uid):
            raise not_found()
        if wanted.slot is None:
            return itself(item)
        entry = on_date(item, wanted.slot)
        if entry is None or wanted.variant != (wanted.slot in item.renamed):
            raise not_found()
        return entry

    def copy_of(self, ical_uid: str) -> Item | None:
        """Find this mailbox's copy of a meeting."""
        return next((item for item in self.items.values() if item.ical_uid == ical_uid), None)

    def add(self, calendar: Calendar, content: Content, start: Copying, rule: Rule | None) -> Item:
        """Put a new item into a calendar."""
        now = self.clock.now()
        item = Item(
            uid=next(self._numbers),
            calendar=calendar,
            ical_uid=start.ical_uid,
            organizer=start.organizer,
            is_organizer=start.is_organizer,
            content=content,
            created=now,
            modified=now,
            rule=rule,
        )
        self.items[item.uid] = item
        self.touch(item)
        return item

    def touch(self, item: Item) -> None:
        """Mark an item as changed: new change key, new date, next number of this mailbox."""
        self.seq += 1
        item.seq = self.seq
        item.modified = self._later_than(item.modified)
        item.change_key = self.new_change_key()

    def discard(self, item: Item) -> None:
        """Take an item out of its calendar (Deleted Items are not modelled)."""
        del self.items[item.uid]
        self.bury(item)

    def move(self, item: Item, calendar: Calendar) -> None:
        """Move an item to another calendar; its default id changes, the immutable one stays."""
        self.bury(item)
        item.calendar = calendar
        self.touch(item)

    def restore(self) -> None:
        """Put everything in again from a backup, under new ids (inferred: they are new items).

        What names a meeting in all mailboxes, and what programs noted with it, comes along.
        """
        for item in list(self.items.values()):
            self.discard(item)
            again = replace(item, uid=next(self._numbers), transaction_id=None)
            self.items[again.uid] = again
            self.touch(again)
            again.modified = item.modified

    def new_change_key(self) -> str:
        """Make a change key: opaque, never the same twice."""
        return base64.b64encode(uuid.uuid4().bytes + self.seq.to_bytes(5, "big")).decode()

    def bury(self, item: Item, slot: date | None = None) -> None:
        """Note that an item, or one date of it, is no longer in its calendar."""
        self.seq += 1
        self.tombstones.append(Tombstone(self.seq, item.calendar.uid, item, slot))

    def _later_than(self, before: datetime) -> datetime:
        return max(self.clock.now(), before)
