"""Series read whole, and the ids of their occurrences: what no page and no list of Graph shows.

A master carries its rule. What became of single dates is told on request only: exceptions by
`$expand`, cancelled dates by `$select` (event-get, last example). Where a mailbox refuses that,
`/instances` shows what is there, and what the rule yields beside it is cancelled.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Final, TypeAlias, cast
from urllib.parse import quote

from ..engine.errors import Missing, Rejected, SyncError, Unmappable, Unsupported
from ..engine.fields import CANCELLED
from ..engine.occurrences import overrides
from ..engine.recurrence import Rule
from ..engine.snapshot import Keyed, Snapshot, Value
from . import slots
from .batch import Outcome
from .channel import json_of
from .delta import unreadable
from .failures import concerns_mailbox
from .operations import Call
from .paths import Window, event_path, window_params
from .reading import SELECT, at_the_edge, from_graph, id_of
from .remote import Json, RemoteEvent, Unreadable
from .session import Session
from .values import list_of

#: A series or, by now, a single event; what is wrong with it; why it could not be read.
SeriesRead: TypeAlias = RemoteEvent | Unreadable | SyncError

_ALL: Final = f"$select={SELECT},cancelledOccurrences,exceptionOccurrences"
_EXPANDED: Final = f"{_ALL}&$expand=exceptionOccurrences"
_PLAIN: Final = f"$select={SELECT}"


class SeriesReader:
    """Read series of one mailbox. `now` says how far a series without end is looked at."""

    def __init__(
        self,
        session: Session,
        *,
        now: Callable[[], datetime],
        page_size: int,
        owner_zone: str | None,
    ) -> None:
        self._session = session
        self._owner_zone = owner_zone
        self._now = now
        self._page_size = page_size
        #: False from the first series on whose expansion the mailbox refused.
        self._expands = True

    def read(self, ids: Sequence[str]) -> dict[str, SeriesRead]:
        """Return each series whole: one request each, twenty in a batch."""
        wanted = list(dict.fromkeys(ids))
        option = _EXPANDED if self._expands else _PLAIN
        outcomes = self._session.look([_get(remote_id, option) for remote_id in wanted])
        found: dict[str, SeriesRead] = {}
        stopped: SyncError | None = None
        for remote_id, outcome in zip(wanted, outcomes, strict=True):
            read = stopped or self._settled(remote_id, outcome)
            if isinstance(read, SyncError) and concerns_mailbox(read):
                stopped = read
            found[remote_id] = read
        return found

    def whole(self, remote_id: str) -> RemoteEvent:
        """Return one series whole. Raises what is wrong with it."""
        option = _EXPANDED if self._expands else _PLAIN
        [outcome] = self._session.look([_get(remote_id, option)])
        return self._whole(remote_id, outcome)

    def occurrence_ids(
        self, master_id: str, series: Snapshot, keys: Collection[str]
    ) -> dict[str, str]:
        """Return slot key -> id of the occurrences that are there."""
        found: dict[str, str] = {}
        for window in slots.windows(series, keys):
            for item in self._instances(master_id, window):
                day = slots.slot_of(item, series)
                if day is not None and day.isoformat() in keys:
                    found[day.isoformat()] = item["id"]
        return found

    def _settled(self, remote_id: str, outcome: Outcome) -> SeriesRead:
        try:
            return self._whole(remote_id, outcome)
        except Unmappable as error:
            return unreadable(remote_id, error)
        except SyncError as error:
            return error

    def _whole(self, remote_id: str, outcome: Outcome) -> RemoteEvent:
        is_refused = self._expands and isinstance(outcome, (Rejected, Unsupported))
        if is_refused:
            [outcome] = self._session.look([_get(remote_id, _PLAIN)])
        if isinstance(outcome, SyncError):
            raise outcome
        payload = json_of(outcome, is_write=False)
        event = from_graph(payload, owner_zone=self._owner_zone)
        if event.kind != "seriesMaster":
            return event
        self._expands = self._expands and not is_refused
        try:
            told = self._told(payload, event)
            return self._by_instances(event) if told is None else _with(event, *told)
        except OverflowError as err:
            raise at_the_edge() from err

    def _told(
        self, payload: Json, master: RemoteEvent
    ) -> tuple[dict[date, RemoteEvent], set[date]] | None:
        """Return what the answer says of single dates; None where it does not, or not enough."""
        if not {"exceptionOccurrences", "cancelledOccurrences"} <= payload.keys():
            return None
        items = [one for one in list_of(payload, "exceptionOccurrences") if id_of(one)]
        items += self._session.rest(payload.get("exceptionOccurrences@odata.nextLink"))
        exceptions: dict[date, RemoteEvent] = {}
        for item in items:
            day = slots.slot_of(item, _all_of(master))
            if day is None:
                return None
            exceptions[day] = _exception(item, master)
        cancelled = map(slots.cancelled_day, list_of(payload, "cancelledOccurrences"))
        return exceptions, {day for day in cancelled if day is not None}

    def _by_instances(self, master: RemoteEvent) -> RemoteEvent:
        series = _all_of(master)
        rule = cast("Rule", series["rule"])
        window, is_cut = slots.extent(series, self._now())
        shown: set[date] = set()
        changed: dict[str, date] = {}
        for stretch in slots.cut(window):
            for item in self._instances(master.id, stretch):
                day = slots.slot_of(item, series)
                if day is None:  # passed over, its date would seem to be cancelled
                    raise Unmappable("occurrences", "an exception does not tell its date")
                shown.add(day)
                if str(item.get("type")).casefold() == "exception":
                    changed[item["id"]] = day
        # Beyond the last that is shown a series that goes on has not been looked at.
        until = max(shown, default=rule.start) if is_cut else None
        cancelled = {day for day in rule.slots(until) if day not in shown}
        exceptions = {
            changed[remote_id]: _exception(item, master) for remote_id, item in self._each(changed)
        }
        return _with(master, exceptions, cancelled)

    def _instances(self, master_id: str, window: Window) -> Iterator[Json]:
        """Yield what is there in a window: names and dates only."""
        params = window_params(window)
        params |= {"$select": slots.SELECT, "$top": str(self._page_size)}
        items = self._session.items(f"{event_path(master_id)}/instances", params)
        return (item for item in items if id_of(item))

    def _each(self, ids: Collection[str]) -> Iterator[tuple[str, Json]]:
        """Yield events whole. One that went meanwhile is left out; raises what else fails."""
        outcomes = self._session.look([_get(remote_id, _PLAIN) for remote_id in ids])
        for remote_id, outcome in zip(ids, outcomes, strict=True):
            if isinstance(outcome, Missing):
                continue
            if isinstance(outcome, SyncError):
                raise outcome
            yield remote_id, json_of(outcome, is_write=False)


def _get(remote_id: str, options: str) -> Call:
    return Call("GET", f"{event_path(remote_id)}?{quote(options, safe='$=&,')}")


def _exception(item: Json, master: RemoteEvent) -> RemoteEvent:
    """Read an exception; an expansion may leave out what goes without saying (event-get)."""
    return from_graph({"type": "exception", "seriesMasterId": master.id, **item})


def _all_of(event: RemoteEvent) -> Snapshot:
    return {**event.shared, **event.private}


def _with(
    master: RemoteEvent, exceptions: Mapping[date, RemoteEvent], cancelled: Iterable[date]
) -> RemoteEvent:
    """Return a series with its occurrences. Dates that its rule does not have are of old rules."""
    series = _all_of(master)
    rule = cast("Rule", series["rule"])
    valid = {day: event for day, event in sorted(exceptions.items()) if rule.hits(day)}
    told: dict[str, Value] = {}
    for day, event in valid.items():
        differing = overrides(series, _all_of(event), day)
        if differing:
            told[day.isoformat()] = differing
        if event.is_cancelled:
            told[day.isoformat()] = CANCELLED
    told |= {day.isoformat(): CANCELLED for day in cancelled if rule.hits(day)}
    return replace(
        master,
        shared={**master.shared, "occurrences": Keyed(told)},
        exceptions={day.isoformat(): event for day, event in valid.items()},
    )
