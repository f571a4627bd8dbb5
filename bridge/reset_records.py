"""What a reset does to records: which meetings it treats, how it deletes them, what it forgets."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta, timezone

import psycopg2

from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import mute_logger

from ..core.engine.normalize import norm_address
from . import homes, news

# What became of a meeting in Outlook; the third possibility is the name of a trouble.
DELETED = "deleted"
UNASKED = ""

# How long to wait for an answer of Outlook; after the last, the reset goes on without it.
FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(hours=1)
PATIENCE = timedelta(days=1)
#: How often the deletion of one meeting is tried that Exchange cannot cope with.
TRIES = 3


def own_domain(account) -> Domain:
    """Return the copies of the meetings that the account's user organizes on both sides."""
    return (
        Domain("account_id", "=", account.id)
        & Domain("role", "=", "organizer")
        & Domain("meeting_id.event_id.user_id", "=", account.user_id.id)
        & (Domain("remote_id", "!=", False) | Domain("transaction_id", "!=", False))
    )


def own_copies(account, *, limit: int | None = None):
    """Return the copies of the meetings that the account's user organizes on both sides."""
    copies = account.env["outlook.copy"].sudo().with_context(active_test=False)
    return copies.search(own_domain(account), limit=limit, order="id")


def next_copies(reset, *, limit: int):
    """Return the copies to treat next; those that Exchange could not cope with come last."""
    account, tried = reset.account_id, [int(one) for one in reset.stubborn or ()]
    copies = reset.env["outlook.copy"].sudo().with_context(active_test=False)
    fresh = own_domain(account) & Domain("id", "not in", tried)
    return copies.search(fresh, limit=limit, order="id") or own_copies(account, limit=limit)


def count_tries(reset, copy_ids: Iterable[int]) -> list[int]:
    """Count a try for each of these copies; return those that were tried often enough."""
    tries = dict(reset.stubborn or {})
    for copy_id in map(str, copy_ids):
        tries[copy_id] = tries.get(copy_id, 0) + 1
    if copy_ids:
        reset.stubborn = tries
    return [int(one) for one, times in tries.items() if times >= TRIES]


def hand_over(account) -> None:
    """Let the series of a mailbox hang on what stands for them now: a round did so last."""
    copies = account.env["outlook.copy"].sudo().with_context(active_test=False)
    ours = [("account_id", "=", account.id), ("role", "=", "organizer")]
    for meeting in copies.search([*ours, ("meeting_id.recurrence_ref", ">", 0)]).meeting_id:
        homes.hand_over(meeting)


def guests(account) -> set[str]:
    """Return the addresses of those whom Outlook would tell if it deleted these meetings."""
    meetings = own_copies(account).meeting_id
    series = meetings.filtered("recurrence_ref")
    events = (meetings - series).event_id.union(*map(homes.stands_for, series))
    attendees = all_rows(events).attendee_ids
    others = attendees.filtered(lambda one: one.partner_id != account.user_id.partner_id)
    return {norm_address(one.email) for one in others if one.email}


def all_rows(events):
    """Return these events, and of each series all its occurrences, archived ones too."""
    return events | events.recurrence_id.calendar_event_ids


def settle(reset, settled: Mapping[int, str]) -> None:
    """Record for each copy what became of it in Outlook, delete here what is to be deleted, unlink.

    `settled` has, by copy, `DELETED`, `UNASKED`, or the trouble that kept the meeting in Outlook.
    """
    copies = reset.env["outlook.copy"].browse(settled).exists()
    for copy in copies:
        _note_remote(reset, copy, settled[copy.id])
    reset.treated += len(copies)
    touched = copies.filtered(lambda copy: settled[copy.id] == DELETED)
    if reset.delete_policy in ("local", "both"):
        touched |= copies - _delete_local(reset, copies)
    _forget(touched, leave_alone=True)
    _forget(copies - touched, leave_alone=False)


def _note_remote(reset, copy, became: str) -> None:
    """Count the deletion in Outlook, or say what stays there although it was not to."""
    if became == DELETED:
        reset.deleted_remote += 1
        return
    trouble = became or (copy.remote_id and reset.delete_policy != "local" and reset.trouble)
    if trouble:
        _leave(reset, copy.meeting_id.event_id, side="outlook", reason=trouble)


