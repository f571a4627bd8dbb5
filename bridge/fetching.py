"""Read one mailbox: its calendars, then page after page what changed, and bring each page in."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from odoo import fields

from ..core.engine.codec import FORMAT
from ..core.engine.errors import DeltaExpired, SyncError
from ..core.graph.remote import DeltaPage, RemoteCalendar
from . import settings
from .asking import Found, look_up, reason
from .desk import Desk
from .incoming import Incoming
from .session import Session
from .wishes import Wish

CALENDARS_EVERY = timedelta(hours=12)
#: The window moves on in jumps: a delta link is bound to the window that it began with.
WINDOW_EVERY = timedelta(days=14)
#: Copies that one step looks up because a full round has not met them.
SUSPECTS = 20


@dataclass(frozen=True)
class Position:
    """How far a calendar has been read. `link` leads on; without one a full round begins."""

    row_id: int
    remote_id: str | None
    link: str | None
    window: tuple[datetime, datetime]
    is_full: bool


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

    def read_calendars(self) -> None:
        """Learn which calendars there are; the default one is chosen when it is first seen."""
        if self._session.step(_calendars_are_due):
            self._session.step(_keep_calendars, self._session.client.calendars())

    def read_changes(self) -> bool:
        """Bring in all that changed; tell whether everything was read before the time was over."""
        return all(self._read_calendar(row_id) for row_id in self._session.step(_chosen_calendars))

    def _read_calendar(self, row_id: int) -> bool:
        try:
            return self._read_pages(row_id)
        except DeltaExpired:
            # Once: a fresh link that is expired again is a fault of the mailbox.
            self._session.step(_expire, row_id)
            return self._read_pages(row_id)

    def _read_pages(self, row_id: int) -> bool:
        position = self._session.step(_position, row_id)
        if position.is_full and not self._tags:
            self._tags = {event.id: tag for tag, event in self._session.client.tagged()}
        while True:
            page = self._fetch(position)
            found = self._look_up(position, page.removed)
            wishes = self._session.step(_bring_in, row_id, page, found, self._tags)
            self._send(wishes)
            if page.next_link is None:
                break
            if not self._in_time():
                return False
            position = self._session.step(_position, row_id)
        return not position.is_full or self._look_up_suspects(row_id)

    def _fetch(self, position: Position) -> DeltaPage:
        client = self._session.client
        if position.link:
            return client.delta_page(position.remote_id, link=position.link)
        return client.delta_page(position.remote_id, window=position.window)

    def _look_up(self, position: Position, remote_ids: Sequence[str]) -> dict[str, Found]:
        """See what became of known events that Graph calls removed: some only moved away."""
        known = self._session.step(_known, position.row_id, remote_ids) if remote_ids else []
        return self._ask(known)

    def _look_up_suspects(self, row_id: int) -> bool:
        """After a full round: what it did not meet is looked up before it is believed gone."""
        while suspects := self._session.step(_suspects, row_id):
            self._send(self._session.step(_bring_in_found, row_id, self._ask(suspects)))
            if not self._in_time():
                return False
        self._session.step(_full_round_is_over, row_id)
        return True

    def _ask(self, remote_ids: Sequence[str]) -> dict[str, Found]:
        return {one: look_up(self._session.client, one) for one in remote_ids}


def _calendars_are_due(desk: Desk) -> bool:
    read_at = desk.account.calendars_read_at
    return not read_at or read_at < fields.Datetime.now() - CALENDARS_EVERY


def _keep_calendars(desk: Desk, found: Sequence[RemoteCalendar]) -> None:
    desk.account._lock()
    rows = {row.remote_id: row for row in desk.account.calendar_ids}
    for calendar in found:
        vals = {
            "name": calendar.name,
            "color": calendar.color,
            "is_default": calendar.is_default,
            "can_edit": calendar.can_edit,
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


def _chosen_calendars(desk: Desk) -> list[int]:
    return desk.account.calendar_ids.filtered("chosen").ids


def _position(desk: Desk, row_id: int) -> Position:
    """Return where to read on; where the window must move, a full round begins."""
    calendar = desk.env["outlook.calendar"].browse(row_id)
    if not (calendar.page_link or calendar.delta_link) or _is_outdated(calendar):
        _begin_full_round(calendar)
    return Position(
        calendar.id,
        calendar._graph_id(),
        calendar.page_link or calendar.delta_link or None,
        (_aware(calendar.window_start), _aware(calendar.window_end)),
        calendar.full_round,
    )


def _is_outdated(calendar) -> bool:
    _past, future = settings.window_days(calendar.env)
    wanted_end = fields.Datetime.now() + timedelta(days=future)
    moved = abs(wanted_end - calendar.window_end) > WINDOW_EVERY
    return calendar.format != FORMAT or (moved and not calendar.full_round)


def _begin_full_round(calendar) -> None:
    past, future = settings.window_days(calendar.env)
    now = fields.Datetime.now()
    calendar.write(
        {
            "full_round": True,
            "matching": True,
            "round_number": calendar.round_number + 1,
            "delta_link": False,
            "page_link": False,
            "format": FORMAT,
            "window_start": now - timedelta(days=past),
            "window_end": now + timedelta(days=future),
        }
    )


def _expire(desk: Desk, row_id: int) -> None:
    desk.env["outlook.calendar"].browse(row_id).write({"delta_link": False, "page_link": False})


def _known(desk: Desk, row_id: int, remote_ids: Sequence[str]) -> list[str]:
    """Return those ids that a copy of this very calendar has; an empty id is nobody's."""
    copies = desk.env["outlook.copy"].search(
        [("calendar_id", "=", row_id), ("remote_id", "in", [one for one in remote_ids if one])]
    )
    return copies.mapped("remote_id")


