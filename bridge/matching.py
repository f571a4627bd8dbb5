"""Recognise a meeting before one is made: by what names it, and then by what it is.

`Matching.find` looks and changes nothing; what follows from it is in `linking`.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timezone
from functools import cached_property
from typing import Any

from odoo.fields import Domain

from ..core.engine.timezones import utc_to_local
from ..core.graph.remote import RemoteEvent
from ..core.graph.slots import day_of_uid, series_uid
from . import homes, identity
from .desk import Desk, since
from .equals import Equals


@dataclass(frozen=True)
class Found:
    """What this database knows of an event of a mailbox: records, all empty where it is new."""

    #: The event itself, in this mailbox.
    copy: Any
    #: The meeting that it is a copy of.
    meeting: Any
    #: The `calendar.event` of that meeting, or one that no mailbox has yet and that is equal.
    event: Any
    #: One that is equal and in Outlook already, as another meeting: both existed before the
    #: connection, so a person has to say whether they are one.
    double: Any

    @property
    def is_new(self) -> bool:
        """Tell whether nothing like it is here."""
        return not (self.copy or self.meeting or self.event or self.double)


class Matching:
    """Find the meetings of events of one calendar.

    `tags` holds, by remote id, the marks of events that this database once made.
    """

    def __init__(self, desk: Desk, calendar, tags: Mapping[str, str]) -> None:
        self._desk = desk
        self._calendar = calendar
        self._tags = tags
        self._marks = set(tags.values())
        self._matched: set[int] = set()
        self._page: _Page | None = None

    def expect(self, remotes: Iterable[RemoteEvent]) -> None:
        """Look for many events with a few queries; `find` then needs none for what is new."""
        self._page = _Page(self._desk, self._calendar, list(remotes))

    def forget(self) -> None:
        """Look for everything anew: what was found may have been rolled back."""
        self._page = None
        self._matched.clear()

    def note(self, remote: RemoteEvent, event) -> None:
        """Take note that an event has a copy from now on, and which `calendar.event` it is."""
        self._matched.update(event.ids)
        if self._page:
            self._page.add(remote)

    def find(self, remote: RemoteEvent, taken: Collection[int] = ()) -> Found:
        """Return what is known of an event. Writes nothing.

        `taken` are ids of events here that others of this mailbox turned out to be already, where
        nobody linked them: of several equal ones each is taken once.
        """
        copy, nothing = self.copy(remote), self._nothing()
        if copy:
            return Found(copy, copy.meeting_id, copy.meeting_id.event_id, nothing.double)
        meeting = self._by_uid(remote) or self._by_tag(remote) or self._by_identity(remote)
        if meeting:
            return Found(nothing.copy, meeting, meeting.event_id, nothing.double)
        return self._by_content(remote, {*taken, *self._matched})

    def _nothing(self) -> Found:
        env = self._desk.env
        events = env["calendar.event"]
        return Found(env["outlook.copy"], env["outlook.meeting"], events, events)

    def copy(self, remote: RemoteEvent):
        """Return the copy of this event: the known one, or the one whose creation got no answer."""
        if not self._page or not self._page.has(remote):
            self.expect([remote])
        copies = self._desk.env["outlook.copy"]
        if not self._page.knows(remote):
            return copies
        mine = [("account_id", "=", self._desk.account.id)]
        found = copies.search([*mine, ("remote_id", "=", remote.id)], limit=1)
        if found or not remote.transaction_id:
            return found
        lost = [("remote_id", "=", False), ("transaction_id", "=", remote.transaction_id)]
        return copies.search([*mine, *lost], limit=1)

    def _by_uid(self, remote: RemoteEvent):
        meetings = self._desk.env["outlook.meeting"]
        if not remote.ical_uid or not self._page.knows_uid(remote):
            return meetings
        whole = [("original_start", "=", False)]
        if remote.kind != "exception":
            return meetings.search([*whole, ("ical_uid", "=", remote.ical_uid)], limit=1)
        series = meetings.search([*whole, ("ical_uid", "=", series_uid(remote.ical_uid))], limit=1)
        original = remote.original_start and remote.original_start.replace(tzinfo=None)
        is_here = series.state != "gone" and homes.is_series(series.event_id)
        if is_here and slot_of(series, remote.ical_uid, original):
            return series
        one = [("ical_uid", "=", remote.ical_uid), ("original_start", "=", original or False)]
        return meetings.search(one, limit=1)

    def _by_tag(self, remote: RemoteEvent):
        meetings = self._desk.env["outlook.meeting"]
        database, _, uuid = (remote.tag or self._tags.get(remote.id, "")).partition(":")
        if database != self._desk.account.database_uuid or not uuid:
            return meetings
        found = meetings.search([("uuid", "=", uuid)], limit=1)
        # A copied event carries the mark of its original, which has its own copy.
        return meetings if found._organizer_copy().remote_id else found

    def _by_identity(self, remote: RemoteEvent):
        """Find what has no iCalUId, or not yet, by what it was when it was met or sent last."""
        for meeting in self._page.alike(remote):
            if not self._has(meeting, remote):
                return meeting
        return self._desk.env["outlook.meeting"]

    def _has(self, meeting, remote: RemoteEvent) -> bool:
        """Tell whether a mailbox has a meeting already, as another event."""
        copies = meeting.copy_ids
        if any(one.account_id == self._desk.account for one in copies):
            return True
        return remote.is_organizer and any(one.role == "organizer" for one in copies)

    def _by_content(self, remote: RemoteEvent, taken: Collection[int]) -> Found:
        nothing, double = self._nothing(), None
        for event in self._page.equals.like(remote):
            meeting = self._page.equals.meeting(event)
            if event.id not in taken and self._is_free(meeting, remote):
                return Found(nothing.copy, meeting, event, nothing.double)
            double = double or event
        if double and self._existed_before(double, remote):
            return Found(nothing.copy, nothing.meeting, nothing.event, double)
        return nothing

    def _is_free(self, meeting, remote: RemoteEvent) -> bool:
        """Tell whether an event of this meeting may be `remote`, going by what is known of it."""
        if not meeting:
            return True
        mark = meeting._tag()
        if mark in self._marks and mark != self._tags.get(remote.id):
            return False  # another event of this mailbox carries its mark
        if self._has(meeting, remote):
            return False
        is_there = any(one.remote_id for one in meeting.copy_ids)
        uids = {remote.ical_uid, meeting.ical_uid} - {None, False}
        return not is_there or len(uids) < 2

    def _existed_before(self, event, remote: RemoteEvent) -> bool:
        """Tell whether both were there before the connection: later ones are meant as they are."""
        began = since(self._desk.account)
        was_there = remote.created_at is not None and remote.created_at < began
        return was_there and event.create_date < began.replace(tzinfo=None)


class _Page:
    """What the database has of many events: what is new among them is known without a query."""

    def __init__(self, desk: Desk, calendar, remotes: list[RemoteEvent]) -> None:
        self._desk = desk
        self._remotes = remotes
        self._remote_ids = {one.id for one in remotes}
        self._known = self._find_copies(remotes)

    # Asked for only where an event has no copy: a page of what is known already needs no more.

    @cached_property
    def equals(self) -> Equals:
        """Return the meetings that look like the events."""
        desk = self._desk
        return Equals(desk.env, self._remotes, lambda one: identity.organizer(desk, one).id or 0)

    @cached_property
    def _uids(self) -> set[str]:
        return self._find_uids(self._remotes)

    @cached_property
    def _alike(self) -> dict[str | None, list]:
        return identity.alike(self._desk, self._remotes)

    def has(self, remote: RemoteEvent) -> bool:
        """Tell whether an event is one of those that were looked for."""
        return remote.id in self._remote_ids

    def add(self, remote: RemoteEvent) -> None:
        """Take note of a copy that was made since."""
        self._known.add(remote.id)
        if remote.ical_uid:
            self._uids.add(remote.ical_uid)

    def knows(self, remote: RemoteEvent) -> bool:
        """Tell whether there may be a copy of an event."""
        return remote.id in self._known or remote.transaction_id in self._known

    def knows_uid(self, remote: RemoteEvent) -> bool:
        """Tell whether there may be a meeting of that iCalUId, or of that of its series."""
        return bool(self._uids & {remote.ical_uid, series_uid(remote.ical_uid or "")})

    def alike(self, remote: RemoteEvent) -> list:
        """Return the meetings without an iCalUId that are known to be as this event is."""
        return self._alike.get(identity.digest(self._desk, remote), [])

    def _find_copies(self, remotes: list[RemoteEvent]) -> set[str | None]:
        transactions = [one.transaction_id for one in remotes if one.transaction_id]
        ids = Domain("remote_id", "in", list(self._remote_ids))
        sent = Domain("remote_id", "=", False) & Domain("transaction_id", "in", transactions)
        mine = Domain("account_id", "=", self._desk.account.id)
        found = self._desk.env["outlook.copy"].search(mine & (ids | sent))
        return {*found.mapped("remote_id"), *found.mapped("transaction_id")} - {False, None}

    def _find_uids(self, remotes: list[RemoteEvent]) -> set[str]:
        uids = {one.ical_uid for one in remotes if one.ical_uid}
        uids |= {series_uid(one) for one in uids}
        found = self._desk.env["outlook.meeting"].search([("ical_uid", "in", list(uids))])
        return set(found.mapped("ical_uid"))


def slot_of(meeting, uid: str | None, original: datetime | None) -> date | None:
    """Return which day of a series that is known here an occurrence is.

    Told by its iCalUId or by its original start (UTC, as Odoo keeps it).
    """
    told = day_of_uid(uid)
    if told or original is None:
        return told
    moment = original.replace(tzinfo=timezone.utc)
    return utc_to_local(moment, homes.zone(meeting.event_id)).date()


def is_left_alone(desk: Desk, remote: RemoteEvent) -> bool:
    """Tell whether the account was told to leave what existed before the connection."""
    if desk.account.sync_policy != "new" or remote.created_at is None:
        return False
    return remote.created_at < since(desk.account)
