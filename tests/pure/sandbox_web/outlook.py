"""Two people and what they do over and over on the page."""

from __future__ import annotations

from typing import Any

from sandbox_web.browser import Browser, Page

from sandbox import Sandbox

LINH = "linh@contoso.example"
MARIE = "marie@contoso.example"


class Outlook:
    """What the tests do over and over."""

    def __init__(self, sandbox: Sandbox, browser: Browser) -> None:
        self.sandbox = sandbox
        self.browser = browser

    def week(self, address: str = LINH, day: str = "2026-11-25") -> Page:
        return self.browser.open(f"/outlook/{address}/week?day={day}")

    def make(self, address: str = LINH, **fields: str | None) -> Page:
        """Make an event with the form; it proposes the next half hour of Wednesday."""
        form = self.browser.open(f"/outlook/{address}/new?start=2026-11-26T15:00")
        return form.send("event-form", **fields)

    def stored(self, subject: str, address: str = LINH) -> dict[str, Any]:
        """Return the event as Graph tells it, times in UTC."""
        (found,) = self.sandbox.find_events(address, subject)
        return found
