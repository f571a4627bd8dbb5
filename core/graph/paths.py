"""Paths and query options of Graph, written as OData wants them."""

from __future__ import annotations

from datetime import datetime, timezone
from urllib.parse import quote

#: Start and end (exclusive), aware. At most 1825 days (calendarView).
Window = tuple[datetime, datetime]

_INSTANT = "%Y-%m-%dT%H:%M:%SZ"


def event_path(remote_id: str) -> str:
    """Return the path of one event; ids hold characters that a path cannot."""
    return f"/me/events/{quote(remote_id, safe='')}"


def calendar_path(calendar_id: str | None) -> str:
    """Return the path of a calendar (None: the default one)."""
    return "/me/calendar" if calendar_id is None else f"/me/calendars/{quote(calendar_id, safe='')}"


def window_params(window: Window) -> dict[str, str]:
    """Return the query options of a window; they do not heed the zone of Prefer."""
    start, end = (moment.astimezone(timezone.utc) for moment in window)
    return {"startDateTime": f"{start:{_INSTANT}}", "endDateTime": f"{end:{_INSTANT}}"}


def quoted(text: str) -> str:
    """Write a string as OData does."""
    return "'" + text.replace("'", "''") + "'"
