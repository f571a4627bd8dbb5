"""One round of one account: fetch, read, reconcile, apply, record; then the changes made here.

The only code that writes to Outlook, and the only code that brings Outlook in. Each step has a
transaction of its own and HTTP happens between them (see `session`).
"""

import enum
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from odoo import SUPERUSER_ID, fields
from odoo.api import Environment
from odoo.modules.registry import Registry

from . import alarms, clocks, faults, fetching, horizon, journal, ownership, quiet, survey
from .desk import Desk
from .fetching import Fetching
from .outgoing import Outgoing
from .plans import Plan
from .sending import Sending
from .session import CONCURRENCY, LEASE_SECONDS, Session
from .verdicts import Verdicts

#: How long after a quiet round the next one begins by itself.
INTERVAL = timedelta(minutes=3)
#: How often somebody who waits looks whether another worker is done with the account.
POLL_SECONDS = 0.2


class Outcome(enum.Enum):
    """How a round ended."""

    DONE = "everything that was there is in step"
    MORE = "time was over before everything was read or written"
    FAULT = "something is wrong; the account says what"
    BUSY = "somebody else is at it"


def run(registry: Registry, account_id: int, *, deadline: float, reason: str) -> None:
    """Run rounds until nothing is pending, a fault says to wait, or `deadline` (monotonic)."""
    while True:
        outcome = run_once(registry, account_id, deadline=deadline, reason=reason)
        if outcome is Outcome.FAULT or time.monotonic() >= deadline:
            return
        if outcome is Outcome.DONE and not _is_pending(registry, account_id):
            return
        if outcome is Outcome.BUSY:
            time.sleep(POLL_SECONDS)


def run_once(
    registry: Registry,
    account_id: int,
    *,
    deadline: float,
    reason: str,
    kind: "Callable[[Session, float], Round] | None" = None,
) -> Outcome:
    """Run one round of an account under its claim; never raises for what is wrong with it.

    `kind` makes another round than one of the whole mailbox.
    """
    try:
        claim, may_run = _claim(registry, account_id)
    except CONCURRENCY:
        return Outcome.BUSY  # or others raise the very alarm that this one was to raise
    if not may_run:
        return Outcome.FAULT
    if not claim:
        return Outcome.BUSY
    session = Session(registry, account_id, claim)
    try:
        return (kind or Round)(session, deadline).run(reason)
    finally:
        session.close()


def _claim(registry: Registry, account_id: int) -> tuple[str | None, bool]:
    """Return the claim on the account, and whether a round may begin at all."""
    with registry.cursor() as cr:
        account = Environment(cr, SUPERUSER_ID, {})["outlook.account"].browse(account_id)
        claim = account._claim(LEASE_SECONDS)
        may_run = account.exists()._may_run()
        if claim and not may_run:
            account._release(claim)
        return claim, may_run


class Round:
    """The order of things. What happens in each is in the modules that it names."""

    def __init__(self, session: Session, deadline: float) -> None:
        self._session = session
        self._deadline = deadline
        self._sending = Sending(session)
        self._fetching = Fetching(
            session, send=self._sending.carry_out, in_time=lambda: not self._is_over()
        )
        self._verdicts = Verdicts(session, self._sending, lambda: not self._is_over())
        self._is_complete = False
        self._read_rows: list[int] = []

    def run(self, reason: str) -> Outcome:
        """Do the round and write its row in the journal."""
        if not faults.guarded(self._session, lambda: self._begin(reason)):
            return Outcome.FAULT  # signed out between the claim and this: there is no row yet
        ended_well = faults.guarded(self._session, self._work)
        if not faults.guarded(self._session, lambda: self._end(ended_well)):
            faults.guarded(self._session, lambda: self._session.aside(journal.lose))
        if not ended_well:
            return Outcome.FAULT
        return Outcome.DONE if self._is_complete else Outcome.MORE

    def _begin(self, reason: str) -> None:
        self._session.run_id, self._session.is_at_once = self._session.step(_begin, reason)

    def _work(self) -> None:
        if not self._prepare():
            return
        self._is_complete = self._fetching.read_changes() and (
            self._session.step(_is_quiet) or self._see_to_the_rest()
        )

    def _see_to_the_rest(self) -> bool:
        """Deal with deletions, with what is still open, and with what was changed here."""
        return (
            self._verdicts.after_reading()
            and self._carry_out(_recover)
            and self._carry_out_all(_match_existing)
            and self._carry_out_all(_extend)
            and self._send_outbox()
            and self._verdicts.after_sending()
        )

    def _prepare(self) -> bool:
        """See to what comes before any meeting; tell whether it is the meetings' turn."""
        if self._session.step(_is_prepared):
            return True
        self._fetching.read_calendars()
        stage = survey.before_first_round(self._session, lambda: not self._is_over())
        if stage is not survey.Stage.GO_ON:
            self._is_complete = stage is survey.Stage.WAIT
            return False
        ownership.check(self._session)
        return True

    def _send_outbox(self) -> bool:
        """Send what was changed here; rows that a later round must look at again stay."""
        after, read = 0, []
        while True:
            plan = self._session.step(_read_outbox, after)
            after = plan.last_row
            read += plan.kept
            self._carry_out_plan(plan)
            if not plan.more:
                self._read_rows = read
                return True
            if self._is_over():
                return False

    def _carry_out_all(self, step: Callable[[Desk], Plan]) -> bool:
        """Plan and carry out until a plan says that there is no more."""
        while True:
            plan = self._session.step(step)
            self._carry_out_plan(plan)
            if not plan.more:
                return True
            if self._is_over():
                return False

    def _carry_out(self, step: Callable[[Desk], Plan]) -> bool:
        self._carry_out_plan(self._session.step(step))
        return True

    def _carry_out_plan(self, plan: Plan) -> None:
        self._sending.carry_out([*plan.wishes, *self._sending.look(plan.looks)])

    def _is_over(self) -> bool:
        return time.monotonic() >= self._deadline

    def _end(self, ended_well: bool) -> None:
        report = {
            "costs": self._session.costs(),
            "state": "done" if ended_well else "failed",
            "is_complete": self._is_complete,
            "read_rows": self._read_rows,
            "seconds_ahead": self._session.seconds_ahead(),
        }
        journal.tell(self._session.last_step(_end, report))


