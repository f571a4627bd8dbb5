"""calendarView and calendarView/delta.

learn.microsoft.com: calendar-list-calendarview, event-delta, "Get incremental changes to events in
a calendar view"; what a round says of a series is what published clients saw, not what the page
says.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import quote

from ..errors import Refused, invalid_query
from ..exchange import ids
from ..exchange.items import Calendar, Entry, Item, Json, itself, occurrences
from ..exchange.mailbox import Mailbox
from . import listing
from .call import Answer, Call
from .events import READ, folder
from .render import ON_REQUEST, Renderer


@dataclass(frozen=True)
class Round:
    """One delta round: what it is about, and where it stands.

    ``since`` is the number of changes the client has seen (None: nothing yet), ``upto`` the number
    when the round began; ``ahead`` holds the items still to be told.
    """

    mailbox: str
    calendar: int
    start: datetime
    end: datetime
    since: int | None
    upto: int
    generation: int
    ahead: tuple[int, ...] = ()
    #: What a page had no room for, where a series may be cut.
    rest: tuple[Json, ...] = ()
    started: bool = False


def in_window(item: Item, start: datetime, end: datetime) -> list[Entry]:
    """Return what an item shows in a window: itself, or its occurrences."""
    if item.rule is not None:
        return occurrences(item, start, end)
    alone = itself(item)
    return [alone] if alone.overlaps(start, end) else []


def calendar_view(call: Call, place: dict[str, str]) -> Answer:
    """List single events, occurrences and exceptions of a window, never masters."""
    call.needs(*READ)
    start, end = call.window()
    calendar = folder(call, place)
    items = [item for item in call.mailbox.items.values() if item.calendar is calendar]
    entries = [entry for item in items for entry in in_window(item, start, end)]
    return listing.answer(call, entries, f"users('{call.mailbox.id}')/calendarView")


def delta(call: Call, place: dict[str, str]) -> Answer:
    """Answer one page of a delta round."""
    call.needs(*READ)
    if "calendar_id" in place and not call.state.options.calendar_delta:
        raise Refused(
            400, "ErrorInvalidRequest", "Change tracking is not supported against this calendar."
        )
    calendar = folder(call, place)
    _refuse_options(call)
    token = call.option("$skiptoken") or call.option("$deltatoken")
    if token is None:
        start, end = call.window()
        generation = call.state.delta_generations.get(call.mailbox.id, 0)
        known = _known_changes(call, 0)
        begun = Round(call.mailbox.id, calendar.uid, start, end, None, known, generation)
    else:
        begun = _known(call, token, calendar)
    return _page(call, begun, calendar)


def _known(call: Call, token: str, calendar: Calendar) -> Round:
    """Find the round a token stands for, or send the client back to the start (410)."""
    found = call.state.rounds.get(token)
    current = call.state.delta_generations.get(call.mailbox.id, 0)
    if found is None or found.mailbox != call.mailbox.id or found.calendar != calendar.uid:
        raise Refused(400, "ErrorInvalidUrlQuery", "The delta token is not valid.")
    if found.generation < current:
        status, code = call.state.delta_expiry
        message = (
            f"The sync state generation is not found; generation={found.generation};"
            f"[highest={current}]."
        )
        raise Refused(status, code, message, headers=_restart(call) if status == 410 else {})
    if call.option("$deltatoken") is None:
        return found
    return replace(found, since=found.upto, upto=_known_changes(call, found.upto))


def _known_changes(call: Call, at_least: int) -> int:
    """Return up to which change a round may tell: all, or not the newest ones (option)."""
    return max(at_least, call.mailbox.seq - call.state.options.delta_lag)


def _restart(call: Call) -> dict[str, str]:
    """Return the Location header that the generic contract documents for a 410."""
    return {"Location": f"{call.origin}/v1.0{call.path}?$deltatoken="}


def _page(call: Call, current: Round, calendar: Calendar) -> Answer:
    teller = _Teller(call, current, calendar)
    ahead = list(current.ahead) if current.started else teller.concerned()
    size = call.preferences.page_size or call.state.options.page_size
    value = list(current.rest)
    while ahead and len(value) < size:
        value += teller.tell(ahead.pop(0))
    rest: list[Json] = []
    if call.state.options.delta_splits_series:
        value, rest = value[:size], value[size:]
    value = call.state.faults.disturb_delta(value, call.mailbox.address)
    last = not ahead and not rest
    token = secrets.token_urlsafe(48)
    call.state.rounds[token] = replace(
        current, ahead=tuple(ahead), rest=tuple(rest), started=not last
    )
    name, key = ("deltaLink", "$deltatoken") if last else ("nextLink", "$skiptoken")
    body = {
        "@odata.context": f"{call.origin}/v1.0/$metadata#Collection(event)",
        f"@odata.{name}": f"{call.origin}/v1.0{quote(call.path, safe='/=()')}?{key}={token}",
        "value": value,
    }
    return Answer(200, body, call.preferences.headers)


class _Teller:
    """Says what a round has to say of each item."""

    def __init__(self, call: Call, current: Round, calendar: Calendar) -> None:
        self._mailbox: Mailbox = call.mailbox
        self._options = call.state.options
        self._renderer: Renderer = call.renderer
        self._round = current
        self._calendar = calendar

    def concerned(self) -> list[int]:
        """Return the items that the round is about: all, or those changed since the last one."""
        since = self._round.since
        living = [
            (item.seq, item.uid)
            for item in self._mailbox.items.values()
            if item.calendar is self._calendar and (since or 0) < item.seq <= self._round.upto
        ]
        if since is None:
            return [uid for _, uid in sorted(living)]
        gone = [
            (stone.seq, stone.item.uid)
            for stone in self._mailbox.tombstones
            if stone.calendar == self._calendar.uid and since < stone.seq <= self._round.upto
        ]
        return list(dict.fromkeys(uid for _, uid in sorted(living + gone)))

    def tell(self, uid: int) -> list[Json]:
        """Return the objects of one item: whole, as stubs, or as removed."""
        item = self._mailbox.items.get(uid)
        told = list(self._slots_gone(uid)) if self._round.since is not None else []
        if item is None or item.calendar is not self._calendar:
            return told + self._gone(uid)
        entries = in_window(item, self._round.start, self._round.end)
        if not entries:
            return told + self._outside(item)
        if item.rule is None:
            return told + [self._whole(entries[0])]
        with_master = self._round.since is None or not self._options.delta_without_master
        master = [self._whole(itself(item))] if with_master else []
        parts = [
            self._whole(entry) if entry.kind == "exception" else self._renderer.stub(entry)
            for entry in entries
        ]
        return told + master + parts

    def _whole(self, entry: Entry) -> Json:
        shown = self._renderer.event(entry)
        plain = {name: value for name, value in shown.items() if name not in ON_REQUEST}
        return {"@odata.type": "#microsoft.graph.event"} | plain

    def _outside(self, item: Item) -> list[Json]:
        """Tell of an item that is not in the window: it may have left it (event-delta)."""
        if self._round.since is None or not self._options.delta_removed_for_outside:
            return []
        return [self._removed(item.uid, None)]

    def _gone(self, uid: int) -> list[Json]:
        if self._round.since is None:
            return []
        told = [self._removed(uid, None)]
        if self._options.delta_removed_for_occurrences:
            stones = [stone for stone in self._mailbox.tombstones if stone.item.uid == uid]
            for entry in in_window(stones[-1].item, self._round.start, self._round.end):
                if entry.slot is not None:
                    told.append(self._removed(uid, entry))
        return told

    def _slots_gone(self, uid: int) -> Iterator[Json]:
        if not self._options.delta_removed_for_cancelled_occurrence:
            return
        for stone in self._mailbox.tombstones:
            if stone.item.uid == uid and stone.slot and stone.seq > (self._round.since or 0):
                yield self._removed(uid, Entry(stone.item, "occurrence", {}, stone.slot))

    def _removed(self, uid: int, entry: Entry | None) -> Json:
        folder_uid = 0 if self._renderer.preferences.immutable_ids else self._calendar.uid
        slot = entry.slot if entry else None
        return {
            "@odata.type": "#microsoft.graph.event",
            "id": str(ids.ItemId(self._mailbox.id, folder_uid, uid, slot)),
            "@removed": {"reason": "deleted"},
        }


_NOT_TRACKED = ("$orderby", "$filter", "$select", "$expand", "$search")


def _refuse_options(call: Call) -> None:
    """Refuse what change tracking does not take (event-delta; messages seen on the wire)."""
    if call.option("$top") is not None:
        raise invalid_query(
            "The '$top' parameter is not supported with change tracking over the 'CalendarView' "
            "resource as page size cannot be guaranteed. Express page size preferences using the "
            "Prefer: odata.maxpagesize= header instead."
        )
    if any(call.option(name) is not None for name in _NOT_TRACKED):
        raise invalid_query(
            "The following parameters are not supported with change tracking over the "
            f"'CalendarView' resource: '{', '.join(_NOT_TRACKED)}'."
        )
