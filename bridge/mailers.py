"""What a meeting's form says of who tells the guests, and the way out where nobody could."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from odoo import fields
from odoo.api import Environment
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.release import product_name
from odoo.tools.translate import LazyGettext, LazyTranslate

from . import copies, homes, invitations, mailing, notices, settings, wording, words
from .mailing import Verdict

_lt = LazyTranslate(__name__)

#: Why nothing is written in a mailbox, by the state of its account.
_STATES: dict[str, LazyGettext] = {
    "new": _lt("the mailbox of %(user)s is not connected any more."),
    "preview": _lt("%(user)s has not chosen yet what to sync with Outlook."),
    "paused": _lt("the synchronization of %(user)s's mailbox is paused."),
    "reconnect": _lt("%(user)s has to sign in to Outlook again."),
    "blocked": _lt("Microsoft does not let the mailbox of %(user)s be written."),
    "resetting": _lt("the Outlook account of %(user)s is being reset."),
}


@dataclass(frozen=True)
class Said:
    """What a form says: the sentence, whether it is a warning, whether this side may invite."""

    notice: str | bool = False
    is_untold: bool = False
    can_invite: bool = False


def said(event) -> Said:
    """Say who tells the guests of `event`, who may not be saved yet, to who looks at it.

    Nothing where there are no guests, nor to those who may not know what the event is.
    """
    stored = event._origin
    is_enabled = settings.is_enabled(event.env)
    if not _guests(event) or not (stored or is_enabled):
        return Said()
    if not stored:
        return Said(_to_come(event.env) if _will_be_sent(event) else _by_this_side(event.env))
    if stored._check_private_event_conditions():
        return Said()
    verdict = mailing.verdicts(stored)[stored.id]
    if verdict.is_moving or (verdict.mailer == mailing.ODOO and not is_enabled):
        return Said()  # said of the move as a whole; or all is as Odoo does it
    if verdict.mailer == mailing.ODOO:
        return Said(_foreign(event.env) if verdict.is_foreign else _by_this_side(event.env))
    why = obstacle(event.env, verdict)
    if verdict.mailer == mailing.OUTLOOK:
        return _of_outlook(stored, verdict, why)
    is_hopeless = not (is_enabled and _is_awaited(verdict))
    is_late = is_hopeless or _waits_since(stored, verdict) <= _patience(event.env)
    if not why and not is_late:
        return Said(_to_come(event.env))
    if _may_have_arrived(verdict):
        return Said(
            event.env._("Outlook may have invited the guests: its answer is missing."), True
        )
    why = why or event.env._("Outlook has not been asked so far.")
    notice = event.env._("The guests have not been told yet: %(reason)s", reason=why)
    return Said(notice, is_untold=True, can_invite=is_late)


def farewell(event) -> str | bool:
    """Say who tells the guests when `event` is deleted; False where this side does or nobody is.

    Outlook cannot be told to keep quiet: whatever button is pressed, its guests hear of it.
    """
    verdict = mailing.verdicts(event).get(event.id)
    if verdict is None or verdict.mailer == mailing.ODOO or not _guests(event):
        return False
    if verdict.mailer == mailing.NOBODY and not verdict.is_moving:
        return event.env._("The guests have not been told of this meeting: nobody is mailed.")
    return event.env._("Outlook tells the guests that the meeting is cancelled.")


def obstacle(env: Environment, verdict: Verdict) -> str:
    """Return why nothing is written in the mailbox of `verdict` now; "" where nothing is wrong."""
    account, meeting = verdict.account, verdict.meeting
    copy = meeting._organizer_copy() if meeting else None
    halt = halted(env, account)
    if halt:
        return halt
    if meeting and meeting.state == "parked":
        return notices.sentence(wording.parked(env, meeting.reason))
    if copy and copy.next_attempt and copy.next_attempt > fields.Datetime.now():
        return env._("Outlook could not take it so far, and is asked again later.")
    return account.last_error or ""


def halted(env: Environment, account) -> str:
    """Return why a mailbox has no rounds until somebody sees to it; "" where they come."""
    user = account.user_id.name
    if not settings.is_enabled(env):
        return env._("the synchronization with Outlook is switched off.")
    if not (account and mailing.is_connected(account)):
        return words.filled(env, _STATES["new"], user=user or env._("the organizer"))
    if settings.is_paused(env):
        return env._("an administrator has paused the synchronization with Outlook.")
    if account.left_alone:
        return env._("an administrator is to say whether this is the database in use.")
    if account.state in _STATES:
        return words.filled(env, _STATES[account.state], user=user)
    if not copies.is_at_home(account):
        return env._("this database is a copy of the one that %(user)s connected.", user=user)
    return ""


def invite(event) -> None:
    """Invite the guests from this side, and let Outlook never do it on its own.

    Only to what Outlook was never given, or refused; raises UserError where it has been meanwhile,
    or may be at this moment. A person can send the meeting through Outlook later.
    """
    env, verdict = event.env, mailing.verdicts(event)[event.id]
    if verdict.account:
        verdict.account._lock()  # no round begins until this is committed
    if not said(event).can_invite:
        raise UserError(env._("The guests need not be invited from here any more."))
    if verdict.account._is_claimed():
        raise UserError(
            env._("The synchronization is at work at this moment. Try again in a minute.")
        )
    meeting = _leave_alone(event, verdict)
    invitations.send(meeting.event_id.with_env(event.env))
    event.message_post(
        body=env._("%(product)s invited the guests: Outlook could not.", product=product_name),
        subtype_xmlid="mail.mt_note",
    )


def _leave_alone(event, verdict: Verdict):
    """Settle that this side mails about a meeting; return what is known of it."""
    meeting = verdict.meeting or homes.claim_or_begin(event.sudo().env, event)
    homes.hand_over(meeting)
    meeting.copy_ids.unlink()  # of its creation; whatever a guest's mailbox has will be met again
    meeting.write({"state": "left_alone", "mailer": "odoo", "reason": False, "requested": False})
    _waiting(event, verdict).unlink()
    return meeting


def _of_outlook(event, verdict: Verdict, why: str) -> Said:
    """Say that Outlook invites; and where a change waits, that the guests do not know of it."""
    notice = event.env._("Outlook invites the guests of this meeting.")
    if not why or not _is_waiting(event, verdict):
        return Said(notice)
    late = event.env._("They have not been told of the last changes yet: %(reason)s", reason=why)
    return Said(f"{notice} {late}", is_untold=True)


def _is_waiting(event, verdict: Verdict) -> bool:
    """Tell whether a change of what is in Outlook has not arrived there."""
    if verdict.meeting.state == "parked" or verdict.meeting._organizer_copy().next_attempt:
        return True
    return bool(_waiting(event, verdict))


def _waits_since(event, verdict: Verdict) -> datetime:
    """Return since when a meeting should have been given to Outlook."""
    copy = verdict.meeting._organizer_copy() if verdict.meeting else None
    first = _waiting(event, verdict).sorted("id")[:1]
    return first.create_date or (copy and copy.create_date) or event.create_date


def _waiting(event, verdict: Verdict):
    """Return the rows of the outbox about a meeting that are for its organizer's mailbox."""
    event = event.sudo()
    about = Domain("event_id", "in", homes.rows(event).ids)
    if homes.is_series(event):
        about |= Domain("recurrence_id", "=", event.recurrence_id.id)
    mine = Domain("account_id", "=", verdict.account.id) & Domain("kind", "!=", "answer")
    return event.env["outlook.outbox"].search(mine & about)


