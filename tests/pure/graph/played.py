"""A client over a scripted wire, operations for it, and a batch's answers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any

from scripted import ScriptedTransport, Step, Waits, batch_answer, parts_of

from core.graph.client import GraphClient
from core.graph.operations import CreateEvent, DeleteEvent
from core.graph.transport import Request, Response

ORIGIN = "https://graph.test"
NOW = datetime(2026, 10, 5, 12, tzinfo=timezone.utc)
WINDOW = (NOW, NOW + timedelta(days=30))
HTML = Response(200, {}, b"<html>Sign in to the proxy</html>")
CUT = Response(200, {}, b'{"value": [{"id"')


class Played:
    """A client, the wire below it, and what else it asked for."""

    def __init__(self, *steps: Step, token: Callable[[bool], str] | None = None) -> None:
        self.wire = ScriptedTransport(*steps)
        self.waits = Waits()
        self.forced: list[bool] = []
        self.client = GraphClient(
            self.wire,
            ORIGIN,
            token or self._token,
            now=lambda: NOW,
            wait=self.waits,
            page_size=50,
        )

    def _token(self, force: bool) -> str:
        self.forced.append(force)
        return f"t{self.forced.count(True)}"


def event(remote_id: str = "e") -> dict[str, Any]:
    """Return an event as Graph shows it."""
    return {"id": remote_id, "type": "singleInstance", "subject": "x"}


def create(tag: str = "db:m", **values: Any) -> CreateEvent:
    """Return the operation that makes an event with a tag."""
    return CreateEvent(None, values or {"subject": "x"}, f"tx-{tag}", tag)


def deletes(count: int) -> list[DeleteEvent]:
    """Return operations that delete e0, e1 ..."""
    return [DeleteEvent(f"e{number}") for number in range(count)]


def batch(**statuses: int) -> Callable[[Request], Response]:
    """Answer a batch: paths end in e<n>; named ones fail, the chain breaks after them."""

    def play(request: Request) -> Response:
        answers, broken = [], False
        for part in parts_of(request):
            status = statuses.get(part["url"].rpartition("/")[2], 204)
            if part.get("dependsOn") and broken:
                status = 424
            broken = broken or status >= 400
            body = {"error": {"code": "X", "message": ""}} if status >= 400 else None
            answers.append({"id": part["id"], "status": status, "headers": {}, "body": body})
        return batch_answer(reversed(answers))

    return play
