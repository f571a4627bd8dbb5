"""Say what is to be written in Outlook so that it shows what it should, in which order.

One request for all that a meeting has as a whole; one for each occurrence that differs, afterwards.
"""

from dataclasses import replace
from datetime import date

from ..core.engine.fields import CANCELLED
from ..core.engine.snapshot import EMPTY, Keyed, Snapshot, Value
from ..core.graph.operations import UpdateEvent
from . import homes, occurrences, parting
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

        `local` is what this database showed when that was decided.
        """
        own = Keyed({name: value for name, value in values.items() if name != "occurrences"})
        whole = self._whole(copy, own, shown, local, rows) if own else None
        if occurrences.retimes(own) or "occurrences" not in values:
            return whole  # what is left of the occurrences afterwards, only a look can tell
        series = Keyed({**shown, **own})
        wanted = occurrences.with_kinds(
            occurrences.of(values), occurrences.of(shown), series, local
        )
        single = self._single(copy, series, wanted, local, rows)
        if whole is None or single is None:
            return whole or single
        if own.keys() == {"people"}:
            # Who is invited last gets one mail, with the series as it is then. The occurrences
            # have moved the state that a condition could name.
            after = replace(whole, operation=replace(whole.operation, change_key=None))
            return replace(single, then=after)
        return replace(whole, then=single)

    def _whole(self, copy, own: Snapshot, shown, local, rows) -> Wish:
        target = Keyed({**shown, **own, "occurrences": EMPTY})
        operation = UpdateEvent(copy.remote_id, own, target, copy.change_key or None)
        return Wish("change", operation, copy.meeting_id.id, copy.id, local=local, rows=rows)

    def _single(self, copy, series: Snapshot, wanted: Keyed, local, rows) -> Wish | None:
        """Return the wish for single occurrences, but for those that Outlook has refused so."""
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
        if not parts:
            return None
        operation = Occurrences(copy.remote_id, parts, series, digests)
        return Wish("occurrences", operation, meeting.id, copy.id, local=local, rows=rows)

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