def _begin(desk: Desk, reason: str) -> tuple[int, bool]:
    """Begin the journal's row; return it, and whether somebody waits for what was changed here."""
    is_at_once = reason != "cron" or desk.account.is_awaited
    return journal.begin(desk, journal.trigger_of(desk.account, reason)), is_at_once


def _end(desk: Desk, report: dict[str, Any]) -> dict[str, Any]:
    desk.account._lock()
    now = fields.Datetime.now()
    is_complete = report["is_complete"]
    quiet.note_read(desk.env, report["read_rows"])
    clocks.note(desk, report["seconds_ahead"])
    told = journal.end(desk, report["costs"], report["state"])
    vals = {"last_round_at": now, "next_round_at": now + INTERVAL if is_complete else now}
    if report["state"] == "done" and report["costs"].get("requests"):
        # Who asked Outlook for nothing cannot tell that any trouble is over.
        vals |= {"failures": 0, "backoff_until": False, "last_error": False}
        alarms.settled(desk.account)
    if report["state"] != "done":
        vals["next_round_at"] = now + INTERVAL
    elif is_complete and desk.account.state != "preview":
        vals["last_success_at"] = now
    if desk.account.is_awaited and report["state"] != "failed" and not desk.is_at_once:
        vals["next_round_at"] = now  # asked for meanwhile: this round left what rests
    elif desk.account.is_awaited and (is_complete or report["state"] == "failed"):
        vals["is_awaited"] = False
        desk.tell_owner()
    desk.account.write(vals)
    return told


# Most rounds bring nothing new: what each of the steps above would ask is asked at once for them.


def _is_prepared(desk: Desk) -> bool:
    """Tell whether nothing comes before the meetings."""
    return not (
        fetching.calendars_are_due(desk) or survey.is_due(desk.account) or ownership.is_due(desk)
    )


def _is_quiet(desk: Desk) -> bool:
    """Tell whether nothing is open here once the mailbox was read."""
    mine = [("account_id", "=", desk.account.id)]
    departed = [*mine, ("departed", "!=", False)]
    return not (
        desk.account.calendar_ids.filtered("matching")
        or desk.env["outlook.outbox"].search_count(mine, limit=1)
        or desk.env["outlook.copy"].search_count(departed, limit=1)
        or Outgoing(desk).lost(limit=1)
        or horizon.due(desk.env, desk.account, limit=1)
    )


def _recover(desk: Desk) -> Plan:
    return Outgoing(desk).recover()


def _match_existing(desk: Desk) -> Plan:
    calendar = desk.account.calendar_ids.filtered("matching")[:1]
    return Outgoing(desk).match_existing(calendar) if calendar else Plan()


def _extend(desk: Desk) -> Plan:
    return Outgoing(desk).extend()


def _read_outbox(desk: Desk, after: int) -> Plan:
    return Outgoing(desk).read_outbox(after)


def _is_pending(registry: Registry, account_id: int) -> bool:
    with registry.cursor() as cr:
        env = Environment(cr, SUPERUSER_ID, {})
        return quiet.has_unread(env, env["outlook.account"].browse(account_id))
