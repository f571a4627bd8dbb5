"""Say what the next round of a mailbox would do, and do nothing: for the *Preview* button.

Before a mailbox was read at all that is its survey. Later the round's own steps are taken, each in
a transaction that is rolled back, and what they would have done is counted.
"""

import enum
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from odoo import SUPERUSER_ID, fields
from odoo.api import Environment
from odoo.modules.registry import Registry

from ..core.engine.errors import DeltaExpired, Unsupported
from ..core.engine.fields import UNANNOUNCED
from ..core.engine.normalize import norm_address
from ..core.engine.snapshot import EMPTY, Keyed
from ..core.graph.remote import DeltaPage
from . import (
    faults,
    fetching,
    homes,
    journal,
    positions,
    safety,
    series_fetching,
    settings,
    survey,
    unsent,
)
from .asking import look_up
from .desk import Desk
from .fetching import Fetching
from .outgoing import Outgoing
from .plans import Plan
from .series_fetching import Whole
from .session import CONCURRENCY, LEASE_SECONDS, Session
from .wishes import Wish

#: How often somebody who waits looks whether another worker is done with the account.
POLL_SECONDS = 0.2

#: What only the preview of a mailbox in use tells, beside `survey.NOTHING`.
NOTHING: Mapping[str, Any] = {
    "changed_here": 0,
    "changed_there": 0,
    "removed_here": 0,
    "removed_there": 0,
}
_COUNTS = {
    "incoming": "created_local",
    "joined": "joined",
    "changed_there": "changed_local",
    "removed_there": "removed_local",
}


class Outcome(enum.Enum):
    """How a look ended."""

    DONE = "the preview is kept, as far as time allowed"
    BUSY = "somebody else is at it"
    OUT_OF_REACH = "nobody is signed in, or this server is not the one that may ask"
    FAULT = "something is wrong; the account says what"


def run(registry: Registry, account_id: int, *, deadline: float) -> Outcome:
    """Make the preview under the account's claim, until `deadline` (monotonic) at the latest."""
    while True:
        try:
            claim, may_look = _claim(registry, account_id)
        except CONCURRENCY:
            claim, may_look = None, True
        if not may_look:
            return Outcome.OUT_OF_REACH
        if claim:
            break
        if time.monotonic() >= deadline:
            return Outcome.BUSY
        time.sleep(POLL_SECONDS)
    session = Session(registry, account_id, claim)
    try:
        session.run_id = session.step(journal.begin, "preview")
        forecast = _Forecast(session, lambda: time.monotonic() < deadline)
        ended_well = faults.guarded(session, forecast.make)
        faults.guarded(session, lambda: journal.close(session, ended_well=ended_well))
        return Outcome.DONE if ended_well else Outcome.FAULT
    finally:
        session.close()


def _claim(registry: Registry, account_id: int) -> tuple[str | None, bool]:
    """Return the claim on the account, and whether its mailbox may be asked."""
    with registry.cursor() as cr:
        account = Environment(cr, SUPERUSER_ID, {})["outlook.account"].browse(account_id)
        claim = account._claim(LEASE_SECONDS)
        may_look = bool(account.token_cache) and account.state in ("active", "preview", "paused")
        may_look = may_look and settings.is_enabled(account.env) and account._belongs_here()
        if claim and not may_look:
            account._release(claim)
        return claim, may_look


class _Forecast:
    """One look. Counts in `self._counted`, which becomes the account's preview."""

    def __init__(self, session: Session, in_time: Callable[[], bool]) -> None:
        self._session = session
        self._in_time = in_time
        self._counted: Counter[str] = Counter()
        self._found: dict[str, list[Any]] = {"differing": [], "to_send": []}
        self._people: set[str] = set()

    def make(self) -> None:
        """Look at the mailbox, then at what waits here."""
        nothing_to_send = Fetching(self._session, send=_refuse, in_time=self._in_time)
        nothing_to_send.read_calendars()
        if self._session.step(_is_first):
            if survey.read(self._session, self._in_time):
                self._session.step(survey.finish)
            return
        chosen = self._session.step(fetching.chosen_calendars)
        done = [self._read_calendar(row_id) for row_id in chosen]
        done.append(self._add_outgoing())
        self._session.step(_keep, self._preview(is_done=all(done)))

    def _read_calendar(self, row_id: int) -> bool:
        try:
            return self._read_pages(row_id)
        except DeltaExpired:
            return self._read_pages(row_id, anew=True)
        except Unsupported:
            return self._read_list(row_id)

    def _read_pages(self, row_id: int, *, anew: bool = False) -> bool:
        """Read what changed, page after page; tell whether time sufficed."""
        place = self._session.peek(positions.position, row_id)
        link = None if anew else place.link
        while self._in_time():
            client = self._session.client
            if link:
                page = client.delta_page(place.remote_id, link=link, page_size=survey.PAGE_SIZE)
            else:
                page = client.delta_page(
                    place.remote_id, window=place.window, page_size=survey.PAGE_SIZE
                )
            self._count(row_id, page)
            link = page.next_link
            if link is None:
                return True
        return False

    def _read_list(self, row_id: int) -> bool:
        place = self._session.peek(positions.list_position, row_id)
        events = list(self._session.client.list_view(place.remote_id, place.window))
        self._count(row_id, DeltaPage(events))
        return True

    def _count(self, row_id: int, page: DeltaPage) -> None:
        client = self._session.client
        known = self._session.peek(fetching.known, row_id, page.removed)
        found = {one: look_up(client, one) for one in known}
        _single, told = series_fetching.divided(page.events)
        wanted = self._session.peek(series_fetching.news, row_id, told) if told else []
        whole = series_fetching.read(client, wanted, told)
        counted, differing = self._session.peek(_brought_in, row_id, page, found, whole)
        self._counted.update(counted)
        self._found["differing"] += differing

    def _add_outgoing(self) -> bool:
        """Add what waits here; tell whether time sufficed."""
        counted, to_send, people, is_done = self._session.peek(_going_out, self._in_time)
        self._counted.update(counted)
        self._found["to_send"] += to_send
        self._people |= people
        return is_done

    def _preview(self, *, is_done: bool) -> dict[str, Any]:
        people = {"people_now": len(self._people)}
        return {**self._counted, **self._found, **people, "done": is_done}


