"""``$batch``: twenty requests in one (learn.microsoft.com "Combine multiple HTTP requests")."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote, urlsplit

from ..errors import Refused, bad_request, unreadable_body
from ..exchange.items import Json
from ..state import RequestRecord
from . import app, disturbances
from .app import Ask
from .call import Answer

if TYPE_CHECKING:
    from ..state import State

MAX_PARTS = 20
PARALLEL = 4


def answer(state: State, ask: Ask) -> Answer:
    """Answer a batch: 200 with one response per part, in an order of the server's choosing."""
    try:
        with state.lock:
            state.directory.caller(ask.header("Authorization"))
        if ask.method != "POST":
            raise Refused(405, "Request_BadRequest", "Specified HTTP method is not allowed.")
        parts = _parts(ask)
    except Refused as refusal:
        return app.envelope(state, refusal, ask.header("client-request-id"))
    done: dict[str, Json] = {}
    independent = 0
    for part in parts:
        independent += not part.get("dependsOn")
        done[part["id"].casefold()] = _one(state, ask, part, done, independent)
    return Answer(200, {"responses": list(reversed(done.values()))})


def _parts(ask: Ask) -> list[Json]:
    """Read the parts; a fault in the envelope refuses the whole batch (400)."""
    try:
        sent: Any = json.loads(ask.payload)
    except ValueError as err:
        raise unreadable_body("Unable to read JSON request payload.") from err
    parts = sent.get("requests") if isinstance(sent, dict) else None
    if not isinstance(parts, list) or not parts:
        raise bad_request("Invalid batch payload format.")
    if len(parts) > MAX_PARTS:
        raise Refused(
            400, "MaximumValueExceeded", f"Number of batch requests exceeds maximum of {MAX_PARTS}."
        )
    seen: set[str] = set()
    for part in parts:
        _check(part, seen)
        seen.add(part["id"].casefold())
    return parts


def _check(part: Any, seen: set[str]) -> None:
    if not isinstance(part, dict) or not isinstance(part.get("id"), str) or not part["id"]:
        raise bad_request("Every request of a batch needs an id.")
    if part["id"].casefold() in seen:
        raise bad_request(f"Request Id: {part['id']} has to be unique in a batch.")
    url, method = part.get("url"), part.get("method")
    if not isinstance(url, str) or not isinstance(method, str):
        raise bad_request("Every request of a batch needs a method and a url.")
    if "://" in url:
        raise bad_request("Invalid request: the url of a request in a batch has to be relative.")
    if any(name.casefold() not in seen for name in part.get("dependsOn") or ()):
        raise bad_request("dependsOn has to name earlier requests of the batch.")


def _one(state: State, outer: Ask, part: Json, done: dict[str, Json], independent: int) -> Json:
    needed = [done[name.casefold()] for name in part.get("dependsOn") or ()]
    if any(response["status"] >= 400 for response in needed):
        refusal = Refused(424, "FailedDependency", "A request this one depends on has failed.")
        result = app.envelope(state, refusal, "")
    else:
        result = _run(state, _ask(outer, part), independent)
    response: Json = {"id": part["id"], "status": result.status, "headers": dict(result.headers)}
    if result.body is not None:
        response["headers"]["Content-Type"] = "application/json"
        response["body"] = result.body
    return response


def _run(state: State, ask: Ask, independent: int) -> Answer:
    with state.lock:
        mailbox = disturbances.caller_address(state, ask)
    where = (ask.method, ask.path, mailbox)
    disturbances.hold(state, "hold", *where)
    with state.lock:
        result = _result(state, ask, mailbox, independent)
    result = disturbances.told(state, result, *where)
    disturbances.hold(state, "hold_after", *where)
    request_id = ask.header("client-request-id")
    query = "&".join(f"{name}={value}" for name, value in ask.query.items())
    state.requests.append(
        RequestRecord(ask.method, ask.path, query, result.status, mailbox, request_id, True, 0.0)
    )
    return result


def _result(state: State, ask: Ask, mailbox: str | None, independent: int) -> Answer:
    kinds = {"throttle", "server_error"}
    fault = state.faults.take(kinds, ask.method, ask.path, mailbox)
    if fault is not None:
        return disturbances.fault_answer(state, fault, ask)
    if state.options.batch_throttles_parallel and independent > PARALLEL:
        return app.envelope(state, disturbances.over_concurrency(), "")
    return app.answer(state, ask)


def _ask(outer: Ask, part: Json) -> Ask:
    """Make a request of a part: the outer sign-in, its own headers, path and body."""
    address = urlsplit(part["url"])
    path = "/" + unquote(address.path).removeprefix("/v1.0").lstrip("/")
    headers = {str(name): str(value) for name, value in (part.get("headers") or {}).items()}
    headers = {name: value for name, value in headers.items() if name.casefold() != "authorization"}
    headers["Authorization"] = outer.header("Authorization")
    body = part.get("body")
    return Ask(
        method=part["method"].upper(),
        path=path,
        query=dict(parse_qsl(address.query, keep_blank_values=True)),
        headers=headers,
        payload=b"" if body is None else json.dumps(body).encode(),
        origin=outer.origin,
    )
