"""What faults do to a request: wait, answer in its place, or cut the line."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ..errors import Refused
from ..faults import Fault
from . import app
from .app import Ask
from .call import Answer

if TYPE_CHECKING:
    from ..state import State


class Dropped(Exception):
    """The connection is to be closed without an answer."""


def caller_address(state: State, ask: Ask) -> str | None:
    """Return whose mailbox a request is about; None where its token is no good."""
    try:
        return state.directory.caller(ask.header("Authorization")).address
    except Refused:
        return None


def delay(state: State, method: str, path: str, mailbox: str | None) -> None:
    """Wait where a fault says so."""
    late = state.faults.take({"latency"}, method, path, mailbox)
    if late is not None:
        threading.Event().wait(late.values["seconds"])
    hold(state, "hold", method, path, mailbox)


def hold(state: State, kind: str, method: str, path: str, mailbox: str | None) -> None:
    """Keep a request where a fault of this kind says so; never with the state's lock in hand."""
    held = state.faults.take({kind}, method, path, mailbox)
    if held is not None:
        held.hold()


def told(state: State, answer: Answer, method: str, path: str, mailbox: str | None) -> Answer:
    """Return an answer with what faults show of some events instead of what they are."""
    lies = state.faults.lies(method, path, mailbox)
    return replace(answer, body=_with_lies(answer.body, lies)) if lies else answer


def _with_lies(value: Any, lies: Mapping[str, Mapping[str, Any]]) -> Any:
    if isinstance(value, list):
        return [_with_lies(one, lies) for one in value]
    if not isinstance(value, dict):
        return value
    found = {name: _with_lies(one, lies) for name, one in value.items()}
    return {**found, **lies.get(str(value.get("id")), {})}


def fault_answer(state: State, fault: Fault, ask: Ask) -> Answer:
    """Write the answer of a fault that answers."""
    values = fault.values
    if fault.kind == "throttle":
        refusal = Refused(
            values["status"],
            values.get("code", "ApplicationThrottled"),
            values.get("message", "Application is over its MailboxConcurrency limit."),
            headers={"Retry-After": values["retry_after"]} if values["retry_after"] else {},
        )
    else:
        codes = {500: "ErrorInternalServerError", 502: "UnknownError", 504: "UnknownError"}
        code = codes.get(values["status"], "ErrorInternalServerTransientError")
        refusal = Refused(values["status"], values.get("code", code), "Try again later.")
    return app.envelope(state, refusal, ask.header("client-request-id"))


def over_concurrency() -> Refused:
    """Refuse the fifth request at once (throttling-limits; the wire's words)."""
    return Refused(
        429,
        "ApplicationThrottled",
        "Application is over its MailboxConcurrency limit.",
        headers={"Retry-After": "1"},
    )
