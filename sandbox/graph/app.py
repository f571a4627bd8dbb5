"""Graph's front door: which path means what, who may pass, and how errors are written."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.routing import Map, RequestRedirect, Rule

from ..errors import Refused
from ..exchange import online
from ..exchange.items import Json
from . import calendars, events, people, views
from .call import Answer, Call

if TYPE_CHECKING:
    from ..state import State

Handler = Callable[[Call, dict[str, str]], Answer]

#: Under ``/me`` and ``/users/{me}``: method, path, handler.
_PERSON: list[tuple[str, str, Handler]] = [
    ("GET", "", people.me),
    ("GET", "/mailboxSettings", people.settings),
    ("GET", "/mailboxSettings/timeZone", people.time_zone),
    ("GET", "/outlook/supportedTimeZones", people.supported_zones),
    (
        "GET",
        "/outlook/supportedTimeZones(TimeZoneStandard=microsoft.graph.timeZoneStandard'<standard>')",
        people.supported_zones,
    ),
    ("GET", "/outlook/masterCategories", people.categories),
    ("GET", "/calendars", calendars.list_all),
    ("POST", "/calendars", calendars.create),
]
#: Under ``/calendar`` and ``/calendars/{id}``.
_FOLDER: list[tuple[str, str, Handler]] = [
    ("GET", "", calendars.get),
    ("PATCH", "", calendars.update),
    ("DELETE", "", calendars.delete),
]
#: Under the person (default calendar) and under each calendar.
_EVENTS: list[tuple[str, str, Handler]] = [
    ("GET", "/events", events.list_events),
    ("POST", "/events", events.create),
    ("GET", "/calendarView", views.calendar_view),
    ("GET", "/calendarView/delta", views.delta),
    ("GET", "/calendarView/delta()", views.delta),
    ("GET", "/calendarView/microsoft.graph.delta()", views.delta),
    ("GET", "/events/<event_id>", events.get),
    ("PATCH", "/events/<event_id>", events.update),
    ("DELETE", "/events/<event_id>", events.delete),
    ("GET", "/events/<event_id>/instances", events.list_instances),
    ("GET", "/events/<event_id>/exceptionOccurrences", events.list_exceptions),
    ("POST", "/events/<event_id>/cancel", events.cancel),
    ("POST", "/events/<event_id>/accept", events.respond),
    ("POST", "/events/<event_id>/tentativelyAccept", events.respond),
    ("POST", "/events/<event_id>/decline", events.respond),
    ("POST", "/events/<event_id>/dismissReminder", events.dismiss_reminder),
    ("POST", "/events/<event_id>/permanentDelete", events.delete),
]


@dataclass(frozen=True)
class Ask:
    """A request as it came, before anybody knows who asks."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    payload: bytes
    origin: str

    def header(self, name: str) -> str:
        """Return a header's value, or nothing."""
        wanted = name.casefold()
        return next((value for key, value in self.headers.items() if key.casefold() == wanted), "")


def _rules() -> Iterable[Rule]:
    for root in ("/me", "/users/<user>"):
        tables = [(root, _PERSON), (root, _EVENTS)]
        for place in ("/calendar", "/calendars/<calendar_id>"):
            tables += [(root + place, _FOLDER), (root + place, _EVENTS)]
        for prefix, table in tables:
            for method, path, handler in table:
                yield Rule(prefix + path, methods=[method], endpoint=handler)


_ROUTES = Map(list(_rules()), strict_slashes=False, merge_slashes=False)


def answer(state: State, ask: Ask) -> Answer:
    """Answer one request, alone or as a part of a batch; every refusal becomes Graph's envelope."""
    try:
        caller = state.directory.caller(ask.header("Authorization"))
        mailbox = state.exchange.mailboxes[caller.address.casefold()]
        call = Call(
            state=state,
            mailbox=mailbox,
            scopes=caller.scopes,
            method=ask.method,
            path=ask.path,
            query=ask.query,
            headers=ask.headers,
            payload=ask.payload,
            origin=ask.origin,
        )
        online.finish(state.exchange, mailbox)
        return route(call)
    except Refused as refusal:
        return envelope(state, refusal, ask.header("client-request-id"))


def route(call: Call) -> Answer:
    """Find and run the handler of a path."""
    adapter = _ROUTES.bind("graph", path_info=call.path)
    try:
        found, place = adapter.match(method=call.method)
    except MethodNotAllowed as err:
        raise Refused(405, "Request_BadRequest", "Specified HTTP method is not allowed.") from err
    except (NotFound, RequestRedirect) as err:
        raise Refused(
            400, "BadRequest", f"Resource not found for the segment '{call.path}'."
        ) from err
    named = dict(place)
    user = named.pop("user", None)
    known = {call.mailbox.id, call.mailbox.address.casefold()}
    if user is not None and user.casefold() not in known:
        raise _stranger(call.state, user)
    handler: Handler = found
    return handler(call, named)


def envelope(state: State, refusal: Refused, client_request_id: str) -> Answer:
    """Write an error as Graph does ("Microsoft Graph error responses and resource types")."""
    inner = {
        "date": state.clock.now().strftime("%Y-%m-%dT%H:%M:%S"),
        "request-id": str(uuid.uuid4()),
        "client-request-id": client_request_id or str(uuid.uuid4()),
    }
    error: Json = {"code": refusal.code, "message": refusal.message, **refusal.extra}
    error["innerError"] = inner
    return Answer(refusal.status, {"error": error}, refusal.headers)


def _stranger(state: State, user: str) -> Refused:
    """Refuse somebody else's mailbox: not shared, or unknown (seen live)."""
    if state.exchange.find(user) is not None:
        return Refused(
            403, "ErrorAccessDenied", "Access is denied. Check credentials and try again."
        )
    return Refused(404, "ErrorInvalidUser", f"The requested user '{user}' is invalid.")