def _may_have_arrived(verdict: Verdict) -> bool:
    """Tell whether Outlook may have been asked to make it, and no answer came: it may have mailed.

    A round looks before it asks once more; an answer that refuses leaves a reason or a next time.
    """
    meeting = verdict.meeting
    copy = meeting._organizer_copy() if meeting else None
    if not copy or copy.remote_id or copy.next_attempt or meeting.state == "parked":
        return False
    return bool(copy.transaction_id)


def _is_awaited(verdict: Verdict) -> bool:
    """Tell whether rounds of the mailbox are to be expected, now or after a break."""
    return bool(verdict.account) and mailing.is_connected(verdict.account)


def _patience(env: Environment) -> datetime:
    return fields.Datetime.now() - timedelta(hours=settings.untold_hours(env))


def _will_be_sent(event) -> bool:
    """Tell whether an event that is not saved yet will go out through its organizer's mailbox."""
    account = mailing.account_of(event.user_id)
    return bool(account and event.stop) and event.stop > fields.Datetime.now()


def _guests(event):
    return event.partner_ids._origin - event.user_id.partner_id._origin


def _to_come(env: Environment) -> str:
    return env._("Outlook will invite the guests of this meeting.")


def _by_this_side(env: Environment) -> str:
    return env._("%(product)s invites the guests of this meeting.", product=product_name)


def _foreign(env: Environment) -> str:
    return env._(
        "The guests were invited from Outlook. %(product)s tells them of changes made here.",
        product=product_name,
    )
