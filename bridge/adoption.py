"""Let single occurrences that were known by themselves belong to their series, once that is here.

A colleague who is invited to one date of a series has that date alone in his mailbox. Where it is
read first, it is a meeting; when the series comes, it is one of its rows.
"""

from ..core.graph.remote import RemoteEvent
from ..core.graph.slots import series_uid
from . import homes
from .answers import Answers
from .desk import Desk
from .matching import slot_of

#: Digits of an iCalUId that hold the date of an occurrence (MS-OXOCAL).
_DATE = slice(32, 40)


def adopt(desk: Desk, copy, remote: RemoteEvent) -> None:
    """Join what is known of single occurrences with the series that `copy` has just shown."""
    meeting = copy.meeting_id
    if remote.kind != "seriesMaster" or not homes.is_series(meeting.event_id):
        return
    alone = _alone(desk, remote.ical_uid)
    if not alone:
        return
    rows = desk.series(meeting, copy).slots
    for one in alone:
        desk.lock(one)
        day = slot_of(meeting, one.ical_uid, one.original_start)
        if day in rows:
            _join(desk, one, meeting, day, rows[day])


def _alone(desk: Desk, uid: str | None):
    meetings = desk.env["outlook.meeting"]
    if not uid:
        return meetings
    pattern = uid if series_uid(uid) != uid or len(uid) < _DATE.stop else _any_date(uid)
    found = meetings.search([("original_start", "!=", False), ("ical_uid", "=like", pattern)])
    return found.filtered(lambda one: series_uid(one.ical_uid) == series_uid(uid))


def _any_date(uid: str) -> str:
    return f"{uid[: _DATE.start]}{'_' * 8}{uid[_DATE.stop :]}"


def _join(desk: Desk, one, meeting, day, row) -> None:
    """Let the copies of `one` be copies of a row of the series, and the event give way to it."""
    event = one.event_id
    known = meeting.copy_ids.account_id
    one.copy_ids.filtered(lambda copy: copy.account_id in known).unlink()
    answers = {each.partner_id: each.state for each in event.attendee_ids}
    for copy in one.copy_ids:
        partner = copy.account_id.user_id.partner_id
        answer = answers.get(partner)
        copy.write({"meeting_id": meeting.id, "slot": day, "base": False})
        if answer:
            Answers(desk).write(meeting, row, partner, answer)
    one.unlink()
    if event and event.active:
        desk.note_readers(event)
        note = desk.env._("This is an occurrence of a series that is here now.")
        desk.writer.archive(event, note)
