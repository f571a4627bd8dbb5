"""Who was invited in Outlook to a meeting that is gone there and begins anew.

This side tells neither who is optional nor whom only Outlook has: rooms, lists, people kept by
name. So the guests of the last base are kept (`outlook.meeting.invited`) until they are invited
again, with what was changed here since. Of a series those who are invited to all of it.
"""

from typing import Any

from ..core.engine import codec
from ..core.engine.errors import UnreadableBase
from ..core.engine.merge import Pair, merge
from ..core.engine.reconcile import Base
from ..core.engine.snapshot import EMPTY, Keyed, Side, Snapshot


def to_keep(meeting) -> Any:
    """Return what is to be kept of a meeting that Outlook has no more, as the column holds it."""
    base = _load(meeting.base)
    if base is None or not base.remote.get("people"):
        return meeting.invited
    return codec.dump_base(Base(_people_of(base.local), _people_of(base.remote)))


def people(meeting, local: Snapshot) -> Keyed:
    """Return whom Outlook is to invite where this side shows `local`: its guests, and those kept.

    Who was taken off here since is not among them, nor who organizes it now.
    """
    now, kept = local.get("people", EMPTY), _load(meeting.invited)
    if kept is None:
        return now
    was = Pair(kept.local.get("people", EMPTY), kept.remote.get("people", EMPTY))
    return merge(("people",), was, Pair(now, was.remote), Side.LOCAL).now.remote


def known_there_only(meeting) -> list[str]:
    """Return the names of those kept whom only Outlook could invite."""
    kept = _load(meeting.invited)
    if kept is None:
        return []
    here, there = kept.local.get("people", EMPTY), kept.remote.get("people", EMPTY)
    return sorted(one.name or one.address or "" for key, one in there.items() if key not in here)


def _people_of(half: Snapshot) -> Snapshot:
    return Keyed({"people": half.get("people", EMPTY)})


def _load(stored: Any) -> Base | None:
    try:
        return codec.load_base(stored) if stored else None
    except UnreadableBase:
        return None
