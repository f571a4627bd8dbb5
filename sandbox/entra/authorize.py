"""The authorize endpoint: where the browser goes, and how it comes back.

learn.microsoft.com "Microsoft identity platform and OAuth 2.0 authorization code flow". A wrong
client, redirect URI or tenant is never sent back: the person sees a page at Microsoft.
"""

from __future__ import annotations

import base64
import hashlib
import uuid
from collections.abc import Mapping
from urllib.parse import urlencode

from werkzeug.wrappers import Request, Response

from ..exchange.mailbox import Mailbox
from ..exchange.organization import Exchange
from . import page
from .directory import CODE_LIFE, App, Directory, Grant
from .errors import SignInRefused

_KEPT = (
    "client_id",
    "redirect_uri",
    "response_type",
    "response_mode",
    "scope",
    "state",
    "nonce",
    "prompt",
    "login_hint",
    "code_challenge",
    "code_challenge_method",
    "client_info",
)
RESERVED = frozenset({"openid", "profile", "email", "offline_access"})
GRAPH_SCOPES = frozenset(
    {
        "Calendars.Read",
        "Calendars.ReadBasic",
        "Calendars.ReadWrite",
        "Calendars.Read.Shared",
        "Calendars.ReadWrite.Shared",
        "MailboxSettings.Read",
        "MailboxSettings.ReadWrite",
        "User.Read",
        "User.ReadBasic.All",
    }
)
_PREFIX = "https://graph.microsoft.com/"


def authorize(directory: Directory, exchange: Exchange, tenant: str, request: Request) -> Response:
    """Show the sign-in page (GET), or act on what was chosen there (POST)."""
    given = request.form if request.method == "POST" else request.args
    fields = {name: given[name] for name in _KEPT if name in given}
    try:
        door = directory.resolve_tenant(tenant)
        app = directory.app(fields.get("client_id", ""), door)
        _check_redirect(app, fields.get("redirect_uri", ""))
    except SignInRefused as refused:
        return _html(page.refusal(refused.message, refused.code), 400)
    problem = _problem(fields)
    if problem:
        return _back(fields, problem)
    people = [one for one in exchange.mailboxes.values() if directory.allows(door, one)]
    if request.method == "POST":
        return _decide(directory, people, door, fields, request.form)
    hinted = fields.get("login_hint", "")
    if fields.get("prompt") == "none":
        return _back(fields, _error("login_required", 50058, "no user is signed in"))
    return _html(page.sign_in(app, people, fields, chosen=hinted, action=request.path), 200)


def _decide(
    directory: Directory,
    people: list[Mailbox],
    door: str,
    fields: Mapping[str, str],
    form: Mapping[str, str],
) -> Response:
    if form.get("decision") == "cancel":
        answer = _error("access_denied", 65004, "the user has canceled the authentication")
        return _back(fields, {**answer, "error_subcode": "cancel"})
    wanted = form.get("account", "").casefold()
    person = next((one for one in people if one.address.casefold() == wanted), None)
    if person is None:
        refused = SignInRefused(50020, f"User account '{form.get('account', '')}'.")
        return _html(page.refusal(refused.message, refused.code), 400)
    if directory.apps[fields["client_id"]].needs_admin:
        return _html(page.refusal(SignInRefused(90094).message, 90094), 400)
    grant = Grant(
        client_id=fields["client_id"],
        address=person.address,
        scopes=tuple(fields["scope"].split()),
        expires=directory.clock.now() + CODE_LIFE,
        tenant=door,
        redirect_uri=fields["redirect_uri"],
        nonce=fields.get("nonce", ""),
        challenge=fields.get("code_challenge", ""),
        challenge_method=fields.get("code_challenge_method", "plain"),
    )
    answer = {"code": directory.new_code(grant), "session_state": str(uuid.uuid4())}
    return _back(fields, answer)


def _problem(fields: Mapping[str, str]) -> dict[str, str] | None:
    """Return the error with which the browser is sent back, if the request is wrong."""
    if fields.get("response_type") != "code":
        return _error("unsupported_response_type", 70005, "response_type must be 'code'")
    if fields.get("response_mode", "query") not in ("query", "fragment", "form_post"):
        return _error("invalid_request", 90014, "response_mode is not valid")
    unknown = [one for one in fields.get("scope", "").split() if not is_scope(one)]
    if unknown or not fields.get("scope", "").strip():
        return _error("invalid_scope", 70011, f"the scope '{' '.join(unknown)}' is not valid")
    if fields.get("code_challenge_method", "plain") not in ("S256", "plain"):
        return _error("invalid_request", 501491, "code_challenge_method is not valid")
    return None


def is_scope(name: str) -> bool:
    """Say whether Entra knows a scope, in its short or its long spelling."""
    return name in RESERVED or name.removeprefix(_PREFIX) in GRAPH_SCOPES | {".default"}


def short_scopes(scopes: tuple[str, ...]) -> set[str]:
    """Return the scopes as Graph checks them."""
    return {name.removeprefix(_PREFIX) for name in scopes}


def matches(verifier: str, challenge: str, method: str) -> bool:
    """Check PKCE (RFC 7636)."""
    if method != "S256":
        return verifier == challenge
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == challenge


def _check_redirect(app: App, uri: str) -> None:
    """Compare exactly; only localhost may come with any port (reply-url page)."""
    if uri not in app.redirect_uris and _portless(uri) not in map(_portless, app.redirect_uris):
        raise SignInRefused(50011, f"'{uri}'.")


def _portless(uri: str) -> str:
    """Take the port from a localhost address; others stay as they are."""
    scheme, mark, rest = uri.partition("://localhost")
    if not mark or not rest.startswith(":"):
        return uri
    return scheme + mark + rest.lstrip(":0123456789")


def _error(error: str, code: int, words: str) -> dict[str, str]:
    return {"error": error, "error_description": f"AADSTS{code}: {words}."}


def _back(fields: Mapping[str, str], answer: dict[str, str]) -> Response:
    """Send the browser back with the answer, the way it was asked for."""
    if "state" in fields:
        answer = {**answer, "state": fields["state"]}
    uri, mode = fields["redirect_uri"], fields.get("response_mode", "query")
    if mode == "form_post":
        return _html(page.form_post(uri, answer), 200)
    mark = "#" if mode == "fragment" else "&" if "?" in uri else "?"
    return Response(status=302, headers={"Location": f"{uri}{mark}{urlencode(answer)}"})


def _html(text: str, status: int) -> Response:
    headers = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
    return Response(text, status, headers, mimetype="text/html")
