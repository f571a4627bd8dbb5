"""Tie what Outlook shows to what is known here: a copy for each event of a mailbox."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from ..core.engine.normalize import norm_address
from ..core.graph.remote import RemoteEvent
from ..core.graph.values import clean
from . import homes, identity, merging
from .desk import Desk
from .facts import facts_of, write_changed
from .matching import Found, Matching, is_left_alone, slot_of


class Linking:
    """The copies of one calendar, for one step."""

    def __init__(self, desk: Desk, calendar, tags: Mapping[str, str]) -> None:
        self._desk = desk
        self._calendar = calendar
        self._matching = Matching(desk, calendar, tags)

    def expect(self, remotes: Iterable[RemoteEvent]) -> None:
        """Look for the events of a page at once: what is new then costs no search each."""
        self._matching.expect(remotes)

    def copy(self, remote: RemoteEvent):
        """Return the copy of this event, met and locked; empty where none is known.

        An event that was dragged from one calendar to another keeps its id, and its copy comes
        along.
        """
        copy = self._matching.copy(remote)
        if copy.remote_id and copy.calendar_id != self._calendar:
            number = self._calendar.round_number
            copy.write({"calendar_id": self._calendar.id, "seen_round": number})
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
        found = self._matching.find(remote)
        if found.meeting.state == "gone" and not remote.is_organizer:
            if not self._may_come_back(found.meeting):
                return found.copy  # a cancellation that has not arrived there yet
            found.meeting.state = "new"
        if found.double and not is_left_alone(self._desk, remote):
            return self._left_to_a_person(remote)
        meeting = self._meeting(found, remote)
        vals = {"role": _role(remote), "slot": _slot(meeting, remote)}
        former = self._former(meeting, **vals)
        if self._is_elsewhere(former):
            return found.copy
        copy = self._renamed(former) if former.remote_id else former
        copy = copy or self._new_copy(meeting, vals)
        self._let_rest(meeting, copy, remote)
        self._met(copy, remote)
        return copy

    def note_facts(self, copy, remote: RemoteEvent) -> None:
        """Keep what names the event and its state in Outlook, where it changed."""
        meeting = copy.meeting_id
        write_changed(copy, **facts_of(remote))
        if copy.slot:
            return  # the meeting is the series
        if not meeting.event_id and not meeting.base:
            copy.role = _role(remote)  # nobody knew when it was set aside
        if remote.organizer and remote.organizer.address:
            write_changed(meeting, organizer=norm_address(remote.organizer.address))
        merging.learn(self._desk, copy, remote.ical_uid)
        if copy.role == "organizer" or not copy.meeting_id._organizer_copy():
            identity.note_shown(self._desk, copy.meeting_id, remote)

    def set_aside(
        self,
        remote_id: str,
        reason: str,
        remote: RemoteEvent | None = None,
        item: Mapping[str, Any] | None = None,
    ):
        """Park the meeting of this event; the next change on either side tries again.

        `item` is what Graph showed of it.
        """
        self._matching.forget()
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
        self._desk.park(copy.meeting_id, reason, item)
        link = (item or {}).get("webLink")
        if not copy.web_link and isinstance(link, str) and link == clean(link):
            copy.web_link = link
        return copy

    def _may_come_back(self, meeting) -> bool:
        """Tell whether an invitation that is there again brings back what is archived here.

        Guests' mailboxes alone told of it, so that its only guest was perhaps taken off and invited
        again. What had an organizer's mailbox here, that mailbox ended.
        """
        event = meeting.event_id.exists()
        if meeting.made_here or not event:
            return False
        owner = [("user_id", "=", event.user_id.id)]
        return not event.user_id or not self._desk.env["outlook.account"].search_count(owner)

    def _meeting(self, found: Found, remote: RemoteEvent):
        """Return the meeting that was found, or a new one: of an event here, or of none yet."""
        meeting, event = found.meeting, found.event
        if event and (homes.is_series(event) or event.outlook_former_recurrence):
            meeting = homes.claim(self._desk.env, event)
        if meeting:
            self._desk.lock(meeting)
            return meeting
        # No other meeting has this iCalUId: by it that one would have been found.
        values = {**self._new(remote), "ical_uid": remote.ical_uid}
        if event:
            values |= {"event_id": event.id, "made_here": True}
        meeting = meeting.create(values)
        if homes.is_series(event):
            homes.hand_over(meeting)
        return meeting

    def _former(self, meeting, *, role: str, slot: date | None):
        """Return the copy that this mailbox has of a meeting already: under another id, or none.

        Its creation got no answer, or the mailbox was restored from a backup: Exchange then keeps
        the iCalUId and gives new ids (inferred from what a restore is, a copy into the mailbox).
        """
        mine = meeting.copy_ids.filtered(
            lambda one: (
                one.account_id == self._desk.account
                and one.role == role
                and (one.slot or None) == slot
            )
        )
        lost = mine.filtered(lambda one: not one.remote_id and one.calendar_id == self._calendar)
        return lost or mine.filtered("remote_id")[:1]

    def _is_elsewhere(self, copy) -> bool:
        """Tell whether a copy is known to be still there under its own id: this is one too many."""
        if not copy.remote_id:
            return False
        calendar = copy.calendar_id
        if calendar != self._calendar:
            return calendar.chosen
        return calendar.full_round and copy.seen_round == calendar.round_number

    def _renamed(self, copy):
        """Let a copy have another id: what both sides show now is joined, whatever it was."""
        copy.write({"calendar_id": self._calendar.id, "base": False})
        if copy.role == "organizer" or copy.meeting_id.copy_ids == copy:
            copy.meeting_id.base = False
        return copy

    def _new_copy(self, meeting, vals: dict):
        vals = {**vals, "meeting_id": meeting.id, "calendar_id": self._calendar.id}
        return self._desk.env["outlook.copy"].create(vals)

    def _let_rest(self, meeting, copy, remote: RemoteEvent) -> None:
        """Leave a meeting alone that is to be, and no longer one that nobody wants to be."""
        if meeting.asked == "there":
            return
        is_ours = copy.role == "organizer" or meeting.copy_ids == copy
        is_to_rest = is_left_alone(self._desk, remote)
        if meeting.state == "left_alone" and is_ours and not is_to_rest:
            # Left alone before its organizer's mailbox was here (again).
            meeting.write({"state": "new", "asked": False})
        elif copy.role == "organizer" and is_to_rest:
            meeting.write({"state": "left_alone", "mailer": "odoo"})  # a guest's mailbox knew it

    def _left_to_a_person(self, remote: RemoteEvent):
        """Set an event aside that equals one here: whether they are one, a person has to say."""
        is_hidden = remote.shared.get("sensitivity", "normal") != "normal"
        meeting = self._desk.env["outlook.meeting"].create(
            {
                "state": "left_alone",
                "asked": "there",
                "ical_uid": remote.ical_uid,
                "title": not is_hidden and remote.shared.get("subject"),
            }
        )
        copy = self._new_copy(meeting, {"role": _role(remote)})
        self._met(copy, remote)
        return copy

    def _met(self, copy, remote: RemoteEvent) -> None:
        self._matching.note(remote, copy.meeting_id.event_id)
        self._seen(copy)

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


def _slot(meeting, remote: RemoteEvent) -> date | None:
    """Return which day of a series an event is, where the series is here and the event is one."""
    if remote.kind != "exception" or not homes.is_series(meeting.event_id):
        return None
    original = remote.original_start and remote.original_start.replace(tzinfo=None)
    return slot_of(meeting, remote.ical_uid, original)


def _role(remote: RemoteEvent | None) -> str:
    return "organizer" if remote is None or remote.is_organizer else "attendee"
