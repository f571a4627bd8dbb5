"""Compare events of a mailbox with this side as a first round would, and change nothing.

For transactions that are rolled back: reading may write what is only kept for later.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from ..core.engine.reconcile import Join, reconcile
from ..core.engine.snapshot import Keyed, Side
from ..core.graph.remote import RemoteEvent
from . import apart, homes, occurrences
from .desk import Desk
from .matching import Found, Matching

#: What a survey counts of the events of a mailbox. `taken`: the events here that are the same.
NOTHING: Mapping[str, Any] = {
    "incoming": 0,
    "joined": 0,
    "differing": [],
    "doubles_there": 0,
    "taken": [],
}


class Comparing:
    """Count what some events of one calendar would come to; `counted` goes on with former ones."""

    def __init__(
        self, desk: Desk, calendar, tags: Mapping[str, str], counted: Mapping[str, Any]
    ) -> None:
        self._desk = desk
        self._matching = Matching(desk, calendar, tags)
        self._taken = set(counted["taken"])
        self._counted = {**counted, "differing": list(counted["differing"])}

    def count(self, remotes: Sequence[RemoteEvent]) -> dict[str, Any]:
        """Return what was counted, these events included."""
        remotes = [one for one in remotes if _comes_in(one)]
        self._matching.expect(remotes)
        for remote in remotes:
            apart.objection(self._desk, self._count, remote)  # set aside in the round, too
        return {**self._counted, "taken": sorted(self._taken)}

    def _count(self, remote: RemoteEvent) -> None:
        found = self._matching.find(remote, taken=self._taken)
        if found.double:
            self._counted["doubles_there"] += 1
        elif found.event and found.event.active:
            self._join(found, remote)
        elif found.is_new:
            self._counted["incoming"] += 1

    def _join(self, found: Found, remote: RemoteEvent) -> None:
        event = found.event
        if event.id in self._taken:
            return  # one date of a series that was met, or another copy of the same
        self._taken.update((event | homes.rows(event)[:1]).ids)
        self._counted["joined"] += 1
        differing = self._differing(found, remote)
        if differing:
            self._counted["differing"].append({"event_id": event.id, "fields": differing})

    def _differing(self, found: Found, remote: RemoteEvent) -> list[str]:
        """Return the fields in which the sides differ that are only now seen to be one meeting."""
        meeting = found.meeting
        if found.copy or (meeting and (not remote.is_organizer or meeting.base)):
            return []  # known from elsewhere
        meeting = meeting or meeting.new({"event_id": found.event.id})
        copy = found.copy.new({"role": "organizer" if remote.is_organizer else "attendee"})
        shown = Keyed({**remote.shared, **remote.private})
        if not remote.is_organizer:
            shown = occurrences.without_private(shown)
        local = self._desk.read(meeting, copy, shown)
        decision = reconcile(None, local, shown, winner=Side.REMOTE)
        return list(decision.differences) if isinstance(decision, Join) else []


def _comes_in(remote: RemoteEvent) -> bool:
    """Tell whether an event that nothing is known of would be a meeting here."""
    if remote.kind == "occurrence" or remote.is_cancelled:
        return False
    return not occurrences.none_is_left(remote.shared)
