"""The sandbox with an application and people, and a browser for its sign-in page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.error import HTTPError
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from core.graph.oauth import App
from sandbox import Sandbox

ANNA, BERT = "anna@contoso.example", "bert@contoso.example"
CLIENT, SECRET = "client-1", "s3cret-value"
REDIRECT = "http://127.0.0.1:8069/microsoft_account/authentication"


def furnish(sandbox: Sandbox) -> None:
    """Register the application and make two mailboxes."""
    sandbox.add_app(client_id=CLIENT, secret=SECRET, redirect_uris=[REDIRECT])
    sandbox.add_mailbox(ANNA, name="Anna Peeters", time_zone="Europe/Brussels")
    sandbox.add_mailbox(BERT, name="Bert Bakker", time_zone="Asia/Ho_Chi_Minh")


def an_app(sandbox: Sandbox, **changes: Any) -> App:
    """Return the registered application, or one that differs from it."""
    values = {"client_id": CLIENT, "secret": SECRET, "authority_url": sandbox.https_url}
    return App(**{**values, **changes})


def browse(
    flow: Mapping[str, Any], *, account: str = ANNA, decision: str = "accept"
) -> dict[str, str]:
    """Choose an account on the sign-in page and press a button; return what comes back."""
    parts = urlsplit(flow["auth_uri"])
    form = {**dict(parse_qsl(parts.query)), "account": account, "decision": decision}
    page = urlunsplit(parts._replace(query=""))
    try:
        build_opener(_Stay).open(Request(page, urlencode(form).encode()), timeout=10)
    except HTTPError as answer:
        with answer:
            back = answer.headers.get("Location", "")
        if back.startswith(flow["redirect_uri"]):
            return dict(parse_qsl(urlsplit(back).query))
    raise AssertionError("the sign-in page did not send the browser back")


class _Stay(HTTPRedirectHandler):
    """Follow no redirect: nobody listens at the address of the addon."""

    def redirect_request(self, *_: Any) -> None:
        """Leave the redirect to the caller, as an HTTPError."""
