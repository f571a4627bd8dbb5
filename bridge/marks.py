"""How a meeting stands between here and Outlook: one word and one sentence for whoever looks.

The words: in step; on its way, which needs nobody; attention, which goes on only once a person has
seen to it. Meetings that are none of Outlook's have no mark, and nobody is told of meetings of
which he may not know what they are.
"""

from typing import Any, NamedTuple

from odoo.api import Environment
from odoo.fields import Domain

from . import homes, mailers, mailing, notices, settings, words
from .mailing import Verdict

IN_STEP, ON_ITS_WAY, ATTENTION = "in_step", "on_its_way", "attention"
_OPEN = Domain("stop_id.state", "=", "open")


class Mark(NamedTuple):
    """How a meeting stands, and why, as a sentence; both False where there is nothing to say."""

    state: str | bool = False
    reason: str | bool = False


def of(events) -> dict[int, Mark]:
    """Return the mark of each event by id, in the language and for the eyes of who reads them.

    A few queries however many events there are, but for those that are out of step.
    """
    stored = events._origin
    if events.env.user.share:
        return dict.fromkeys(stored.ids, Mark())
    shown = stored.filtered(lambda event: not event._check_private_event_conditions())
    if not shown or not settings.is_enabled(events.env):
        return dict.fromkeys(stored.ids, Mark())
    judge = _Judge(shown)
    marks = {event.id: judge.mark(event) for event in shown}
    return dict.fromkeys(stored.ids, Mark()) | marks


def candidates(env: Environment) -> Domain:
    """Return the domain of the reader's events that may need attention: few of them do not.

    His are those in his mailbox, and those that he organizes or is a guest of. Of these: what is
    set aside or refused in part, and all that hangs on a mailbox without rounds. By sub-selects:
    however many events that are, the domain is short.
    """
    if not settings.is_enabled(env):
        return Domain.FALSE
    meetings, outbox = env["outlook.meeting"].sudo(), env["outlook.outbox"].sudo()
    halted = Domain("account_id", "any", _without_rounds(env))
    held = env["outlook.stop.line"].sudo()._search(_OPEN).subselect("meeting_id")
    trouble = Domain("state", "=", "parked") | Domain("refused", "!=", False)
    trouble |= Domain("copy_ids", "any", halted) | Domain("id", "in", held)
    known = meetings._search(trouble & Domain("state", "not in", ("gone", "left_alone")))
    waiting = outbox._search(halted)
    return _of_reader(env) & (
        _events_of(known)
        | Domain("id", "in", waiting.subselect("event_id"))
        | Domain("recurrence_id", "in", waiting.subselect("recurrence_id"))
    )


def mailboxes(event):
    """Return the accounts whose rounds this meeting concerns, as far as the reader may steer them.

    His own, and the organizer's if the meeting is his to edit. In `sudo`.
    """
    return steered(event)[event.id]


def steered(events) -> dict[int, Any]:
    """Return `mailboxes` of each of these events by id, by a few queries for all of them."""
    own = events.env["outlook.account"]._of_current_user().filtered(mailing.is_connected)
    verdicts, known = mailing.verdicts(events), homes.Known(events.sudo())
    found = {}
    for event in events:
        keeper = _keeper(event, verdicts[event.id], known.meeting(event.sudo()))
        is_his = own in keeper or event.env.user.partner_id in event.partner_ids
        # Portal's guests may edit as the form sees it, and have no rights.
        may_edit = event.user_can_edit and event.has_access("write")
        found[event.id] = (own if is_his else own.browse()) | (keeper if may_edit else own.browse())
    return found


def trouble(event) -> str:
    """Return what the last round of these mailboxes met, as it was told to their owners."""
    errors = filter(None, mailboxes(event).mapped("last_error"))
    return " ".join(errors)


