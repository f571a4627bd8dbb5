"""Where a meeting hangs: on a single event, or on the rows of a recurrence.

A *home* is what stands for one meeting here: a recurrence with its rows, or an event by itself.
Odoo replaces homes as it likes: *all events* with another time makes a new recurrence around the
old base event, *this and following* from the first occurrence a new one around any row, and a
series that stops recurring leaves one of its rows. `outlook.meeting` follows by hand-over, in
rounds only: what a person saves touches no row that a round may be writing.
"""

from datetime import datetime, timedelta, timezone

from odoo import fields
from odoo.api import Environment
from odoo.fields import Domain

from ..core.engine.timezones import utc_to_local

_FORMER = "outlook_former_recurrence"


def is_series(event) -> bool:
    """Tell whether `event` is one row of a series; a row that left its series is none."""
    return bool(event.recurrence_id)


def organized_elsewhere(meeting, events):
    """Return the rows of a series that somebody else organizes than the mailbox it is in.

    Outlook's occurrences have the organizer of their series.
    """
    owner = meeting._organizer_copy().account_id.user_id
    return events.filtered(lambda row: owner and is_series(row) and row.user_id != owner)


def rows(event):
    """Return the active rows of the series of `event` by start, or the single event itself."""
    if not is_series(event):
        return event
    return _rows_of(event.env, event.recurrence_id.id)


def is_over(event, last: datetime | None = None) -> bool:
    """Tell whether a meeting has ended, a series with its last occurrence.

    Whole days end with the day on the organizer's clock. `last` is when it stops (UTC, as Odoo
    keeps it), where that is known already.
    """
    last = last or max(rows(event).mapped("stop"), default=event.stop)
    now = fields.Datetime.now()
    if not event.allday:
        return last < now
    today = utc_to_local(now.replace(tzinfo=timezone.utc), event.user_id.sudo().tz or "UTC").date()
    return last.date() < today


def zone(event) -> str:
    """Return the zone on whose calendar a series recurs, or in which a single meeting was made."""
    own = event.recurrence_id.event_tz if is_series(event) else event.outlook_zone
    return own or event.user_id.sudo().tz or "UTC"


def meeting_of(env: Environment, event):
    """Return the meeting that the home of `event` stands for, in `sudo`; empty where none is known.

    Changes nothing: what hangs elsewhere for the moment is found all the same.
    """
    event = event.sudo()
    for meeting in _candidates(env, event):
        if _same_home(stands_for(meeting), event):
            return meeting
    return env["outlook.meeting"].sudo()


class Known:
    """The meetings of many events at once, as they hang at the moment; in `sudo`, two queries."""

    def __init__(self, events) -> None:
        refs = [*events.recurrence_id.ids, *filter(None, events.mapped(_FORMER))]
        found = events.env["outlook.meeting"].sudo()
        found = found.search(
            Domain("event_id", "in", events.ids)
            | Domain("recurrence_ref", "in", refs)
            | Domain("event_id.recurrence_id", "in", events.recurrence_id.ids)
        )
        self._none = found.browse()
        self._by_event = {one.event_id.id: one for one in found}
        self._by_series = {one.event_id.recurrence_id.id: one for one in found}
        self._by_series |= {one.recurrence_ref: one for one in found}

    def meeting(self, event):
        """Return the meeting that an event, or the series that it is a row of, hangs on."""
        if is_series(event):
            return self._by_series.get(event.recurrence_id.id, self._none)
        return self._by_event.get(event.id, self._none)

    def origin(self, event):
        """Return the meeting of the series that an event left."""
        return self._by_series.get(event[_FORMER] or None, self._none)


def origin(event):
    """Return the meeting of the series that `event` left, in `sudo`; empty where it left none.

    What leaves a series has its history: it was in Outlook, or a person left it alone, although
    no meeting of its own is known.
    """
    event = event.sudo()
    return Known(event).origin(event)


def claim(env: Environment, event):
    """Hand over all that hangs on `event` or its series, then return the meeting of its home.

    For rounds, before a meeting is made for `event`: one that hangs here by mistake is in the way.
    """
    for meeting in _candidates(env, event.sudo()):
        hand_over(meeting)
    return meeting_of(env, event)


def begin(env: Environment, event):
    """Return a new meeting for an event that was made here and of which none is known."""
    meeting = env["outlook.meeting"].create({"event_id": event.id, "made_here": True})
    hand_over(meeting)
    return meeting


def claim_or_begin(env: Environment, event):
    """Return the meeting of the home of `event`, as `claim` does, or a new one."""
    return claim(env, event) or begin(env, event)


def hand_over(meeting) -> None:
    """Let the meeting hang on what stands for it now; where nothing does it stays as it is."""
    event = stands_for(meeting)
    if not event or not event.active:
        return
    place = {"event_id": event.id, "recurrence_ref": event.recurrence_id.id or False}
    changed = (meeting.event_id, meeting.recurrence_ref or False) != (
        event,
        place["recurrence_ref"],
    )
    if changed:
        meeting.write({**place, **_beginning(meeting, event), **_reach(meeting, event)})


