"""Write bodies so that online meetings stay: see what is there first, and put its block back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final
from urllib.parse import quote

from ..engine.errors import SyncError
from ..engine.snapshot import Body, Keyed
from .batch import Outcome
from .channel import json_of
from .failures import concerns_mailbox
from .online import with_block
from .operations import Call, Operation, UpdateEvent
from .paths import event_path
from .session import Session
from .values import object_of, text_of

_OPTION: Final = "$select=id,changeKey,body,isOnlineMeeting,onlineMeeting"


def prepared(session: Session, operations: Sequence[Operation]) -> list[Operation | SyncError]:
    """Return the operations, those that write a body with the block that is in Outlook now.

    Whatever else changed there meanwhile is for the operation's own change key to tell. What could
    not be looked at comes as its error: it must not be written.
    """
    result: list[Operation | SyncError] = list(operations)
    bodies = {
        number: one
        for number, one in enumerate(operations)
        if isinstance(one, UpdateEvent) and isinstance(one.values.get("body"), Body)
    }
    if bodies:
        outcomes = session.look([_get(one.remote_id) for one in bodies.values()])
        for outcome in outcomes:
            if isinstance(outcome, SyncError) and concerns_mailbox(outcome):
                return [outcome] * len(operations)
        for (number, one), outcome in zip(bodies.items(), outcomes, strict=True):
            result[number] = _with_block(one, outcome)
    return result


def _with_block(operation: UpdateEvent, outcome: Outcome) -> Operation | SyncError:
    if isinstance(outcome, SyncError):
        return outcome
    try:
        item = json_of(outcome, is_write=False)
        there = text_of(object_of(item, "body"), "content")
    except SyncError as error:
        return error
    body = operation.values["body"]
    assert isinstance(body, Body)
    whole = Body.of(with_block(body.html or "", there, item))
    return replace(operation, values=Keyed({**operation.values, "body": whole}))


def _get(remote_id: str) -> Call:
    return Call("GET", f"{event_path(remote_id)}?{quote(_OPTION, safe='$=&,')}")
