"""One request to Graph and its answer, whether it came alone or inside a batch."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

from ..errors import (
    Refused,
    access_denied,
    invalid_parameter,
    invalid_request,
    unreadable_body,
)
from ..exchange.items import Json
from ..exchange.mailbox import Mailbox
from . import preferences
from .preferences import Preferences
from .render import Renderer

if TYPE_CHECKING:
    from ..state import State

#: The longest window that is answered (calendarView, seen live; of instances inferred).
MAX_DAYS = 1825


@dataclass(frozen=True)
class Answer:
    """What Graph answers."""

    status: int
    body: Json | None = None
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Call:
    """A request as the handlers see it: who asks, for what, how."""

    state: State
    mailbox: Mailbox
    scopes: frozenset[str]
    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    payload: bytes
    origin: str

    @property
    def preferences(self) -> Preferences:
        """Read the Prefer header."""
        return preferences.read(self.header("Prefer"))

    @property
    def renderer(self) -> Renderer:
        """Return the writer of events for this request."""
        return Renderer(self.mailbox, self.preferences, self.state.options)

    def header(self, name: str) -> str:
        """Return a header's value, or nothing."""
        wanted = name.casefold()
        return next((value for key, value in self.headers.items() if key.casefold() == wanted), "")

    def option(self, name: str) -> str | None:
        """Return a query option; names are case-insensitive (documentation uses both)."""
        wanted = name.casefold()
        return next((value for key, value in self.query.items() if key.casefold() == wanted), None)

    def json(self) -> Json:
        """Read the body as a JSON object; Graph wants it said in Content-Type."""
        if not self.header("Content-Type").casefold().startswith("application/json"):
            raise Refused(
                415,
                "RequestBodyRead",
                "A supported MIME type could not be found that matches the content type of the "
                "request.",
            )
        return self._parsed()

    def optional_json(self) -> Json:
        """Read the body of an action, which may be empty."""
        return self._parsed() if self.payload.strip() else {}

    def needs(self, *scopes: str) -> None:
        """Refuse unless the token has one of the scopes (permission tables of each page)."""
        if self.scopes.isdisjoint(scopes):
            raise access_denied()

    def window(self) -> tuple[datetime, datetime]:
        """Read startDateTime and endDateTime; without an offset they are UTC (event-delta)."""
        texts = self.option("startDateTime"), self.option("endDateTime")
        if texts[0] is None or texts[1] is None:
            raise invalid_parameter(
                "This request requires a time window specified by the query string parameters "
                "StartDateTime and EndDateTime."
            )
        start, end = instant(texts[0]), instant(texts[1])
        if end - start > timedelta(days=MAX_DAYS):
            raise invalid_request(
                "The range between the start and end dates is greater than the allowed range. "
                f"Maximum number of days: {MAX_DAYS}"
            )
        if end < start:
            raise invalid_request("The end date must come after the start date.")
        return start, end

    def _parsed(self) -> Json:
        try:
            parsed: Any = json.loads(self.payload)
        except ValueError as err:
            raise unreadable_body("Unable to read JSON request payload.") from err
        if not isinstance(parsed, dict):
            raise unreadable_body("Unable to read JSON request payload: an object is expected.")
        return parsed


def instant(text: str) -> datetime:
    """Read an ISO 8601 moment as aware UTC."""
    try:
        # A "+" that was not percent-encoded arrives as a blank.
        moment = datetime.fromisoformat(_six_digits(text.replace(" ", "+").replace("Z", "+00:00")))
    except ValueError as err:
        raise invalid_parameter(f"The value '{text}' is not a valid date and time.") from err
    if moment.tzinfo is None:
        return moment.replace(tzinfo=timezone.utc)
    return moment.astimezone(timezone.utc)


def _six_digits(text: str) -> str:
    """Bring a fraction of a second to the six digits that Python 3.10 reads."""
    head, dot, tail = text.partition(".")
    digits = tail[: len(tail) - len(tail.lstrip("0123456789"))]
    return f"{head}.{digits[:6].ljust(6, '0')}{tail[len(digits) :]}" if dot else text
