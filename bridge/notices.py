"""What a person is told on the form of a meeting, and what is refused with a reason."""

from datetime import datetime
from typing import Any

import pytz

from odoo import fields
from odoo.exceptions import UserError

from . import homes, moving, series_reader, wording

#: Fields of an event that say by what rule it recurs; not when that ends, nor in which zone.
RULE_FIELDS = frozenset(
    {
        "rrule_type", "rrule_type_ui", "interval", "month_by", "day", "weekday", "byday",
        "mon", "tue", "wed", "thu", "fri", "sat", "sun",
    }
)  # fmt: skip


def refused(event) -> str | bool:
    """Return why Outlook does not take this occurrence, in words; False where it does."""
    event = event._origin
    if not homes.is_series(event):
        return False
    meeting = visible_meeting(event)
    moves = moving.is_moving(meeting._organizer_copy())
    if not moves and homes.organized_elsewhere(meeting, event.sudo()):
        return event.env._(
            "In Outlook, all occurrences of a series have one organizer: there this one stays as"
            " it was, until it has the organizer of the series or is a meeting of its own."
        )
    entry = meeting.refused and meeting.refused.get(series_reader.slot(event).isoformat())
    if not entry:
        return False
    return event.env._(
        "Outlook does not take this occurrence: %(reason)s There it stays as it was, until it"
        " fits or is a meeting of its own.",
        reason=sentence(wording.refusal(event.env, entry.get("code"), entry["reason"])),
    )


def parked(event) -> str | bool:
    """Return why the meeting was set aside as a whole, in words; False where it was not."""
    meeting = visible_meeting(event._origin)
    if meeting.state != "parked":
        return False
    return event.env._(
        "Not in step with Outlook: %(reason)s It is tried again as soon as it changes here or"
        " there.",
        reason=sentence(wording.parked(event.env, meeting.reason)),
    )


def fixed_rule(event) -> str | bool:
    """Say that the rule of this series cannot be changed here; False where it can."""
    if not event.recurrence_id.outlook_rule:
        return False
    return event.env._(
        "The rule of this series can be changed in Outlook only. All else can be changed here, its"
        " time of day too."
    )


def check_rule(events, vals: dict[str, Any]) -> None:
    """Refuse to give a series another rule here if its own cannot be said here.

    *This event* has no rule, and a series may always stop recurring. Raises UserError.
    """
    if vals.get("recurrence_update") not in ("all_events", "future_events") or len(events) != 1:
        return
    if vals.get("recurrency") is False or not events.recurrence_id.outlook_rule:
        return
    if _changes_rule(events, vals) or _changes_day(events, vals):
        raise UserError(
            events.env._(
                "The rule of this series comes from Outlook, and its days can be changed there"
                " only. You can change the time of day and all else here, or move single"
                " occurrences with “This event”."
            )
        )


def _changes_rule(event, vals: dict[str, Any]) -> bool:
    return any(event[name] != vals[name] for name in RULE_FIELDS.intersection(vals))


def _changes_day(event, vals: dict[str, Any]) -> bool:
    is_allday = vals.get("allday", event.allday)
    start = vals.get("start_date") if is_allday else None
    start = fields.Datetime.to_datetime(start or vals.get("start")) or event.start
    old, new = homes.zone(event), vals.get("event_tz") or homes.zone(event)
    return _day(start, is_allday, new) != _day(event.start, event.allday, old)


def _day(moment: datetime, is_allday: bool, zone: str) -> str:
    """Return the ISO date of a start as Odoo keeps it, on the calendar of a zone."""
    if not is_allday:
        moment = pytz.utc.localize(moment).astimezone(pytz.timezone(zone))
    return moment.date().isoformat()


def visible_meeting(event):
    """Return the meeting of an event; none for those who may not know what the event is.

    Nor for guests from outside: what Outlook has to do with it is for those who work here.
    """
    if not event or event.env.user.share or event._check_private_event_conditions():
        return event.env["outlook.meeting"].sudo()
    return homes.meeting_of(event.env, event)


def visible_meetings(events) -> dict[int, Any]:
    """Return `visible_meeting` of each of these stored events by id, as they hang at the moment.

    A few queries, however many events.
    """
    none = events.env["outlook.meeting"].sudo()
    found = dict.fromkeys(events.ids, none)
    if events.env.user.share:
        return found
    shown = events.filtered(lambda event: not event._check_private_event_conditions()).sudo()
    known = homes.Known(shown)
    return found | {event.id: known.meeting(event) for event in shown}


def sentence(text: str) -> str:
    """Return a text that ends as a sentence does."""
    return text if text.endswith((".", "!", "?")) else f"{text}."
