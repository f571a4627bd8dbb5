"""Between which days a series has its occurrences here, and what makes them more as time passes.

Odoo keeps a row per occurrence, so a series that goes on for ever (or for very long) has rows up to
a day only: its *horizon*, kept with the meeting. One that Outlook brought and that began long ago
has rows *since* a day only, kept likewise. What lies outside is no cancelled date.
"""

from collections import deque
from collections.abc import Collection, Mapping
from dataclasses import dataclass
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
from . import homes, settings
from .reader import is_present

#: Odoo makes no more occurrences at once.
MOST = MAX_RECURRENT_EVENT
#: However far back meetings are kept in step, so many of those are ahead: who has met daily for
#: three years has meetings next week all the same.
LEAST_AHEAD = MOST // 4
#: Rows are added a month at a time, so that a weekly series is not touched every week.
STRIDE = timedelta(days=30)
#: What the extension depends on: while one of these waits to be sent, it waits, too.
_TIMING = ("rule", "when", "zone")


def span(env: Environment, series: Snapshot) -> tuple[date | None, date]:
    """Return the days between which a series has its occurrences here when it is made now.

    The first is None where that is from its beginning on. Raises Unmappable("occurrences") where
    all are cancelled: no row could stand for it.
    """
    rule, today = series["rule"], fields.Date.today()
    until = today + timedelta(days=settings.horizon_days(env))
    since = today - timedelta(days=settings.window_days(env)[0])
    behind = deque(rule.slots(today, since=since), MOST - LEAST_AHEAD)
    if len(behind) == behind.maxlen:
        since = behind[0]
    slots = list(islice(rule.slots(until, since=since), MOST))
    until = slots[-1] if len(slots) == MOST else until
    return widened(series, since if rule.start < since else None, until)


def reach(env: Environment, series: Snapshot) -> date:
    """Return the day up to which a series has its occurrences here when it is made now."""
    return span(env, series)[1]


def widened(series: Snapshot, since: date | None, until: date) -> tuple[date | None, date]:
    """Return the same days, or others between which a series takes place at least once.

    Raises Unmappable("occurrences") where all are cancelled.
    """
    exceptions = series.get("occurrences", EMPTY)

    def taken(slots):
        return (slot for slot in slots if exceptions.get(slot.isoformat()) != CANCELLED)

    rule = series["rule"]
    first = next(taken(rule.slots(since=since)), None)
    if first is None:
        first = next(iter(deque(taken(rule.slots(since)), 1)), None)
    if first is None:
        raise Unmappable("occurrences", "all are cancelled")
    return since and min(since, first), max(until, first)


def shown(env: Environment, series) -> date | None:
    """Return the horizon of a series that was made here (`series_reader.Series`): its last row.

    But no day that is further than those of Outlook's would reach. None where it ends, because all
    its rows are there.
    """
    if series.snapshot["rule"].end is not None:
        return None
    return min(max(series.slots), reach(env, series.snapshot))


def due(env: Environment, account, *, limit: int):
    """Return meetings of which a mailbox speaks that may be extended, the shortest first."""
    env["outlook.meeting"].flush_model()
    env["outlook.copy"].flush_model()
    env.cr.execute(
        """
        SELECT meeting.id
          FROM outlook_meeting meeting
          JOIN LATERAL (
               SELECT account_id
                 FROM outlook_copy
                WHERE meeting_id = meeting.id
             ORDER BY role <> 'organizer', id
                LIMIT 1
               ) speaking ON speaking.account_id = %s
         WHERE meeting.horizon < %s
           AND meeting.state = 'linked'
           AND (meeting.next_extension IS NULL OR meeting.next_extension <= %s)
      ORDER BY meeting.horizon, meeting.id
         LIMIT %s
        """,
        (account.id, _latest(env), fields.Date.today(), limit),
    )
    return env["outlook.meeting"].browse(number for (number,) in env.cr.fetchall())


def extend(desk, meeting) -> bool:
    """Add the occurrences of one meeting that time has reached, without asking Outlook.

    What is cancelled there stays cancelled; what is cancelled here goes there in this round. Return
    True where Outlook must be looked at: it has an occurrence of its own beyond the old horizon, of
    which only a digest of the text is known here. Such ones are made like the others, and forgotten
    in the base, so that the look finds them new.
    """
    today = fields.Date.today()
    meeting.next_extension = today + timedelta(days=1)
    base, event, horizon = desk.shared_base(meeting), meeting.event_id, meeting.horizon
    if base is None or not horizon or not is_present(event) or not homes.is_series(event):
        return False
    organizers = desk.organizers(meeting, event)
    series = desk.reader.series(
        event,
        organizers=organizers,
        known=base.remote.get("people", EMPTY),
        past=base.local,
        horizon=horizon,
        since=meeting.since or None,
    )
    local = series.snapshot
    if any(local.get(name) != base.local.get(name) for name in _TIMING):
        return False
    until = reach(desk.env, local)
    if until - horizon < STRIDE:
        meeting.next_extension = today + max(timedelta(days=1), STRIDE - (until - horizon))
        return False
    new = Stretch(horizon, until, series.slots)
    here = new.beyond(local["occurrences"])
    there = new.beyond(base.remote.get("occurrences", EMPTY))
    others = {key for key, value in (*here.items(), *there.items()) if value != CANCELLED}
    written = desk.writer.change(
        event,
        {"occurrences": _without({**local["occurrences"], **there}, others)},
        organizers=organizers,
        local=local,
        horizon=horizon,
        since=meeting.since or None,
        until=until,
    )
    meeting.write(
        {
            "event_id": written.event.id,
            "horizon": written.horizon or False,
            "since": written.since or False,
            "next_extension": today + STRIDE if until < _latest(desk.env) else False,
            "base": codec.dump_base(_told(base, there, others)),
        }
    )
    if here.keys() - there.keys() - others:
        desk.look_again(written.event)
    return bool(others)


def _latest(env: Environment) -> date:
    """Return the day which the occurrences of no series should end before."""
    return fields.Date.today() + timedelta(days=settings.horizon_days(env)) - STRIDE


@dataclass(frozen=True)
class Stretch:
    """The days that are reached only now, without those that had a row already."""

    after: date
    until: date
    rows: Collection[date]

    def beyond(self, occurrences: Keyed) -> dict:
        """Return the exceptions of these days."""
        days = {key: date.fromisoformat(key) for key in occurrences}
        return {
            key: occurrences[key]
            for key, day in days.items()
            if self.after < day <= self.until and day not in self.rows
        }


def _without(occurrences: Mapping, keys: Collection[str]) -> Keyed:
    return Keyed((key, value) for key, value in occurrences.items() if key not in keys)


def _told(base: Base, beyond: Mapping, others: Collection[str]) -> Base:
    """Return the base with what this side took over, and without what it must learn anew."""
    here = {**base.local.get("occurrences", EMPTY), **beyond}
    there = base.remote.get("occurrences", EMPTY)
    return Base(
        Keyed({**base.local, "occurrences": _without(here, others)}),
        Keyed({**base.remote, "occurrences": _without(there, others)}),
    )
