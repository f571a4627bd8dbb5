"""Which meetings of this database no round has met."""

from odoo.fields import Domain

from . import homes
from .desk import Desk


def events(desk: Desk, calendar, *, limit: int):
    """Return events of the window that are no meeting yet; one row for each series."""
    outbox = desk.env["outlook.outbox"].search([("account_id", "=", desk.account.id)])
    mine = (
        Domain("user_id", "=", desk.account.user_id.id)
        & Domain("active", "=", True)
        & Domain("stop", ">=", calendar.window_start)
        & Domain("start", "<=", calendar.window_end)
    )
    unknown = Domain("outlook_meeting_ids", "=", False) | (
        Domain("outlook_meeting_ids.state", "=", "new")
        & Domain("outlook_meeting_ids.copy_ids", "=", False)
    )
    # Made since the connection, or edited: the outbox knows more about those that are in it.
    single = (
        mine
        & unknown
        & Domain("recurrence_id", "=", False)
        & Domain("id", "not in", outbox.mapped("event_id"))
    )
    found = desk.env["calendar.event"].search(single, order="id", limit=limit)
    if len(found) < limit:
        found |= _series(desk, mine, outbox.mapped("recurrence_id"), limit - len(found))
    return found


def has_left_a_series(event) -> bool:
    """Tell whether an event comes from a series that Outlook has: its guests know of it."""
    former = event.outlook_former_recurrence
    if not former:
        return False
    meetings = event.env["outlook.meeting"].search([("recurrence_ref", "=", former)])
    return any(one.state in ("linked", "parked") for one in meetings)


def _series(desk: Desk, mine: Domain, busy: list[int], limit: int):
    """Return one row of each series that is no meeting yet."""
    met = desk.env["outlook.meeting"].search(
        Domain("recurrence_ref", ">", 0)
        & (Domain("state", "!=", "new") | Domain("copy_ids", "!=", False))
    )
    but = {*met.mapped("recurrence_ref"), *busy}
    domain = (
        mine & Domain("recurrence_id", "!=", False) & Domain("recurrence_id", "not in", list(but))
    )
    rows = desk.env["calendar.event"].search(domain, order="id")
    recurrences = rows.recurrence_id[:limit]
    return rows.browse().union(*(_standing(one) for one in recurrences))


def _standing(recurrence):
    """Return the row that a series hangs on."""
    rows = homes.rows(recurrence.calendar_event_ids[:1])
    base = recurrence.base_event_id
    return base if base in rows else rows[:1]
