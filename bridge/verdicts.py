"""Carry out what was decided about deletions: follow them, or undo them (see `safety`).

In steps of a few meetings, each committed: a round that is stopped goes on where it was.
"""

from collections.abc import Callable
from typing import Any

from odoo import fields

from . import apart, safety
from .departures import Departures
from .desk import Desk
from .outgoing import BATCH, Outgoing
from .plans import Plan
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
                self._session.step(_leave_rest, [look.copy_id for look in plan.looks])
            elif not plan.more:
                return True
            if not self._in_time():
                return False


def _follow_incoming(desk: Desk) -> bool:
    """Do what was decided about deletions in Outlook; tell whether there may be more to do."""
    copies, more = _due(desk, "in")
    departures = Departures(desk)
    for copy in copies:
        if copy.exists():  # else it went with another copy of its meeting
            _follow(desk, departures, copy)
    return more


def _follow(desk: Desk, departures: Departures, copy) -> None:
    desk.lock(copy.meeting_id)
    work = departures.undo if copy.verdict == "restore" else departures.follow
    if not apart.set_aside(desk, copy.meeting_id, work, copy):
        safety.came_back(copy)


def _plan_outgoing(desk: Desk) -> Plan:
    """Plan to look at what was deleted here before it is deleted there, or comes back.

    Where there is nothing, what the sending found to be gone in Outlook is dealt with.
    """
    copies, more = _due(desk, "out")
    if not copies:
        return Plan(more=_follow_incoming(desk) or more)
    desk.lock(copies.meeting_id)
    back = copies.filtered(lambda copy: copy.verdict == "restore")
    for copy in back:
        # Who knows nothing of the past makes it here again; and is asked to look, should this
        # round end now.
        copy.meeting_id.base = False
        copy.write({"base": False, "next_attempt": fields.Datetime.now()})
        safety.came_back(copy)
    return Outgoing(desk).look_at(copies)


def _due(desk: Desk, direction: str) -> tuple[Any, bool]:
    """Return the copies to deal with now, and whether there may be more to do.

    What was noted is judged when the rest is done.
    """
    copies = safety.due(desk, direction, limit=BATCH)
    if copies:
        return copies, True
    more = safety.judge(desk, direction)
    return (safety.due(desk, direction, limit=BATCH) if more else copies), more


def _leave_rest(desk: Desk, ids: list[int]) -> None:
    """Leave what is not settled after a look, so that no round is about the same for ever.

    What Outlook refused is forgotten, and tried again when either side changes. What it shows as it
    was before what is known here (a mailbox that was set back a moment) rests, longer each time.
    """
    for copy in desk.env["outlook.copy"].browse(ids).exists().filtered("verdict"):
        meeting = copy.meeting_id
        if copy.next_attempt:
            continue
        if meeting.state == "left_alone" or (meeting.state == "parked" and not copy.attempts):
            safety.came_back(copy)
        else:
            words = desk.env._("Outlook shows an older state of this meeting than it did before.")
            desk.postpone(copy, meeting.reason or words)
