"""Who tells the guests of a meeting: Outlook, this side, or nobody yet. One decision, for all.

Exchange mails on its own and cannot be told not to. So this side keeps quiet about every meeting
that is, or is going to be, in a connected organizer's mailbox: its invitations, changes and
cancellations. Reminders and what a person asks for go on. `docs/sync-rules.md`, *Who mails*.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from odoo.fields import Domain

from . import homes, settings

#: As `outlook.meeting` keeps them. Nobody: Outlook is to tell the guests, and has not so far.
OUTLOOK, ODOO, NOBODY = "outlook", "odoo", "nobody"

#: Templates that say what Outlook's own mails say.
_ANNOUNCEMENTS = (
    "calendar.calendar_template_meeting_invitation",
    "calendar.calendar_template_meeting_changedate",
    "calendar.calendar_template_delete_event",
)
_ASKED_FOR = "outlook_calendar_asked_for"


@dataclass(frozen=True)
class Verdict:
    """Who tells the guests of one meeting; this side keeps quiet unless `mailer` is `ODOO`."""

    mailer: str
    #: The mailbox (`outlook.account`) that the meeting is in, or that it is going to.
    account: Any = None
    #: What is known of it in Outlook (`outlook.meeting`).
    meeting: Any = None
    #: It is on its way from this mailbox to another organizer's.
    is_moving: bool = False
    #: It came from the Outlook of somebody who has no mailbox here.
    is_foreign: bool = False
    #: Outlook was to invite the guests and has not, and no round is to be expected that would.
    is_stranded: bool = False


class Span(NamedTuple):
    """From when to when a meeting is, a series as a whole, and whether this side told of it.

    In UTC without a zone, as Odoo keeps times.
    """

    start: datetime
    stop: datetime
    is_announced: bool


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
    if env.context.get("no_mail_to_attendees"):
        return True
    return bool(env["ir.config_parameter"].sudo().get_param("calendar.block_mail"))


def told_by_outlook(events):
    """Return those of `events` whose guests hear of them from Outlook, now or later."""
    found = verdicts(events)
    return events.filtered(lambda event: found[event.id].mailer != ODOO)


def note_announced(events) -> None:
    """Keep that this side has told guests of these events: Outlook is not to invite them again.

    Not of what Outlook has: it invited them. By SQL, in the transaction that mails: it is no edit
    of the meeting.
    """
    fresh = events.sudo().filtered(lambda event: not event.outlook_is_announced)
    if fresh:
        known = homes.Known(fresh)
        fresh = fresh.filtered(lambda one: not any(known.meeting(one).copy_ids.mapped("remote_id")))
    if fresh:
        fresh.flush_recordset(["outlook_is_announced"])
        query = "UPDATE calendar_event SET outlook_is_announced = TRUE WHERE id = ANY(%s)"
        events.env.cr.execute(query, (fresh.ids,))
        fresh.invalidate_recordset(["outlook_is_announced"], flush=False)


def verdicts(events) -> dict[int, Verdict]:
    """Say by id who tells the guests of these events, as things stand in this transaction.

    A row of a series is judged as its series, by a few queries however many rows there are.
    """
    events = events.sudo().browse(events.ids)  # read together, wherever they come from
    if not events:
        return {}
    judge = _Judge(events)
    if not settings.is_enabled(events.env):
        return {event.id: judge.stranded(event) or Verdict(ODOO) for event in events}
    return {event.id: judge.verdict(event) for event in events}


def is_connected(account) -> bool:
    """Tell whether rounds of this account are to be expected, now or after a break.

    Not of one that is signed out, nor of somebody who has left.
    """
    user = account.user_id
    return bool(account) and account.state != "new" and user.active and not user.share


def account_of(user):
    """Return the account of a user whose rounds are to be expected (`is_connected`), or none."""
    accounts = user.env["outlook.account"].sudo().search([("user_id", "=", user.id)])
    return accounts.filtered(is_connected)


class _Judge:
    """What has to be known of some events to judge each of them."""

    def __init__(self, events) -> None:
        accounts = events.env["outlook.account"]
        found = accounts.search([("user_id", "in", events.user_id.ids)]) if events.user_id else ()
        self._accounts = {one.user_id.id: one for one in found if is_connected(one)}
        self._known = homes.Known(events)
        self._spans = _spans(events)
        self._waiting = _creations(events)

    def verdict(self, event) -> Verdict:
        """Judge one event; whose guests nobody has told so far, this side does not tell of more."""
        verdict = self._verdict(event)
        return verdict if verdict.mailer != ODOO else self.stranded(event) or verdict

    def stranded(self, event) -> Verdict | None:
        """Judge what Outlook was to announce and no round will send; None where this is not so.

        Whatever became of the mailbox: that nobody was told stays true.
        """
        meeting, account = self._known.meeting(event), self._waiting.get(event.id)
        copy = meeting._organizer_copy()
        if copy.remote_id or meeting.state in ("left_alone", "gone"):
            return None
        if meeting.copy_ids - copy or not (account or meeting.mailer == NOBODY):
            return None
        if self._spans[event.id].is_announced or not self._is_to_come(event):
            return None
        account = copy.account_id or account or _own_account(event)
        return Verdict(NOBODY, account, meeting, is_stranded=True)

    def _verdict(self, event) -> Verdict:
        """Judge by what is known of an event, or of the series that it left."""
        meeting = self._known.meeting(event)
        if meeting and not meeting._is_unmet():
            return self._of_known(event, meeting)
        if meeting.state != "gone":
            origin = self._known.origin(event)
            if origin and not origin._is_unmet():
                return self._of_heir(event, origin)
        return self._of_unmet(event, meeting)

    def _of_known(self, event, meeting) -> Verdict:
        """Judge what is in Outlook, is on its way there, or was left alone."""
        copy = meeting._organizer_copy()
        account = copy.account_id
        if meeting.state == "left_alone":
            return Verdict(ODOO, meeting=meeting)
        if not copy:
            return self._of_guests_copies(event, meeting)
        if account.user_id != event.user_id:
            return self._of_former_organizer(event, meeting, copy)
        if not is_connected(account):
            return Verdict(ODOO, meeting=meeting)
        return Verdict(OUTLOOK if copy.remote_id else NOBODY, account, meeting)

    def _of_former_organizer(self, event, meeting, copy) -> Verdict:
        """Judge what is in a former organizer's mailbox: it moves, and the guests hear of it then.

        What does not move (`bridge.moving`), Outlook says nothing of any more. One row of a series
        stays there as it was.
        """
        is_one_row = meeting.event_id.user_id == copy.account_id.user_id
        is_in_step = bool(copy.base) and is_connected(copy.account_id)
        if is_one_row or not is_in_step or not self._is_to_come(event):
            return Verdict(ODOO, meeting=meeting)
        return Verdict(NOBODY, copy.account_id, meeting, is_moving=True)

    def _of_guests_copies(self, event, meeting) -> Verdict:
        """Judge what is known from guests' mailboxes: nobody else's is written.

        An organizer who has just connected has it in his, where his first round will find it.
        """
        account = self._accounts.get(event.user_id.id)
        if account and not _is_read(account):
            return Verdict(OUTLOOK, account, meeting)
        return Verdict(ODOO, meeting=meeting, is_foreign=not meeting.made_here)

    def _of_heir(self, event, origin) -> Verdict:
        """Judge what left a series: it goes on as the series did, as a meeting of its own."""
        verdict = self._of_known(event, origin)
        if verdict.mailer == ODOO or verdict.is_moving:
            return Verdict(ODOO)
        return Verdict(NOBODY, verdict.account)

    def _of_unmet(self, event, meeting) -> Verdict:
        """Judge what no mailbox is known to have: is a round going to send it?"""
        account = self._accounts.get(event.user_id.id)
        if account and meeting.state == "gone" and not event.active:
            # Its end was told with the meeting, by whoever told of it.
            return Verdict(meeting.mailer or ODOO, account, meeting)
        if account and self._goes_out(event, meeting, account):
            return Verdict(NOBODY, account, meeting)
        return Verdict(ODOO, meeting=meeting)

    def _is_to_come(self, event) -> bool:
        """Tell whether a meeting is one that is sent: in the window, and not over."""
        span = self._spans[event.id]
        return not homes.is_over(event, span.stop) and _is_within(event.env, span)

    def _goes_out(self, event, meeting, account) -> bool:
        if not self._is_to_come(event):
            return False
        if meeting.requested or meeting.state == "gone":
            return True
        if self._spans[event.id].is_announced:
            return False
        return bool(account.since) and event.create_date >= account.since


def _own_account(event):
    """Return the organizer's account in whatever state."""
    return event.env["outlook.account"].search([("user_id", "=", event.user_id.id)], limit=1)


