"""What is known of a meeting that was made or changed in Outlook, where nobody saw the answer.

Of one that was made, the base holds what this side showed then, and of Outlook nothing. When
Outlook's event is met for the first time, somebody may have edited it there already.

Of a change, the copy holds what was about to be sent, from the step that planned it until its
effect is recorded. When Outlook shows it, it is this side's own, whatever was changed here since.
"""

from datetime import timedelta

from ..core.engine import codec
from ..core.engine.creation import first_shown
from ..core.engine.errors import UnreadableBase
from ..core.engine.reconcile import Base
from ..core.engine.snapshot import Keyed, Snapshot
from ..core.engine.unrecorded import as_written
from ..core.graph.remote import RemoteEvent
from . import invited
from .facts import write_changed

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


def note_sent(copy, values: Snapshot, local: Snapshot) -> None:
    """Note what Outlook is about to be written, and what this side shows of it."""
    names = values.keys() & local.keys()
    before, sent = (Keyed((name, side[name]) for name in names) for side in (local, values))
    write_changed(copy, sent=codec.dump_base(Base(before, sent)))


def forget_sent(copy) -> None:
    """Take note that no write is open: it is recorded, or did not arrive."""
    write_changed(copy.exists(), sent=False)


def own(desk, copy, base: Base | None, local: Snapshot | None, shown: Snapshot) -> Base | None:
    """Return the base with what Outlook got from here without an answer; keep it, where it has."""
    sent = _sent(copy)
    if base is None or sent is None:
        return base
    if any(base.remote.get(name) != shown.get(name) for name in sent.remote):
        forget_sent(copy)  # it is there, or something else is, over which it was refused
    now = as_written(base, sent, local=local, shown=shown)
    if now != base:
        desk.keep_base(copy.meeting_id, copy, now)
    return now


def _sent(copy) -> Base | None:
    try:
        return codec.load_base(copy.sent) if copy.sent else None
    except UnreadableBase:
        return None


def _is_edited(remote: RemoteEvent) -> bool:
    if remote.created_at is None or remote.modified_at is None:
        return False
    return remote.modified_at - remote.created_at > _SETTLED
