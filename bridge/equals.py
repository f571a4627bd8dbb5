"""Meetings of this database that look like events of a mailbox: what there is where no link is.

Same start, end, subject (capitals and space aside) and organizer; read with one search for all
events of a page.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta

from odoo import fields
from odoo.api import Environment
from odoo.fields import Domain

from ..core.engine.normalize import match_key
from ..core.engine.occurrences import date_of, slot_when
from ..core.engine.recurrence import Rule
from ..core.engine.snapshot import AllDay, Snapshot, Timed, When
from ..core.graph.remote import RemoteEvent
from . import homes, reader, settings

#: What lies in other tables and is read of an event that is joined.
_SHOWN = ("attendee_ids.partner_id", "alarm_ids", "categ_ids")
#: A day, or a moment in UTC as Odoo keeps it.
Beginning = date | datetime


class Equals:
    """The meetings that look like some events. `organizer` returns the user who organizes one."""

    def __init__(
        self,
        env: Environment,
        remotes: Iterable[RemoteEvent],
        organizer: Callable[[RemoteEvent], int],
    ) -> None:
        self._organizer = organizer
        remotes = [one for one in remotes if _begins(one)]
        begins = {begin for one in remotes for begin in _begins(one)}
        users = {organizer(one) or False for one in remotes}
        #: All that begin when one of the events does; more than are like them.
        self.events = env["calendar.event"].search(_domain(begins, users), order="id")
        self._by_begin: dict[Beginning, list] = defaultdict(list)
        for event in self.events:
            self._by_begin[_begin(reader.when(event))].append(event)
        self._known = homes.Known(self.events)
        for name in _SHOWN:
            self.events.mapped(name)  # for all at once: joining them reads each

    def like(self, remote: RemoteEvent) -> list:
        """Return the meetings that look like one of these events, the oldest first.

        Of a series that began long ago this side may have the later occurrences only: a series is
        like another if its first row here is one of the other's dates.
        """
        found = [one for begin in _begins(remote) for one in self._by_begin[begin]]
        user_id, is_series = self._organizer(remote), remote.kind == "seriesMaster"
        return [
            one
            for one in sorted(found, key=lambda event: event.id)
            if (one.user_id.id or 0) == user_id
            and homes.is_series(one) == is_series
            and _same(one, remote)
            and (not is_series or homes.rows(one)[:1] == one)
        ]

    def meeting(self, event):
        """Return the meeting that one of `events` hangs on, as it did when they were read."""
        if homes.is_series(event) or event.outlook_former_recurrence:
            return homes.meeting_of(event.env, event)
        return self._known.meeting(event)


def _begins(remote: RemoteEvent) -> list[Beginning]:
    """Return when an event begins; of a series, when its first occurrence may that is here."""
    when = remote.shared.get("when")
    if not isinstance(when, Timed | AllDay) or remote.kind == "exception":
        return []
    is_series = remote.kind == "seriesMaster"
    return [_begin(one) for one in (_firsts(remote.shared, when) if is_series else [when])]


def _firsts(series: Snapshot, first: When) -> list[When]:
    rule = series.get("rule")
    if not isinstance(rule, Rule):
        return []
    today = fields.Date.today()
    since = today - timedelta(days=settings.LONGEST_WINDOW_DAYS)
    return [first, *(slot_when(series, slot) for slot in rule.slots(today, since=since))]


def _begin(when: When) -> Beginning:
    return when.first if isinstance(when, AllDay) else when.start.replace(tzinfo=None)


def _domain(begins: Iterable[Beginning], users: Iterable[int | bool]) -> Domain:
    """Return the domain of what begins at one of these times and is organized by one of these."""
    moments = [one for one in begins if isinstance(one, datetime)]
    days = [one for one in begins if not isinstance(one, datetime)]
    timed = Domain("allday", "=", False) & Domain("start", "in", moments)
    whole = Domain("allday", "=", True) & Domain("start_date", "in", days)
    return Domain("active", "=", True) & Domain("user_id", "in", list(users)) & (timed | whole)


def _same(event, remote: RemoteEvent) -> bool:
    when, there = reader.when(event), remote.shared["when"]
    if isinstance(remote.shared.get("rule"), Rule):
        there = slot_when(remote.shared, date_of(when, remote.shared["zone"]))
    shown = str(remote.shared.get("subject"))
    here = match_key(when, reader.subject(event.name), "organizer")
    return here == match_key(there, reader.subject(shown), "organizer")
