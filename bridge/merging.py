"""Put right which copies are one meeting, when Outlook tells an iCalUId later than was needed.

Until then a meeting goes by its fingerprint (`identity`). Where that was wrong, or a second meeting
was made of one, it comes out here: without an exception that would stop the round, and without a
mail.
"""

from odoo import fields

from . import conflicts, homes, safety
from .desk import Desk

#: What belongs to the event of a meeting, and comes along where that stays.
_OF_THE_EVENT = (
    "base",
    "responses",
    "made_here",
    "mailer",
    "state",
    "reason",
    "horizon",
    "since",
    "differences",
)


def learn(desk: Desk, copy, uid: str | None) -> None:
    """Note the iCalUId of a meeting as one of its copies shows it.

    `copy` may belong to another meeting afterwards.
    """
    meeting = copy.meeting_id
    if not uid or uid == meeting.ical_uid:
        return
    if meeting.ical_uid and meeting.copy_ids != copy:
        meeting = _parted(desk, copy)
    same = [("ical_uid", "=", uid), ("original_start", "=", meeting.original_start)]
    other = meeting.search(same, limit=1)
    if other:
        desk.lock(other)
        absorb(desk, copy, other)
    else:
        meeting.ical_uid = uid


def absorb(desk: Desk, copy, into) -> None:
    """Let two meetings be one: the copies come together, one event stays, the other is archived.

    `copy` showed that its meeting and `into` are one; it stays, as one of `into`. So does the event
    that has more to lose.
    """
    meeting = copy.meeting_id
    losing, staying = _by_loss(meeting.event_id.exists(), into.event_id.exists())
    _move_copies(copy, into)
    kept = {}
    if staying and staying == meeting.event_id:
        kept = {name: meeting[name] for name in _OF_THE_EVENT}
        into.copy_ids.base = False  # what each mailbox alone shows was compared with the other
    conflicts.move(meeting, into)
    safety.move(meeting, into)
    meeting.unlink()
    into.write({**kept, "event_id": staying.id, "recurrence_ref": False})
    homes.hand_over(into)
    # Its own mailbox has to bring in what the other event alone had learned.
    speaks = into._organizer_copy() or into.copy_ids.sorted("id")[:1]
    speaks.next_attempt = fields.Datetime.now()
    desk.env.flush_all()
    if losing.active:
        desk.note_readers(losing)
        note = desk.env._("This is the same meeting as another one here, which stays.")
        desk.writer.archive(losing, note)


def _parted(desk: Desk, copy):
    """Return the meeting of a copy that was taken for another one's, now without an iCalUId.

    The organizer's own copy keeps its meeting, and the others go: they are looked at again, each by
    the next round of its own mailbox.
    """
    meeting = copy.meeting_id
    if copy.role != "organizer":
        copy.write({"meeting_id": meeting.create({}).id, "base": False, "response": False})
        return copy.meeting_id
    uid, meeting.ical_uid = meeting.ical_uid, False
    meeting.flush_recordset()
    again = {"base": False, "response": False, "next_attempt": fields.Datetime.now()}
    others = meeting.copy_ids - copy
    others.write({**again, "meeting_id": meeting.create({"ical_uid": uid}).id})
    return meeting


def _move_copies(copy, into) -> None:
    """Move `copy` and its siblings; each mailbox has one afterwards."""
    known = {(one.account_id, one.slot): one for one in into.copy_ids}
    for one in copy.meeting_id.copy_ids:
        same = known.get((one.account_id, one.slot))
        if same and same.remote_id and one != copy:
            one.unlink()
            continue
        if same:
            same.unlink()
        one.meeting_id = into


def _by_loss(one, other):
    """Return two events, first the one that is missed less: it has less to it, or is younger."""
    if not one or not other:
        return (one.browse(), one or other)
    return tuple(sorted((one, other), key=lambda event: (_weight(event), -event.id)))


def _weight(event) -> tuple[bool, bool, int]:
    """Return what people would lose with an event: where it comes from, what they wrote."""
    rows = homes.rows(event)
    written = rows.message_ids.filtered(lambda one: one.message_type in ("comment", "email"))
    return bool(event.active), bool(event.res_id), len(written) + len(rows.activity_ids)