def _creations(events) -> dict[int, Any]:
    """Return by id the account that was to announce an event, or its series, and has not so far."""
    series = events.recurrence_id
    refs = {*series.ids, *filter(None, events.mapped("outlook_former_recurrence"))}
    about = Domain("event_id", "in", [*events.ids, *series.base_event_id.ids])
    about |= Domain("recurrence_id", "in", [*refs])
    made = Domain("kind", "=", "create") & Domain("announced", "=", False)
    rows = events.env["outlook.outbox"].search(made & about, order="id desc")
    by_event = {row.event_id: row.account_id for row in rows}
    by_series = {row.recurrence_id: row.account_id for row in rows if row.recurrence_id}
    found = {}
    for event in events:
        recurrence, former = event.recurrence_id, event.outlook_former_recurrence
        found[event.id] = (
            by_series.get(recurrence.id or former or None)
            or by_event.get(event.id)
            or by_event.get(recurrence.base_event_id.id or None)
        )
    return {event_id: account for event_id, account in found.items() if account}


def _is_read(account) -> bool:
    """Tell whether the mailbox was read once from end to end: what was not met is not in it."""
    calendar = account.calendar_ids.filtered("is_default")[:1]
    return bool(calendar.delta_link) and not calendar.matching


def in_window(event) -> bool:
    """Tell whether `event` touches the span of time that is kept in step: any row of a series."""
    return _is_within(event.env, _spans(event)[event.id])


def _is_within(env, span: Span) -> bool:
    begin, end = settings.window(env)
    return span.stop >= begin and span.start <= end


def _spans(events) -> Mapping[int, Span]:
    """Return the span of each event by id: of a row that of its series."""
    groups = events._read_group(
        [("recurrence_id", "in", events.recurrence_id.ids)],
        ["recurrence_id"],
        ["start:min", "stop:max", "outlook_is_announced:bool_or"],
    )
    by_series = {recurrence.id: Span(*span) for recurrence, *span in groups}
    return {
        event.id: by_series.get(event.recurrence_id.id)
        or Span(event.start, event.stop, event.outlook_is_announced)
        for event in events
    }