def _refuse(_wishes: Sequence[Wish]) -> None:
    """Send nothing: this is only a look."""


def _is_first(desk: Desk) -> bool:
    return survey.is_due(desk.account)


def _keep(desk: Desk, preview: dict[str, Any]) -> None:
    desk.account._lock()
    desk.account.write({"preview": preview, "preview_at": fields.Datetime.now()})


def _brought_in(
    desk: Desk, row_id: int, page: DeltaPage, found: Mapping[str, Any], whole: Whole
) -> tuple[dict[str, int], list[dict[str, Any]]]:
    """Bring a page in as a round does; return what that came to, and the sides that differ."""
    copies = desk.env["outlook.copy"].search([("calendar_id", "=", row_id)])
    noted = safety.unjudged(desk, "in")
    fetching.bring_in(desk, row_id, page, found, whole, {})
    new = desk.env["outlook.copy"].search([("calendar_id", "=", row_id)]) - copies
    met = new.meeting_id.filtered("event_id")
    counted = {name: desk.tally[tally] for name, tally in _COUNTS.items()}
    counted["removed_there"] += len((safety.unjudged(desk, "in") - noted).meeting_id)
    counted["doubles_there"] = len(new.meeting_id.filtered(lambda one: one.asked == "there"))
    differing = [
        {"event_id": one.event_id.id, "fields": one.differences} for one in met if one.differences
    ]
    return counted, differing


def _going_out(
    desk: Desk, in_time: Callable[[], bool]
) -> tuple[Counter[str], list[int], set[str], bool]:
    """Plan all that waits here as a round does, as far as time allows.

    Return it counted, the new ones, who is mailed, and whether that is all.
    """
    counted: Counter[str] = Counter()
    to_send: list[int] = []
    people: set[str] = set()
    plans, is_done = _plans(desk, in_time)
    for copy in safety.unjudged(desk, "out"):
        counted["removed_here"] += 1
        people |= _mailed(desk, copy.meeting_id, None)
    for plan in plans:
        for wish in plan.wishes:
            meeting = desk.env["outlook.meeting"].browse(wish.meeting_id)
            if wish.kind == "create":
                to_send.append(meeting.event_id.id)
            else:
                counted["changed_here"] += 1
            people |= _mailed(desk, meeting, wish)
        for look in plan.looks:
            copy = desk.env["outlook.copy"].browse(look.copy_id)
            is_gone = desk.read(copy.meeting_id, copy) is None
            counted["removed_here" if is_gone else "changed_here"] += 1
            people |= _mailed(desk, copy.meeting_id, None)
    return counted, to_send, people, is_done


def _plans(desk: Desk, in_time: Callable[[], bool]) -> tuple[list[Plan], bool]:
    """Return the plans of one step at least, and whether time sufficed for all of them."""
    plans = [Outgoing(desk).read_outbox(0)]
    while plans[-1].more and in_time():
        plans.append(Outgoing(desk).read_outbox(plans[-1].last_row))
    calendar = desk.account.calendar_ids.filtered("matching")[:1]
    is_more = plans[-1].more or bool(calendar)
    while calendar and is_more and in_time():
        plans.append(Outgoing(desk).match_existing(calendar))
        is_more = plans[-1].more
    return plans, not is_more


def _mailed(desk: Desk, meeting, wish: Wish | None) -> set[str]:
    """Return the addresses that Outlook mails about a write and all that follows it.

    Without a wish the meeting is removed.
    """
    event = homes.stands_for(meeting)
    everybody = unsent.addresses(desk.env, desk.account, event) if event else set()
    if wish is None:
        return everybody
    found: set[str] = set()
    for one in (wish, *wish.following()):
        found |= _mailed_by(desk, meeting, one, everybody)
    return found - {"", norm_address(desk.account.address)}


def _mailed_by(desk: Desk, meeting, wish: Wish, everybody: set[str]) -> set[str]:
    """Return the addresses that one request mails: who is added or removed alone is told alone."""
    operation = wish.operation
    if wish.kind in ("answer", "date answers"):
        return {meeting.organizer or ""} if operation.send_response else set()
    if wish.kind == "occurrences":
        parts = operation.parts.values()
        is_silent = all(isinstance(one, Keyed) and one.keys() <= UNANNOUNCED for one in parts)
        return set() if is_silent else everybody
    if wish.kind not in ("create", "change") or operation.values.keys() <= UNANNOUNCED:
        return set()
    base = desk.shared_base(meeting)
    there = base.remote.get("people", EMPTY) if base else EMPTY
    wanted = operation.values.get("people", there)
    others = {
        norm_address((wanted.get(key) or there[key]).address)
        for key in wanted.keys() ^ there.keys()
    }
    return others if operation.values.keys() == {"people"} else everybody | others
