"""What can be asked of a mailbox that changes it, each as a value: method, path, headers, body.

Microsoft mails people on its own: creating a meeting with attendees invites them, changing it
updates them, an organizer's deletion cancels it. There is no switch against it in v1.0
(user-post-events).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from ..engine.snapshot import Snapshot
from . import mapping
from .online import ONLINE
from .paths import calendar_path, event_path

Answer = Literal["accept", "tentativelyAccept", "decline"]


@dataclass(frozen=True)
class Call:
    """The HTTP form of an operation, relative to the API's root, alone or as a batch part."""

    method: str
    path: str = field(repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: Any = field(default=None, repr=False)


@dataclass(frozen=True)
class CreateEvent:
    """Make an event in a calendar (None: the default one). Its people are invited at once.

    `transaction_id` lets Exchange recognise a repeated request; `tag` lets us find the event again
    where the answer was lost.
    """

    calendar_id: str | None
    values: Snapshot = field(repr=False)
    transaction_id: str
    tag: str
    #: As a Teams meeting. Where the mailbox has none, Exchange ignores the wish (seen live).
    online: bool = False

    def call(self) -> Call:
        """Return the POST; raise `Unmappable` where a value cannot be said in Graph."""
        # That it does not repeat is said of a series only, which it ends.
        values = {name: one for name, one in self.values.items() if (name, one) != ("rule", None)}
        body = mapping.to_graph(values, target=values)
        if self.online:
            body |= ONLINE
        body["transactionId"] = self.transaction_id
        body["singleValueExtendedProperties"] = [mapping.tag_property(self.tag)]
        return Call("POST", f"{calendar_path(self.calendar_id)}/events", {}, body)


@dataclass(frozen=True)
class UpdateEvent:
    """Write the changed fields only. `target` is the whole event as it is to be after the write.

    Graph has no field of its own for the zone: a change of `zone` or of `when` takes the other one
    from `target`; the rule of a series goes with them. An occurrence has none of its own: its
    `target` has no rule, or None. With `change_key` the write is refused (`Stale`) if the event
    changed meanwhile.
    """

    remote_id: str
    values: Snapshot = field(repr=False)
    target: Snapshot = field(repr=False)
    change_key: str | None = None

    def call(self) -> Call:
        """Return the PATCH; raise `Unmappable` where a value cannot be said in Graph."""
        headers = {} if self.change_key is None else {"If-Match": f'W/"{self.change_key}"'}
        body = mapping.to_graph(self.values, target=self.target)
        return Call("PATCH", event_path(self.remote_id), headers, body)


@dataclass(frozen=True)
class GoOnline:
    """Make a Teams meeting of an event that is there: a latch, which no later write takes back.

    With `change_key` the write is refused (`Stale`) if the event changed meanwhile.
    """

    remote_id: str
    change_key: str | None = None

    def call(self) -> Call:
        """Return the PATCH, which names nothing else."""
        headers = {} if self.change_key is None else {"If-Match": f'W/"{self.change_key}"'}
        return Call("PATCH", event_path(self.remote_id), headers, dict(ONLINE))


@dataclass(frozen=True)
class DeleteEvent:
    """Delete this mailbox's copy; the organizer's deletion is also everybody's cancellation.

    Exchange ignores If-Match here (seen 2026-08), so none is offered. A second deletion is
    `Missing`.
    """

    remote_id: str

    def call(self) -> Call:
        """Return the DELETE."""
        return Call("DELETE", event_path(self.remote_id))


@dataclass(frozen=True)
class Respond:
    """Answer an invitation as the mailbox's owner. Declining removes the copy from the calendar.

    A comment needs `send_response`; Graph refuses the pair otherwise (seen live).
    """

    remote_id: str
    answer: Answer
    send_response: bool = True
    comment: str | None = field(default=None, repr=False)

    def call(self) -> Call:
        """Return the POST of the answer."""
        body: dict[str, Any] = {"sendResponse": self.send_response}
        if self.comment is not None:
            body["comment"] = self.comment
        return Call("POST", f"{event_path(self.remote_id)}/{self.answer}", {}, body)


Operation = CreateEvent | UpdateEvent | GoOnline | DeleteEvent | Respond