def _leave(reset, event, *, side: str, reason: str) -> None:
    """Note a meeting that stays; a private one without its subject, whoever reads the report."""
    reset.env["outlook.reset.remnant"].create(
        {
            "reset_id": reset.id,
            "side": side,
            "subject": event.name if event.effective_privacy == "public" else False,
            "start": event.start,
            "reason": reason,
        }
    )


def _delete_local(reset, copies):
    """Delete the meetings of `copies` here, without a mail; return the copies of those that stay.

    Deleting is what the person asked for, so it happens whatever hangs on the meeting; only where
    another document refuses to lose it, it stays and is reported.
    """
    kept = copies.browse()
    events = all_rows(copies.meeting_id.event_id)
    event_ids, readers = events.ids, events.partner_ids.user_ids | events.user_id
    for copy in copies:
        event = copy.meeting_id.event_id
        if _unlinked(event):
            reset.deleted_local += 1
        else:
            _leave(reset, event, side="local", reason="kept")
            kept += copy
    if kept != copies:
        news.announce(reset.account_id, readers=readers, owner_waits=False)
    # What the hooks noted about these deletions is no news for anybody's round.
    reset.env["outlook.outbox"].search([("event_id", "in", event_ids)]).unlink()
    return kept


def _unlinked(event) -> bool:
    """Delete one meeting; tell whether nothing stood against it."""
    try:
        with event.env.cr.savepoint(), mute_logger("odoo.sql_db"):
            all_rows(event).unlink()
    except (UserError, psycopg2.IntegrityError):
        return False
    return True


def _forget(copies, *, leave_alone: bool) -> None:
    """Drop the links of this mailbox; a meeting that other mailboxes share keeps theirs.

    `leave_alone`: one side of it was deleted on purpose, so no round of the others may carry that
    on, or bring it back.
    """
    meetings = copies.meeting_id
    copies.unlink()
    orphans = meetings.filtered(lambda meeting: not meeting.copy_ids)
    orphans.unlink()
    if leave_alone:
        (meetings - orphans).state = "left_alone"


def _let_rest(meetings) -> None:
    """Forget what both sides showed, and keep what names a meeting: its iCalUId and our mark.

    By these it is recognised at the next sign-in, also where it was edited here and not sent yet.
    """
    known = meetings.filtered(lambda meeting: meeting.event_id and meeting.ical_uid)
    known.write({"state": "new", "base": False, "responses": False, "differences": False})
    (meetings - known).unlink()


def postpone(reset, until: datetime | None) -> None:
    """Try again at `until` (aware), else after a pause that grows; after a day, without Outlook."""
    now = fields.Datetime.now()
    reset.failures += 1
    reset.failing_since = reset.failing_since or now
    if now - reset.failing_since > PATIENCE:
        reset.write({"trouble": "unreachable", "next_attempt": False})
        return
    pause = min(FIRST_PAUSE * 2 ** (reset.failures - 1), LONGEST_PAUSE)
    at = until.astimezone(timezone.utc).replace(tzinfo=None) if until else now + pause
    reset.next_attempt = at
    reset._wake(at)


def finish(reset) -> None:
    """Forget all that ties the user to this mailbox, and sign out."""
    env, account = reset.env, reset.account_id
    copies = env["outlook.copy"].search([("account_id", "=", account.id)])
    own = env["outlook.meeting"].search([("event_id.user_id", "=", account.user_id.id)])
    meetings = copies.meeting_id | own
    copies.unlink()
    _let_rest(meetings.filtered(lambda meeting: not meeting.copy_ids))
    env["outlook.outbox"].search([("account_id", "=", account.id)]).unlink()
    account.calendar_ids.unlink()
    account._sign_out()
    account.write(
        {
            "tenant_id": False,
            "object_id": False,
            "address": False,
            "name": False,
            "database_uuid": False,
            "since": False,
            "last_round_at": False,
            "last_success_at": False,
            "sync_policy": reset.sync_policy,
            "existing_policy": False,
            "preview": False,
            "preview_at": False,
            "failures": 0,
            "backoff_until": False,
            "last_error": False,
        }
    )
    reset.write({"state": "done", "finished_at": fields.Datetime.now(), "next_attempt": False})
    news.announce(account, readers=env["res.users"], owner_waits=True)
