"""Graph over HTTP: faults, the limit of requests at once, the log; then the handlers."""

from __future__ import annotations

import json
import time
import uuid
from typing import TYPE_CHECKING

from werkzeug.wrappers import Request, Response

from ..faults import AFTER, ANSWERS, BEFORE, Fault
from ..state import RequestRecord
from . import app, batch
from .app import Ask
from .call import Answer
from .disturbances import (
    Dropped,
    caller_address,
    delay,
    fault_answer,
    hold,
    over_concurrency,
    told,
)

if TYPE_CHECKING:
    from ..state import State

_HTML = "<!DOCTYPE html><html><body><h1>Proxy sign-in</h1></body></html>"


def handle(state: State, request: Request) -> Response:
    """Answer a request under ``/v1.0``; raise Dropped where a fault cuts the line."""
    begun = time.monotonic()
    ask = _ask(state, request)
    mailbox = caller_address(state, ask)
    try:
        response = _disturbed(state, ask, mailbox)
        log(state, ask, response.status_code, mailbox, begun)
    except Dropped:
        log(state, ask, 0, mailbox, begun)
        raise
    response.headers["request-id"] = str(uuid.uuid4())
    given = ask.header("client-request-id")
    if given:
        response.headers["client-request-id"] = given
    response.headers["x-ms-ags-diagnostic"] = '{"ServerInfo":{"DataCenter":"Sandbox"}}'
    return response


def log(state: State, ask: Ask, status: int, mailbox: str | None, begun: float) -> None:
    """Remember a request; status 0: no answer was given."""
    query = "&".join(f"{name}={value}" for name, value in ask.query.items())
    spent = round((time.monotonic() - begun) * 1000, 1)
    request_id = ask.header("client-request-id")
    record = RequestRecord(ask.method, ask.path, query, status, mailbox, request_id, False, spent)
    state.requests.append(record)


def _disturbed(state: State, ask: Ask, mailbox: str | None) -> Response:
    where = (ask.method, ask.path, mailbox)
    key = mailbox or ""
    with state.lock:
        state.in_flight[key] = state.in_flight.get(key, 0) + 1
        too_many = state.in_flight[key] > state.options.mailbox_concurrency and bool(mailbox)
    try:
        if too_many:
            return respond(app.envelope(state, over_concurrency(), ask.header("client-request-id")))
        delay(state, *where)
        before = state.faults.take(BEFORE, *where)
        if before is not None:
            return _broken(state, before, ask)
        return _after(state, told(state, _answer(state, ask), *where), where)
    finally:
        with state.lock:
            state.in_flight[key] -= 1


def _answer(state: State, ask: Ask) -> Answer:
    """Do what is asked; the parts of a batch one by one, so that others come between."""
    if ask.path == "/$batch":
        return batch.answer(state, ask)
    with state.lock:
        return app.answer(state, ask)


def _broken(state: State, fault: Fault, ask: Ask) -> Response:
    if fault.kind == "drop_before":
        raise Dropped
    if fault.kind == "html_page":
        return Response(_HTML, 200, mimetype="text/html")
    assert fault.kind in ANSWERS
    return respond(fault_answer(state, fault, ask))


def _after(state: State, answer: Answer, where: tuple[str, str, str | None]) -> Response:
    hold(state, "hold_after", *where)
    fault = state.faults.take(AFTER, *where)
    if fault is not None and fault.kind == "drop_after":
        raise Dropped
    response = respond(answer)
    if fault is not None:
        text = response.get_data()
        response.set_data(text[: len(text) // 2])
    return response


def respond(answer: Answer) -> Response:
    """Write an answer as HTTP."""
    response = Response(status=answer.status, headers=answer.headers)
    if answer.body is not None:
        response.set_data(
            json.dumps(answer.body, ensure_ascii=False).encode("utf-8", "surrogatepass")
        )
        response.content_type = (
            "application/json; odata.metadata=minimal; odata.streaming=true; charset=utf-8"
        )
    else:
        response.headers.pop("Content-Type", None)
    return response


def _ask(state: State, request: Request) -> Ask:
    return Ask(
        method=request.method,
        path=request.path.removeprefix("/v1.0"),
        query={name: values[-1] for name, values in request.args.lists()},
        headers=dict(request.headers.items()),
        payload=request.get_data(),
        origin=state.https_url,
    )
