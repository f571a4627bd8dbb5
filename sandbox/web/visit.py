"""One request to the page: who looks at whose mailbox, and the answer as HTML."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from werkzeug import Request, Response
from werkzeug.exceptions import NotFound

from ..exchange.items import Entry
from ..exchange.mailbox import Mailbox
from ..exchange.zones import resolve, to_local
from . import agenda, wording

if TYPE_CHECKING:
    from ..state import State

ROOT = "/outlook"
#: Nothing from elsewhere and no script but our own: bodies of events come from strangers.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; connect-src 'self'; frame-src 'self'; form-action 'self'; "
    "base-uri 'none'"
)
#: What was done, after the redirect that follows every act.
DONE = {
    "made": "The event was made.",
    "changed": "The event was changed.",
    "unchanged": "Nothing was different, so nothing was sent.",
    "deleted": "The event was deleted.",
    "canceled": "The meeting was canceled.",
    "answered": "The answer was given.",
    "moved": "The event is in the other calendar now.",
    "switched": "The switches were set.",
}

_templates = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
    undefined=StrictUndefined,
)
_templates.globals.update(wording=wording, zip=zip, range=range)


@dataclass(frozen=True)
class Visit:
    """A request, the sandbox's state, and what the path names."""

    state: State
    request: Request
    place: dict[str, Any]

    @property
    def mailbox(self) -> Mailbox:
        """Return the mailbox that is looked at."""
        found = self.state.exchange.find(self.place["address"])
        if found is None:
            raise NotFound
        return found

    @property
    def entry(self) -> Entry:
        """Return the event that the path names."""
        return self.mailbox.find(self.place["event_id"])

    @property
    def now(self) -> datetime:
        """Return the present wall-clock time in the mailbox's zone."""
        return to_local(self.state.clock.now(), resolve(self.mailbox.time_zone))

    @property
    def day(self) -> date:
        """Return the date that is asked for, or today."""
        try:
            return date.fromisoformat(self.request.args["day"])
        except (KeyError, ValueError):
            return self.now.date()

    def link(self, *parts: str, **query: str) -> str:
        """Return an address of the page, within the mailbox that is looked at."""
        return link(self.mailbox.address, *parts, **query)

    def page(self, template: str, *, status: int = 200, **values: Any) -> Response:
        """Show a page with the frame that all pages have."""
        args = self.request.args
        mailbox, day = self.mailbox, self.day
        frame = {
            "visit": self,
            "mailbox": mailbox,
            "mailboxes": list(self.state.exchange.mailboxes.values()),
            "day": day,
            "today": self.now.date(),
            "weeks": agenda.month(day),
            "monday": agenda.monday_of(day),
            "done": DONE.get(args.get("done", "")),
            "mailed": args.get("mailed", default=0, type=int),
            "version": version(self.state, mailbox),
        }
        html = _templates.get_template(template).render(frame | values)
        headers = {"Content-Security-Policy": POLICY, "Cache-Control": "no-store"}
        return Response(html, status, headers=headers, mimetype="text/html")


def link(*parts: str, **query: str) -> str:
    """Return an address of the page."""
    path = "/".join([ROOT, *(quote(part, safe="@") for part in parts)])
    return f"{path}?{urlencode(query)}" if query else path


def version(state: State, mailbox: Mailbox) -> str:
    """Return what changes whenever the mailbox or the mails do, for the page's watch."""
    return f"{mailbox.seq}.{len(state.exchange.mails)}"
