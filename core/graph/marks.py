"""The mark of whoever keeps a mailbox in step: a property of its default calendar.

Calendars take extended properties as events do, with the permission that rounds have
(singlevaluelegacyextendedproperty-post-singlevalueextendedproperties). People do not see them, and
writing one changes nothing that a delta shows.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from .operations import Call
from .paths import calendar_path, quoted
from .remote import Json

OWNER_ID: Final = "String {35ee5e53-fa87-4cb7-97a1-01d19408319a} Name OutlookCalendarOwner"
READ: Final[Mapping[str, str]] = {
    "$select": "id",
    "$expand": f"singleValueExtendedProperties($filter=id eq {quoted(OWNER_ID)})",
}


def keep(mark: str) -> Call:
    """Return the PATCH that lets the default calendar bear `mark`."""
    body = {"singleValueExtendedProperties": [{"id": OWNER_ID, "value": mark}]}
    return Call("PATCH", calendar_path(None), {}, body)


def mark_of(calendar: Json) -> str | None:
    """Return the mark that a calendar bears; an answer of another form has none."""
    entries = calendar.get("singleValueExtendedProperties")
    for entry in entries if isinstance(entries, list) else ():
        if isinstance(entry, Mapping) and str(entry.get("id")).casefold() == OWNER_ID.casefold():
            return str(entry.get("value") or "") or None
    return None
