"""*Use the other one*: write here what lost, as if whoever pressed it had typed it.

It is an ordinary edit from then on: the outbox has it, and the next round takes it to Outlook.
"""

from odoo import SUPERUSER_ID
from odoo.exceptions import AccessError, UserError

from ..core.engine.fields import CANCELLED, PRIVATE
from ..core.engine.merge import Maybe
from ..core.engine.recurrence import Rule
from ..core.engine.snapshot import Keyed, Snapshot
from ..core.engine.within import Path, put
from . import conflicts, homes
from .desk import Desk
from .incoming import hang


def may_see(conflict) -> bool:
    """Tell whether its reader may know what both sides said: whoever may see the meeting.

    What a mailbox keeps for itself (reminder, tags, show as) is its owner's alone.
    """
    event = conflicts.subject(conflict)
    if not event or event.with_env(conflict.env)._check_private_event_conditions():
        return False
    return conflict.env.user == conflict.sudo().account_id.user_id or not _is_private(conflict)


def may_use(conflict) -> bool:
    """Tell whether its reader may settle it: whoever may see it and edit the meeting."""
    if conflict.sudo().state != "open" or not may_see(conflict):
        return False
    event = conflicts.subject(conflict).with_env(conflict.env)
    return bool(event.user_can_edit) and event.has_access("write")


def check(conflict) -> None:
    """Raise AccessError where its reader may not settle it, UserError where it is settled."""
    if conflict.sudo().state != "open":
        raise UserError(conflict.env._("This was settled meanwhile."))
    if not may_use(conflict):
        raise AccessError(conflict.env._("Only who may edit the meeting can settle this."))


def use(conflict) -> None:
    """Write the value that lost. Raises AccessError, and UserError with the reason."""
    check(conflict)
    env = conflict.env(user=SUPERUSER_ID, context={**conflict.env.context, "active_test": False})
    desk = Desk(env, conflict.sudo().account_id.id)
    kept = conflict.with_env(env)
    meeting = kept.meeting_id
    if not meeting:
        raise UserError(conflict.env._("The meeting is not in step with Outlook any more."))
    desk.lock(meeting)
    copy = meeting.copy_ids.filtered(lambda one: one.account_id == desk.account)[:1]
    path, lost = tuple(kept.path), conflicts.loaded(kept.lost)
    local = desk.read(meeting, copy)
    if local is None or not conflicts.is_shown(local, path):
        raise UserError(conflict.env._("The meeting is not in the calendar any more."))
    before = conflicts.value_at(local, path)
    if before != lost:
        _write(desk, kept, path, lost, local)
        after = desk.read(meeting, copy)
        if after is None or conflicts.value_at(after, path) == before:
            raise UserError(
                conflict.env._("It cannot be used as it is. Please change the meeting by hand.")
            )
    conflicts.close(kept, "used")


def _write(desk: Desk, conflict, path: Path, lost: Maybe, local: Snapshot) -> None:
    meeting = conflict.meeting_id
    event = meeting.event_id
    rule = local["rule"]
    if conflict.slot and not (isinstance(rule, Rule) and rule.hits(conflict.slot)):
        raise UserError(desk.env._("The series does not take place on that date any more."))
    if lost == CANCELLED:
        row = desk.series(meeting, meeting._organizer_copy()).slots.get(conflict.slot)
        if not row:  # of a series without end: its rows reach to the horizon
            raise UserError(desk.env._("That date is not in the calendar yet."))
        desk.writer.as_organizer(row.user_id, row).write({"active": False})
        homes.hand_over(meeting)
        return
    written = desk.writer.change(
        event,
        _values(path, lost, local),
        organizers=desk.organizers(meeting, event),
        local=local,
        horizon=meeting.horizon or None,
        since=meeting.since or None,
    )
    hang(meeting, written)


def _values(path: Path, lost: Maybe, local: Snapshot) -> Snapshot:
    """Return the fields that are to be written so that what lost is shown."""
    if path == conflicts.TIMING_PATH:
        return lost if isinstance(lost, Keyed) else Keyed()
    return Keyed({path[0]: put(local, path, lost)})


def _is_private(conflict) -> bool:
    return not PRIVATE.keys().isdisjoint(conflict.sudo().path or ())
