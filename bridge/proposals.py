"""New times that guests proposed: kept as the organizer's copy shows them, until the time changes.

A guest proposes with his answer, and Outlook keeps both on the organizer's list of guests. A new
time of the meeting voids the answers, and the proposals with them; until Outlook says so, a
proposal counts for the time only that it was made instead of. Outlook has none for a whole series,
so of a series those to single dates count.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from odoo.tools import format_date, format_datetime, format_time

from ..core.engine import codec
from ..core.engine.errors import UnreadableBase
from ..core.engine.snapshot import AllDay, When
from ..core.graph.remote import RemoteEvent
from . import homes, notices, reader, series_reader
from .desk import Desk
from .people import People
from .series_rows import times

#: A weekday says more about a proposal than a date alone.
_DAY = "EEE d MMM y"


class Proposal(NamedTuple):
    """Who proposes another time for an event, by address and by name, and which."""

    address: str
    name: str
    when: When


def learn(desk: Desk, meeting, remote: RemoteEvent) -> None:
    """Keep what the organizer's copy shows; whoever sees the event is told that it changed."""
    if "people" not in remote.shared:
        return
    found = _by_slot(remote) or False
    if (meeting.proposals or False) != found:
        meeting.proposals = found
        desk.note_readers(meeting.event_id)


def of(event) -> list[Proposal]:
    """Return the proposals for an event, those that its reader may see, in order of the times."""
    meeting = notices.visible_meeting(event._origin)
    kept = meeting.proposals and meeting.proposals.get(_slot(event._origin))
    if not kept:
        return []
    now, people = reader.when(event._origin), People(meeting.env, event.sudo().user_id)
    partners = event._origin.sudo().partner_ids
    found = [
        Proposal(address, people.meant(address, partners)[:1].name or address, when)
        for address, stored in kept.items()
        if (when := _valid(stored, now))
    ]
    return sorted(found, key=lambda one: (str(times(one.when)["start"]), one.address))


def in_words(env, one: Proposal) -> str:
    """Say who proposes what, on the reader's clock and in his language."""
    return env._("%(guest)s proposes %(time)s.", guest=one.name, time=time_in_words(env, one.when))


def time_in_words(env, when: When) -> str:
    """Return a time for people."""
    if isinstance(when, AllDay):
        days = [_day(env, when.first)] + ([_day(env, when.last)] if when.last > when.first else [])
        return " – ".join(days)
    start, end = (moment.replace(tzinfo=None) for moment in (when.start, when.end))
    begins, ends = (format_datetime(env, moment, dt_format=_DAY) for moment in (start, end))
    until = _clock(env, end) if begins == ends else f"{ends} {_clock(env, end)}"
    return f"{begins} {_clock(env, start)} – {until}"


def accept(event, one: Proposal) -> None:
    """Move an event to a proposed time, as whoever is at it; of a series that date alone."""
    vals: dict[str, Any] = times(one.when)
    if isinstance(one.when, AllDay):
        vals |= {"start_date": one.when.first, "stop_date": one.when.last}
    if homes.is_series(event):
        vals["recurrence_update"] = "self_only"
    event.write(vals)


def _by_slot(remote: RemoteEvent) -> dict[str, dict[str, Any]]:
    """Return what is to be kept: slot (of a single meeting "") -> address -> both times."""
    shown: Mapping[str, RemoteEvent] = {"": remote}
    usual: Mapping[str, When] = {}
    if remote.kind == "seriesMaster":
        shown, usual = remote.exceptions, remote.proposals
    found = {
        slot: {
            address: codec.dump({"when": when, "instead": one.shared["when"]})
            for address, when in one.proposals.items()
            if when not in (usual.get(address), one.shared["when"])
        }
        for slot, one in shown.items()
        if not one.is_cancelled and "when" in one.shared
    }
    return {slot: proposed for slot, proposed in found.items() if proposed}


def _valid(stored: Any, now: When) -> When | None:
    """Return the time that was proposed instead of the present one."""
    try:
        kept = codec.load(stored)
    except UnreadableBase:
        return None
    return kept["when"] if kept["instead"] == now else None


def _slot(event) -> str:
    return series_reader.slot(event).isoformat() if homes.is_series(event) else ""


def _day(env, day: date) -> str:
    return format_date(env, day, date_format=_DAY)


def _clock(env, moment: datetime) -> str:
    return format_time(env, moment, time_format="short")
