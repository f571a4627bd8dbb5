"""Look through a mailbox before its first round: what there is on both sides, and what is the same.

Reads over HTTP, a page at a time; each page is matched in a transaction that is rolled back, and
only the account's own `preview` is written: what has been counted, and how far. So a survey goes on
where it was stopped, and a mailbox that is only looked at stays as it is.
"""

import enum
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

from odoo import fields

from ..core.engine.errors import DeltaExpired, Unsupported
from ..core.graph.client import GraphClient
from ..core.graph.remote import DeltaPage, RemoteEvent, Unreadable
from . import comparing, doubles, series_fetching, settings, unsent
from .desk import Desk
from .session import Session

#: A page is only read and compared: longer ones than a round takes save requests.
PAGE_SIZE = 200
#: A survey that is younger is not made again.
FRESH = timedelta(hours=1)


Event = RemoteEvent | Unreadable


class Stage(enum.Enum):
    """What a survey comes to."""

    GO_ON = "nothing is to be decided: the first round may write"
    WAIT = "the owner has to choose"
    MORE = "time was over before all was read"


def before_first_round(session: Session, in_time: Callable[[], bool]) -> Stage:
    """Survey a mailbox that was never read, if there is anything here that it may have, too.

    Where something is to be decided, the account waits for its owner's choice from now on.
    """
    stage = session.step(_begin)
    if stage is not None:
        return stage
    return session.step(_conclude) if read(session, in_time) else Stage.MORE


def read(session: Session, in_time: Callable[[], bool]) -> bool:
    """Survey the mailbox, or go on with it; tell whether all was read before the time was over."""
    try:
        return _read_all(session, in_time)
    except DeltaExpired:
        session.step(_forget_progress)
        return _read_all(session, in_time)


def is_due(account) -> bool:
    """Tell whether a mailbox is to be read for the first time and nobody was asked how."""
    if account.existing_policy or account.sync_policy != "all":
        return False
    default = account.calendar_ids.filtered("is_default")
    return bool(default) and not default.round_number


def is_fresh(account) -> bool:
    """Tell whether there is a survey that is finished and young."""
    made_at = account.preview_at
    is_done = bool(account.preview and account.preview.get("done"))
    return is_done and bool(made_at) and made_at > fields.Datetime.now() - FRESH


@dataclass(frozen=True)
class _Place:
    """How far a survey is: the page to read next of one calendar. `window` is aware."""

    row_id: int
    remote_id: str | None
    link: str | None
    window: tuple[datetime, datetime]
    is_list: bool
    #: What was met on former pages, as `_digest` has it: pages may tell things twice.
    met: frozenset[str]


def _read_all(session: Session, in_time: Callable[[], bool]) -> bool:
    tags: dict[int, dict[str, str]] = {}
    while (place := session.step(_place)) is not None:
        if place.row_id not in tags:
            found = session.client.tagged(calendar_id=place.remote_id)
            tags[place.row_id] = {event.id: tag for tag, event in found}
        try:
            _read_page(session, place, tags[place.row_id])
        except Unsupported:
            session.step(_turn_to_list)
        if not in_time():
            return session.step(_place) is None
    return True


def _read_page(session: Session, place: _Place, tags: Mapping[str, str]) -> None:
    """Read one page over HTTP, compare it, and keep what was counted and where to go on."""
    client = session.client
    if place.is_list:  # it has no delta; seldom a long one, so all of it at once
        events: Sequence[Event] = list(client.list_view(place.remote_id, place.window))
        link = None
    else:
        page = _changes(client, place)
        events, link = page.events, page.next_link
    single, told = series_fetching.divided(events)
    told = {one: each for one, each in told.items() if _digest(one) not in place.met}
    whole = series_fetching.read(client, list(told), told)
    found = [*single, *whole.series.values(), *whole.alone.values()]
    remotes = {one.id: one for one in found if isinstance(one, RemoteEvent)}
    new = [one for remote_id, one in remotes.items() if _digest(remote_id) not in place.met]
    counted = session.peek(_compared, place.row_id, new, tags)
    met = sorted({_digest(one) for one in (*told, *remotes)} - place.met)
    session.step(_keep, place.row_id, counted, met, link)


def _digest(remote_id: str) -> str:
    """Return what stands for an id: those of a long mailbox would fill a book."""
    return hashlib.blake2b(remote_id.encode(), digest_size=8).hexdigest()


def _changes(client: GraphClient, place: _Place) -> DeltaPage:
    """Read a page of a delta round of which nobody will use the end."""
    if place.link:
        return client.delta_page(place.remote_id, link=place.link, page_size=PAGE_SIZE)
    return client.delta_page(place.remote_id, window=place.window, page_size=PAGE_SIZE)


def _begin(desk: Desk) -> Stage | None:
    """Return what is known without asking Outlook; None where it must be asked."""
    account = desk.account
    if not is_due(account) or not unsent.exist(account):
        return Stage.GO_ON
    return _conclude(desk) if is_fresh(account) else None


