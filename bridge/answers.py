"""Who comes: each attendee's mailbox owns that person's answer.

Outlook to here always; from here to Outlook through the attendee's own account, when his answer
changed here. Compared with what both sides last showed, like all else.
"""

from collections import Counter
from collections.abc import Mapping
from typing import Any, NamedTuple

from ..core.engine.fields import CANCELLED
from ..core.graph.operations import Respond
from ..core.graph.remote import RemoteEvent
from . import homes, occurrences
from .desk import Desk
from .people import ANSWERS, STATES
from .reader import is_present
from .wishes import Wish
from .writer import QUIET


def told(remote: RemoteEvent) -> dict[str, Any]:
    """Return what the organizer's copy says of guests, to be kept: address -> answer.

    Of a series also slot -> the same, where it is otherwise on that date.
    """
    responses = dict(remote.responses)
    single = {slot: dict(one.responses) for slot, one in remote.exceptions.items()}
    return {**responses, **{slot: one for slot, one in single.items() if one != responses}}


class Answers:
    """The answers of one step's meetings."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def of_guests(self, meeting, remote: RemoteEvent) -> None:
        """Take over what the organizer's copy newly says about guests.

        Those whose own mailbox is connected answer for themselves.
        """
        last, now = meeting.responses or {}, told(remote)
        if now == last or not is_present(meeting.event_id):
            return
        own = meeting.copy_ids.filtered(lambda copy: copy.role == "attendee" and copy.remote_id)
        rows = self._rows(meeting, meeting._organizer_copy())
        everybody = rows.all.attendee_ids.partner_id - own.account_id.user_id.partner_id
        single = {slot: row for slot, row in rows.by_slot.items() if slot in now or slot in last}
        others = rows.all - rows.all.browse(row.id for row in single.values())
        self._take_over(meeting, others, everybody, last, now)
        for slot, row in single.items():
            was, said = ({**one, **one.get(slot, {})} for one in (last, now))
            self._take_over(meeting, row, everybody & row.attendee_ids.partner_id, was, said)
        meeting.responses = now

    def _take_over(self, meeting, rows, guests, last: Mapping, now: Mapping) -> None:
        for address, response in now.items():
            if isinstance(response, str) and response != last.get(address, "none"):
                for partner in self._desk.people.meant(address, guests):
                    self.write(meeting, rows, partner, STATES[response])

    def own(self, copy, remote: RemoteEvent) -> None:
        """Bring the answer of the mailbox's owner in step with his attendee rows here."""
        meeting, event = copy.meeting_id, copy.meeting_id.event_id
        if not is_present(event):
            return
        partner = copy.account_id.user_id.partner_id
        state = STATES[remote.own_response]
        rows = self._rows(meeting, copy)
        if partner not in rows.all.partner_ids:
            if self._was_guest(copy, partner):
                # Removed since: his mailbox has yet to hear of it from the organizer's.
                self._keep(copy, None, remote.own_response)
                return
            # Invited through a group: no list of guests names him.
            for row in rows.all:
                self._desk.writer.invite(row, partner, state)
            self._desk.admit_guests(meeting)
        single = _single_answers(remote)
        self._take_over_single(copy, rows, partner, single)
        others = rows.all.browse(row.id for slot, row in rows.by_slot.items() if slot not in single)
        self._take_over_own(copy, others or rows.all, partner, remote.own_response)

    def _take_over_own(self, copy, rows, partner, response: str) -> None:
        last, state = copy.response or {}, STATES[response]
        is_news = response != last.get("remote", "none")
        if is_news and (last or state != "needsAction"):
            self.write(copy.meeting_id, rows, partner, state)
        elif last and self._state(rows, partner) != last["local"]:
            return  # answered here: the outbox has it
        self._keep(copy, self._state(rows, partner), response)

    def _take_over_single(self, copy, rows: "Rows", partner, single: Mapping[str, str]) -> None:
        """Take over what he newly answered for single occurrences."""
        last = copy.response or {}
        was = last.get("single") or {}
        for slot, response in single.items():
            row = rows.by_slot.get(slot)
            if row and response != was.get(slot, last.get("remote", "none")):
                self.write(copy.meeting_id, row, partner, STATES[response])
        if single != was:
            copy.response = {**last, "single": single}

    def begin_anew(self, meeting) -> None:
        """Let mailboxes invite their users to a meeting that was made again without them.

        They were invited through a list, which the organizer's mailbox cannot tell.
        """
        guests = meeting.event_id.partner_ids
        meeting.copy_ids.filtered(
            lambda copy: copy.response and copy.account_id.user_id.partner_id not in guests
        ).response = False

    def to_send(self, copy, rows: tuple[int, ...]) -> Wish | None:
        """Return the answer that was given here and that Outlook does not know yet."""
        event = copy.meeting_id.event_id
        if not event or homes.is_series(event):
            return None
        state = self._state(event, copy.account_id.user_id.partner_id)
        last = copy.response or {}
        answer = ANSWERS.get(state or "")
        if not answer or state in (last.get("local"), STATES[last.get("remote", "none")]):
            return None
        operation = Respond(copy.remote_id, answer, send_response=copy.wants_response)
        return Wish("answer", operation, copy.meeting_id.id, copy.id, local=state, rows=rows)

    def sent(self, copy, state: str) -> None:
        """Note that Outlook knows the answer now."""
        remote = next(response for response, name in reversed(STATES.items()) if name == state)
        self._keep(copy, state, remote)
        self._desk.note(copy.meeting_id, direction="out", kind="answer")

    def left(self, copy) -> None:
        """The attendee removed his copy: he does not come. The meeting stays for all others."""
        meeting = copy.meeting_id
        if is_present(meeting.event_id):
            rows = self._rows(meeting, copy).all
            self.write(meeting, rows, copy.account_id.user_id.partner_id, "declined")
        copy.unlink()

    def _rows(self, meeting, copy) -> "Rows":
        """Return the events that a copy is about: one, or the occurrences of a series."""
        event = meeting.event_id
        if not homes.is_series(event):
            return Rows(event)
        slots = self._desk.series(meeting, copy).slots
        by_slot = {slot.isoformat(): row for slot, row in slots.items()}
        if copy.slot:
            return Rows(by_slot.get(copy.slot.isoformat(), event.browse()))
        return Rows(homes.rows(event), by_slot)

    def _was_guest(self, copy, partner) -> bool:
        """Tell whether he stood on the list here before, as far as either mailbox knows."""
        base = self._desk.shared_base(copy.meeting_id)
        listed = (base and base.local.get("people")) or ()
        return bool(copy.response) or self._desk.people.address(partner, listed) in listed

    def write(self, meeting, rows, partner, state: str) -> None:
        """Write somebody's answer to all of these events at once, as their organizer would."""
        attendees = rows.attendee_ids.filtered(
            lambda one: one.partner_id == partner and one.state != state
        )
        if not attendees:
            return
        writer = rows[:1].user_id or self._desk.env.user
        attendees.with_user(writer).sudo().with_context(**QUIET).write({"state": state})
        self._desk.tally["changed_local"] += 1
        self._desk.note(meeting, direction="in", kind="answer")

    @staticmethod
    def _keep(copy, local: str | None, remote: str) -> None:
        last = copy.response or {}
        if (last.get("local"), last.get("remote")) != (local, remote):
            copy.response = {**last, "local": local, "remote": remote}

    @staticmethod
    def _state(rows, partner) -> str | None:
        """Return somebody's answer to most of these events."""
        attendees = rows.attendee_ids.filtered(lambda one: one.partner_id == partner)
        return next(iter(Counter(attendees.mapped("state")).most_common(1)), (None,))[0]


class Rows(NamedTuple):
    """The events that a copy is about; of a series also by slot."""

    all: Any
    by_slot: Mapping[str, Any] = {}


def _single_answers(remote: RemoteEvent) -> dict[str, str]:
    """Return the owner's answers to single occurrences: one that he removed is a refusal."""
    answers = {
        slot: one.own_response
        for slot, one in remote.exceptions.items()
        if one.own_response != remote.own_response
    }
    gone = {slot for slot, one in occurrences.of(remote.shared).items() if one == CANCELLED}
    return answers | dict.fromkeys(gone, "declined")
