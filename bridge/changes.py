"""Say what is to be written in Outlook so that it shows what it should, in which order.

One request for all that a meeting has as a whole; one for each occurrence that differs, afterwards.
What Exchange tells nobody about goes in a request of its own, before what it mails: together all of
it would be mailed, and the mail is to tell of the meeting as it is then.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from ..core.engine.fields import CANCELLED, UNANNOUNCED
from ..core.engine.snapshot import EMPTY, Keyed, Snapshot, Value
from ..core.graph.operations import UpdateEvent
from . import homes, invited, occurrences, parting, unseen
from .desk import Desk
from .facts import write_changed
from .wishes import Occurrences, Wish


class Changes:
    """The changes of one step's meetings."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def wish(
        self, copy, *, shown: Snapshot, values: Snapshot, local: Snapshot, rows: tuple[int, ...]
    ) -> Wish | None:
        """Return how Outlook, which shows `shown`, comes to show `values`; None if it cannot.

        `local` is what this database showed when that was decided. What is about to be sent is
        noted with the copy: should its answer be lost, it is known for ours (see `unseen`).
        """
        values = _with_invited(copy.meeting_id, values, shown, local)
        wish = self._in_order(copy, shown, values, local, rows)
        if wish:
            named = {name for name in values if name != "occurrences"}
            if any(one.kind == "occurrences" for one in (wish, *wish.following())):
                named.add("occurrences")
            unseen.note_sent(copy, Keyed((name, values[name]) for name in named), local)
        return wish

    def _in_order(
        self, copy, shown: Snapshot, values: Snapshot, local: Snapshot, rows: tuple[int, ...]
    ) -> Wish | None:
        """Return the wishes for all of that, chained in the order in which they are carried out."""
        own = Keyed({name: value for name, value in values.items() if name != "occurrences"})

        def whole(fields: Snapshot, *, is_free: bool = False) -> Wish:
            return self._whole(copy, fields, Keyed({**shown, **own}), local, rows, is_free=is_free)

        plain = _apart(own)
        if occurrences.retimes(own) or "occurrences" not in values:
            return _chain(map(whole, plain))  # what is left of the dates then, only a look can tell
        series = Keyed({**shown, **own})
        wanted = occurrences.with_kinds(
            occurrences.of(values), occurrences.of(shown), series, local
        )
        single = self._single(copy, series, wanted, local, rows)
        if not single or not plain or plain[-1].keys() != {"people"}:
            return _chain([*map(whole, plain), *single])
        # Who is invited last gets one mail, with the series as it is then. The occurrences have
        # moved the state that a condition could name.
        return _chain([*map(whole, plain[:-1]), *single, whole(plain[-1], is_free=True)])

    def _whole(self, copy, fields: Snapshot, target, local, rows, *, is_free: bool) -> Wish:
        """Return the wish for fields of the meeting; `is_free` of what changed there meanwhile."""
        target = Keyed({**target, "occurrences": EMPTY})
        change_key = None if is_free else copy.change_key or None
        operation = UpdateEvent(copy.remote_id, fields, target, change_key)
        return Wish("change", operation, copy.meeting_id.id, copy.id, local=local, rows=rows)

    def _single(self, copy, series: Snapshot, wanted: Keyed, local, rows) -> list[Wish]:
        """Return the wishes for single occurrences, but for those that Outlook has refused so."""
        meeting, shown = copy.meeting_id, occurrences.of(series)
        for slot in sorted(occurrences.revived(wanted, shown)):
            self._let_go(meeting, copy, slot)
        parts = occurrences.parts(wanted, shown, series, local)
        parts = {slot: part for slot, part in parts.items() if _is_in_sight(meeting, slot, part)}
        target = Keyed({**series, "occurrences": wanted})
        digests = {slot: occurrences.digest(target, slot) for slot in parts}
        refused = {
            slot: why
            for slot, why in (meeting.refused or {}).items()
            if digests.get(slot) == why["digest"]
        }
        write_changed(meeting, refused=refused or False)
        but = refused.keys() | self._elsewhere(meeting, copy)
        parts = {slot: part for slot, part in parts.items() if slot not in but}
        return [
            Wish(
                "occurrences",
                Occurrences(copy.remote_id, some, series, digests),
                meeting.id,
                copy.id,
                local=local,
                rows=rows,
            )
            for some in _parts_apart(parts)
        ]

    def _elsewhere(self, meeting, copy) -> set[str]:
        """Return the slots that somebody else organizes here: they stay as they were there."""
        rows = homes.organized_elsewhere(meeting, homes.rows(meeting.event_id))
        if not rows:
            return set()
        slots = self._desk.series(meeting, copy).slots
        return {slot.isoformat() for slot, row in slots.items() if row in rows}

    def _let_go(self, meeting, copy, slot: str) -> None:
        """Let an occurrence that Outlook cannot restore go on here, as a meeting of its own."""
        event = meeting.event_id
        row = self._desk.series(meeting, copy).slots.get(date.fromisoformat(slot))
        if not row or not homes.is_series(event):
            return
        note = self._desk.env._(
            "Outlook cancelled this occurrence and cannot restore it: from now on it is a meeting"
            " of its own."
        )
        parting.let_go(self._desk, meeting, row, note)


def _is_in_sight(meeting, slot: str, part: Value) -> bool:
    """Tell whether an occurrence of a series is written now.

    Odoo makes series without end that are longer than a life, and leaves out dates that Exchange
    has in them: those of the next years are cancelled, the others as time passes.
    """
    return part != CANCELLED or not meeting.horizon or date.fromisoformat(slot) <= meeting.horizon


def _with_invited(meeting, values: Snapshot, shown: Snapshot, local: Snapshot) -> Snapshot:
    """Return `values` with those who are to be invited again, where Outlook has nobody so far."""
    people = EMPTY if shown.get("people") else invited.people(meeting, local)
    return Keyed({**values, "people": people}) if meeting.invited and people else values


def _apart(values: Snapshot) -> list[Keyed]:
    """Return what nobody is told of, and what people are mailed about; without an empty one."""
    kinds = (
        Keyed((name, one) for name, one in values.items() if (name in UNANNOUNCED) == is_silent)
        for is_silent in (True, False)
    )
    return [kind for kind in kinds if kind]


def _parts_apart(parts: Mapping[str, Value]) -> list[dict[str, Value]]:
    """Return the parts in at most two turns: first what is silent of those that have both."""
    both = {
        slot: _apart(part)
        for slot, part in parts.items()
        if isinstance(part, Keyed) and len(_apart(part)) > 1
    }
    turns = (
        {slot: silent for slot, (silent, _told) in both.items()},
        {slot: both[slot][1] if slot in both else part for slot, part in parts.items()},
    )
    return [turn for turn in turns if turn]


def _chain(wishes: Iterable[Wish]) -> Wish | None:
    """Let each follow the one before; return the first, None where there is none."""
    first = None
    for wish in reversed([*wishes]):
        first = replace(wish, then=first)
    return first
