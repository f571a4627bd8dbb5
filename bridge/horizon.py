"""How far a series without end has its occurrences here, and what makes them more as time passes.

Odoo keeps a row per occurrence, so a series that goes on for ever (or for very long) has rows up to
a day only: its *horizon*, kept with the meeting. What is beyond is no cancelled date.
"""

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from itertools import islice

from odoo import fields
from odoo.api import Environment

from odoo.addons.calendar.models.calendar_recurrence import MAX_RECURRENT_EVENT

from ..core.engine import codec
from ..core.engine.errors import Unmappable
from ..core.engine.fields import CANCELLED
from ..core.engine.reconcile import Base
from ..core.engine.snapshot import EMPTY, Keyed, Snapshot
from . import settings

#: Odoo makes no more occurrences at once. Those that are over are none of them: who has met daily
#: for three years has meetings next week all the same.
MOST_AHEAD = MAX_RECURRENT_EVENT
#: Rows are added a month at a time, so that a weekly series is not touched every week.
STRIDE = timedelta(days=30)
#: What the extension depends on: while one of these waits to be sent, it waits, too.
_TIMING = ("rule", "when", "zone")


def reach(env: Environment, series: Snapshot) -> date:
    """Return the day up to which a series has its occurrences here when it is made now."""
    today = fields.Date.today()
    until = today + timedelta(days=settings.horizon_days(env))
    ahead = list(
        islice((slot for slot in series["rule"].slots(until) if slot >= today), MOST_AHEAD)
    )
    return max(ahead[-1] if len(ahead) == MOST_AHEAD else until, first(series))


def first(series: Snapshot) -> date:
    """Return the first day on which a series takes place, however far ahead.

    Raises Unmappable("occurrences") where all are cancelled: no row could stand for it.
    """
    exceptions = series.get("occurrences", EMPTY)
    for slot in series["rule"].slots():
        if exceptions.get(slot.isoformat()) != CANCELLED:
            return slot
    raise Unmappable("occurrences", "all are cancelled")


def shown(series) -> date | None:
    """Return the horizon of a series that was made here (`series_reader.Series`): its last row.

    None where it ends, because all its rows are there.
    """
    return max(series.slots) if series.snapshot["rule"].end is None else None


def due(env: Environment, account):
    """Return the meetings of a mailbox that may be extended, the shortest first."""
    latest = fields.Date.today() + timedelta(days=settings.horizon_days(env)) - STRIDE
    return env["outlook.meeting"].search(
        [
            ("horizon", "<", latest),
            ("state", "=", "linked"),
            ("copy_ids.account_id", "=", account.id),
        ],
        order="horizon, id",
    )


def extend(desk, meeting) -> bool:
    """Add the occurrences of one meeting that time has reached, without asking Outlook.

    What is cancelled there stays cancelled. Return True where Outlook must be looked at: it has an
    occurrence of its own beyond the old horizon, of which only a digest of the text is known here.
    Such ones are made like the others, and forgotten in the base, so that the look finds them new.
    """
    base, event, horizon = desk.shared_base(meeting), meeting.event_id, meeting.horizon
    if base is None or horizon is None:
        return False
    organizers = desk.organizers(meeting, event)
    local = desk.reader.read(
        event,
        organizers=organizers,
        known=base.remote.get("people", EMPTY),
        past=base.local,
        horizon=horizon,
    )
    if local is None or any(local.get(name) != base.local.get(name) for name in _TIMING):
        return False
    until = reach(desk.env, local)
    if until - horizon < STRIDE:
        return False
    beyond = _beyond(local["occurrences"], horizon, until)
    beyond |= _beyond(base.remote.get("occurrences", EMPTY), horizon, until)
    others = {key for key, value in beyond.items() if value != CANCELLED}
    occurrences = {**local["occurrences"], **beyond}
    written = desk.writer.change(
        event,
        {"occurrences": _without(occurrences, others)},
        organizers=organizers,
        local=local,
        horizon=horizon,
        until=until,
    )
    meeting.write(
        {
            "event_id": written.event.id,
            "horizon": written.horizon or False,
            "base": codec.dump_base(_told(base, beyond, others)),
        }
    )
    return bool(others)


def _beyond(occurrences: Keyed, horizon: date, until: date) -> dict:
    """Return the exceptions of the days that are reached only now."""
    return {
        key: value
        for key, value in occurrences.items()
        if horizon < date.fromisoformat(key) <= until
    }


def _without(occurrences: Mapping, keys: Collection[str]) -> Keyed:
    return Keyed((key, value) for key, value in occurrences.items() if key not in keys)


def _told(base: Base, beyond: Mapping, others: Collection[str]) -> Base:
    """Return the base with what this side shows now, and without what it must learn anew."""
    here = {**base.local.get("occurrences", EMPTY), **beyond}
    there = base.remote.get("occurrences", EMPTY)
    return Base(
        Keyed({**base.local, "occurrences": _without(here, others)}),
        Keyed({**base.remote, "occurrences": _without(there, others)}),
    )
