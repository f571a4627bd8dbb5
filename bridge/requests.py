"""What a person asks for by hand: send through Outlook, or bring in, what was left alone.

Acts on links only, in the person's own transaction; a round does the rest and obeys the same rules
as always.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from odoo import fields

from . import homes, lanes, mailing, noticing, unsent

#: Why a meeting is not sent, the first that applies: who asks, the meeting, its organizer.
REASONS = ("forbidden", "known", "archived", "over", "far", "organizer", "mailbox")


@dataclass(frozen=True)
class Selection:
    """Meetings that somebody chose: what goes out, what does not and why, who would be mailed.

    `sendable` and each of `skipped` hold one event for each meeting, a series once. `people` are
    the addresses that Outlook mails.
    """

    sendable: Any
    skipped: dict[str, Any]
    people: frozenset[str]


def judge(events) -> Selection:
    """Sort what the acting user chose; changes nothing."""
    sendable, skipped = events.browse(), {}
    for event in _one_for_each(events):
        reason = why_not(event)
        if reason:
            skipped[reason] = skipped.get(reason, events.browse()) | event
        else:
            sendable |= event
    return Selection(sendable, skipped, frozenset(_addresses(sendable.sudo())))


def why_not(event) -> str:
    """Return the first of `REASONS` for which the acting user cannot send a meeting; or empty."""
    if not _may_send(event):
        return "forbidden"
    event = event.sudo()
    organizer = event.user_id
    applies = {
        "known": _is_known(homes.meeting_of(event.env, event)),
        "archived": not event.active,
        "over": homes.is_over(event),
        "far": not mailing.in_window(event),
        "organizer": not organizer,
        "mailbox": not mailing.account_of(organizer),
    }
    return next((reason for reason in REASONS if applies.get(reason)), "")


def send(events) -> Any:
    """Let Outlook have those of these meetings that can be sent; return them, a series once.

    What a mailbox has already, and the sync left alone there, is joined: nobody is mailed then.
    """
    sendable = judge(events).sendable
    for event in sendable.sudo():
        meeting = homes.claim_or_begin(event.env, event)
        if meeting.copy_ids:
            take_up(meeting)
        else:
            _ask(meeting)
    noticing.note_events(events.env, sendable.ids, "write")
    return sendable


def take_up(meetings) -> None:
    """Keep in step from now on what mailboxes have and the sync left alone; a round looks at it."""
    for meeting in meetings:
        _ask(meeting)
        speaking = meeting._organizer_copy() or meeting.copy_ids.sorted("id")[:1]
        speaking.next_attempt = fields.Datetime.now()
        speaking.account_id.next_round_at = fields.Datetime.now()
    lanes.wake(meetings.env, meetings.copy_ids.account_id.ids)


def _ask(meeting) -> None:
    asked = {"requested": True, "asked": False, "reason": False, "title": False}
    if meeting.state != "gone":  # it was there once: the round begins it anew
        asked |= {"state": "new", "mailer": "nobody"}
    meeting.write(asked)


def _one_for_each(events) -> Iterator:
    """Yield an event for each meeting: of a series the first that was chosen."""
    met: set[int] = set()
    for event in events:
        recurrence_id = event.sudo().recurrence_id.id
        if recurrence_id in met:
            continue
        if recurrence_id:
            met.add(recurrence_id)
        yield event


def _may_send(event) -> bool:
    """Tell whether the acting user may read this meeting and change it."""
    if event._check_private_event_conditions():
        return False
    return event.user_can_edit and event.has_access("write")


def _is_known(meeting) -> bool:
    """Tell whether Outlook has a meeting, or gets it as somebody asked before."""
    if meeting.state not in ("new", "linked", "parked"):
        return False
    return bool(meeting.copy_ids) or meeting.requested


def _addresses(events) -> set[str]:
    """Return whom Outlook mails when it gets these meetings; about what it has it mails nobody."""
    found: set[str] = set()
    events = events.filtered(lambda event: not homes.meeting_of(event.env, event).copy_ids)
    for user in events.user_id:
        own = events.filtered(lambda event, user=user: event.user_id == user)
        found |= unsent.addresses(events.env, mailing.account_of(user), own)
    return found


def left_alone(events) -> dict[int, bool]:
    """Return those events, by id, that the sync leaves alone, and whether Outlook has them."""
    known = homes.Known(events.sudo())
    meetings = {event.id: known.meeting(event) for event in events.sudo()}
    return {
        event_id: bool(meeting.copy_ids)
        for event_id, meeting in meetings.items()
        if meeting.state == "left_alone"
    }
