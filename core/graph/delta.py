"""Pages of changes: what Graph's delta and list answers say, and what several pages add up to.

A round is first page -> next link -> ... -> delta link. Pages may repeat an item, in any order, and
may be empty (delta query overview). One item that cannot be read never stops a page.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timezone

from ..engine.errors import Unmappable
from . import mapping
from .reading import id_of
from .remote import DeltaPage, Json, RemoteEvent, Unreadable
from .session import items_of

_LONG_AGO = datetime.min.replace(tzinfo=timezone.utc)


def page_of(payload: Json, *, owner_zone: str | None = None) -> DeltaPage:
    """Read one page. Items without an id can be neither kept nor looked up: they are left out."""
    items = [item for item in items_of(payload) if id_of(item)]
    removed = [id_of(item) for item in items if "@removed" in item]
    events = [read(item, owner_zone=owner_zone) for item in items if "@removed" not in item]
    page = DeltaPage(
        events=events,
        removed=removed,
        next_link=payload.get("@odata.nextLink"),
        delta_link=payload.get("@odata.deltaLink"),
    )
    return together([page])


def together(pages: Iterable[DeltaPage]) -> DeltaPage:
    """Add up pages of one round, in the order they came: each id once, the links of the last page.

    Of an event that comes twice the one changed last counts, the later one where that says nothing.
    An id that comes both as an event and as removed is in `removed` only: there is no order to
    trust, and asking for the event (`get_event`) settles it.
    """
    latest: dict[str, RemoteEvent | Unreadable] = {}
    removed: dict[str, None] = {}
    last = DeltaPage()
    for last in pages:
        removed.update(dict.fromkeys(last.removed))
        for event in last.events:
            key = event_id(event)
            if key not in latest or _changed_at(event) >= _changed_at(latest[key]):
                latest[key] = event
    events = [event for key, event in latest.items() if key not in removed]
    return DeltaPage(events, list(removed), last.next_link, last.delta_link)


def read(item: Json, *, owner_zone: str | None = None) -> RemoteEvent | Unreadable:
    """Read one item of a page; ``owner_zone`` as in ``from_graph``."""
    try:
        return mapping.from_graph(item, owner_zone=owner_zone)
    except Unmappable as error:
        return unreadable(id_of(item), error)


def unreadable(remote_id: str, error: Unmappable) -> Unreadable:
    """Return what stands for an event that cannot be read."""
    return Unreadable(remote_id, f"{error.field}: {error.reason}", error.item)


def event_id(event: RemoteEvent | Unreadable) -> str:
    """Return the remote id of what a page shows."""
    return event.id if isinstance(event, RemoteEvent) else event.remote_id


def _changed_at(event: RemoteEvent | Unreadable) -> datetime:
    moment = event.modified_at if isinstance(event, RemoteEvent) else None
    return moment or _LONG_AGO
