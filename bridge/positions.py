"""How far each calendar of a mailbox has been read, as its row keeps it.

A calendar is read by delta, or where Graph has none for it, by listing its window anew each time.
A *full round* meets every event of the window; what it did not meet is then looked up.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from odoo import fields
from odoo.fields import Domain

from ..core.engine.codec import FORMAT
from . import safety, settings
from .desk import Desk

#: The window moves on in jumps: a delta link is bound to the window that it began with.
WINDOW_EVERY = timedelta(days=14)
#: Copies that one step looks up because a full round has not met them.
SUSPECTS = 20


@dataclass(frozen=True)
class Position:
    """How far a calendar has been read. `link` leads on; without one a full round begins.

    `window` is aware; of a list that was interrupted it is what is still to be read.
    """

    row_id: int
    remote_id: str | None
    link: str | None
    window: tuple[datetime, datetime]
    is_full: bool


def position(desk: Desk, row_id: int) -> Position:
    """Return where to read on; where the window must move, a full round begins."""
    calendar = _calendar(desk, row_id)
    has_begun = calendar.page_link or calendar.delta_link or calendar.listed_until
    if not has_begun or _is_outdated(calendar):
        _begin_full_round(calendar)
    return _here(calendar)


def list_position(desk: Desk, row_id: int) -> Position:
    """Return where to go on with the list of a calendar that has no delta (any more)."""
    calendar = _calendar(desk, row_id)
    if calendar.page_link or calendar.delta_link:
        _begin_full_round(calendar)
    return _here(calendar)


def is_default(desk: Desk, row_id: int) -> bool:
    """Tell whether this is the calendar without which there is nothing to keep in step."""
    return _calendar(desk, row_id).is_default


def expire(desk: Desk, row_id: int) -> None:
    """Forget links that Graph does not know any more."""
    _calendar(desk, row_id).write({"delta_link": False, "page_link": False})


def list_again(desk: Desk) -> None:
    """Let the next round ask which calendars there are."""
    desk.account._lock()
    desk.account.calendars_read_at = False


def suspects(desk: Desk, row_id: int) -> list[str]:
    """Return copies that this full round has not met although their time is in the window.

    What lies outside of it, is left alone, or known to be gone (see `safety`) is no matter of the
    round. Of a series any occurrence counts.
    """
    calendar = _calendar(desk, row_id)
    within = Domain("stop", ">=", calendar.window_start) & Domain(
        "start", "<=", calendar.window_end
    )
    series = Domain("meeting_id.event_id.recurrence_id.calendar_event_ids", "any", within)
    in_window = Domain("meeting_id.event_id", "any", within) | series
    copies = desk.env["outlook.copy"].search(
        Domain("calendar_id", "=", row_id)
        & Domain("remote_id", "!=", False)
        & Domain("departed", "not in", safety.KINDS["in"])
        & Domain("seen_round", "<", calendar.round_number)
        & Domain("meeting_id.state", "!=", "left_alone")
        & (Domain("meeting_id.event_id", "=", False) | in_window),
        limit=SUSPECTS,
    )
    return copies.mapped("remote_id")


def end_full_round(desk: Desk, row_id: int) -> None:
    """Note that all was met or looked up."""
    _calendar(desk, row_id).write({"full_round": False, "listed_until": False})


def _calendar(desk: Desk, row_id: int):
    return desk.env["outlook.calendar"].browse(row_id)


def _here(calendar) -> Position:
    return Position(
        calendar.id,
        calendar._graph_id(),
        calendar.page_link or calendar.delta_link or None,
        (_aware(calendar.listed_until or calendar.window_start), _aware(calendar.window_end)),
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
            "listed_until": False,
            "format": FORMAT,
            "window_start": now - timedelta(days=past),
            "window_end": now + timedelta(days=future),
        }
    )


def _aware(moment: datetime) -> datetime:
    return moment.replace(tzinfo=timezone.utc)
