"""The ``Prefer`` header of a request.

learn.microsoft.com: event-get (outlook.timezone, outlook.body-content-type), event-delta
(odata.maxpagesize), "Obtain immutable identifiers" (IdType). Unknown preferences are ignored (RFC
7240).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..exchange.zones import UTC, resolve

_PREFERENCE = re.compile(r'\s*([A-Za-z.\-]+)\s*(?:=\s*(?:"([^"]*)"|([^,;"]*)))?\s*(?:[,;]|$)')


@dataclass(frozen=True)
class Preferences:
    """How the client wants its answer."""

    zone: str = UTC
    body_type: str = "html"
    immutable_ids: bool = False
    page_size: int | None = None
    applied: tuple[str, ...] = ()

    @property
    def headers(self) -> dict[str, str]:
        """Return the echo of what was honoured."""
        return {"Preference-Applied": ", ".join(self.applied)} if self.applied else {}


def read(header: str) -> Preferences:
    """Read the header; an unknown time zone is refused (400 TimeZoneNotSupportedException)."""
    found = {
        name.casefold(): quoted or plain.strip()
        for name, quoted, plain in _PREFERENCE.findall(header)
    }
    applied = []
    zone = found.get("outlook.timezone", "")
    if zone:
        resolve(zone)
        applied.append(f'outlook.timezone="{zone}"')
    body_type = found.get("outlook.body-content-type", "").casefold()
    if body_type in ("text", "html"):
        applied.append(f'outlook.body-content-type="{body_type}"')
    immutable = found.get("idtype", "").casefold() == "immutableid"
    if immutable:
        applied.append('IdType="ImmutableId"')
    size = found.get("odata.maxpagesize", "")
    pages = int(size) if size.isdigit() and int(size) > 0 else None
    if pages:
        applied.append(f"odata.maxpagesize={pages}")
    return Preferences(zone or UTC, body_type or "html", immutable, pages, tuple(applied))
