"""Whose value stays where both sides changed the same: the newer edit's, or as the setting says.

When a person edited here says the outbox: a row for each change that no round has carried over yet,
dated by the database. Not `write_date`, which moves when a round writes, too. Of the rows of a
series those that a person edited bear the time of such a change, so that of each date, and of what
all dates share, the own time counts.

Outlook's times are those of its clock; the difference is measured in each round (`clocks`). Edits
within `TOLERANCE` count as made at once: then Outlook's stays, in whatever order they are seen.
"""

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta, timezone
from typing import NamedTuple

from ..core.engine.decision import Base, Decision, Merge
from ..core.engine.reconcile import reconcile
from ..core.engine.snapshot import EMPTY, Side, Snapshot
from ..core.graph.remote import RemoteEvent
from . import homes, occurrences, settings
from .desk import Desk

#: More than a clock is measured wrongly by (`core.graph.clock`), and less than two people need.
TOLERANCE = timedelta(seconds=2)
#: What a person does, unlike what a round leaves to itself (`again`) or a guest answers.
_EDITS = ["create", "write", "unlink"]


class Winners(NamedTuple):
    """The side that prevails; `on_dates` on single dates of a series (slot -> side)."""

    side: Side
    on_dates: Mapping[str, Side] = EMPTY


def decide(
    desk: Desk,
    copy,
    base: Base | None,
    local: Snapshot | None,
    shown: Snapshot,
    remote: RemoteEvent,
) -> Decision:
    """Reconcile both sides; who edited last is found out only where it matters.

    `shown` is what `remote` tells of the meeting. A guest's copy is only what its organizer's
    mailbox made of the meeting, so it prevails.
    """

    def decided(winners: Winners) -> Decision:
        return reconcile(base, local, shown, winner=winners.side, on_dates=winners.on_dates)

    theirs = decided(Winners(Side.REMOTE))
    if copy.role != "organizer" or not isinstance(theirs, Merge):
        return theirs
    ours = decided(Winners(Side.LOCAL))
    if ours == theirs:
        return theirs
    setting = settings.conflict_winner(desk.env)
    if setting != "newer":
        return ours if setting == "local" else theirs
    overruled = [one for each in (ours, theirs) for one in each.overruled]
    slots = {one.path[1] for one in overruled if one.field == "occurrences"}
    return decided(_Newer(desk, copy, local, remote).winners(slots))


class _Newer:
    """The times of edits of one meeting, and which side's is the newer."""

    def __init__(self, desk: Desk, copy, local: Snapshot, remote: RemoteEvent) -> None:
        self._desk = desk
        self._copy = copy
        self._meeting = copy.meeting_id
        self._local = local
        self._remote = remote
        self._edits = self._waiting()

    def winners(self, slots: Collection[str]) -> Winners:
        """Return whose edit of the meeting is the newer, and whose of these dates of it."""
        if not homes.is_series(self._meeting.event_id):
            return Winners(self._newer(self._last(self._meeting.event_id), self._remote))
        rows = self._desk.series(self._meeting, self._copy).slots
        own = occurrences.of(self._local)
        plain = [row.id for slot, row in rows.items() if slot.isoformat() not in own]
        on_dates = {}
        for slot in slots:
            row = rows.get(date.fromisoformat(slot), self._meeting.event_id.browse())
            there = self._remote.exceptions.get(slot, self._remote)
            on_dates[slot] = self._newer(self._last(row), there)
        side = self._newer(self._last(self._meeting.event_id.browse(plain)), self._remote)
        return Winners(side, on_dates)

    def _newer(self, edited: datetime | None, remote: RemoteEvent) -> Side:
        modified = remote.modified_at or self._remote.modified_at
        if edited is None or modified is None:
            return Side.REMOTE
        skew = timedelta(seconds=self._desk.account.clock_skew)
        edited = edited.replace(tzinfo=timezone.utc) + skew
        return Side.LOCAL if edited > modified + TOLERANCE else Side.REMOTE

    def _last(self, rows) -> datetime | None:
        """Return when a person edited these rows last; None: before Outlook did, for sure.

        Where a round has written them since, or they are gone: when he edited the meeting last.
        """
        if self._edits:
            times = self._written(rows) & self._edits
            return max(times or self._edits)
        if self._copy.base:
            return None  # a round compared both sides since: what is news there is newer
        return max(self._written(homes.rows(self._meeting.event_id)), default=None)

    def _written(self, rows) -> set[datetime]:
        rows.flush_recordset(["write_date"])
        query = "SELECT write_date FROM calendar_event WHERE id = ANY(%s)"
        self._desk.env.cr.execute(query, (rows.ids,))
        return {written for (written,) in self._desk.env.cr.fetchall()}

    def _waiting(self) -> set[datetime]:
        """Return when people changed the meeting, as far as no round has carried it over."""
        event = self._meeting.event_id
        self._desk.env.cr.execute(
            """
            SELECT DISTINCT create_date FROM outlook_outbox
             WHERE account_id = %(account)s AND kind = ANY(%(edits)s) AND id < %(mark)s
               AND (meeting_id = %(meeting)s OR event_id = %(event)s
                    OR recurrence_id IN (%(series)s, %(recurrence)s))
            """,
            {
                "account": self._desk.account.id,
                "edits": _EDITS,
                "mark": self._desk.mark,
                "meeting": self._meeting.id,
                "event": event.id,
                "series": self._meeting.recurrence_ref or -1,
                "recurrence": event.recurrence_id.id or -1,
            },
        )
        return {edited for (edited,) in self._desk.env.cr.fetchall()}
