"""Somebody who signs in at the local Entra: by msal, by the page, by the token endpoint."""

from __future__ import annotations

import html
import re
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import msal
import pytest
import requests
from wire import ANNA

from sandbox import Sandbox

BACK = "http://localhost:8069/back"
SCOPES = ["Calendars.ReadWrite", "User.Read"]


def client(
    microsoft: Sandbox,
    browser: requests.Session,
    tenant: str = "common",
    credential: Any = "s3cret",
) -> msal.ConfidentialClientApplication:
    """Make msal's client."""
    return msal.ConfidentialClientApplication(
        "app",
        client_credential=credential,
        authority=f"{microsoft.https_url}/{tenant}",
        instance_discovery=False,
        http_client=browser,
    )


def begin(app: msal.ConfidentialClientApplication, **values: Any) -> dict[str, Any]:
    """Begin a code flow whose answer comes back by GET."""
    values = {"response_mode": "query", "redirect_uri": BACK} | values
    with pytest.warns(UserWarning, match="form_post"):
        flow: dict[str, Any] = app.initiate_auth_code_flow(SCOPES, **values)
    return flow


def choose(
    browser: requests.Session, uri: str, decision: str = "accept", who: str = ANNA
) -> dict[str, str]:
    """Fill in the sign-in page and return what the browser brings back."""
    page = browser.get(uri)
    assert 200 == page.status_code, page.text
    pairs = re.findall(r'type="hidden" name="([^"]*)" value="([^"]*)"', page.text)
    form = {html.unescape(name): html.unescape(value) for name, value in pairs}
    form |= {"account": who, "decision": decision}
    answer = browser.post(uri.partition("?")[0], data=form, allow_redirects=False)
    assert 302 == answer.status_code, answer.text
    return dict(parse_qsl(urlsplit(answer.headers["Location"]).query))


def signed_in(microsoft: Sandbox, browser: requests.Session) -> tuple[Any, dict[str, Any]]:
    """Sign Anna in."""
    app = client(microsoft, browser)
    flow = begin(app)
    return app, app.acquire_token_by_auth_code_flow(flow, choose(browser, flow["auth_uri"]))


def token(
    microsoft: Sandbox, browser: requests.Session, tenant: str = "common", **form: str
) -> tuple[int, Any]:
    """Post to the token endpoint; return status and the first error code, or the answer."""
    form = {"client_id": "app", "client_secret": "s3cret"} | form
    answer = browser.post(f"{microsoft.https_url}/{tenant}/oauth2/v2.0/token", data=form)
    body = answer.json()
    return answer.status_code, body["error_codes"][0] if "error" in body else body
