"""A wire that is played from a script: for answers and losses that no honest server would give.

It stands where the network would, below the code under test, and keeps what was sent.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from core.engine.errors import TransportError
from core.graph.transport import Request, Response

Step = Response | TransportError | Callable[[Request], Response]


def answer(status: int = 200, body: Any = None, **headers: str) -> Response:
    """Make an answer; header names are given with underscores."""
    named = {name.replace("_", "-").lower(): value for name, value in headers.items()}
    content = b"" if body is None else json.dumps(body).encode()
    return Response(status, named, content)


def refusal(status: int, code: str = "", message: str = "", **headers: str) -> Response:
    """Make an error answer in Graph's envelope."""
    return answer(status, {"error": {"code": code, "message": message}}, **headers)


class ScriptedTransport:
    """Answer one request per step, in order; a request too many fails the test."""

    def __init__(self, *steps: Step) -> None:
        self._steps = list(steps)
        self.sent: list[Request] = []

    def send(self, request: Request) -> Response:
        """Play the next step."""
        self.sent.append(request)
        if not self._steps:
            raise AssertionError(f"unexpected request: {request.method} {request.url}")
        step = self._steps.pop(0)
        if isinstance(step, TransportError):
            raise step
        return step if isinstance(step, Response) else step(request)

    @property
    def is_played_out(self) -> bool:
        """Tell whether every step was used."""
        return not self._steps


class Waits(list[float]):
    """Remember how long it would have been waited, instead of waiting."""

    def __call__(self, seconds: float) -> None:
        self.append(seconds)


def parts_of(request: Request) -> list[Mapping[str, Any]]:
    """Return the parts of a batch request."""
    parts: list[Mapping[str, Any]] = request.json["requests"]
    return parts


def batch_answer(responses: Iterable[Any]) -> Response:
    """Make a batch's answer out of its parts' answers."""
    return answer(200, {"responses": list(responses)})
