"""What is to become of this side's own meetings that Outlook does not have.

The one place that says which of them go out and which wait for a person: rounds act on it, and a
preview counts it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from odoo.api import Environment

from ..core.engine.normalize import norm_address
from . import homes, settings, unmet
from .desk import since
from .people import People


def waits_for_a_person(
    account, event, *, is_new: bool, is_announced: bool = False, is_wanted: bool = False
) -> bool:
    """Tell whether a meeting that no mailbox has stays here until a person sends it.

    With guests: always where it is over (nobody is invited to the past); where it was here before
    the connection, and where its guests heard of it from this side (`is_announced`). Without guests
    nobody is mailed: only where the owner wants what existed left alone. `is_wanted`: a person
    asked to send this one, or brought it back from the archive. Any row of a series stands for all.
    """
    invited = has_guests(event)
    if invited and homes.is_over(event):
        return True
    if is_wanted:
        return False
    if is_new:
        return invited and is_announced
    return invited or account.sync_policy == "new"


def has_guests(event) -> bool:
    """Tell whether anybody but the organizer is invited, be it to one date of a series."""
    return bool(homes.rows(event).partner_ids - event.user_id.partner_id)


def is_announced(event, *, noted: bool) -> bool:
    """Tell whether guests heard of a meeting from this side; `noted`: the outbox says so.

    Of what left a series that Outlook has, Outlook tells the end: so somebody has to invite.
    """
    told = noted or any(homes.rows(event).mapped("outlook_is_announced"))
    return told and not unmet.has_left_a_series(event)


def addresses(env: Environment, account, events) -> set[str]:
    """Return the addresses that Outlook would mail if it sent invitations to these meetings."""
    rows = events.browse().union(*(homes.rows(event) or event for event in events))
    people = People(env, account.user_id)
    guests = rows.attendee_ids.partner_id - account.user_id.partner_id
    found = {people.address(partner) for partner in guests}
    return found - {"", norm_address(account.address)}


def request(events) -> None:
    """Note that a person wants these meetings, which no round met, to be sent with their guests.

    Each by itself and not as a rule: what he was shown goes out, and nothing else ever.
    """
    env = events.env
    for event in events:
        homes.claim_or_begin(env, event).requested = True


@dataclass(frozen=True)
class Unsent:
    """Own meetings that are not in Outlook, one event for each; what a round does with them.

    `with_guests` were here before the connection: their owner decides. `fresh` were made since, and
    have guests: they go out. `over` have guests and are left alone, whatever is decided.
    """

    without_guests: Any
    with_guests: Any
    fresh: Any
    over: Any

    @property
    def old(self) -> Any:
        """Return those that were here before the connection."""
        return self.without_guests | self.with_guests | self.over

    @property
    def all(self) -> Any:
        """Return them all."""
        return self.without_guests | self.with_guests | self.fresh | self.over


def exist(account) -> bool:
    """Tell whether there is an own meeting in the window that no round met."""
    return bool(unmet.own(account, settings.window(account.env), limit=1))


def sort(account, *, but: Iterable[int] = ()) -> Unsent:
    """Return the own meetings of the window that no round met, without the events `but`.

    `account` is in an environment that sees archived records, too, as rounds have it.
    """
    events = account.env["calendar.event"]
    taken = events.browse(but).exists()
    window = settings.window(account.env)
    found = unmet.own(account, window, but_events=taken.ids, but_series=taken.recurrence_id.ids)
    kinds = {"without_guests": events, "with_guests": events, "fresh": events, "over": events}
    noted = _Noted(account)
    for event in found:
        kinds[_kind(event, account, noted)] |= event
    return Unsent(**kinds)


def _kind(event, account, noted: "_Noted") -> str:
    if not has_guests(event):
        return "without_guests"
    if homes.is_over(event):
        return "over"
    is_fresh = noted.is_new(event) and not noted.is_announced(event)
    return "fresh" if is_fresh else "with_guests"


class _Noted:
    """What the outbox tells of meetings that are new to it."""

    def __init__(self, account) -> None:
        self._since = since(account).replace(tzinfo=None)
        rows = account.env["outlook.outbox"].search([("account_id", "=", account.id)])
        self._events = set(rows.mapped("event_id"))
        self._series = set(rows.mapped("recurrence_id")) - {0}  # of no series
        announced = rows.filtered(lambda row: row.announced and row.kind == "create")
        self._announced = {(row.recurrence_id, row.event_id) for row in announced}

    def is_new(self, event) -> bool:
        """Tell whether an event is younger than the connection; only what is noted can be."""
        if event.id not in self._events and event.recurrence_id.id not in self._series:
            return False
        return event.create_date >= self._since or unmet.has_left_a_series(event)

    def is_announced(self, event) -> bool:
        """Tell whether this side told its guests."""
        series = event.recurrence_id.id
        noted = any(
            one == event.id or (series and one_series == series)
            for one_series, one in self._announced
        )
        return is_announced(event, noted=noted)
