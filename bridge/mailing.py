"""Who tells the guests: Outlook does for every meeting that goes through a connected mailbox.

Exchange mails on its own and cannot be told not to; so this side keeps quiet about the same
meeting: its invitations, changes and cancellations. Reminders and what a person asks for go on.
"""

from datetime import datetime, timedelta

from odoo import fields

from . import homes, settings

Span = tuple[datetime, datetime]

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


def is_silent(env) -> bool:
    """Tell whether Odoo itself mails nobody now: it makes the rows of a series in silence."""
    return bool(env.context.get("no_mail_to_attendees"))


def told_by_outlook(events):
    """Return those of `events` whose guests hear of them from Outlook, now or later.

    A row of a series is judged as its series, and by a few queries however many rows there are.
    """
    candidates = events.sudo().browse(events.ids)  # read together, wherever they come from
    owners = _connected_owners(candidates)
    if not owners:
        return events.browse()
    candidates = candidates.filtered(lambda event: event.user_id.id in owners)
    known = homes.Known(candidates)
    spans = _spans(candidates)
    told = [
        event.id
        for event in candidates
        if _goes_out(event, known, owners[event.user_id.id], spans[event.id])
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


def _goes_out(event, known, account, span: Span) -> bool:
    """Tell whether `event` is, or will be, in the organizer's mailbox.

    What left a series goes on as the series did: it is as old as its first day here, and still new
    in Outlook.
    """
    for meeting in (known.meeting(event), known.origin(event)):
        if meeting and not meeting._is_unmet():
            return meeting.state in ("new", "linked", "parked") and not _is_stranded(event, meeting)
    is_new = bool(account.since) and event.create_date >= account.since
    return is_new and _is_within(event.env, span)


def _is_stranded(event, meeting) -> bool:
    """Tell whether Outlook will tell nobody: refused there, or in another organizer's mailbox."""
    copy = meeting._organizer_copy()
    is_refused = meeting.state == "parked" and not copy.remote_id
    return is_refused or bool(copy) and copy.account_id.user_id != event.user_id


def in_window(event) -> bool:
    """Tell whether `event` touches the span of time that is kept in step: any row of a series."""
    return _is_within(event.env, _spans(event)[event.id])


def _is_within(env, span: Span) -> bool:
    past, future = settings.window_days(env)
    now = fields.Datetime.now()
    start, stop = span
    return stop >= now - timedelta(days=past) and start <= now + timedelta(days=future)


def _spans(events) -> dict[int, Span]:
    """Return from when to when each event is, or the series that it is a row of."""
    groups = events._read_group(
        [("recurrence_id", "in", events.recurrence_id.ids)],
        ["recurrence_id"],
        ["start:min", "stop:max"],
    )
    by_series = {recurrence.id: (start, stop) for recurrence, start, stop in groups}
    return {
        event.id: by_series.get(event.recurrence_id.id, (event.start, event.stop))
        for event in events
    }
