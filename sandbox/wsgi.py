"""Which part of the sandbox answers which address."""

from __future__ import annotations

import re
import socket
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from werkzeug.wrappers import Request, Response

from . import control_api
from .entra import http as entra
from .graph import gateway
from .graph.disturbances import Dropped

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

    from .state import State

_ENTRA = re.compile(r"^/[^/]+/(?:oauth2/v2\.0/|v2\.0/\.well-known/|discovery/)")
WEB = "/outlook"


class Application:
    """One port's WSGI application; Graph and tokens only on the https one."""

    def __init__(self, state: State, *, secure: bool) -> None:
        self._state = state
        self._secure = secure
        self._page: WSGIApplication | None = None

    def now(self) -> datetime:
        """Return what the clock says."""
        return self._state.clock.now()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request, or cut its line."""
        path = environ.get("PATH_INFO", "")
        if path == WEB or path.startswith(f"{WEB}/"):
            return self._outlook(environ, start_response)
        request = Request(environ)
        request.get_data()
        try:
            response = self._handler(path)(self._state, request)
        except Dropped:
            _cut(environ)
            raise ConnectionAbortedError("the sandbox drops this connection on purpose") from None
        return response(environ, start_response)

    def _outlook(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Serve the page for people; its templates are loaded when somebody looks at it."""
        if self._page is None:
            from .web import create_web_app

            self._page = create_web_app(self._state)
        return self._page(environ, start_response)

    def _handler(self, path: str) -> Callable[[State, Request], Response]:
        if path.startswith("/_sandbox"):
            return control_api.handle
        if self._secure and path.startswith("/v1.0"):
            return gateway.handle
        if _ENTRA.match(path):
            return entra.handle_secure if self._secure else entra.handle_plain
        if path in ("", "/"):
            return _home
        return _nothing


def _home(state: State, request: Request) -> Response:
    return Response(status=302, headers={"Location": f"{WEB}/"})


def _nothing(state: State, request: Request) -> Response:
    return Response("Not found\n", 404, mimetype="text/plain")


def _cut(environ: dict[str, Any]) -> None:
    """Close the socket under a request, so that the client reads the end of the line."""
    line: socket.socket = environ["werkzeug.socket"]
    try:
        line.shutdown(socket.SHUT_RDWR)
    except OSError:
        # The client has gone already: that is all we wanted.
        return
