"""Several writes in one request: `$batch`, as a value that is filled with answers turn by turn.

The parts of one turn form a chain (`dependsOn`): a mailbox takes four requests at a time and
answers 429 to the fifth, also inside a batch (throttling-limits; seen). A part whose predecessor
failed is answered 424 and was not carried out: it goes into the next turn. So a turn with f
failures costs at most f more requests, and without failures twenty writes are one.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence

from ..engine.errors import NotSent, OutcomeUnknown, SyncError
from .operations import Call
from .remote import Json
from .transport import Response

#: Graph's limit (json-batching).
MAX_PARTS = 20
_DEPENDENCY_FAILED = 424

#: A success, or what went wrong.
Outcome = Response | SyncError


class Batch:
    """The calls of one `perform`, each with its outcome as soon as it is known."""

    def __init__(self, calls: Sequence[Call], *, headers: Mapping[str, str]) -> None:
        self._calls = calls
        self._headers = headers
        self._open = list(range(len(calls)))
        self._outcomes: dict[int, Outcome] = {}

    @property
    def turn(self) -> list[int]:
        """Return the numbers of the calls that go into the next request; empty when all is done."""
        return self._open[:MAX_PARTS]

    def payload(self) -> Json:
        """Return the next request's body."""
        parts: list[Json] = []
        for number in self.turn:
            part = self._part(number)
            if parts:
                part["dependsOn"] = [parts[-1]["id"]]
            parts.append(part)
        return {"requests": parts}

    def take(
        self, payload: object, *, judge: Callable[[Response], SyncError | None]
    ) -> dict[int, Outcome]:
        """Note a batch's answer; return the outcomes of the calls that it settles.

        `judge` tells what a part's answer means. A part without an answer may have been carried
        out: `OutcomeUnknown`. Where the server answers 424 to all, which the chain's head cannot
        be (seen of throttling in older documentation), that is the answer, and the turn is over.
        """
        turn, answers = self.turn, _answers(payload)
        settled = [
            number
            for number in turn
            if number not in answers or answers[number].status != _DEPENDENCY_FAILED
        ] or turn
        outcomes: dict[int, Outcome] = {}
        for number in settled:
            answer = answers.get(number)
            if answer is None:
                outcomes[number] = OutcomeUnknown("the batch left this part out")
            else:
                outcomes[number] = judge(answer) or answer
        self._outcomes |= outcomes
        self._open = [number for number in self._open if number not in outcomes]
        return outcomes

    def reopen(self, numbers: Sequence[int]) -> None:
        """Put calls that surely were not carried out before the others of the next turn."""
        self._open = sorted({*numbers, *self._open})

    def stop(self, error: SyncError, *, sent: bool) -> None:
        """End it: `error` is the outcome of all that is open.

        Where it was `sent`, of the present turn only: what was in no request yet is `NotSent`.
        """
        turn = set(self.turn)
        for number in self._open:
            self._outcomes[number] = (
                error if not sent or number in turn else NotSent("after a loss")
            )
        self._open = []

    def outcome(self, number: int) -> Outcome:
        """Return what became of a call."""
        return self._outcomes[number]

    def _part(self, number: int) -> Json:
        call = self._calls[number]
        part: Json = {"id": str(number), "method": call.method, "url": call.path}
        part["headers"] = {**self._headers, **call.headers}
        if call.body is not None:
            part["headers"]["Content-Type"] = "application/json"
            part["body"] = call.body
        return part


def _answers(payload: object) -> dict[int, Response]:
    """Read the parts, which come in any order (json-batching), as answers like any other."""
    parts = payload.get("responses") if isinstance(payload, dict) else None
    answers: dict[int, Response] = {}
    for part in parts if isinstance(parts, list) else []:
        try:
            number, status = int(part["id"]), int(part["status"])
        except (KeyError, TypeError, ValueError):
            continue
        headers = part.get("headers")
        named = headers.items() if isinstance(headers, dict) else ()
        lowered = {str(name).lower(): str(value) for name, value in named}
        body = part.get("body")
        content = b"" if body is None else json.dumps(body).encode()
        answers[number] = Response(status, lowered, content)
    return answers
