"""People at work: someone in Odoo's web client, and the same person on Microsoft's sign-in page.

Everything goes over HTTP, as a browser would send it; standard library only.
"""

from __future__ import annotations

import http.cookiejar
import itertools
import json
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from .console import Failure

PATIENCE_SECONDS = 120


class Refused(Failure):
    """Odoo answered with an error instead of a result."""


@dataclass
class Browser:
    """Cookies and an address bar; follows redirects like any browser."""

    opener: urllib.request.OpenerDirector = field(
        default_factory=lambda: urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        )
    )

    def open(self, url: str, form: dict[str, str] | None = None) -> tuple[str, str]:
        """Open a page, or send a form; return the address it ended at, and the page."""
        body = urllib.parse.urlencode(form).encode() if form is not None else None
        with self.opener.open(url, data=body, timeout=PATIENCE_SECONDS) as answer:
            return answer.url, answer.read().decode()

    def json(self, url: str, payload: Any) -> Any:
        """Send JSON and return the JSON that comes back."""
        request = urllib.request.Request(
            url, json.dumps(payload).encode(), {"Content-Type": "application/json"}
        )
        with self.opener.open(request, timeout=PATIENCE_SECONDS) as answer:
            return json.load(answer)


@dataclass
class OdooUser:
    """One person's session with an Odoo server."""

    url: str
    login: str
    password: str
    browser: Browser = field(default_factory=Browser)
    uid: int = 0
    _serial: itertools.count[int] = field(default_factory=lambda: itertools.count(1), repr=False)

    def sign_in(self, database: str) -> OdooUser:
        """Log in to the database."""
        session = self.rpc(
            "/web/session/authenticate", db=database, login=self.login, password=self.password
        )
        self.uid = session["uid"]
        return self

    def rpc(self, route: str, **params: Any) -> Any:
        """Call a JSON-RPC route; raise Refused with Odoo's own words where it fails."""
        envelope = {"jsonrpc": "2.0", "method": "call", "id": next(self._serial), "params": params}
        answer = self.browser.json(self.url + route, envelope)
        if "error" in answer:
            data = answer["error"].get("data") or {}
            words = data.get("message") or answer["error"].get("message")
            raise Refused(f"Odoo refused {route} of {self.login}: {words}")
        return answer.get("result")

    def call(self, model: str, method: str, *args: Any, **kwargs: Any) -> Any:
        """Call a model's method, as the web client does."""
        return self.rpc(
            f"/web/dataset/call_kw/{model}/{method}",
            model=model,
            method=method,
            args=list(args),
            kwargs=kwargs,
        )

    def connect_mailbox(self, address: str, *, decision: str = "accept") -> str:
        """Click *Outlook*, sign in at Microsoft as `address`, and return where that led to."""
        begun = self.rpc("/outlook_calendar/sync", return_path="/odoo/calendar")
        if not begun.get("url"):
            raise Failure(f"There is no sign-in to go to: {begun.get('message') or begun['state']}")
        where, page = self.browser.open(begun["url"])
        form = SignInForm(page)
        action = urllib.parse.urljoin(where, form.action)
        fields = {**form.hidden, "account": address, "decision": decision}
        ended, _page = self.browser.open(action, fields)
        return ended


class SignInForm(HTMLParser):
    """The form of the sign-in page: where it goes, and what it carries along."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.action = ""
        self.hidden: dict[str, str] = {}
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Collect what a browser would send without being asked."""
        values = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.action = values.get("action", "")
        if tag == "input" and values.get("type") == "hidden":
            self.hidden[values["name"]] = values["value"]
