"""Keep what lost where both sides changed one thing, until a person or a later edit settles it.

A conflict (`outlook.conflict`) holds both values whole, texts too, and what this side showed when
it was decided: as soon as it shows anything else there, somebody edited it since and the conflict
is settled. Only rounds and its own two buttons write it: a save touches nothing a round may hold.

When a series takes place was decided as one thing, so it is kept as one.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final, NamedTuple

from odoo import fields

from ..core.engine import codec
from ..core.engine.decision import Overruled
from ..core.engine.errors import UnreadableBase
from ..core.engine.merge import ABSENT, Absent, Maybe
from ..core.engine.recurrence import Rule
from ..core.engine.snapshot import EMPTY, Keyed, Side, Snapshot
from ..core.engine.within import Path, at, texts, with_texts
from . import homes, series_reader

#: The fields that say when a series takes place, and the path that stands for all of them.
TIMING: Final = ("rule", "when", "zone")
TIMING_PATH: Final[Path] = ("timing",)
_WHEN = "when"


class Told(NamedTuple):
    """One conflict: where, who won, and what either side showed there."""

    path: Path
    winner: Side
    kept: Maybe
    lost: Maybe


def keep(
    desk,
    copy,
    overruled: tuple[Overruled, ...],
    *,
    local: Snapshot,
    remote: Snapshot,
    now: Snapshot,
) -> None:
    """Keep what lost. `local` and `remote` showed it before; `now` is this side after the merge."""
    meeting = copy.meeting_id
    if not overruled:
        return
    slots = desk.series(meeting, copy).slots if homes.is_series(meeting.event_id) else {}
    desk.env["outlook.conflict"].create(
        [
            {
                "account_id": desk.account.id,
                "run_id": desk.run_id,
                "meeting_id": meeting.id,
                "event_id": slots.get(_day(one.path), meeting.event_id).id,
                "slot": _day(one.path),
                "field": _field(one.path),
                "winner": one.winner.value,
                "path": list(one.path),
                "kept": stored(one.kept),
                "lost": stored(one.lost),
                "here": stored(value_at(now, one.path)),
            }
            for one in _told(overruled, local, remote)
        ]
    )
    desk.disputed.add(meeting.id)


def follow(desk, meeting, shown: Snapshot) -> None:
    """Settle what was edited since: this side shows something else there than it did then."""
    if meeting.id not in desk.disputed:
        return
    conflicts = desk.env["outlook.conflict"]
    for conflict in conflicts.search([("meeting_id", "=", meeting.id), ("state", "=", "open")]):
        path = tuple(conflict.path)
        if is_shown(shown, path) and value_at(shown, path) != loaded(conflict.here):
            close(conflict, "settled")


def open_meetings(desk) -> set[int]:
    """Return the meetings of an account's mailbox that have conflicts: few, as a rule none."""
    desk.env.cr.execute(
        """
        SELECT DISTINCT meeting_id FROM outlook_conflict
         WHERE account_id = %s AND state = 'open' AND meeting_id IS NOT NULL
        """,
        (desk.account.id,),
    )
    return {meeting_id for (meeting_id,) in desk.env.cr.fetchall()}


def move(meeting, into) -> None:
    """Let the conflicts of a meeting be another's, which turned out to be the same."""
    conflicts = meeting.env["outlook.conflict"].search([("meeting_id", "=", meeting.id)])
    conflicts.meeting_id = into


def close(conflict, state: str) -> None:
    """Let a conflict be over: its other value was `used`, or it is `settled` otherwise."""
    conflict.write({"state": state, "closed_at": fields.Datetime.now()})


def of(event):
    """Return the open conflicts that concern an event, in `sudo`; of a series no other date's."""
    conflicts = event.env["outlook.conflict"].sudo()
    meeting = homes.meeting_of(event.env, event)
    domain = [("state", "=", "open"), ("meeting_id", "in", meeting.ids)]
    found = conflicts.search(domain, order="id") if meeting else conflicts
    if not any(one.slot for one in found):
        return found
    slot = series_reader.slot(event) if homes.is_series(event) else None
    return found.filtered(lambda one: not one.slot or one.slot == slot)


def disputed(events) -> set[int]:
    """Return the ids of those of these events whose meeting has open conflicts: few, as a rule."""
    known = homes.Known(events.sudo())
    meetings = {event.id: known.meeting(event.sudo()).id for event in events}
    domain = [("state", "=", "open"), ("meeting_id", "in", list(filter(None, meetings.values())))]
    found = events.env["outlook.conflict"].sudo().search(domain).meeting_id
    return {event_id for event_id, meeting_id in meetings.items() if meeting_id in found.ids}


def subject(conflict):
    """Return the event that a conflict is about, in `sudo`; empty where it was deleted."""
    conflict = conflict.sudo()
    return conflict.event_id or conflict.meeting_id.event_id


def value_at(shown: Snapshot, path: Path) -> Maybe:
    """Return what a snapshot shows there."""
    if path == TIMING_PATH:
        return Keyed((name, shown[name]) for name in TIMING if name in shown)
    return at(shown, path)


def is_shown(shown: Snapshot, path: Path) -> bool:
    """Tell whether a snapshot says anything of that field."""
    return (TIMING[0] if path == TIMING_PATH else path[0]) in shown


def stored(value: Maybe) -> dict[str, Any]:
    """Return what the column holds of a value; the texts beside it, which the codec leaves out."""
    if isinstance(value, Absent):
        return {}
    html = {one.digest: one.html for one in texts(value)}
    return codec.dump({"value": value, "texts": Keyed(html)})


def loaded(column: Any) -> Maybe:
    """Return the value that a column holds; one that cannot be read any more is absent."""
    try:
        kept = codec.load(column or {})
    except UnreadableBase:
        return ABSENT
    if "value" not in kept:
        return ABSENT
    html = kept.get("texts", EMPTY)
    return with_texts(kept["value"], html if isinstance(html, Mapping) else EMPTY)


def _told(overruled: tuple[Overruled, ...], local: Snapshot, remote: Snapshot) -> Iterator[Told]:
    """Yield what is kept: one for each that was overruled, and one for all of a series' timing."""
    sides = {Side.LOCAL: local, Side.REMOTE: remote}
    is_series = any(isinstance(shown.get("rule"), Rule) for shown in sides.values())
    told = set()
    for one in overruled:
        path = TIMING_PATH if is_series and one.field in TIMING else one.path
        if path not in told:
            kept, lost = (value_at(sides[side], path) for side in (one.winner, one.winner.other))
            yield Told(path, one.winner, kept, lost)
        told.add(path)


def _day(path: Path) -> date | bool:
    return date.fromisoformat(path[1]) if path[0] == "occurrences" and len(path) > 1 else False


def _field(path: Path) -> str:
    """Return the name of the field, or of the one that is otherwise on a date."""
    if path == TIMING_PATH:
        return _WHEN
    return path[2] if path[0] == "occurrences" and len(path) > 2 else path[0]
