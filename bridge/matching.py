"""Recognise a meeting before one is made: by what names it, and then by what it is."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta, timezone

from odoo import fields

from ..core.engine.normalize import match_key
from ..core.engine.occurrences import date_of, slot_when
from ..core.engine.recurrence import Rule
from ..core.engine.snapshot import AllDay, Snapshot, Timed, When
from ..core.engine.timezones import utc_to_local
from ..core.graph.remote import RemoteEvent
from ..core.graph.slots import day_of_uid, series_uid
from . import homes, reader, settings
from .desk import Desk, since


class Matching:
    """Find the meeting of an event that no copy is known of.

    `tags` holds, by remote id, the marks of events that this database once made.
    """

    def __init__(self, desk: Desk, calendar, tags: Mapping[str, str]) -> None:
        self._desk = desk
        self._calendar = calendar
        self._tags = tags

    def copy(self, remote: RemoteEvent):
        """Return the copy of this event: the known one, or the one whose creation got no answer.

        An event that was dragged from one calendar to another keeps its id, and its copy comes
        along.
        """
        copies = self._desk.env["outlook.copy"]
        mine = [("account_id", "=", self._desk.account.id)]
        found = copies.search([*mine, ("remote_id", "=", remote.id)], limit=1)
        if found and found.calendar_id != self._calendar:
            here = {"calendar_id": self._calendar.id, "seen_round": self._calendar.round_number}
            found.write(here)
        if found or not remote.transaction_id:
            return found
        lost = [("remote_id", "=", False), ("transaction_id", "=", remote.transaction_id)]
        return copies.search([*mine, *lost], limit=1)

    def meeting(self, remote: RemoteEvent):
        """Return the meeting that this is another copy of, empty where it is a new one."""
        return self._by_uid(remote) or self._by_tag(remote) or self._by_content(remote)

    def _by_uid(self, remote: RemoteEvent):
        meetings = self._desk.env["outlook.meeting"]
        if not remote.ical_uid:
            return meetings
        whole = [("original_start", "=", False)]
        if remote.kind != "exception":
            return meetings.search([*whole, ("ical_uid", "=", remote.ical_uid)], limit=1)
        series = meetings.search([*whole, ("ical_uid", "=", series_uid(remote.ical_uid))], limit=1)
        original = remote.original_start and remote.original_start.replace(tzinfo=None)
        is_here = series.state != "gone" and homes.is_series(series.event_id)
        if is_here and slot_of(series, remote.ical_uid, original):
            return series
        one = [("ical_uid", "=", remote.ical_uid), ("original_start", "=", original or False)]
        return meetings.search(one, limit=1)

    def _by_tag(self, remote: RemoteEvent):
        meetings = self._desk.env["outlook.meeting"]
        database, _, uuid = (remote.tag or self._tags.get(remote.id, "")).partition(":")
        if database != self._desk.account.database_uuid or not uuid:
            return meetings
        found = meetings.search([("uuid", "=", uuid)], limit=1)
        # A copied event carries the mark of its original, which has its own copy.
        return meetings if found._organizer_copy().remote_id else found

    def _by_content(self, remote: RemoteEvent):
        """Match start, end, subject and organizer; of several equal ones each is taken once."""
        event = next((one for one in self._candidates(remote) if _same(one, remote)), None)
        meetings = self._desk.env["outlook.meeting"]
        if event is None:
            return meetings
        known = homes.claim(self._desk.env, event)
        if known:
            return known
        values = {"state": self._state(event, remote), "made_here": True}
        meeting = meetings.create({**values, "event_id": event.id})
        homes.hand_over(meeting)
        return meeting

    def _candidates(self, remote: RemoteEvent):
        """Return what begins then: single meetings, or series whose first occurrence does.

        Of a series that began long ago this side may have the later occurrences only.
        """
        when, events = remote.shared.get("when"), self._desk.env["calendar.event"]
        if when is None or remote.kind == "exception":
            return events
        is_series = remote.kind == "seriesMaster"
        begins = _beginnings(remote.shared) if is_series else [when]
        found = events.search(
            [
                *_beginning_at(begins),
                ("active", "=", True),
                ("recurrence_id", "!=" if is_series else "=", False),
                ("user_id", "=", self._organizer(remote).id),
            ],
            order="id",
        )
        if is_series:
            found = found.recurrence_id.mapped(
                lambda one: homes.rows(one.calendar_event_ids[:1])[:1] & found
            )
        return found.filtered(lambda event: not self._is_taken(event))

    def _is_taken(self, event) -> bool:
        """Tell whether a mailbox has this already."""
        meeting = homes.meeting_of(self._desk.env, event)
        return any(copy.remote_id for copy in meeting.copy_ids)

    def _organizer(self, remote: RemoteEvent):
        if remote.is_organizer:
            return self._desk.account.user_id
        return self._desk.people.user(remote.organizer.address if remote.organizer else None)

    def _state(self, event, remote: RemoteEvent) -> str:
        return "left_alone" if is_left_alone(self._desk, remote) else "new"


def slot_of(meeting, uid: str | None, original: datetime | None) -> date | None:
    """Return which day of a series that is known here an occurrence is.

    Told by its iCalUId or by its original start (UTC, as Odoo keeps it).
    """
    told = day_of_uid(uid)
    if told or original is None:
        return told
    moment = original.replace(tzinfo=timezone.utc)
    return utc_to_local(moment, homes.zone(meeting.event_id)).date()


def is_left_alone(desk: Desk, remote: RemoteEvent) -> bool:
    """Tell whether the account was told to leave what existed before the connection."""
    if desk.account.sync_policy != "new" or remote.created_at is None:
        return False
    return remote.created_at < since(desk.account)


def _beginnings(series: Snapshot) -> list[When]:
    """Return when the first occurrence of a series may be that this side has."""
    rule, first = series["rule"], series["when"]
    if not isinstance(rule, Rule) or not isinstance(first, Timed | AllDay):
        return []
    today = fields.Date.today()
    since = today - timedelta(days=settings.LONGEST_WINDOW_DAYS)
    return [first, *(slot_when(series, slot) for slot in rule.slots(today, since=since))]


def _beginning_at(begins: Sequence[When]) -> list:
    """Return the domain of what begins at one of these times, which are of one kind."""
    if isinstance(begins[0], AllDay):
        return [("allday", "=", True), ("start_date", "in", [one.first for one in begins])]
    starts = [one.start.replace(tzinfo=None) for one in begins]
    return [("allday", "=", False), ("start", "in", starts)]


def _same(event, remote: RemoteEvent) -> bool:
    when, there = reader.when(event), remote.shared["when"]
    if isinstance(remote.shared.get("rule"), Rule):
        there = slot_when(remote.shared, date_of(when, remote.shared["zone"]))
    shown = str(remote.shared.get("subject"))
    here = match_key(when, reader.subject(event.name), "organizer")
    return here == match_key(there, reader.subject(shown), "organizer")
