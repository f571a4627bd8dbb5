"""Recognise a meeting before one is made: by what names it, and then by what it is."""

from collections.abc import Mapping

from ..core.engine.normalize import match_key
from ..core.engine.snapshot import AllDay
from ..core.graph.remote import RemoteEvent
from . import reader
from .desk import Desk, since


class Matching:
    """Find the meeting of an event that no copy is known of.

    `tags` holds, by remote id, the marks of events that this database once made.
    """

    def __init__(self, desk: Desk, calendar, tags: Mapping[str, str]) -> None:
        self._desk = desk
        self._calendar = calendar
        self._tags = tags

    def copy(self, remote: RemoteEvent):
        """Return the copy of this event: the known one, or the one whose creation got no answer.

        An event that was dragged from one calendar to another keeps its id, and its copy comes
        along.
        """
        copies = self._desk.env["outlook.copy"]
        mine = [("account_id", "=", self._desk.account.id)]
        found = copies.search([*mine, ("remote_id", "=", remote.id)], limit=1)
        if found and found.calendar_id != self._calendar:
            here = {"calendar_id": self._calendar.id, "seen_round": self._calendar.round_number}
            found.write(here)
        if found or not remote.transaction_id:
            return found
        lost = [("remote_id", "=", False), ("transaction_id", "=", remote.transaction_id)]
        return copies.search([*mine, *lost], limit=1)

    def meeting(self, remote: RemoteEvent):
        """Return the meeting that this is another copy of, empty where it is a new one."""
        return self._by_uid(remote) or self._by_tag(remote) or self._by_content(remote)

    def _by_uid(self, remote: RemoteEvent):
        meetings = self._desk.env["outlook.meeting"]
        if not remote.ical_uid:
            return meetings
        return meetings.search([("ical_uid", "=", remote.ical_uid)], limit=1)

    def _by_tag(self, remote: RemoteEvent):
        meetings = self._desk.env["outlook.meeting"]
        database, _, uuid = (remote.tag or self._tags.get(remote.id, "")).partition(":")
        if database != self._desk.account.database_uuid or not uuid:
            return meetings
        found = meetings.search([("uuid", "=", uuid)], limit=1)
        # A copied event carries the mark of its original, which has its own copy.
        return meetings if found._organizer_copy().remote_id else found

    def _by_content(self, remote: RemoteEvent):
        """Match start, end, subject and organizer; of several equal ones each is taken once."""
        event = next((one for one in self._candidates(remote) if _same(one, remote)), None)
        meetings = self._desk.env["outlook.meeting"]
        if event is None:
            return meetings
        known = meetings.search([("event_id", "=", event.id)], limit=1)
        return known or meetings.create(
            {"event_id": event.id, "state": self._state(event, remote), "made_here": True}
        )

    def _candidates(self, remote: RemoteEvent):
        when = remote.shared.get("when")
        events = self._desk.env["calendar.event"]
        if when is None:
            return events
        if isinstance(when, AllDay):
            times = [("allday", "=", True), ("start_date", "=", when.first)]
        else:
            times = [("allday", "=", False), ("start", "=", when.start.replace(tzinfo=None))]
        found = events.search(
            [
                *times,
                ("active", "=", True),
                ("recurrency", "=", False),
                ("user_id", "=", self._organizer(remote).id),
            ],
            order="id",
        )
        taken = self._desk.env["outlook.meeting"].search(
            ["&", ("event_id", "in", found.ids), ("copy_ids.remote_id", "!=", False)]
        )
        return found - taken.event_id

    def _organizer(self, remote: RemoteEvent):
        if remote.is_organizer:
            return self._desk.account.user_id
        return self._desk.people.user(remote.organizer.address if remote.organizer else None)

    def _state(self, event, remote: RemoteEvent) -> str:
        return "left_alone" if is_left_alone(self._desk, remote) else "new"


def is_left_alone(desk: Desk, remote: RemoteEvent) -> bool:
    """Tell whether the account was told to leave what existed before the connection."""
    if desk.account.sync_policy != "new" or remote.created_at is None:
        return False
    return remote.created_at < since(desk.account)


def _same(event, remote: RemoteEvent) -> bool:
    shown = str(remote.shared.get("subject"))
    here = match_key(reader.when(event), reader.subject(event.name), "organizer")
    return here == match_key(remote.shared["when"], reader.subject(shown), "organizer")
