"""Remember where the rows of a series came from: Odoo moves and regroups them without a trace.

Outlook knows an occurrence by its original start, and a meeting is handed over along the
recurrence that its rows left (`bridge.homes`). Both are stored in the person's own write, where
possible in the very same UPDATE.
"""

from functools import partial
from typing import Any

from odoo import fields

from . import homes

#: Scopes of an edit that Odoo itself takes apart into writes of single rows.
_WIDER = ("future_events", "all_events")


def remember(events, vals: dict[str, Any]) -> dict[str, Any]:
    """Return `vals` for these events with what the move makes worth remembering."""
    if vals.get("recurrence_update") in _WIDER and len(events) == 1 and events.recurrence_id:
        return vals
    if "recurrence_id" in vals:
        return _keep(events, vals, partial(_regrouped, ending=_ending(events, vals)))
    if "start" in vals and "outlook_original_start" not in vals:
        return _keep(events, vals, _moved)
    return vals


def leave(events, vals: dict[str, Any]) -> bool:
    """Tell whether a write takes rows out of their series."""
    if "recurrence_id" not in vals:
        return False
    return any(one.id != vals["recurrence_id"] for one in events.recurrence_id)


def _keep(events, vals: dict[str, Any], worth) -> dict[str, Any]:
    """Add what all events have in common to `vals`; write by itself what is each one's own."""
    kept = [(event, worth(event, vals)) for event in events]
    if kept and all(values == kept[0][1] for _event, values in kept):
        return {**kept[0][1], **vals}
    for event, values in kept:
        if values:
            event.write(values)
    return vals


def _ending(events, vals: dict[str, Any]):
    """Return the recurrences of which no row is left when these events leave them."""
    left = events.recurrence_id - events.recurrence_id.browse(vals["recurrence_id"] or ())
    if not left:
        return left
    stay = events.sudo().with_context(active_test=True)
    stay = stay.search([("recurrence_id", "in", left.ids), ("id", "not in", events.ids)])
    return left - stay.recurrence_id


def _regrouped(event, vals: dict[str, Any], *, ending) -> dict[str, Any]:
    """A row that leaves its series, or comes into one, has no original start in it.

    Where all leave together they stand for what the series was.
    """
    old, new = event.recurrence_id, vals["recurrence_id"] or False
    if old.id == new:  # Odoo writes the same value again and again
        return {}
    values: dict[str, Any] = {"outlook_original_start": False}
    if old:
        values |= {"outlook_former_recurrence": old.id, "outlook_is_heir": old in ending}
        values |= {} if old in ending else _without_room(event)
    return values


def _without_room(event) -> dict[str, Any]:
    """The room of the Teams meeting stays with the series: who goes on without it has another."""
    link = event.videocall_location
    is_room = bool(link) and link == homes.meeting_of(event.env, event).join_url
    return {"videocall_location": False} if is_room else {}


def _moved(event, vals: dict[str, Any]) -> dict[str, Any]:
    """Only the first move is one from the original start."""
    if not event.recurrence_id or event.outlook_original_start:
        return {}
    start = fields.Datetime.to_datetime(vals["start"])
    return {"outlook_original_start": event.start} if start and start != event.start else {}


def remember_end(recurrences) -> None:
    """Do the same for the rows of recurrences that are about to be deleted.

    The database itself empties the rows' reference then: no write of theirs tells.
    """
    events = recurrences.env["calendar.event"]
    events.flush_model(["recurrence_id"])
    recurrences.env.cr.execute(
        """
        UPDATE calendar_event
           SET outlook_former_recurrence = recurrence_id, outlook_is_heir = TRUE,
               outlook_original_start = NULL
         WHERE recurrence_id = ANY(%s)
        """,
        (recurrences.ids,),
    )
    events.invalidate_model(
        ["outlook_former_recurrence", "outlook_is_heir", "outlook_original_start"]
    )