def _beginning(meeting, event) -> dict:
    """Return since when a meeting has rows that comes to another recurrence; {} where it stays.

    What lies before the first of them was never there, however long ago the series began.
    """
    if not meeting.since or meeting.recurrence_ref == event.recurrence_id.id:
        return {}
    if not event.recurrence_id:
        return {"since": False}
    # Whatever the zone, no row is a whole day away from its date in UTC.
    first = rows(event)[:1].start.date() + timedelta(days=1)
    return {"since": max(meeting.since, first)}


def _reach(meeting, event) -> dict:
    """Return the horizon of a meeting that comes to another recurrence; {} where it stays.

    Odoo has made other rows, and fewer or more of them: what is missing up to the old horizon was
    never there. One that ends beyond has them as far as it has them; others are measured anew.
    """
    recurrence = event.recurrence_id
    if not meeting.horizon or meeting.recurrence_ref == recurrence.id:
        return {}
    if recurrence.end_type != "end_date" or recurrence.until <= meeting.horizon:
        return {"horizon": False}
    # Whatever the zone, no row is a whole day away from its date in UTC.
    last = rows(event)[-1:].start.date() - timedelta(days=1)
    return {"horizon": min(meeting.horizon, last)}


def stands_for(meeting):
    """Return the event that stands for a meeting now, in this order:

    of its recurrence the base event, or else the first row; its event, in whatever series or alone;
    what is left of its recurrence elsewhere (*this and following* from the first occurrence, or one
    row that is no series any more), where all rows left together: a part that left before is
    another meeting; its event as it is: archived, or none.
    """
    ref, event = meeting.recurrence_ref, meeting.event_id.exists()
    standing = _row_of(meeting, ref) if ref else event.browse()
    if not standing and event:
        standing = _row_of(meeting, event.recurrence_id.id) if is_series(event) else event
        standing = standing if standing.active else event.browse()
    if not standing and ref:
        standing = _left(meeting, ref)
    return standing or event


def left(env: Environment, recurrence_ref: int):
    """Return the events that were rows of a recurrence, are active and have another home now."""
    return env["calendar.event"].search(
        [
            (_FORMER, "=", recurrence_ref),
            ("recurrence_id", "!=", recurrence_ref),
            ("active", "=", True),
        ],
        order="start, id",
    )


def _row_of(meeting, recurrence_id: int):
    """Return the row of a recurrence that `meeting` hangs on best: its base event if possible.

    A row that somebody else organizes says nothing of the others, so it is the last to be asked.
    """
    env, owner = meeting.env, meeting._organizer_copy().account_id.user_id
    base = env["calendar.recurrence"].browse(recurrence_id).exists().base_event_id
    is_standing = base.active and base.recurrence_id.id == recurrence_id
    is_standing = is_standing and not _taken(meeting, base)
    if is_standing and (not owner or base.user_id == owner):
        return base
    found = _rows_of(env, recurrence_id)
    found -= _taken(meeting, found)
    own = found.filtered(lambda row: row.user_id == owner)
    return own[:1] or (base if is_standing else found[:1])


def _rows_of(env: Environment, recurrence_id: int):
    domain = [("recurrence_id", "=", recurrence_id), ("active", "=", True)]
    return env["calendar.event"].search(domain, order="start, id")


def _left(meeting, ref: int):
    """Return the first of what left the recurrence `ref` at its end and is no other meeting."""
    found = left(meeting.env, ref).filtered("outlook_is_heir")
    taken = _taken(meeting, found)
    refs = found.recurrence_id.ids
    others = _others(meeting, [("recurrence_ref", "in", refs)]).mapped("recurrence_ref")
    free = (found - taken).filtered(lambda one: one.recurrence_id.id not in others)
    return free[:1]


def _taken(meeting, events):
    """Return those of `events` on which other meetings hang."""
    return _others(meeting, [("event_id", "in", events.ids)]).event_id


def _others(meeting, domain: list):
    return meeting.search([*domain, ("id", "!=", meeting.id)])


def _candidates(env: Environment, event):
    """Return what may be the meeting of `event`: the one of its series first."""
    refs = [ref for ref in (event.recurrence_id.id, event[_FORMER]) if ref]
    here = Domain("event_id", "=", event.id) | Domain("recurrence_ref", "in", refs)
    if is_series(event):  # a single meeting hung on a row when it became a series
        here |= Domain("event_id.recurrence_id", "=", event.recurrence_id.id)
    found = env["outlook.meeting"].sudo().search(here)
    return found.sorted(lambda one: one.recurrence_ref != event.recurrence_id.id)


def _same_home(one, other) -> bool:
    if is_series(one) or is_series(other):
        return one.recurrence_id == other.recurrence_id
    return one == other
