"""Who comes: each attendee's mailbox owns that person's answer.

Outlook to here always; from here to Outlook through the attendee's own account, when his answer
changed here. Compared with what both sides last showed, like all else.
"""

from ..core.graph.operations import Respond
from ..core.graph.remote import RemoteEvent
from .desk import Desk
from .people import ANSWERS, STATES
from .reader import is_present
from .wishes import Wish


class Answers:
    """The answers of one step's meetings."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def of_guests(self, meeting, remote: RemoteEvent) -> None:
        """Take over what the organizer's copy newly says about guests.

        Those whose own mailbox is connected answer for themselves.
        """
        last = meeting.responses or {}
        if dict(remote.responses) == last:
            return
        own = meeting.copy_ids.filtered(lambda copy: copy.role == "attendee" and copy.remote_id)
        guests = meeting.event_id.attendee_ids.partner_id - own.account_id.user_id.partner_id
        for address, response in remote.responses.items():
            if response == last.get(address, "none"):
                continue
            for partner in self._desk.people.meant(address, guests):
                self._write(meeting, partner, STATES[response])
        meeting.responses = dict(remote.responses)

    def own(self, copy, remote: RemoteEvent) -> None:
        """Bring the answer of the mailbox's owner in step with his attendee row here."""
        meeting, event = copy.meeting_id, copy.meeting_id.event_id
        if not is_present(event):
            return
        partner = copy.account_id.user_id.partner_id
        state = STATES[remote.own_response]
        if partner not in event.partner_ids:
            if self._was_guest(copy, partner):
                # Removed since: his mailbox has yet to hear of it from the organizer's.
                self._keep(copy, None, remote.own_response)
                return
            # Invited through a group: no list of guests names him.
            self._desk.writer.invite(event, partner, state)
            self._desk.admit_guests(meeting)
        last = copy.response or {}
        is_news = remote.own_response != last.get("remote", "none")
        if is_news and (last or state != "needsAction"):
            self._write(meeting, partner, state)
        elif last and self._state(event, partner) != last["local"]:
            return  # answered here: the outbox has it
        self._keep(copy, self._state(event, partner), remote.own_response)

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
        state = self._state(event, copy.account_id.user_id.partner_id) if event else None
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
            self._write(meeting, copy.account_id.user_id.partner_id, "declined")
        copy.unlink()

    def _was_guest(self, copy, partner) -> bool:
        """Tell whether he stood on the list here before, as far as either mailbox knows."""
        base = self._desk.shared_base(copy.meeting_id)
        listed = (base and base.local.get("people")) or ()
        return bool(copy.response) or self._desk.people.address(partner, listed) in listed

    def _write(self, meeting, partner, state: str) -> None:
        if self._desk.writer.answer(meeting.event_id, partner, state):
            self._desk.tally["changed_local"] += 1
            self._desk.note(meeting, direction="in", kind="answer")

    @staticmethod
    def _keep(copy, local: str | None, remote: str) -> None:
        last = {"local": local, "remote": remote}
        if copy.response != last:
            copy.response = last

    @staticmethod
    def _state(event, partner) -> str | None:
        return event.attendee_ids.filtered(lambda one: one.partner_id == partner)[:1].state or None
