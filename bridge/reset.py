"""Carry out the reset of an account: delete what is to be deleted, forget the links, sign out.

It goes in steps of a few meetings: read what is left to do, ask Outlook to delete it with no
transaction open, then record in one transaction what came of it. A meeting that was treated has no
copy any more, so what is left to do is always what the tables still hold: a reset that was killed
goes on where it was, and a deletion that had reached Outlook before is found `Missing` there, which
is as good as done.

Before anything is deleted in Outlook the mailbox is asked whose it is: a copy of the database, or
an earlier state of it, deletes nothing there, also where it was copied in the middle of a reset.

Only meetings that the user organizes on both sides are deleted. What others organize, and what was
never linked, stays as it is on either side.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from psycopg2.errors import SerializationFailure

from odoo import SUPERUSER_ID
from odoo.api import Environment
from odoo.modules.registry import Registry

from ..core.engine.errors import (
    AppMisconfigured,
    AuthError,
    GraphError,
    Missing,
    Refused,
    SignInUnavailable,
    SyncError,
    Throttled,
    TransportError,
    Unavailable,
    Unmappable,
)
from ..core.graph.client import GraphClient
from ..core.graph.failures import concerns_mailbox
from ..core.graph.operations import DeleteEvent
from ..core.graph.reading import id_of
from . import copies, journal, ownership
from . import reset_records as records
from .copies import Elsewhere
from .desk import Desk
from .sealing import KeyMissing
from .session import LEASE_SECONDS, Session
from .settings import NotConfigured

#: As many deletions as Graph takes in one batch.
STEP = 20

WAITING = (TransportError, Throttled, Unavailable, SignInUnavailable)

#: What ends the deletions in Outlook as a whole, and its name among the reset's troubles; the first
#: class that fits counts.
HOPELESS: tuple[tuple[type[SyncError], str], ...] = (
    (AppMisconfigured, "secret"),
    (AuthError, "signin"),
    (NotConfigured, "unconfigured"),
    (KeyMissing, "key"),
    (Elsewhere, "copy"),
    (Refused, "refused"),
)


def run(registry: Registry, account_id: int, *, deadline: float) -> bool:
    """Go on with the reset of an account until `deadline` (`time.monotonic()`), under its claim.

    Tell whether anything could be done: not where somebody else holds the account.
    """
    claim, reset_id = _claim(registry, account_id)
    if not claim:
        return False
    session = Session(registry, account_id, claim)
    try:
        session.run_id = session.step(journal.begin, "reset")
        Reset(session, reset_id).run(deadline)
        journal.close(session, ended_well=True)
    finally:
        session.close()
    return True


def _claim(registry: Registry, account_id: int) -> tuple[str | None, int]:
    """Return the claim on an account, None where somebody else has it, and its running reset."""
    with registry.cursor() as cr:
        account = Environment(cr, SUPERUSER_ID, {})["outlook.account"].browse(account_id)
        try:
            claim = account._claim(LEASE_SECONDS)
        except SerializationFailure:
            cr.rollback()
            return None, 0
        reset_id = account._running_reset().id
        if claim and not reset_id:
            account._release(claim)
        return claim if reset_id else None, reset_id


@dataclass(frozen=True)
class Doomed:
    """One meeting to treat, by its copy in the mailbox.

    `remote_id` is None where the request that made it in Outlook was never answered: then `tag`
    finds it in the calendar `calendar_id` (None: the default one).
    """

    copy_id: int
    remote_id: str | None
    tag: str
    calendar_id: str | None


@dataclass(frozen=True)
class Outcome:
    """What a step settled, by copy; `waiting`: why the rest has to wait, `trouble`: why it ends.

    `stubborn`: copies that Exchange cannot cope with, while it is well otherwise.
    """

    settled: Mapping[int, str]
    stubborn: tuple[int, ...] = ()
    waiting: SyncError | None = None
    trouble: str | None = None


class Reset:
    """The work of one `outlook.reset` row."""

    def __init__(self, session: Session, reset_id: int) -> None:
        self._session = session
        self._reset_id = reset_id
        self._is_ours = False

    def run(self, deadline: float) -> None:
        """Work until done, until `deadline` (`time.monotonic()`) or until Outlook asks to wait."""
        self._session.step(self._begin)
        goes_on = True
        while goes_on and time.monotonic() < deadline:
            goes_on = self._step()

    def _step(self) -> bool:
        """Treat some meetings, or finish; tell whether there is more to do now."""
        doomed, asks_outlook = self._session.step(self._read)
        if not doomed:
            self._session.step(self._finish)
            return False
        outcome = self._delete_remote(doomed) if asks_outlook else _unasked(doomed)
        self._session.step(self._record, outcome)
        return outcome.waiting is None

    def _begin(self, desk: Desk) -> None:
        """Look first where series are now: people go on to change them until the reset begins."""
        account = desk.account
        if account.left_alone or not copies.is_at_home(account):
            self._row(desk).trouble = "copy"
        records.hand_over(account)

    def _read(self, desk: Desk) -> tuple[list[Doomed], bool]:
        """Return the next meetings to treat, and whether Outlook is to be asked about them."""
        reset = self._row(desk)
        if reset.delete_policy == "keep":
            return [], False
        doomed = [_doomed(copy) for copy in records.next_copies(reset, limit=STEP)]
        return doomed, reset.delete_policy != "local" and not reset.trouble

    def _delete_remote(self, doomed: list[Doomed]) -> Outcome:
        """Delete the meetings in Outlook, in one request."""
        try:
            client = self._session.client
            if not self._is_ours:
                ownership.check(self._session, now=True)
                self._is_ours = True
            found = {one.copy_id: _locate(client, one) for one in doomed}
        except WAITING as err:
            return Outcome({}, waiting=err)
        except (AuthError, GraphError, NotConfigured, KeyMissing, Elsewhere) as err:
            return Outcome({}, trouble=_trouble_of(err))
        asked = {copy_id: remote_id for copy_id, remote_id in found.items() if remote_id}
        results = client.perform([DeleteEvent(remote_id) for remote_id in asked.values()])
        nowhere = dict.fromkeys(found.keys() - asked.keys(), records.UNASKED)
        outcome = _judge(nowhere, dict(zip(asked, results, strict=True)))
        if outcome.stubborn and not outcome.settled:
            return self._doubted(client, outcome)
        return outcome

    def _doubted(self, client: GraphClient, outcome: Outcome) -> Outcome:
        """Return the outcome of a step in which nothing went well: is it the meetings, or all?"""
        try:
            client.calendars()
        except SyncError as err:
            return Outcome({}, waiting=err)
        return outcome

    def _record(self, desk: Desk, outcome: Outcome) -> None:
        """Do the same step in the database, and drop the links of what was treated."""
        reset = self._row(desk)
        deleted = [one for one, became in outcome.settled.items() if became == records.DELETED]
        for copy in desk.env["outlook.copy"].browse(deleted).exists():
            desk.note(copy.meeting_id, direction="out", kind="remove")
            desk.tally["removed_remote"] += 1
        given_up = records.count_tries(reset, outcome.stubborn)
        records.settle(reset, {**outcome.settled, **dict.fromkeys(given_up, "rejected")})
        if outcome.trouble:
            reset.trouble = outcome.trouble
        if outcome.waiting is None:
            reset.write({"failures": 0, "failing_since": False, "next_attempt": False})
        else:
            records.postpone(reset, _until(outcome.waiting))

    def _finish(self, desk: Desk) -> None:
        """Forget the mailbox and sign out."""
        records.finish(self._row(desk))

    def _row(self, desk: Desk):
        return desk.env["outlook.reset"].browse(self._reset_id)


def _doomed(copy) -> Doomed:
    tag, calendar_id = copy.meeting_id._tag(), copy.calendar_id._graph_id()
    return Doomed(copy.id, copy.remote_id or None, tag, calendar_id)


def _unasked(doomed: list[Doomed]) -> Outcome:
    """Return the outcome of a step that leaves Outlook alone."""
    return Outcome({one.copy_id: records.UNASKED for one in doomed})


def _locate(client: GraphClient, doomed: Doomed) -> str | None:
    """Return the id in Outlook; None where the meeting never came to be there."""
    if doomed.remote_id is not None:
        return doomed.remote_id
    try:
        event = client.find_tagged(doomed.tag, calendar_id=doomed.calendar_id)
    except Unmappable as error:  # it is there, whatever it shows
        return id_of(error.item)
    return event.id if event else None


def _judge(settled: dict[int, str], results: Mapping[int, object]) -> Outcome:
    """Return what the answers mean, one by copy: an error, or anything else for a deletion."""
    waiting: SyncError | None = None
    trouble: str | None = None
    stubborn: dict[int, SyncError] = {}
    for copy_id, result in results.items():
        if not isinstance(result, SyncError) or isinstance(result, Missing):
            settled[copy_id] = records.DELETED
        elif isinstance(result, Unavailable) and not concerns_mailbox(result):
            stubborn[copy_id] = result
        elif isinstance(result, WAITING):
            waiting = result
        elif isinstance(result, AuthError):
            trouble = _trouble_of(result)
        else:
            settled[copy_id] = "refused" if isinstance(result, Refused) else "rejected"
    if stubborn and not settled:
        waiting = waiting or next(iter(stubborn.values()))
    return Outcome(settled, tuple(stubborn), waiting=waiting, trouble=trouble)


def _trouble_of(error: SyncError) -> str:
    return next((trouble for kind, trouble in HOPELESS if isinstance(error, kind)), "rejected")


def _until(error: SyncError) -> datetime | None:
    """Return when Outlook wants to be asked again (aware), if it said so."""
    return error.until if isinstance(error, Throttled) else None
