"""The page's front door: paths, the refusals of the mail system, and files."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from werkzeug import Request, Response
from werkzeug.exceptions import Forbidden, HTTPException, NotFound
from werkzeug.middleware.shared_data import SharedDataMiddleware
from werkzeug.routing import Map, Rule
from werkzeug.utils import redirect

from ..errors import Refused
from . import acts, pages, switches
from .visit import ROOT, Visit, link

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

    from ..state import State

_BOX = f"{ROOT}/<address>"
_EVENT = f"{_BOX}/events/<event_id>"
_TABLE: list[tuple[str, str, Callable[[Visit], Response]]] = [
    ("GET", f"{_BOX}/week", pages.week),
    ("GET", f"{_BOX}/list", pages.agenda_list),
    ("GET", f"{_BOX}/mails", pages.mails),
    ("GET", f"{_BOX}/version", pages.current_version),
    ("GET", f"{_BOX}/new", pages.new),
    ("POST", f"{_BOX}/events", acts.create),
    ("GET", _EVENT, pages.event),
    ("GET", f"{_EVENT}/edit", pages.edit),
    ("POST", f"{_EVENT}/edit", acts.update),
    ("POST", f"{_EVENT}/delete", acts.delete),
    ("POST", f"{_EVENT}/cancel", acts.cancel),
    ("POST", f"{_EVENT}/answer", acts.answer),
    ("POST", f"{_EVENT}/move", acts.move),
    ("GET", f"{_BOX}/switches", switches.show),
    ("POST", f"{_BOX}/switches/options", switches.set_options),
    ("POST", f"{_BOX}/switches/faults", switches.set_faults),
]
_ROUTES = Map([Rule(path, methods=[method], endpoint=act) for method, path, act in _TABLE])


def create_web_app(state: State) -> WSGIApplication:
    """Return the page as a WSGI application; it expects whole paths, ``/outlook/…``."""

    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        with state.lock:
            response = _answer(state, Request(environ))
        return response(environ, start_response)

    files = {f"{ROOT}/static": str(Path(__file__).parent / "static")}
    return SharedDataMiddleware(app, files, cache=False)


def _answer(state: State, request: Request) -> Response:
    try:
        _refuse_strangers(request)
        if request.path.rstrip("/") == ROOT:
            return _welcome(state)
        act, place = _ROUTES.bind_to_environ(request.environ).match()
        return _run(act, Visit(state, request, dict(place)))
    except HTTPException as err:
        return Response(err.get_body(), err.code, mimetype="text/html")


def _run(act: Callable[[Visit], Response], visit: Visit) -> Response:
    """Run a handler; what the mail system refuses there is the visitor's to read."""
    try:
        return act(visit)
    except Refused as refusal:
        return visit.page("problem.html", status=refusal.status, problem=refusal.message)


def _welcome(state: State) -> Response:
    """Lead to the first mailbox."""
    first: Any = next(iter(state.exchange.mailboxes.values()), None)
    if first is None:
        raise NotFound("There is no mailbox yet.")
    return redirect(link(first.address, "week"), code=303)


def _refuse_strangers(request: Request) -> None:
    """Let no other site's page act here through the visitor's browser."""
    origin = request.headers.get("Origin")
    if request.method == "POST" and origin and urlsplit(origin).netloc != request.host:
        raise Forbidden("This form was sent from another site.")
