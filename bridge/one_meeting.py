"""A look at one meeting alone, in both directions, because a person asked for it.

A round like any other, under the mailbox's claim: what it finds wrong, costs and changes is kept as
of every round, and a whole one follows soon. Only it reads no delta: it asks for this one event,
then looks at what was changed of it here.
"""

import time
from functools import partial

from odoo import SUPERUSER_ID
from odoo.api import Environment
from odoo.fields import Domain
from odoo.modules.registry import Registry

from ..core.graph.transport import OutOfTime
from . import homes
from .desk import Desk
from .outgoing import Outgoing
from .plans import Plan
from .round import Outcome, Round, run_once
from .session import Session

#: How long a person waits for all mailboxes of his meeting; an HTTP worker has 120 s.
PATIENCE_SECONDS = 20


def look(registry: Registry, account_id: int, event_id: int, *, until: float) -> Outcome:
    """Bring the meeting of an event in step with one mailbox, in transactions of their own.

    BUSY where another round is at work in the mailbox, MORE where it is not done by `until`
    (monotonic): a whole round is asked for then. FAULT where it can have none, or met trouble with
    the mailbox: the account says what.
    """
    outcome = Outcome.MORE
    if time.monotonic() < until:
        kind = partial(_OneMeeting, event_id, until)
        now = time.monotonic()
        outcome = run_once(registry, account_id, deadline=now, reason="meeting", kind=kind)
    if outcome in (Outcome.BUSY, Outcome.MORE):
        with registry.cursor() as cr:
            env = Environment(cr, SUPERUSER_ID, {})
            env["outlook.account"].browse(account_id).action_sync_now()
    return outcome


class _OneMeeting(Round):
    """The round of one meeting. It leaves the rest of the mailbox for the round that follows."""

    def __init__(self, event_id: int, until: float, session: Session, deadline: float) -> None:
        super().__init__(session, deadline)
        session.until = until
        self._event_id = event_id
        self._is_looked_at = False

    def run(self, reason: str) -> Outcome:
        """Do the round; DONE with this meeting, whatever the mailbox has besides."""
        outcome = super().run(reason)
        return Outcome.DONE if outcome is Outcome.MORE and self._is_looked_at else outcome

    def _work(self) -> None:
        try:
            self._look()
        except OutOfTime:
            return  # no trouble: what was not asked is asked by the round that follows

    def _look(self) -> None:
        if not self._prepare():
            return
        self._carry_out_plan(self._session.step(_what_is_there, self._event_id))
        self._carry_out_plan(self._session.step(_what_was_changed_here, self._event_id))
        self._is_looked_at = True


class _Planning(Outgoing):
    """What one meeting needs, for one step."""

    def looks(self, event) -> Plan:
        """Plan to ask for what this mailbox has of the meeting, whether it changed or not."""
        meeting = homes.claim(self._desk.env, event)
        self._desk.lock(meeting)
        if meeting.state != "left_alone":
            mine = meeting.copy_ids.filtered(lambda one: one.account_id == self._account)
            self._plan.looks += [self._look(copy, ()) for copy in mine]
        return self._plan

    def changes(self, event) -> Plan:
        """Plan what the outbox asks for of the meeting; drop what asks for nothing."""
        about = Domain("event_id", "in", homes.rows(event).ids)
        if homes.is_series(event):
            about |= Domain("recurrence_id", "=", event.recurrence_id.id)
        mine = Domain("account_id", "=", self._account.id)
        rows = self._desk.env["outlook.outbox"].search(mine & about)
        if rows:
            self._look_at_each([rows])
            wanted = (*self._plan.wishes, *self._plan.looks)
            self._plan.kept.update(row for one in wanted for row in one.rows)
            self._desk.done(set(rows.ids) - self._plan.kept)
        return self._plan


def _what_is_there(desk: Desk, event_id: int) -> Plan:
    event = desk.env["calendar.event"].browse(event_id).exists()
    return _Planning(desk).looks(event) if event else Plan()


def _what_was_changed_here(desk: Desk, event_id: int) -> Plan:
    event = desk.env["calendar.event"].browse(event_id).exists()
    return _Planning(desk).changes(event) if event else Plan()
