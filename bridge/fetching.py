"""Read one mailbox: its calendars, then page after page what changed, and bring each page in."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime, time, timedelta
from itertools import islice

from odoo import fields

from ..core.engine.errors import DeltaExpired, GraphError, Unsupported
from ..core.engine.snapshot import AllDay
from ..core.graph.delta import event_id
from ..core.graph.failures import concerns_mailbox
from ..core.graph.remote import DeltaPage, RemoteCalendar, RemoteEvent, Unreadable
from . import addresses, logs, positions, series_fetching
from .asking import Found, look_up
from .desk import Desk
from .incoming import Incoming
from .positions import Position
from .series_fetching import Whole
from .session import PAGE_SIZE, Session
from .wishes import Wish

_logger = logs.logger(__name__)

CALENDARS_EVERY = timedelta(hours=12)
#: Events asked for one by one before the claim is renewed: it outlasts so many that time out.
ASKED = 3


class Fetching:
    """Bring in what a mailbox shows. `send` carries wishes out; `in_time` says whether to go on."""

    def __init__(
        self,
        session: Session,
        *,
        send: Callable[[Sequence[Wish]], None],
        in_time: Callable[[], bool],
    ) -> None:
        self._session = session
        self._send = send
        self._in_time = in_time
        self._tags: dict[str, str] = {}
        self._searched: set[int] = set()

    def read_calendars(self) -> None:
        """Learn which calendars there are; the default one is chosen when it is first seen."""
        if self._session.step(calendars_are_due):
            self._session.step(_keep_calendars, self._session.client.calendars())

    def read_changes(self) -> bool:
        """Bring in all that changed; tell whether everything was read before the time was over."""
        return all(self._read_calendar(row_id) for row_id in self._session.step(chosen_calendars))

    def _read_calendar(self, row_id: int) -> bool:
        """Read one calendar; the own trouble of any but the default one stops nobody."""
        try:
            return self._read_whatever_expired(row_id)
        except GraphError as error:
            if concerns_mailbox(error) or self._session.step(positions.is_default, row_id):
                raise
            _logger.info("Calendar %s is not read: %s", row_id, error)
            # Deleted there, or not shared any more: the next round asks which ones there are.
            self._session.step(positions.list_again)
            return True

    def _read_whatever_expired(self, row_id: int) -> bool:
        try:
            return self._read(row_id)
        except DeltaExpired:
            # Once: a fresh link that is expired again is a fault of the mailbox.
            self._session.step(positions.expire, row_id)
            return self._read(row_id)

    def _read(self, row_id: int) -> bool:
        position = self._session.step(positions.position, row_id)
        try:
            return self._read_pages(position)
        except Unsupported:
            return self._read_list(self._session.step(positions.list_position, row_id))

    def _read_pages(self, position: Position) -> bool:
        while True:
            page = self._fetch(position)
            tags = self._tags_of(position)
            found = self._look_up(position, page.removed)
            whole = self._read_series(position.row_id, page.events)
            self._send(self._session.step(bring_in, position.row_id, page, found, whole, tags))
            if page.next_link is None:
                break
            if not self._in_time():
                return False
            position = self._session.step(positions.position, position.row_id)
        return not position.is_full or self._look_up_suspects(position.row_id)

    def _fetch(self, position: Position) -> DeltaPage:
        client = self._session.client
        if position.link:
            return client.delta_page(position.remote_id, link=position.link)
        return client.delta_page(position.remote_id, window=position.window)

    def _read_list(self, position: Position) -> bool:
        """Compare the whole window of a calendar that has no delta, a page at a time.

        Out of time, the next round goes on with what begins where this one was.
        """
        begin, end = position.window
        if begin < end:
            listed = self._session.client.list_view(position.remote_id, position.window)
            tags = self._tags_of(position)
            # A long series is on every page: once read, it has been read.
            read: set[str] = set()
            while page := list(islice(listed, PAGE_SIZE)):
                whole = self._read_series(position.row_id, page, but=read)
                read.update(whole.series)
                row_id = position.row_id
                self._send(self._session.step(_bring_in_list, row_id, page, whole, tags))
                if not self._in_time():
                    return False
        return self._look_up_suspects(position.row_id)

    def _tags_of(self, position: Position) -> dict[str, str]:
        """Return the marks of the calendar's events, by id, where a full round may need them."""
        if position.is_full and position.row_id not in self._searched:
            self._searched.add(position.row_id)
            found = self._session.client.tagged(calendar_id=position.remote_id)
            self._tags |= {event.id: tag for tag, event in found}
        return self._tags

    def _look_up(self, position: Position, remote_ids: Sequence[str]) -> dict[str, Found]:
        """See what became of known events that Graph calls removed: some only moved away."""
        ids = self._session.step(known, position.row_id, remote_ids) if remote_ids else []
        return self._ask(ids)

    def _look_up_suspects(self, row_id: int) -> bool:
        """After a full round: what it did not meet is looked up before it is believed gone."""
        while suspects := self._session.step(positions.suspects, row_id):
            self._send(self._session.step(_bring_in_found, row_id, self._ask(suspects)))
            if not self._in_time():
                return False
        self._session.step(positions.end_full_round, row_id)
        return True

    def _read_series(
        self, row_id: int, events: Sequence[RemoteEvent | Unreadable], but: Collection[str] = ()
    ) -> Whole:
        """Read whole the series that a page brings news of, except those in `but`."""
        _single, told = series_fetching.divided(events)
        told = {remote_id: each for remote_id, each in told.items() if remote_id not in but}
        wanted = self._session.step(series_fetching.news, row_id, told) if told else []
        return series_fetching.read(self._session.client, wanted, told)

    def _ask(self, remote_ids: Sequence[str]) -> dict[str, Found]:
        found: dict[str, Found] = {}
        for begin in range(0, len(remote_ids), ASKED):
            self._session.step(_still_ours)
            group = remote_ids[begin : begin + ASKED]
            found |= {one: look_up(self._session.client, one) for one in group}
        return found


