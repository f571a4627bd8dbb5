"""The sandbox's own controls over HTTP: JSON under ``/_sandbox``.

=========================================  ====================================================
GET  /_sandbox                             addresses, number of mails and requests
GET, POST /_sandbox/mailboxes              list; make {"address", "name", "time_zone", "personal"}
POST /_sandbox/apps                        register {"client_id", "secret", "redirect_uris", ...}
GET  /_sandbox/mails, /_sandbox/requests   logs; DELETE empties them
GET, POST /_sandbox/options                read; set some
GET, POST, DELETE /_sandbox/faults         list; arm {"kind", ...}; clear
POST /_sandbox/faults/release              let held requests go
POST /_sandbox/expire-delta                {"address", "status", "code"}
POST /_sandbox/sign-out                    {"address", "code"}: every token of a person is dead
POST /_sandbox/expire-access               {"address"}: access tokens run out, refresh tokens stay
POST /_sandbox/app                         {"client_id", "secret_expired", "disabled", ...}
POST /_sandbox/clock                       {"advance": seconds} or {"freeze": ISO moment} or {}
POST /_sandbox/graph                       {"address", "method", "path", "body", "headers"}: act as
                                           the person in Outlook; answers {"status", "body"}
POST /_sandbox/move                        {"address", "event_id", "calendar_id"}: drag an event
POST /_sandbox/reset                       forget everything
=========================================  ====================================================
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from werkzeug.wrappers import Request, Response

from .errors import Refused
from .exchange.mailbox import Mailbox
from .graph import person

if TYPE_CHECKING:
    from .state import State

Json = dict[str, Any]


def handle(state: State, request: Request) -> Response:
    """Answer a request under ``/_sandbox``; what makes no sense gets 400 and a sentence."""
    name = request.path.removeprefix("/_sandbox").strip("/")
    action = _ACTIONS.get((request.method, name))
    if action is None:
        return _json({"error": f"no such control: {request.method} {name}"}, 404)
    try:
        sent = json.loads(request.get_data() or b"{}")
        with state.lock:
            return _json(action(state, sent))
    except (ValueError, TypeError, KeyError, Refused) as err:
        return _json({"error": f"{type(err).__name__}: {err}"}, 400)


def _overview(state: State, sent: Json) -> Json:
    return {
        "https_url": state.https_url,
        "http_url": state.http_url,
        "mailboxes": [mailbox.address for mailbox in state.mailboxes],
        "mails": len(state.mails),
        "requests": len(state.requests),
    }


def _mailbox(mailbox: Mailbox) -> Json:
    return {
        "address": mailbox.address,
        "name": mailbox.name,
        "time_zone": mailbox.time_zone,
        "id": mailbox.id,
        "tenant": mailbox.tenant,
        "personal": mailbox.personal,
    }


def _mailboxes(state: State, sent: Json) -> Json:
    return {"value": [_mailbox(mailbox) for mailbox in state.mailboxes]}


def _add_mailbox(state: State, sent: Json) -> Json:
    return _mailbox(state.add_mailbox(**sent))


def _add_app(state: State, sent: Json) -> Json:
    certificate = sent.pop("certificate", None)
    app = state.add_app(**sent, certificate=certificate.encode() if certificate else None)
    return {"client_id": app.client_id}


def _mails(state: State, sent: Json) -> Json:
    return {"value": [mail.as_json() for mail in state.mails]}


def _forget_mails(state: State, sent: Json) -> Json:
    state.mails.clear()
    return {}


def _requests(state: State, sent: Json) -> Json:
    return {"value": [record.as_json() for record in state.requests]}


def _forget_requests(state: State, sent: Json) -> Json:
    state.requests.clear()
    return {}


def _options(state: State, sent: Json) -> Json:
    state.options.set(**sent)
    return state.options.as_json()


def _faults(state: State, sent: Json) -> Json:
    return {"value": [fault.as_json() for fault in state.faults]}


def _arm(state: State, sent: Json) -> Json:
    kind = sent.pop("kind")
    if kind == "throttle":
        return state.faults.throttle(sent.pop("retry_after", 1), **sent).as_json()
    if kind == "server_error":
        return state.faults.server_error(sent.pop("status", 503), **sent).as_json()
    if kind == "entra_error":
        return state.faults.entra_error(sent.pop("code"), **sent).as_json()
    if kind == "reorder_delta":
        return state.faults.reorder_delta(**sent).as_json()
    return state.faults.add(kind, **sent).as_json()


def _clear_faults(state: State, sent: Json) -> Json:
    state.faults.clear()
    return {}


def _release(state: State, sent: Json) -> Json:
    state.faults.release_all()
    return {}


def _expire_delta(state: State, sent: Json) -> Json:
    state.expire_delta(**sent)
    return {}


def _restore(state: State, sent: Json) -> Json:
    state.restore_mailbox(**sent)
    return {}


def _sign_out(state: State, sent: Json) -> Json:
    address = state.mailbox(sent["address"]).address
    state.directory.sign_out(address, sent.get("code", 50173))
    return {}


def _expire_access(state: State, sent: Json) -> Json:
    state.directory.expire_access(state.mailbox(sent["address"]).address)
    return {}


def _change_app(state: State, sent: Json) -> Json:
    app = state.directory.apps[sent.pop("client_id")]
    for name, value in sent.items():
        if name not in ("secret_expired", "disabled", "needs_admin"):
            raise ValueError(f"no such property of an app: {name}")
        setattr(app, name, bool(value))
    return {}


def _clock(state: State, sent: Json) -> Json:
    if "freeze" in sent:
        state.clock.freeze(datetime.fromisoformat(sent["freeze"].replace("Z", "+00:00")))
    elif "advance" in sent:
        state.clock.advance(timedelta(seconds=sent["advance"]))
    else:
        state.clock.reset()
    return {"now": state.clock.now().isoformat()}


def _graph(state: State, sent: Json) -> Json:
    answer = person.act(
        state,
        sent["address"],
        sent["method"],
        sent["path"],
        sent.get("body"),
        sent.get("headers"),
    )
    return {"status": answer.status, "body": answer.body}


def _move(state: State, sent: Json) -> Json:
    return {"id": person.move(state, **sent)}


def _reset(state: State, sent: Json) -> Json:
    state.reset()
    return {}


_ACTIONS: dict[tuple[str, str], Callable[[State, Json], Json]] = {
    ("GET", ""): _overview,
    ("GET", "mailboxes"): _mailboxes,
    ("POST", "mailboxes"): _add_mailbox,
    ("POST", "apps"): _add_app,
    ("GET", "mails"): _mails,
    ("DELETE", "mails"): _forget_mails,
    ("GET", "requests"): _requests,
    ("DELETE", "requests"): _forget_requests,
    ("GET", "options"): _options,
    ("POST", "options"): _options,
    ("GET", "faults"): _faults,
    ("POST", "faults"): _arm,
    ("DELETE", "faults"): _clear_faults,
    ("POST", "faults/release"): _release,
    ("POST", "expire-delta"): _expire_delta,
    ("POST", "restore"): _restore,
    ("POST", "sign-out"): _sign_out,
    ("POST", "expire-access"): _expire_access,
    ("POST", "app"): _change_app,
    ("POST", "clock"): _clock,
    ("POST", "graph"): _graph,
    ("POST", "move"): _move,
    ("POST", "reset"): _reset,
}


def _json(body: Any, status: int = 200) -> Response:
    return Response(json.dumps(body), status, mimetype="application/json")
