"""Carry out what was decided about deletions: follow them, or undo them (see `safety`).

In steps of a few meetings, each committed: a round that is stopped goes on where it was.
"""

from collections.abc import Callable

from odoo import fields

from . import safety
from .departures import Departures
from .desk import Desk
from .incoming import POISON
from .outgoing import BATCH, Outgoing, Plan
from .sending import Sending
from .session import Session


class Verdicts:
    """Judge what was noted, and do what was decided. `in_time` says whether to go on."""

    def __init__(self, session: Session, sending: Sending, in_time: Callable[[], bool]) -> None:
        self._session = session
        self._sending = sending
        self._in_time = in_time

    def after_reading(self) -> bool:
        """Deal with what was deleted in Outlook; tell whether time sufficed."""
        while self._session.step(_follow_incoming):
            if not self._in_time():
                return False
        return True

    def after_sending(self) -> bool:
        """Deal with what was deleted here, and with what was found to be gone meanwhile."""
        while True:
            plan = self._session.step(_plan_outgoing)
            if plan.looks:
                self._sending.carry_out(self._sending.look(plan.looks))
                self._session.step(_leave_parked, [look.copy_id for look in plan.looks])
            elif not plan.more:
                return True
            if not self._in_time():
                return False


def _follow_incoming(desk: Desk) -> bool:
    """Do what was decided about deletions in Outlook; tell whether there was any."""
    copies = _due(desk, "in")
    departures = Departures(desk)
    for copy in copies:
        if copy.exists():  # else it went with another copy of its meeting
            _follow(desk, departures, copy)
    return bool(copies)


def _follow(desk: Desk, departures: Departures, copy) -> None:
    desk.lock(copy.meeting_id)
    try:
        with desk.savepoint():
            if copy.verdict == "restore":
                departures.undo(copy)
            else:
                departures.follow(copy)
    except POISON as error:
        safety.came_back(copy)
        desk.park(copy.meeting_id, str(error))


def _plan_outgoing(desk: Desk) -> Plan:
    """Plan to look at what was deleted here before it is deleted there, or comes back.

    Where there is nothing, what the sending found to be gone in Outlook is dealt with.
    """
    copies = _due(desk, "out")
    if not copies:
        return Plan(more=_follow_incoming(desk))
    desk.lock(copies.meeting_id)
    back = copies.filtered(lambda copy: copy.verdict == "restore")
    for copy in back:
        # Who knows nothing of the past makes it here again; and is asked to look, should this
        # round end now.
        copy.meeting_id.base = False
        copy.write({"base": False, "next_attempt": fields.Datetime.now()})
        safety.came_back(copy)
    return Outgoing(desk).look_at(copies)


def _due(desk: Desk, direction: str):
    """Return what is to be carried out; what was noted is judged when the rest is done."""
    copies = safety.due(desk, direction, limit=BATCH)
    if not copies and safety.judge(desk, direction):
        copies = safety.due(desk, direction, limit=BATCH)
    return copies


def _leave_parked(desk: Desk, ids: list[int]) -> None:
    """Forget deletions that Outlook refused: they are tried again when either side changes."""
    for copy in desk.env["outlook.copy"].browse(ids).exists():
        if copy.meeting_id.state == "parked" and not copy.next_attempt:
            safety.came_back(copy)
