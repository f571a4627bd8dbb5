"""Who tells the guests: Outlook does for every meeting that goes through a connected mailbox.

Exchange mails on its own and cannot be told not to; so this side keeps quiet about the same
meeting: its invitations, changes and cancellations. Reminders and what a person asks for go on.
"""

from datetime import timedelta

from odoo import fields

from . import settings

#: Templates that say what Outlook's own mails say.
_ANNOUNCEMENTS = (
    "calendar.calendar_template_meeting_invitation",
    "calendar.calendar_template_meeting_changedate",
    "calendar.calendar_template_delete_event",
)
_ASKED_FOR = "outlook_calendar_asked_for"


def asked_for(records):
    """Return the records with the note that a person wants this mail."""
    return records.with_context(**{_ASKED_FOR: True})


def is_announcement(env, template) -> bool:
    """Tell whether Outlook would send its own version of this mail."""
    if not template or env.context.get(_ASKED_FOR):
        return False
    known = (env.ref(name, raise_if_not_found=False) for name in _ANNOUNCEMENTS)
    return any(template == one for one in known if one)


def told_by_outlook(events):
    """Return those of `events` whose guests hear of them from Outlook, now or later."""
    candidates = events.filtered(lambda event: not event.recurrency).sudo()
    owners = _connected_owners(candidates)
    if not owners:
        return events.browse()
    meetings = events.env["outlook.meeting"]._of_events(candidates.ids)
    by_event = {meeting.event_id.id: meeting for meeting in meetings}
    told = [
        event.id
        for event in candidates
        if event.user_id.id in owners
        and _goes_out(event, by_event.get(event.id), owners[event.user_id.id])
    ]
    return events.browse(told)


def _connected_owners(events) -> dict:
    """Return the organizers' accounts by user id, with one indexed query."""
    if not events.user_id or not settings.is_enabled(events.env):
        return {}
    accounts = events.env["outlook.account"].sudo()
    connected = accounts.search(
        [
            ("user_id", "in", events.user_id.ids),
            ("state", "!=", "new"),
            ("user_id.active", "=", True),
            ("user_id.share", "=", False),
        ]
    )
    return {account.user_id.id: account for account in connected}


def _goes_out(event, meeting, account) -> bool:
    """Tell whether `event` is, or will be, in the organizer's mailbox."""
    if meeting and not meeting._is_unmet():
        return meeting.state in ("new", "linked", "parked") and not _is_stranded(event, meeting)
    is_new = bool(account.since) and event.create_date >= account.since
    return is_new and in_window(event)


def _is_stranded(event, meeting) -> bool:
    """Tell whether Outlook will tell nobody: refused there, or in another organizer's mailbox."""
    copy = meeting._organizer_copy()
    is_refused = meeting.state == "parked" and not copy.remote_id
    return is_refused or bool(copy) and copy.account_id.user_id != event.user_id


def in_window(event) -> bool:
    """Tell whether `event` touches the span of time that is kept in step."""
    past, future = settings.window_days(event.env)
    now = fields.Datetime.now()
    return event.stop >= now - timedelta(days=past) and event.start <= now + timedelta(days=future)
