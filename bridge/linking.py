"""Tie what Outlook shows to what is known here: a copy for each event of a mailbox."""

from collections.abc import Mapping

from ..core.engine.normalize import norm_address
from ..core.graph.remote import RemoteEvent
from . import homes
from .desk import Desk
from .facts import facts_of, write_changed
from .matching import Matching, is_left_alone, slot_of


class Linking:
    """The copies of one calendar, for one step."""

    def __init__(self, desk: Desk, calendar, tags: Mapping[str, str]) -> None:
        self._desk = desk
        self._calendar = calendar
        self._matching = Matching(desk, calendar, tags)

    def copy(self, remote: RemoteEvent):
        """Return the copy of this event, met and locked; empty where none is known."""
        copy = self._matching.copy(remote)
        if copy:
            self._desk.lock(copy.meeting_id)
            self._seen(copy)
        return copy

    def known(self, remote_id: str):
        """Return the copy of that id."""
        return self._desk.env["outlook.copy"].search(
            [("calendar_id", "=", self._calendar.id), ("remote_id", "=", remote_id)], limit=1
        )

    def linked(self, remote: RemoteEvent):
        """Return a new copy for an event that is met for the first time; none if it is ignored."""
        meeting = self._matching.meeting(remote)
        if meeting.state == "gone" and not remote.is_organizer:
            return self._desk.env["outlook.copy"]  # a cancellation that has not arrived there yet
        if not meeting:
            meeting = self._desk.env["outlook.meeting"].create(self._new(remote))
        self._desk.lock(meeting)
        lost = meeting.copy_ids.filtered(
            lambda one: one.calendar_id == self._calendar and not one.remote_id
        )
        vals = {"meeting_id": meeting.id, "calendar_id": self._calendar.id, "role": _role(remote)}
        if remote.kind == "exception" and homes.is_series(meeting.event_id):
            original = remote.original_start and remote.original_start.replace(tzinfo=None)
            vals["slot"] = slot_of(meeting, remote.ical_uid, original)
        copy = lost or lost.create(vals)
        is_ours = copy.role == "organizer" or meeting.copy_ids == copy
        is_to_rest = is_left_alone(self._desk, remote)
        if meeting.state == "left_alone" and is_ours and not is_to_rest:
            meeting.state = "new"  # left alone before its organizer's mailbox was here (again)
        elif copy.role == "organizer" and is_to_rest:
            meeting.write({"state": "left_alone", "mailer": "odoo"})  # a guest's mailbox knew it
        self._seen(copy)
        return copy

    def note_facts(self, copy, remote: RemoteEvent) -> None:
        """Keep what names the event and its state in Outlook, where it changed."""
        meeting = copy.meeting_id
        write_changed(copy, **facts_of(remote))
        if copy.slot:
            return  # the meeting is the series
        if not meeting.event_id and not meeting.base:
            copy.role = _role(remote)  # nobody knew when it was set aside
        facts = {"ical_uid": remote.ical_uid or meeting.ical_uid}
        if remote.organizer and remote.organizer.address:
            facts["organizer"] = norm_address(remote.organizer.address)
        write_changed(meeting, **facts)

    def set_aside(self, remote_id: str, reason: str, remote: RemoteEvent | None = None):
        """Park the meeting of this event; the next change on either side tries again."""
        copy = self.known(remote_id)
        if not copy:
            copy = copy.create(
                {
                    "meeting_id": self._desk.env["outlook.meeting"].create({}).id,
                    "calendar_id": self._calendar.id,
                    "role": _role(remote),
                    "remote_id": remote_id,
                }
            )
        self._seen(copy)
        self._desk.park(copy.meeting_id, reason)
        return copy

    def _new(self, remote: RemoteEvent) -> dict:
        """Return the values of a meeting that is known from nowhere else."""
        original = remote.original_start if remote.kind == "exception" else None
        return {
            "state": "left_alone" if is_left_alone(self._desk, remote) else "new",
            "original_start": original and original.replace(tzinfo=None),
        }

    def _seen(self, copy) -> None:
        number = self._calendar.round_number
        if self._calendar.full_round and copy.seen_round != number:
            copy.seen_round = number


def _role(remote: RemoteEvent | None) -> str:
    return "organizer" if remote is None or remote.is_organizer else "attendee"
