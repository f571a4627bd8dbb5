"""One mailbox in Microsoft Graph v1.0: one typed method per thing that is asked of it.

Reads raise the errors of `engine.errors`; `perform` returns them, one per operation. What they mean
is told by `failures`, what is asked again by `retry`: reads, and what surely never left; a write
whose answer is lost never is.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import TypeVar

from ..engine.errors import (
    DeltaExpired,
    GraphError,
    Missing,
    OutcomeUnknown,
    Refused,
    Rejected,
    SyncError,
    Unmappable,
    Unsupported,
)
from ..engine.snapshot import Snapshot
from . import blocks, delta, mapping, marks, moments
from .batch import Outcome
from .channel import PREFER, Channel, Stats, Token, json_of
from .failures import DuplicateTransaction
from .operations import Call, CreateEvent, GoOnline, Operation, UpdateEvent
from .paths import Window, calendar_path, event_path, quoted, window_params
from .remote import DeltaPage, Json, Profile, RemoteCalendar, RemoteEvent, Unreadable
from .retry import RetryPolicy
from .series import SeriesRead, SeriesReader
from .session import Session
from .transport import Transport

__all__ = ["GraphClient", "Result", "Stats", "Window"]

#: What became of one operation: the event as Graph shows it after the write, None where there is
#: nothing to show (deletions, answers), or why it failed.
Result = RemoteEvent | SyncError | None

GraphErrorT = TypeVar("GraphErrorT", bound=GraphError)


class GraphClient:
    """Speak for one signed-in person. Not for several threads: a mailbox takes few requests.

    `base_url` is Graph's origin (https://graph.microsoft.com); `token(force)` returns an access
    token and, forced, a fresh one; `wait` sleeps the short pauses of the retry policy;
    `owner_zone` (IANA) is the clock of the mailbox's owner, for series that hide their own.
    """

    def __init__(
        self,
        transport: Transport,
        base_url: str,
        token: Token,
        *,
        now: Callable[[], datetime],
        stats: Stats | None = None,
        retry: RetryPolicy | None = None,
        wait: Callable[[float], None] = time.sleep,
        page_size: int = 200,
        owner_zone: str | None = None,
    ) -> None:
        self.stats = Stats() if stats is None else stats
        self._owner_zone = moments.zone_from_graph(owner_zone)
        self._page_size = page_size
        channel = Channel(
            transport,
            base_url,
            token,
            now=now,
            stats=self.stats,
            retry=retry or RetryPolicy(),
            wait=wait,
        )
        self._session = Session(channel, self.stats)
        self._series = SeriesReader(
            self._session, now=now, page_size=page_size, owner_zone=self._owner_zone
        )

    def me(self) -> Profile:
        """Return who is signed in. The time zone is None where the mailbox does not tell it."""
        fields = "id,displayName,mail,userPrincipalName"
        person = self._session.read("/me", {"$select": fields})
        try:
            settings = self._session.read("/me/mailboxSettings", {"$select": "timeZone"})
            zone = settings.get("timeZone")
        except (Missing, Refused, Rejected, Unsupported):
            zone = None  # no such scope, or no mailbox
        return mapping.profile(person, zone)

    def calendars(self) -> list[RemoteCalendar]:
        """Return all calendars of the mailbox, those shared with it included."""
        items = self._session.items("/me/calendars", {"$top": "100"})
        return [mapping.calendar(item) for item in items]

    def owner_mark(self) -> str | None:
        """Return the mark of the default calendar (see `keep_owner_mark`), None where it has none.

        Raises what reads raise.
        """
        return marks.mark_of(self._session.read(calendar_path(None), marks.READ))

    def keep_owner_mark(self, mark: str) -> None:
        """Let the default calendar bear `mark`. Raises what writes return."""
        outcome = self._session.carry_out([marks.keep(mark)])[0]
        if isinstance(outcome, SyncError):
            raise outcome

    def delta_page(
        self,
        calendar_id: str | None,
        *,
        window: Window | None = None,
        link: str | None = None,
        page_size: int | None = None,
    ) -> DeltaPage:
        """Return one page of changes: the first of a round over `window`, or what `link` leads to.

        A delta link stays bound to the window it began with. Raises `DeltaExpired` for a link that
        is no longer good, whatever Graph says about it or whichever Graph it led to; `Unsupported`
        where this calendar has no delta (documented for the default calendar only): take
        `list_view`.
        """
        # The page size is no part of the link: it is asked for each time (delta query overview).
        headers = {"Prefer": f"{PREFER}, odata.maxpagesize={page_size or self._page_size}"}
        if link is not None:
            return self._page_behind(link, headers)
        if window is None:
            raise ValueError("a round begins with a window")
        path = f"{calendar_path(calendar_id)}/calendarView/delta"
        try:
            return self._page(self._session.read(path, window_params(window), headers))
        except Rejected as error:
            if calendar_id is None:
                raise
            raise _as(Unsupported, error) from error

    def list_view(
        self, calendar_id: str | None, window: Window
    ) -> Iterator[RemoteEvent | Unreadable]:
        """Yield what the calendar shows in the window, for comparing where delta is refused.

        Series come as occurrences and exceptions, never as masters (calendarView).
        """
        params = window_params(window)
        params |= {"$top": str(self._page_size), "$orderby": "start/dateTime"}
        for item in self._session.items(f"{calendar_path(calendar_id)}/calendarView", params):
            yield delta.read(item, owner_zone=self._owner_zone)

    def get_event(self, remote_id: str) -> RemoteEvent:
        """Return one event, a series whole. Raises `Missing`, `Unmappable`."""
        event = self._read(self._session.read(event_path(remote_id), {"$select": mapping.SELECT}))
        return self._series.whole(remote_id) if event.kind == "seriesMaster" else event

    def series(self, ids: Sequence[str]) -> dict[str, SeriesRead]:
        """Return series whole, with their exceptions and cancelled dates, by id.

        One request each, twenty in a batch. What is wrong with one is its value (`Missing`,
        `Unreadable` and so on) and stops no other, but where the whole mailbox says no. An id that
        is a single event by now comes back as such.
        """
        return self._series.read(ids)

    def occurrence_ids(
        self, master_id: str, series: Snapshot, slots: Collection[str]
    ) -> dict[str, str]:
        """Return the ids of occurrences: ISO date of the original start -> id.

        `series` is the series as Outlook shows it: it says where to look. Cancelled ones are
        missing. Raises `Missing` for the series and what else a read raises.
        """
        return self._series.occurrence_ids(master_id, series, slots)

    def find_by_ical_uid(self, uid: str) -> RemoteEvent | None:
        """Return the mailbox's copy of a meeting; an empty uid is nobody's."""
        if not uid:
            return None
        items = self._session.items("/me/events", {"$filter": f"iCalUId eq {quoted(uid)}"})
        return next((self._read(item) for item in items), None)

    def find_tagged(self, tag: str, *, calendar_id: str | None = None) -> RemoteEvent | None:
        """Return the event created with `tag`, in the default calendar or the one named.

        Raises `Unmappable` for one that cannot be read: it is there, whatever it shows.
        """
        if not tag:
            return None
        found = next(self._tagged(f"ep/value eq {quoted(tag)}", calendar_id), None)
        if isinstance(found, Unreadable):
            raise found.error()
        return found

    def tagged(self, *, calendar_id: str | None = None) -> Iterator[tuple[str, RemoteEvent]]:
        """Yield every readable event with a tag of this addon, whichever database made it."""
        for event in self._tagged("ep/value ne null", calendar_id):
            if isinstance(event, RemoteEvent) and event.tag:
                yield event.tag, event

    def perform(self, operations: Sequence[Operation]) -> list[Result]:
        """Carry the operations out, in order; return what became of each.

        One operation is one request, more are `$batch`es. Bodies are looked at first: the block of
        an online meeting stays in them (`blocks`). A failed one stops no other, except where the
        whole mailbox says no (throttled, unavailable, sign-in): then the rest gets that error.
        `OutcomeUnknown` and, for writes, `Unavailable` mean: look before trying again. Raises only
        `InvariantBroken`.
        """
        calls: dict[int, Call] = {}
        results: list[Result] = [None] * len(operations)
        for number, operation in enumerate(blocks.prepared(self._session, operations)):
            if isinstance(operation, SyncError):
                results[number] = operation
                continue
            try:
                calls[number] = operation.call()
            except Unmappable as error:
                results[number] = error
        outcomes = self._session.carry_out(list(calls.values()))
        for number, outcome in zip(calls, outcomes, strict=True):
            results[number] = self._result(operations[number], outcome)
        return results

    def _read(self, item: Json) -> RemoteEvent:
        return mapping.from_graph(item, owner_zone=self._owner_zone)

    def _result(self, operation: Operation, outcome: Outcome) -> Result:
        try:
            if isinstance(operation, CreateEvent) and isinstance(outcome, DuplicateTransaction):
                return self._already_created(operation, outcome)
            if isinstance(outcome, SyncError):
                return outcome
            if isinstance(operation, (CreateEvent, UpdateEvent, GoOnline)):
                return self._read(json_of(outcome, is_write=True))
        except Unmappable:
            # It was done, so nothing is to be set aside before somebody looked what is there.
            return OutcomeUnknown("the answer makes no sense")
        except SyncError as error:
            return error
        return None

    def _already_created(self, operation: CreateEvent, error: DuplicateTransaction) -> Result:
        """Return what an earlier request of the transaction made; `error` if it is not found."""
        if not error.existing_event_id:
            return self.find_tagged(operation.tag, calendar_id=operation.calendar_id) or error
        try:
            return self.get_event(error.existing_event_id)
        except Missing:
            return error

    def _page_behind(self, link: str, headers: Mapping[str, str]) -> DeltaPage:
        if not self._session.is_own(link):
            # Stored while another Graph was configured; here it means nothing.
            raise DeltaExpired(status=410, code="ForeignLink")
        try:
            payload = self._session.follow(link, headers)
        except (Rejected, Missing) as error:
            # Graph's other ways to say so: 400 on a stored link, ErrorInvalidIdMalformed
            # (evolution-ews).
            raise _as(DeltaExpired, error) from error
        page = self._page(payload)
        if page.next_link == link:
            # For ever the same page: read anew it may end.
            raise DeltaExpired(status=200, code="CircularLink")
        return page

    def _page(self, payload: Json) -> DeltaPage:
        for name in ("@odata.nextLink", "@odata.deltaLink"):
            if payload.get(name) is not None:
                self._session.refuse_foreign(payload[name])
        return delta.page_of(payload, owner_zone=self._owner_zone)

    def _tagged(
        self, condition: str, calendar_id: str | None
    ) -> Iterator[RemoteEvent | Unreadable]:
        mark = f"ep/id eq {quoted(mapping.TAG_ID)} and {condition}"
        params = {
            "$filter": f"singleValueExtendedProperties/Any(ep: {mark})",
            "$expand": f"singleValueExtendedProperties($filter=id eq {quoted(mapping.TAG_ID)})",
            "$top": "100",
        }
        for item in self._session.items(f"{calendar_path(calendar_id)}/events", params):
            yield delta.read(item, owner_zone=self._owner_zone)


def _as(kind: type[GraphErrorT], error: GraphError) -> GraphErrorT:
    """Give an answer the meaning that it has only here."""
    return kind(
        status=error.status,
        code=error.code,
        message=error.message,
        request_id=error.request_id,
    )
