"""Write single occurrences of a series: their ids first, then one request each, in few batches."""

import enum
from datetime import date

from odoo import fields

from ..core.engine.decision import Base
from ..core.engine.errors import GraphError, Missing, OutcomeUnknown, SyncError, Unmappable
from ..core.engine.fields import CANCELLED
from ..core.engine.series import overrides
from ..core.engine.snapshot import Keyed, Value
from ..core.graph.client import GraphClient, Result
from ..core.graph.failures import concerns_mailbox
from ..core.graph.operations import DeleteEvent, Operation, UpdateEvent
from ..core.graph.remote import RemoteEvent
from . import occurrences
from .asking import PARKS, reason
from .desk import Desk
from .facts import write_changed
from .wishes import Occurrences, Wish

#: What became of each occurrence, by slot; an error: nothing was asked of any.
Results = dict[str, Result] | SyncError


class Effect(enum.Enum):
    """What is known of a series after single occurrences of it were written."""

    DONE = "what could be written is written"
    UNSEEN = "it changed in Outlook meanwhile: look again"
    PARKED = "none can be written"
    OPEN = "a later round tries again"


def write(client: GraphClient, asked: Occurrences) -> Results:
    """Write the occurrences.

    What is refused is tried once more when the others are written: Outlook lets no occurrence move
    to the day of its neighbour, which may have been about to leave it.
    """
    try:
        ids = client.occurrence_ids(asked.remote_id, asked.series, asked.parts)
    except (GraphError, Unmappable) as error:
        return error
    results: dict[str, Result] = {}
    for slot in asked.parts.keys() - ids.keys():
        is_done = asked.parts[slot] == CANCELLED
        results[slot] = None if is_done else Missing(status=404, code="OccurrenceNotFound")
    waiting = sorted(ids.keys() & asked.parts.keys())
    while waiting:
        operations = [_operation(asked, slot, ids[slot]) for slot in waiting]
        answers = dict(zip(waiting, client.perform(operations), strict=True))
        results |= answers
        refused = [slot for slot, one in answers.items() if isinstance(one, PARKS)]
        waiting = refused if len(refused) < len(waiting) else []
    return results


def record(desk: Desk, copy, wish: Wish, results: Results) -> Effect:
    """Record what became of each occurrence."""
    if isinstance(results, SyncError):
        return failed(desk, copy, results)
    meeting, asked = copy.meeting_id, wish.operation
    effects: dict[str, Value] = {}
    refused = dict(meeting.refused or {})
    errors: list[SyncError] = []
    for slot, result in results.items():
        if isinstance(result, PARKS):
            refused[slot] = {
                "reason": reason(result),
                "code": result.code if isinstance(result, GraphError) else None,
                "digest": asked.digests[slot],
            }
        elif isinstance(result, Missing) and asked.parts[slot] == CANCELLED:
            effects[slot] = CANCELLED
        elif isinstance(result, SyncError):
            errors.append(result)
        else:
            effects[slot] = _effect(desk.base(meeting, copy), asked, slot, result)
    write_changed(meeting, refused=refused or False)
    _keep(desk, copy, wish, effects)
    if errors:
        return failed(desk, copy, errors[0])
    write_changed(copy, attempts=0, next_attempt=False)
    desk.settle(meeting, mailer="outlook")
    return Effect.DONE


def trouble(results: Results) -> SyncError | None:
    """Return what ends the round: an error that the whole mailbox suffers from."""
    errors = [results] if isinstance(results, SyncError) else list(results.values())
    for error in errors:
        if isinstance(error, SyncError) and concerns_mailbox(error):
            return error
    return None


def _operation(asked: Occurrences, slot: str, remote_id: str) -> Operation:
    part = asked.parts[slot]
    if not isinstance(part, Keyed):
        return DeleteEvent(remote_id)
    target = {**asked.series, **part, "rule": None}
    target.pop("occurrences", None)
    return UpdateEvent(remote_id, part, Keyed(target))


def _effect(base: Base | None, asked: Occurrences, slot: str, result: RemoteEvent | None) -> Value:
    """Return what is known now of a date there: what was asked for, and what was known before.

    Other news in the answer came from somebody else since it was read. Known before it was
    reconciled, it would never be carried over.
    """
    part = asked.parts[slot]
    if result is None or not isinstance(part, Keyed):
        return CANCELLED
    past = occurrences.of(base.remote).get(slot) if base else None
    shown = overrides(asked.series, {**result.shared, **result.private}, date.fromisoformat(slot))
    known = past.items() if isinstance(past, Keyed) else ()
    return Keyed(
        {
            **{name: value for name, value in known if name not in part},
            **{name: value for name, value in shown.items() if name in part},
        }
    )


def _keep(desk: Desk, copy, wish: Wish, effects: dict[str, Value]) -> None:
    meeting = copy.meeting_id
    base = desk.base(meeting, copy)
    if not effects or base is None:
        return
    pending = {slot: wish.pending_on(slot) for slot in effects}
    known = occurrences.known(base, occurrences.of(wish.local), effects, pending)
    desk.keep_base(meeting, copy, known)
    desk.tally["changed_remote"] += 1
    past = occurrences.of(base.remote)
    changes = {("occurrences", slot): (past.get(slot), effects[slot]) for slot in effects}
    desk.note(meeting, direction="out", kind="change", changes=changes)


def failed(desk: Desk, copy, error: SyncError) -> Effect:
    """Record that a series was not written as wished, and why."""
    if isinstance(error, Missing):
        return Effect.UNSEEN
    if isinstance(error, OutcomeUnknown):
        # No condition guards a date: without a look first it would be written, and mailed, again.
        copy.next_attempt = fields.Datetime.now()
        return Effect.UNSEEN
    if isinstance(error, PARKS):
        desk.park(copy.meeting_id, reason(error))
        return Effect.PARKED
    if isinstance(error, GraphError) and not concerns_mailbox(error):
        desk.postpone(copy, reason(error))
    return Effect.OPEN