class _Judge:
    """What has to be known of some events, all of which the reader may know, to mark each."""

    def __init__(self, events) -> None:
        self._env = events.env
        self._verdicts = mailing.verdicts(events)
        self._known = homes.Known(events.sudo())
        self._waiting = _waiting(events.sudo())
        meetings = [self._known.meeting(event.sudo()).id for event in events]
        held = _held(self._env, Domain("meeting_id", "in", meetings))
        self._held = {line.meeting_id.id: line.stop_id for line in held}
        self._own = self._env["outlook.account"]._of_current_user()
        self._halts: dict[int, str] = {}

    def mark(self, event) -> Mark:
        """Return the mark of one event: the first that applies."""
        meeting, verdict = self._known.meeting(event.sudo()), self._verdicts[event.id]
        account = _keeper(event, verdict, meeting)
        if not account or (verdict.mailer == mailing.NOBODY and not event.active):
            return Mark()
        reason = self._out_of_step(event, meeting)
        if reason:
            return Mark(ATTENTION, reason)
        waiting = self._waiting.get(event.id, set()) & {account.id, self._own.id}
        under_way = self._under_way(verdict, meeting, account, waiting=waiting)
        concerned = account | (self._own if self._own.id in waiting else account)
        halt = next(filter(None, map(self._halt, concerned)), "")
        if halt:
            return Mark(ATTENTION, self._halted(halt, is_waiting=bool(under_way)))
        if under_way:
            return Mark(ON_ITS_WAY, " ".join(filter(None, (under_way, account.last_error))))
        return Mark(IN_STEP, self._in_step(account))

    def _halt(self, account) -> str:
        """Return why a mailbox has no rounds; asked once, however many events it has."""
        if account.id not in self._halts:
            self._halts[account.id] = mailers.halted(self._env, account)
        return self._halts[account.id]

    def _out_of_step(self, event, meeting) -> str | bool:
        """Return what has to be done about the meeting itself."""
        if meeting.state == "parked":
            return notices.parked(event)
        if stop := self._held.get(meeting.id):
            return self._stopped(stop)
        if meeting.refused or homes.organized_elsewhere(meeting, event.sudo()):
            return notices.refused(event)
        return False

    def _under_way(self, verdict: Verdict, meeting, account, *, waiting: set[int]) -> str:
        """Return what is going to happen by itself; "" where nothing is."""
        copies = meeting.copy_ids.filtered(lambda one: one.account_id == account)
        if verdict.is_moving:
            return self._env._("It is on its way to the mailbox of its new organizer.")
        if verdict.mailer == mailing.NOBODY and not copies:
            return self._env._("It goes to Outlook with the next round.")
        if any(not one.remote_id for one in copies):
            return self._env._("Outlook has not confirmed it yet; the next round looks for it.")
        if any(one.next_attempt for one in copies):
            return self._env._("Outlook could not take it so far, and is asked again later.")
        if waiting:
            return self._env._("Changes made here go to Outlook with the next round.")
        return ""

    def _stopped(self, stop) -> str:
        user = stop.user_id.name
        if stop.direction == "in":
            return self._env._(
                "It was deleted in Outlook, like many others. %(user)s is to say whether they are"
                " deleted here, too.",
                user=user,
            )
        return self._env._(
            "It was deleted here, like many others. %(user)s is to say whether Outlook deletes"
            " them, too.",
            user=user,
        )

    def _halted(self, halt: str, *, is_waiting: bool) -> str:
        if is_waiting:
            return self._env._("Changes of this meeting wait: %(reason)s", reason=halt)
        return self._env._("Not kept in step at present: %(reason)s", reason=halt)

    def _in_step(self, account) -> str:
        if not account.last_success_at:
            return self._env._("Both sides show the same.")
        return self._env._(
            "Both sides show the same; Outlook was last read %(moment)s.",
            moment=words.moment(self._env, account.last_success_at),
        )


def _keeper(event, verdict: Verdict, meeting):
    """Return the account in whose mailbox a meeting is or goes to; empty: it is none of Outlook's.

    Where no organizer's mailbox is here it is the reader's, or else whose copy was first.
    """
    accounts = event.env["outlook.account"].sudo()
    if verdict.mailer != mailing.ODOO:
        return verdict.account or accounts
    if meeting.state in ("left_alone", "gone"):
        return accounts
    copies = meeting.copy_ids.filtered(lambda one: mailing.is_connected(one.account_id))
    own = copies.filtered(lambda one: one.account_id.user_id.id == event.env.uid)
    return (own or copies.sorted("id"))[:1].account_id


def _waiting(events) -> dict[int, set[int]]:
    """Return by id the accounts that have rows of the outbox about an event or its series."""
    about = Domain("event_id", "in", events.ids)
    about |= Domain("recurrence_id", "in", events.recurrence_id.ids)
    by_event: dict[int, set[int]] = {}
    by_series: dict[int, set[int]] = {}
    for row in events.env["outlook.outbox"].search(about):
        by_event.setdefault(row.event_id, set()).add(row.account_id.id)
        by_series.setdefault(row.recurrence_id, set()).add(row.account_id.id)
    none: set[int] = set()
    return {
        event.id: by_event.get(event.id, none) | by_series.get(event.recurrence_id.id or -1, none)
        for event in events
    }


def _held(env: Environment, which: Domain) -> Any:
    """Return the lines of the lists of deletions that wait for a person."""
    return env["outlook.stop.line"].sudo().search(which & _OPEN)


def _without_rounds(env: Environment) -> Domain:
    """Return the domain of the accounts that have no rounds until somebody sees to it.

    But for those of a copied database, which the next claim stops.
    """
    if settings.is_paused(env):
        return Domain.TRUE
    return (
        Domain("state", "!=", "active")
        | Domain("left_alone", "!=", False)
        | Domain("user_id.active", "=", False)
        | Domain("user_id.share", "=", True)
    )


def _of_reader(env: Environment) -> Domain:
    """Return the domain of the events that are in the reader's mailbox, or that he is on."""
    in_his = Domain("copy_ids.account_id.user_id", "=", env.uid)
    return (
        Domain("user_id", "=", env.uid)
        | Domain("partner_ids", "in", env.user.partner_id.ids)
        | _events_of(env["outlook.meeting"].sudo()._search(in_his))
    )


def _events_of(meetings) -> Domain:
    """Return the domain of the events that meetings (a query) hang on, all rows of series."""
    return Domain("id", "in", meetings.subselect("event_id")) | Domain(
        "recurrence_id", "in", meetings.subselect("recurrence_ref")
    )
