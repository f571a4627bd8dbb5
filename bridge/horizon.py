"""How far a series without end has its occurrences here, and what makes them more as time passes.

Odoo keeps a row per occurrence, so a series that goes on for ever (or for very long) has rows up to
a day only: its *horizon*, kept with the meeting. What is beyond is no cancelled date.
"""

from datetime import date, timedelta
from itertools import islice

from odoo import fields
from odoo.api import Environment

from ..core.engine import codec
from ..core.engine.fields import CANCELLED
from ..core.engine.reconcile import Base
from ..core.engine.snapshot import EMPTY, Keyed, Snapshot
from . import settings

#: Odoo makes no more occurrences at once. Those that are over are none of them: who has met daily
#: for three years has meetings next week all the same.
MOST_AHEAD = 720
#: Rows are added a month at a time, so that a weekly series is not touched every week.
STRIDE = timedelta(days=30)
#: What the extension depends on: while one of these waits to be sent, it waits, too.
_TIMING = ("rule", "when", "zone")


def reach(env: Environment, series: Snapshot, *, horizon: date | None = None) -> date:
    """Return the day up to which a series has its occurrences here when it is written now.

    Never before `horizon`, the day that they reach already; at least one occurrence there is.
    """
    today, rule = fields.Date.today(), series["rule"]
    until = today + timedelta(days=settings.horizon_days(env))
    ahead = list(islice((slot for slot in rule.slots(until) if slot >= today), MOST_AHEAD))
    if len(ahead) == MOST_AHEAD:
        until = ahead[-1]
    exceptions = series.get("occurrences", EMPTY)
    first = next(
        (slot for slot in rule.slots() if exceptions.get(slot.isoformat()) != CANCELLED), until
    )
    return max(until, first, horizon or until)


def shown(series) -> date | None:
    """Return the horizon of a series that was made here (`series_reader.Series`): its last row.

    None where it ends, because all its rows are there.
    """
    return max(series.slots) if series.snapshot["rule"].end is None else None


def due(env: Environment, account):
    """Return the meetings of a mailbox that are to be extended."""
    latest = fields.Date.today() + timedelta(days=settings.horizon_days(env)) - STRIDE
    return env["outlook.meeting"].search(
        [
            ("horizon", "<", latest),
            ("state", "=", "linked"),
            ("copy_ids.account_id", "=", account.id),
        ]
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
    until = reach(desk.env, local, horizon=horizon)
    if until - horizon < STRIDE:
        return False
    beyond = _beyond(base.remote.get("occurrences", EMPTY), horizon, until)
    cancelled = {key: value for key, value in beyond.items() if value == CANCELLED}
    written = desk.writer.change(
        event,
        {"occurrences": Keyed({**local["occurrences"], **cancelled})},
        organizers=organizers,
        local=local,
        horizon=horizon,
    )
    meeting.write(
        {
            "event_id": written.event.id,
            "horizon": written.horizon or False,
            "base": codec.dump_base(_told(base, cancelled, beyond.keys() - cancelled.keys())),
        }
    )
    return len(cancelled) < len(beyond)


def _beyond(occurrences: Keyed, horizon: date, until: date) -> dict:
    """Return the exceptions of the days that are reached only now."""
    return {
        key: value
        for key, value in occurrences.items()
        if horizon < date.fromisoformat(key) <= until
    }


def _told(base: Base, cancelled, others) -> Base:
    """Return the base with what this side shows now, and without what it must learn anew."""
    here = {**base.local.get("occurrences", EMPTY), **cancelled}
    there = base.remote.get("occurrences", EMPTY)
    kept = {key: value for key, value in there.items() if key not in others}
    return Base(
        Keyed({**base.local, "occurrences": Keyed(here)}),
        Keyed({**base.remote, "occurrences": Keyed(kept)}),
    )
