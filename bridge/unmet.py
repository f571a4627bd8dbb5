"""Which meetings of this database no round has met."""

from collections.abc import Collection
from datetime import datetime

from odoo.api import Environment
from odoo.fields import Domain

from . import homes, settings
from .desk import Desk


def events(desk: Desk, calendar, *, limit: int):
    """Return events of the window that are no meeting yet; one row for each series.

    The window is the calendar's, as far as time has not moved on: what fell out of it while a round
    was interrupted is never sent, so it would be found again and again.
    """
    begin, end = settings.window(desk.env)
    outbox = desk.env["outlook.outbox"].search([("account_id", "=", desk.account.id)])
    # Made since the connection, or edited: the outbox knows more about those that are in it.
    return own(
        desk.account,
        (max(begin, calendar.window_start), min(end, calendar.window_end)),
        but_events=outbox.mapped("event_id"),
        but_series=outbox.mapped("recurrence_id"),
        limit=limit,
    )


def own(
    account,
    window: tuple[datetime, datetime],
    *,
    but_events: Collection[int] = (),
    but_series: Collection[int] = (),
    limit: int | None = None,
):
    """Return the owner's events in the window (UTC) that are no meeting yet; one of each series.

    Without the events and recurrences of these numbers. In the order in which they were made.
    """
    mine = (
        Domain("user_id", "=", account.user_id.id)
        & Domain("active", "=", True)
        & Domain("stop", ">=", window[0])
        & Domain("start", "<=", window[1])
    )
    unknown = Domain("outlook_meeting_ids", "=", False) | (
        Domain("outlook_meeting_ids.state", "=", "new")
        & Domain("outlook_meeting_ids.copy_ids", "=", False)
    )
    single = (
        mine
        & unknown
        & Domain("recurrence_id", "=", False)
        & Domain("id", "not in", list(but_events))
    )
    found = account.env["calendar.event"].search(single, order="id", limit=limit)
    if limit is None or len(found) < limit:
        left = None if limit is None else limit - len(found)
        found |= _series(account.env, mine, but_series, left)
    return found


def has_left_a_series(event) -> bool:
    """Tell whether an event comes from a series that Outlook has: its guests know of it."""
    former = event.outlook_former_recurrence
    if not former:
        return False
    meetings = event.env["outlook.meeting"].search([("recurrence_ref", "=", former)])
    return any(one.state in ("linked", "parked") for one in meetings)


def _series(env: Environment, mine: Domain, busy: Collection[int], limit: int | None):
    """Return one row of each series that is no meeting yet."""
    met = env["outlook.meeting"].search(
        Domain("recurrence_ref", ">", 0)
        & (Domain("state", "!=", "new") | Domain("copy_ids", "!=", False))
    )
    but = {*met.mapped("recurrence_ref"), *busy}
    domain = (
        mine & Domain("recurrence_id", "!=", False) & Domain("recurrence_id", "not in", list(but))
    )
    rows = env["calendar.event"].search(domain, order="id")
    recurrences = rows.recurrence_id[:limit]
    return rows.browse().union(*(_standing(one) for one in recurrences))


def _standing(recurrence):
    """Return the row that a series hangs on."""
    rows = homes.rows(recurrence.calendar_event_ids[:1])
    base = recurrence.base_event_id
    return base if base in rows else rows[:1]
