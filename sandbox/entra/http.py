"""Entra over HTTP: discovery, keys, the sign-in page and the token endpoint.

learn.microsoft.com "OpenID Connect on the Microsoft identity platform". The authorization endpoint
is the plain address on 127.0.0.1, because a person's browser need not trust the sandbox's
certificates.
"""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_plus

from werkzeug.wrappers import Request, Response

from ..faults import AFTER, BEFORE
from ..graph import disturbances, gateway
from ..graph.app import Ask
from . import jwt, page
from .authorize import authorize
from .directory import CONSUMERS
from .errors import SignInRefused
from .token import TokenEndpoint

if TYPE_CHECKING:
    from ..state import State

Part = Callable[["State", str, Request], Response]


def handle_secure(state: State, request: Request) -> Response:
    """Answer on https: everything."""
    return _handle(state, request, _SECURE)


def handle_plain(state: State, request: Request) -> Response:
    """Answer on plain http: what a person's browser needs."""
    return _handle(state, request, _PLAIN)


def _handle(state: State, request: Request, parts: dict[str, Part]) -> Response:
    tenant, _, rest = request.path.lstrip("/").partition("/")
    part = parts.get(rest)
    if part is None:
        return Response("Not found\n", 404, mimetype="text/plain")
    begun = time.monotonic()
    ask = Ask(request.method, request.path, {}, dict(request.headers.items()), b"", "")
    where = (ask.method, ask.path, None)
    disturbances.delay(state, *where)
    fault = state.faults.take(BEFORE, *where)
    if fault is not None:
        if fault.kind == "drop_before":
            gateway.log(state, ask, 0, None, begun)
            raise disturbances.Dropped
        if fault.kind == "html_page":
            return Response("<html></html>", 200, mimetype="text/html")
        response = gateway.respond(disturbances.fault_answer(state, fault, ask))
    else:
        with state.lock:
            response = part(state, tenant, request)
    gateway.log(state, ask, response.status_code, None, begun)
    disturbances.hold(state, "hold_after", *where)
    if state.faults.take(AFTER, *where) is not None:
        raise disturbances.Dropped
    return response


def _discovery(state: State, tenant: str, request: Request) -> Response:
    try:
        door = state.directory.resolve_tenant(tenant)
    except SignInRefused as refused:
        body = {"error": "invalid_tenant", "error_description": refused.message}
        return _json({**body, "error_codes": [refused.code]}, 400)
    base = f"{state.https_url}/{tenant}"
    shared = {"common": "{tenantid}", "organizations": "{tenantid}", "consumers": CONSUMERS}
    issuer = shared.get(door, door)
    return _json(
        {
            "token_endpoint": f"{base}/oauth2/v2.0/token",
            "token_endpoint_auth_methods_supported": [
                "client_secret_post",
                "private_key_jwt",
                "client_secret_basic",
            ],
            "jwks_uri": f"{base}/discovery/v2.0/keys",
            "response_modes_supported": ["query", "fragment", "form_post"],
            "subject_types_supported": ["pairwise"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "response_types_supported": ["code"],
            "scopes_supported": ["openid", "profile", "email", "offline_access"],
            "issuer": f"{state.https_url}/{issuer}/v2.0",
            "authorization_endpoint": f"{state.http_url}/{tenant}/oauth2/v2.0/authorize",
            "end_session_endpoint": f"{state.http_url}/{tenant}/oauth2/v2.0/logout",
            "msgraph_host": state.https_url.partition("://")[2],
        }
    )


def _keys(state: State, tenant: str, request: Request) -> Response:
    return _json(jwt.public_keys())


def _instances(state: State, tenant: str, request: Request) -> Response:
    """Answer instance discovery, which clients ask for authorities they do not know."""
    endpoint = f"{state.https_url}/common/v2.0/.well-known/openid-configuration"
    return _json({"tenant_discovery_endpoint": endpoint, "api-version": "1.1", "metadata": []})


def _authorize(state: State, tenant: str, request: Request) -> Response:
    return authorize(state.directory, state.exchange, tenant, request)


def _token(state: State, tenant: str, request: Request) -> Response:
    if request.method != "POST":
        return _json({"error": "invalid_request", "error_description": "AADSTS900561"}, 405)
    form = dict(request.form.items())
    basic = request.headers.get("Authorization", "")
    if basic.startswith("Basic "):
        try:
            name, _, secret = base64.b64decode(basic[6:]).decode().partition(":")
        except ValueError:
            return _json({"error": "invalid_request", "error_description": "AADSTS9002313"}, 400)
        form |= {"client_id": unquote_plus(name), "client_secret": unquote_plus(secret)}
    endpoint = TokenEndpoint(state.directory, state.exchange, state.options, state.https_url)
    fault = state.faults.take({"entra_error"}, "POST", request.path, None)
    if fault is not None:
        refused = SignInRefused(fault.values["code"])
        return _json(endpoint.error(refused), refused.kind.status)
    status, body = endpoint.answer(tenant, form)
    return _json(body, status)


def _logout(state: State, tenant: str, request: Request) -> Response:
    return Response(page.signed_out(), mimetype="text/html")


def _json(body: Any, status: int = 200) -> Response:
    headers = {"Cache-Control": "no-store, no-cache", "Pragma": "no-cache"}
    return Response(json.dumps(body), status, headers, mimetype="application/json")


_PLAIN: dict[str, Part] = {"oauth2/v2.0/authorize": _authorize, "oauth2/v2.0/logout": _logout}
_SECURE: dict[str, Part] = {
    **_PLAIN,
    "oauth2/v2.0/token": _token,
    "v2.0/.well-known/openid-configuration": _discovery,
    "discovery/v2.0/keys": _keys,
    "discovery/instance": _instances,
}