def _bring_in(
    desk: Desk,
    row_id: int,
    page: DeltaPage,
    found: dict[str, Found],
    tags: dict[str, str],
) -> list[Wish]:
    """Apply one page; the link to the next is saved with its effect."""
    calendar = desk.env["outlook.calendar"].browse(row_id)
    incoming = Incoming(desk, calendar, tags)
    for event in page.events:
        incoming.take(event)
    _take_found(desk, incoming, calendar, found)
    desk.tally["received"] += len(page.events) + len(page.removed)
    if page.next_link:
        calendar.page_link = page.next_link
    else:
        calendar.write({"page_link": False, "delta_link": page.delta_link})
    return desk.wishes


def _bring_in_found(desk: Desk, row_id: int, found: dict[str, Found]) -> list[Wish]:
    calendar = desk.env["outlook.calendar"].browse(row_id)
    copies = desk.env["outlook.copy"].search(
        [("calendar_id", "=", row_id), ("remote_id", "in", list(found))]
    )
    copies.seen_round = calendar.round_number
    _take_found(desk, Incoming(desk, calendar), calendar, found)
    return desk.wishes


def _take_found(desk: Desk, incoming: Incoming, calendar, found) -> None:
    copies = desk.env["outlook.copy"]
    for remote_id, event in found.items():
        copy = copies.search(
            [("calendar_id", "=", calendar.id), ("remote_id", "=", remote_id)], limit=1
        )
        if isinstance(event, SyncError):
            desk.postpone(copy, reason(event))
        elif event is not None:
            incoming.take(event)
        elif copy:
            incoming.removed(copy)


def _suspects(desk: Desk, row_id: int) -> list[str]:
    """Return copies that this full round has not met yet."""
    calendar = desk.env["outlook.calendar"].browse(row_id)
    copies = desk.env["outlook.copy"].search(
        [
            ("calendar_id", "=", row_id),
            ("remote_id", "!=", False),
            ("seen_round", "<", calendar.round_number),
        ],
        limit=SUSPECTS,
    )
    return copies.mapped("remote_id")


def _full_round_is_over(desk: Desk, row_id: int) -> None:
    desk.env["outlook.calendar"].browse(row_id).full_round = False


def _aware(moment: datetime) -> datetime:
    return moment.replace(tzinfo=timezone.utc)
