"""Write in Outlook what the steps wished for, and record each effect as soon as it is known."""

from collections.abc import Sequence

from ..core.engine.errors import (
    GraphError,
    Missing,
    Refused,
    Rejected,
    Stale,
    SyncError,
    Unmappable,
    Unsupported,
)
from ..core.engine.reconcile import record
from ..core.engine.snapshot import Keyed
from ..core.graph.client import Result
from ..core.graph.failures import concerns_mailbox
from ..core.graph.remote import RemoteEvent
from .answers import Answers
from .asking import Found, find_tagged, look_up, reason
from .desk import Desk
from .facts import facts_of, write_changed
from .incoming import Incoming
from .outgoing import Look, Outgoing
from .session import Session
from .wishes import Wish
from .writer import QUIET

#: Operations of one batch (`$batch` takes 20).
GROUP = 20
#: How often a meeting that changes in Outlook all the time is looked at anew in one round.
TURNS = 3

#: This one meeting cannot be written; a person may see why.
_PARKS = (Rejected, Refused, Unmappable, Unsupported)


class Sending:
    """Carry wishes out. Reads over HTTP and records in steps of their own."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def carry_out(self, wishes: Sequence[Wish]) -> None:
        """Write, group by group; what turns out to have changed in Outlook is reconciled again."""
        for _turn in range(TURNS):
            stale: list[Wish] = []
            for start in range(0, len(wishes), GROUP):
                stale += self._send(wishes[start : start + GROUP])
            wishes = self.look([_look_at(one) for one in stale])
            if not wishes:
                return

    def look(self, looks: Sequence[Look]) -> list[Wish]:
        """See what Outlook has now, reconcile, and return what is then to be written."""
        wishes: list[Wish] = []
        for look in looks:
            wishes += self._session.step(_looked, look, self._fetch(look))
        return wishes

    def _fetch(self, look: Look) -> Found:
        if look.remote_id:
            return look_up(self._session.client, look.remote_id)
        return find_tagged(self._session.client, look.tag, look.calendar_id)

    def _send(self, wishes: Sequence[Wish]) -> list[Wish]:
        results = self._session.client.perform([wish.operation for wish in wishes])
        again = self._session.step(_recorded, wishes, results)
        for result in results:
            if isinstance(result, SyncError) and concerns_mailbox(result):
                raise result  # nothing more is asked in this round
        return again


def _looked(desk: Desk, look: Look, remote: Found) -> list[Wish]:
    copy = desk.env["outlook.copy"].browse(look.copy_id).exists()
    if not copy:
        desk.done(look.rows)
        return []
    if isinstance(remote, SyncError):
        desk.postpone(copy, reason(remote))
        return []
    write_changed(copy, next_attempt=False)
    if remote is None and not copy.remote_id:
        return Outgoing(desk).create_again(copy.id, look.rows)
    incoming = Incoming(desk, copy.calendar_id)
    incoming.rows = look.rows
    if remote is None:
        incoming.removed(copy)
    else:
        if not copy.remote_id:
            copy.remote_id = remote.id
        incoming.take(remote)
    if not desk.wishes:
        desk.done(look.rows)
    return desk.wishes


def _recorded(desk: Desk, wishes: Sequence[Wish], results: Sequence[Result]) -> list[Wish]:
    """Record what became of each wish; return those to look at again."""
    again = []
    for wish, result in zip(wishes, results, strict=True):
        copy = desk.env["outlook.copy"].browse(wish.copy_id).exists()
        desk.lock(copy.meeting_id)
        if not copy:
            desk.done(wish.rows)
        elif wish.kind == "remove" and isinstance(result, Missing):
            _removed(desk, copy, wish)
        elif isinstance(result, Stale | Missing):
            again.append(wish)
        elif isinstance(result, _PARKS):
            desk.park(copy.meeting_id, reason(result))
            desk.done(wish.rows)
        elif not isinstance(result, SyncError):
            write_changed(copy, attempts=0, next_attempt=False)
            _RECORDERS[wish.kind](desk, copy, wish, result)
        elif isinstance(result, GraphError) and not concerns_mailbox(result):
            # Busy (409), or Exchange cannot cope with it (500): the others go on.
            desk.postpone(copy, reason(result))
        # Otherwise, and then too, the rows stay, and a later round looks again.
    return again


def _created(desk: Desk, copy, wish: Wish, remote: RemoteEvent) -> None:
    meeting = copy.meeting_id
    meeting.write({"ical_uid": remote.ical_uid, "responses": dict(remote.responses)})
    _written(desk, copy, wish, remote)
    event = meeting.event_id
    if event and not event.outlook_zone:
        # As it was sent: Exchange calls a zone by the first city that Windows knows in it.
        event.with_context(**QUIET).outlook_zone = wish.local["zone"]
    desk.tally["created_remote"] += 1
    desk.note(meeting, direction="out", kind="create")


def _changed(desk: Desk, copy, wish: Wish, remote: RemoteEvent) -> None:
    _written(desk, copy, wish, remote)
    desk.tally["changed_remote"] += 1
    names = getattr(wish.operation, "values", {})
    desk.note(copy.meeting_id, direction="out", kind="change", names=names)


def _written(desk: Desk, copy, wish: Wish, remote: RemoteEvent) -> None:
    """The base becomes what was compared here and what Outlook answered: no echo can differ."""
    meeting = copy.meeting_id
    copy.write(facts_of(remote))
    shown = Keyed({**remote.shared, **remote.private})
    desk.keep_base(meeting, copy, record(desk.base(meeting, copy), Keyed(wish.local), shown))
    desk.settle(meeting, mailer="outlook")
    desk.done(wish.rows)


def _removed(desk: Desk, copy, wish: Wish, _result: Result = None) -> None:
    desk.note(copy.meeting_id, direction="out", kind="remove")
    desk.forget(copy.meeting_id)
    desk.tally["removed_remote"] += 1
    desk.done(wish.rows)


def _answered(desk: Desk, copy, wish: Wish, _result: Result = None) -> None:
    Answers(desk).sent(copy, str(wish.local))
    desk.tally["changed_remote"] += 1
    desk.done(wish.rows)


def _look_at(wish: Wish) -> Look:
    return Look(wish.copy_id, getattr(wish.operation, "remote_id", None), rows=wish.rows)


_RECORDERS = {
    "create": _created,
    "change": _changed,
    "remove": _removed,
    "answer": _answered,
}
