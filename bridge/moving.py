"""Let a meeting move to another mailbox when it gets another organizer here.

Exchange cannot hand a meeting over. It is cancelled in the old mailbox, once what was edited there
has come in, and begun anew in the new one: everybody gets one cancellation and one invitation. The
record here stays, with its messages and its answers. What was in Outlook leaves a tombstone, a row
of `outlook.meeting` without an event: by its iCalUId, old copies that arrive late are recognised
and make nothing. Nobody is told anything until both can be done.
"""

from odoo import fields
from odoo.api import Environment
from odoo.exceptions import UserError

from . import homes, invitations, invited, mailing, noticing, settings
from .reader import is_present
from .writer import QUIET


def is_moving(copy) -> bool:
    """Tell whether a meeting is to leave the mailbox of this copy, because of its organizer.

    Only what was in step with that mailbox moves: there, somebody changed the organizer. Where a
    mailbox was never in step, its owner and the organizer here merely differ.
    """
    if copy.role != "organizer" or copy.slot or not copy.base:
        return False
    event = copy.meeting_id.event_id
    if not is_present(event) or event.user_id == copy.account_id.user_id:
        return False
    return mailing.in_window(event) and not homes.is_over(event)


def is_left_behind(copy) -> bool:
    """Tell whether a meeting went on elsewhere without this mailbox, which has yet to cancel it."""
    meeting = copy.meeting_id
    return copy.role == "organizer" and bool(copy.base) and meeting.state == "gone"


def destination(event):
    """Return the account, connected in whatever state, of the organizer; empty where none is."""
    account = mailing.account_of(event.user_id)
    return account if settings.is_enabled(event.env) else account.browse()


def awaited(copy):
    """Return the account that a move has to wait for; empty where it can happen now."""
    accounts = copy.account_id | destination(copy.meeting_id.event_id)
    return accounts.filtered(lambda account: account.state != "active")[:1]


def leave(desk, copy) -> None:
    """The mailbox of a copy has the meeting no longer: it goes on elsewhere, or not at all."""
    meeting, is_to_go_on = copy.meeting_id, is_moving(copy)
    desk.forget(meeting)
    if is_to_go_on:
        go_on(desk.env, incarnate(meeting))


def leave_behind(copy) -> None:
    """Let a meeting go on where its organizer is now; the old mailbox cancels it when it can.

    For a person who does not want to wait: until then the guests have both.
    """
    meeting = copy.meeting_id
    (meeting.copy_ids - copy).unlink()
    copy.next_attempt = fields.Datetime.now()
    go_on(copy.env, incarnate(meeting))


def incarnate(meeting):
    """Return a new row for the event of a meeting that is gone in Outlook; the old one stays.

    That keeps what names the meeting there: its iCalUId and our mark. The new one knows whom
    Outlook had invited.
    """
    event = meeting.event_id
    known = {"event_id": event.id, "recurrence_ref": meeting.recurrence_ref, "made_here": True}
    known["invited"] = invited.to_keep(meeting)
    _unlink_online(event, meeting.join_url)
    meeting.write({"state": "gone", "event_id": False, "recurrence_ref": False})
    meeting.flush_recordset()  # before the new row takes what must be unique
    return meeting.create(known)


def go_on(env: Environment, meeting) -> None:
    """Let a meeting that was cancelled be announced anew: by Outlook, or else by this side."""
    event = meeting.event_id
    if destination(event):
        meeting.write({"requested": True, "mailer": "nobody"})
        noticing.note_events(env, event.ids, "write")
    else:
        announce(meeting)


def announce(meeting) -> None:
    """Invite the guests by this side's own mail: no mailbox of the organizer's does."""
    event = meeting.event_id
    meeting.write({"mailer": "odoo", "requested": False})
    if homes.is_over(event):
        return
    try:
        with event.env.cr.savepoint():
            invitations.send(event)
    except UserError as error:  # a mail's template that somebody broke is no reason to stop a round
        note = event.env._("The guests could not be invited: %(reason)s", reason=error)
        event.with_context(**QUIET).message_post(body=note, subtype_xmlid="mail.mt_note")
    names = invited.known_there_only(meeting)
    if names:
        note = event.env._(
            "Not invited any more, as only Outlook knew them: %(names)s.", names=", ".join(names)
        )
        event.with_context(**QUIET).message_post(body=note, subtype_xmlid="mail.mt_note")


def _unlink_online(event, join_url: str | bool) -> None:
    """Forget the link to an online meeting that goes with the old one."""
    rows = homes.rows(event).filtered(lambda row: join_url and row.videocall_location == join_url)
    if rows:
        rows.with_context(**QUIET).videocall_location = False
