"""The same calendar as a person meets it in Outlook: every right, no token, no faults, no log."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote, urlsplit

from ..entra.authorize import GRAPH_SCOPES
from ..errors import Refused
from . import app
from .call import Answer, Call

if TYPE_CHECKING:
    from ..state import State


def act(
    state: State,
    address: str,
    method: str,
    url: str,
    body: Any = None,
    headers: dict[str, str] | None = None,
) -> Answer:
    """Do in a person's mailbox what Graph would do for an app; refusals become an error answer."""
    parts = urlsplit(url)
    with state.lock:
        call = Call(
            state=state,
            mailbox=state.mailbox(address),
            scopes=GRAPH_SCOPES,
            method=method.upper(),
            path=unquote(parts.path).removeprefix("/v1.0"),
            query=dict(parse_qsl(parts.query, keep_blank_values=True)),
            headers={"Content-Type": "application/json", **(headers or {})},
            payload=b"" if body is None else json.dumps(body).encode(),
            origin=state.https_url,
        )
        try:
            # Nobody in this process may hold on to what the mailbox stores.
            return copy.deepcopy(app.route(call))
        except Refused as refusal:
            return app.envelope(state, refusal, "")


def move(state: State, address: str, event_id: str, calendar_id: str) -> str:
    """Drag an event to another calendar of its mailbox; return its new (default) id."""
    with state.lock:
        mailbox = state.mailbox(address)
        entry = mailbox.find(event_id)
        mailbox.move(entry.item, mailbox.calendar(calendar_id))
        return mailbox.entry_id(entry, immutable=False)