def calendars_are_due(desk: Desk) -> bool:
    """Tell whether it is time to ask again which calendars there are."""
    read_at = desk.account.calendars_read_at
    return not read_at or read_at < fields.Datetime.now() - CALENDARS_EVERY


def _keep_calendars(desk: Desk, found: Sequence[RemoteCalendar]) -> None:
    desk.account._lock()
    addresses.learn_owner(desk.account, found)
    rows = {row.remote_id: row for row in desk.account.calendar_ids}
    for calendar in found:
        vals = {
            "name": calendar.name,
            "color": calendar.color,
            "is_default": calendar.is_default,
            "can_edit": calendar.can_edit,
            "has_teams": calendar.has_teams,
        }
        row = rows.pop(calendar.id, None)
        if row:
            row.write({name: value for name, value in vals.items() if row[name] != value})
        else:
            chosen = {"chosen": calendar.is_default, "remote_id": calendar.id}
            row = desk.env["outlook.calendar"].create(
                {**vals, **chosen, "account_id": desk.account.id}
            )
    for gone in rows.values():
        gone.chosen = False  # its copies stay known: a calendar may come back
    desk.account.calendars_read_at = fields.Datetime.now()


def _still_ours(_desk: Desk) -> None:
    """Do nothing in a step, which renews the claim."""


def chosen_calendars(desk: Desk) -> list[int]:
    """Return the rows of the calendars that are kept in step, the default one first."""
    return desk.account.calendar_ids.filtered("chosen").ids


def known(desk: Desk, row_id: int, remote_ids: Sequence[str]) -> list[str]:
    """Return those ids that a copy of this very calendar has; an empty id is nobody's."""
    copies = desk.env["outlook.copy"].search(
        [("calendar_id", "=", row_id), ("remote_id", "in", [one for one in remote_ids if one])]
    )
    return copies.mapped("remote_id")


def bring_in(
    desk: Desk,
    row_id: int,
    page: DeltaPage,
    found: dict[str, Found],
    whole: Whole,
    tags: dict[str, str],
) -> list[Wish]:
    """Apply one page; the link to the next is saved with its effect."""
    calendar = desk.env["outlook.calendar"].browse(row_id)
    incoming = Incoming(desk, calendar, tags)
    single, _told = series_fetching.divided(page.events)
    incoming.expect([*single, *whole.series.values()])
    for event in single:
        incoming.take(event)
    series_fetching.take(desk, incoming, calendar, whole)
    _take_found(desk, incoming, calendar, found)
    desk.tally["received"] += len(page.events) + len(page.removed)
    if page.next_link:
        calendar.page_link = page.next_link
    else:
        calendar.write({"page_link": False, "delta_link": page.delta_link})
    return desk.wishes


def _bring_in_list(
    desk: Desk,
    row_id: int,
    events: Sequence[RemoteEvent | Unreadable],
    whole: Whole,
    tags: dict[str, str],
) -> list[Wish]:
    """Apply a page of a list; what shows the state that was seen last is only noted as met."""
    calendar = desk.env["outlook.calendar"].browse(row_id)
    single, _told = series_fetching.divided(events)
    shown = {one.id: one for one in single if isinstance(one, RemoteEvent)}
    copies = desk.env["outlook.copy"].search(
        [("calendar_id", "=", row_id), ("remote_id", "in", list(shown))]
    )
    same = copies.filtered(lambda copy: copy.change_key == shown[copy.remote_id].change_key)
    same.seen_round = calendar.round_number
    incoming = Incoming(desk, calendar, tags)
    news = [one for one in single if event_id(one) not in same.mapped("remote_id")]
    incoming.expect([*news, *whole.series.values()])
    for event in news:
        incoming.take(event)
    series_fetching.take(desk, incoming, calendar, whole)
    desk.tally["received"] += len(news) + len(whole.series)
    begins = [_begin(one) for one in events if isinstance(one, RemoteEvent)]
    calendar.listed_until = max([calendar.listed_until or calendar.window_start, *begins])
    return desk.wishes


def _begin(event: RemoteEvent) -> datetime:
    """Return when it begins, in UTC as Odoo keeps it; lists are in this order."""
    when = event.shared["when"]
    if isinstance(when, AllDay):
        return datetime.combine(when.first, time())
    return when.start.replace(tzinfo=None)


def _bring_in_found(desk: Desk, row_id: int, found: dict[str, Found]) -> list[Wish]:
    calendar = desk.env["outlook.calendar"].browse(row_id)
    copies = desk.env["outlook.copy"].search(
        [("calendar_id", "=", row_id), ("remote_id", "in", list(found))]
    )
    copies.seen_round = calendar.round_number
    _take_found(desk, Incoming(desk, calendar), calendar, found, is_missing=True)
    return desk.wishes


def _take_found(
    desk: Desk, incoming: Incoming, calendar, found, *, is_missing: bool = False
) -> None:
    copies = desk.env["outlook.copy"]
    for remote_id, event in found.items():
        copy = copies.search(
            [("calendar_id", "=", calendar.id), ("remote_id", "=", remote_id)], limit=1
        )
        if event is not None:
            incoming.take_found(remote_id, event)
        elif copy:
            incoming.removed(copy, is_missing=is_missing)