def _place(desk: Desk) -> _Place | None:
    """Return what is to be read next; None where all calendars have been read."""
    progress = _progress(desk.account) or _new_progress(desk.account)
    left = desk.account.calendar_ids.filtered(
        lambda one: one.chosen and one.id not in progress["read"]
    )
    if not left:
        return None
    begin, end = (datetime.fromisoformat(one) for one in progress["window"])
    return _Place(
        left[0].id,
        left[0]._graph_id(),
        progress["link"],
        (begin, end),
        progress["is_list"],
        frozenset(progress["met"]),
    )


def _turn_to_list(desk: Desk) -> None:
    progress = _progress(desk.account) or _new_progress(desk.account)
    _keep_progress(desk, {**progress, "link": None, "is_list": True})


def _compared(
    desk: Desk, row_id: int, remotes: list[RemoteEvent], tags: Mapping[str, str]
) -> dict[str, Any]:
    calendar = desk.env["outlook.calendar"].browse(row_id)
    progress = _progress(desk.account) or _new_progress(desk.account)
    counted = {name: progress[name] for name in comparing.NOTHING}
    return comparing.Comparing(desk, calendar, tags, counted).count(remotes)


def _keep(
    desk: Desk, row_id: int, counted: dict[str, Any], met: list[str], link: str | None
) -> None:
    """Keep what was counted up to a page, and where the next one is; without a link it was last."""
    progress = _progress(desk.account) or _new_progress(desk.account)
    progress |= {**counted, "met": [*progress["met"], *met], "link": link}
    if link is None:
        progress |= {"read": [*progress["read"], row_id], "is_list": False}
    _keep_progress(desk, progress)


def _progress(account) -> dict[str, Any] | None:
    """Return how far a survey is that was begun; None where none is under way."""
    return (account.preview or {}).get("progress")


def _new_progress(account) -> dict[str, Any]:
    window = settings.window(account.env)
    return {
        **comparing.NOTHING,
        "window": [one.replace(tzinfo=timezone.utc).isoformat() for one in window],
        "read": [],
        "link": None,
        "is_list": False,
        "met": [],
    }


def _keep_progress(desk: Desk, progress: dict[str, Any] | None) -> None:
    """Keep it beside what an earlier survey found, which is shown until this one is finished."""
    desk.account._lock()
    finished = {**(desk.account.preview or {})}
    finished.pop("progress", None)
    desk.account.preview = {**finished, "progress": progress} if progress else finished


def _forget_progress(desk: Desk) -> None:
    _keep_progress(desk, None)


def finish(desk: Desk) -> None:
    """Turn what was read into what is shown."""
    account, progress = desk.account, _progress(desk.account)
    if progress is None:
        return
    account._lock()
    found = unsent.sort(account, but=progress["taken"])
    copies = doubles.here(account, found.old, taken=progress["taken"])
    account.write(
        {
            "preview": {
                **{name: progress[name] for name in comparing.NOTHING},
                "doubles_here": copies.ids,
                "done": True,
            },
            "preview_at": fields.Datetime.now(),
        }
    )


def _conclude(desk: Desk) -> Stage:
    """Let the account wait where its owner has something to decide, else go on by the default."""
    finish(desk)
    account = desk.account
    shown = numbers(account)
    account._lock()
    if shown["with_guests"] or shown["doubles_here"] or shown["doubles_there"]:
        if account.state == "active":
            account.state = "preview"
        desk.tell_owner()
        return Stage.WAIT
    account.write({"existing_policy": "leave", "preview": False, "preview_at": False})
    return Stage.GO_ON


#: What `numbers` tells before anything was looked at.
NOTHING: Mapping[str, Any] = {
    "incoming": 0,
    "joined": 0,
    "differing": [],
    "without_guests": [],
    "with_guests": [],
    "over": 0,
    "people": 0,
    "to_send": [],
    "people_now": 0,
    "people_all": 0,
    "doubles_here": [],
    "doubles_there": 0,
    "done": False,
}


def numbers(account) -> dict[str, Any]:
    """Return what a survey found, with this side as it is now: people go on editing meanwhile.

    `account` in an environment that sees archived records, and whose cache nobody else reads from.
    """
    kept = account.preview or {}
    counted = kept if kept.get("done") else {**comparing.NOTHING, **kept.get("progress", {})}
    events = account.env["calendar.event"]
    copies = events.browse(counted.get("doubles_here", ())).exists()
    found = unsent.sort(account, but=counted["taken"])
    copies &= found.all
    with_guests = found.with_guests - copies
    left = set(events.browse([one["event_id"] for one in counted["differing"]]).exists().ids)
    asked, fresh = (
        unsent.addresses(account.env, account, one) for one in (with_guests, found.fresh)
    )
    return {
        "incoming": counted["incoming"],
        "joined": counted["joined"],
        "differing": [one for one in counted["differing"] if one["event_id"] in left],
        "without_guests": (found.without_guests - copies).ids,
        "with_guests": with_guests.ids,
        "over": len(found.over),
        "people": len(asked),
        "to_send": found.fresh.ids,
        "people_now": len(fresh),
        "people_all": len(asked | fresh),
        "doubles_here": copies.ids,
        "doubles_there": counted["doubles_there"],
        "done": bool(kept.get("done")),
    }
