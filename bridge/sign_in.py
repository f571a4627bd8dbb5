"""Sign people in at Microsoft with the application that the administrator configured.

The only place of the addon that talks to the sign-in service for a person who waits; rounds have
their own. Nothing is written to the database here, so that no transaction holds writes meanwhile.
"""

from collections.abc import Mapping
from typing import Any

from odoo.api import Environment

from ..core.graph.oauth import App, SignedIn, SignIn, check_app
from ..core.graph.transport import RequestsTransport
from .settings import load_app

RETURN_PATH = "/microsoft_account/authentication"

# A person waits for these answers: shorter than a round's own patience.
READ_TIMEOUT = 15.0


def redirect_uri(env: Environment) -> str:
    """Return the address that Microsoft sends people back to, as it is registered in Entra."""
    base_url = env["ir.config_parameter"].sudo().get_param("web.base.url") or ""
    return base_url.rstrip("/") + RETURN_PATH


def begin(env: Environment, *, login_hint: str | None = None) -> dict[str, Any]:
    """Return a new flow: `auth_uri` is where to send the person, all else is to be kept.

    Raises NotConfigured, KeyMissing, AuthError, TransportError.
    """
    return _sign_in(env).begin(redirect_uri(env), login_hint=login_hint)


def finish(env: Environment, flow: dict[str, Any], answer: Mapping[str, str]) -> SignedIn:
    """Return who signed in, from what Microsoft put in the address it sent the person back to.

    Raises what `begin` raises, SignInDeclined where the person said no.
    """
    return _sign_in(env).finish(flow, dict(answer))


def check(app: App) -> None:
    """Raise AuthError or TransportError where Microsoft does not accept `app`."""
    check_app(app, _transport())


def _sign_in(env: Environment) -> SignIn:
    return SignIn(load_app(env), _transport())


def _transport() -> RequestsTransport:
    return RequestsTransport(read_timeout=READ_TIMEOUT)
