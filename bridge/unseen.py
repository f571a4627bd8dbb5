"""What is known of a meeting that was made in Outlook, where nobody saw the answer to that.

The base holds what this side showed then, and of Outlook nothing. When Outlook's event is met for
the first time, somebody may have edited it there already.
"""

from datetime import timedelta

from ..core.engine.creation import first_shown
from ..core.engine.reconcile import Base
from ..core.engine.snapshot import Keyed, Snapshot
from ..core.graph.remote import RemoteEvent
from . import invited

#: A new event is changed by Exchange itself for a moment.
_SETTLED = timedelta(seconds=2)


def known(meeting, base: Base | None, shown: Snapshot, remote: RemoteEvent) -> Base | None:
    """Return the base with what Outlook showed at first, where that is still missing."""
    if base is None or base.remote:
        return base
    if not _is_edited(remote):
        return Base(base.local, shown)
    people = invited.people(meeting, base.local)
    first = dict(first_shown(Keyed({**base.local, "people": people}), shown))
    if meeting.event_id.videocall_location:
        # Its link stands in the one or the other there, and nowhere here (see `links`).
        first |= {name: shown[name] for name in ("body", "location") if name in shown}
    return Base(base.local, Keyed(first))


def _is_edited(remote: RemoteEvent) -> bool:
    if remote.created_at is None or remote.modified_at is None:
        return False
    return remote.modified_at - remote.created_at > _SETTLED
