"""Write in Outlook what the steps wished for, and record each effect as soon as it is known."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from ..core.engine.errors import GraphError, Missing, Refused, Stale, SyncError, Unmappable
from ..core.engine.reconcile import record
from ..core.engine.snapshot import EMPTY, Keyed
from ..core.graph.client import Result
from ..core.graph.failures import concerns_mailbox
from ..core.graph.remote import Json, RemoteEvent
from . import (
    answering,
    apart,
    homes,
    journal,
    links,
    merging,
    moving,
    occurrences,
    series_sending,
    unseen,
)
from .answering import Answering
from .answers import told
from .asking import NO_ANSWERS, PARKS, Found, find_tagged, look_up, reason
from .desk import Desk
from .facts import facts_of, write_changed
from .incoming import Incoming
from .outgoing import Outgoing
from .plans import Look
from .session import Session
from .wishes import Wish
from .writer import QUIET

#: Operations of one batch (`$batch` takes 20).
GROUP = 20
#: How often a meeting that changes in Outlook all the time is looked at anew in one round.
TURNS = 3


@dataclass
class Outcome:
    """What is left to do of some wishes: those to look at again, and those that follow."""

    again: list[Wish] = field(default_factory=list)
    following: list[Wish] = field(default_factory=list)

    def add(self, other: "Outcome") -> None:
        """Add what is left of others."""
        self.again += other.again
        self.following += other.following

    def done(self, desk: Desk, copy, wish: Wish) -> None:
        """Take note that a wish came true: the next one follows, or the outbox is done with it."""
        if wish.then:
            self.following.append(_after(wish, copy))
            return
        desk.done(wish.rows)
        if wish.trouble:
            desk.park(copy.meeting_id, wish.trouble)


class Sending:
    """Carry wishes out. Reads over HTTP and records in steps of their own."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def carry_out(self, wishes: Sequence[Wish]) -> None:
        """Write, group by group; what turns out to have changed in Outlook is reconciled again."""
        for _turn in range(TURNS):
            again: list[Wish] = []
            waiting = list(wishes)
            while waiting:
                group, waiting = waiting[:GROUP], waiting[GROUP:]
                outcome = self._send(group)
                again += outcome.again
                waiting += outcome.following
            wishes = self.look([_look_at(one) for one in again])
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
        found = find_tagged(self._session.client, look.tag, look.calendar_id)
        if isinstance(found, RemoteEvent) and found.kind == "seriesMaster":
            return look_up(self._session.client, found.id)  # a search shows no series whole
        return found

    def _send(self, wishes: Sequence[Wish]) -> Outcome:
        """Write the meetings in one go, then single dates, series by series."""
        outcome = Outcome()
        plain = [wish for wish in wishes if wish.kind not in _BY_DATE]
        results = self._session.client.perform([wish.operation for wish in plain])
        if plain:
            outcome.add(self._session.step(_recorded, plain, results))
        for result in results:
            if isinstance(result, SyncError) and concerns_mailbox(result):
                raise result  # nothing more is asked in this round
        for wish in wishes:
            if wish.kind in _BY_DATE:
                outcome.add(self._send_by_date(wish))
        return outcome

    def _send_by_date(self, wish: Wish) -> Outcome:
        send, _record = _BY_DATE[wish.kind]
        results = send(self._session.client, wish.operation)
        outcome = self._session.step(_recorded_by_date, wish, results)
        trouble = series_sending.trouble(results)
        if trouble:
            raise trouble
        return outcome


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
        incoming.take_answer(copy, remote)
    if not desk.wishes:
        unseen.forget_sent(copy)
        desk.done(look.rows)
    return desk.wishes


def _recorded(desk: Desk, wishes: Sequence[Wish], results: Sequence[Result]) -> Outcome:
    """Record what became of each wish; return what is left to do."""
    left = Outcome()
    for wish, result in zip(wishes, results, strict=True):
        copy = desk.env["outlook.copy"].browse(wish.copy_id).exists()
        desk.lock(copy.meeting_id)
        if not copy:
            desk.done(wish.rows)
        elif wish.kind == "remove" and isinstance(result, Missing):
            _removed(desk, copy, wish)
            left.done(desk, copy, wish)
        elif isinstance(result, Stale | Missing):
            left.again.append(wish)
        elif isinstance(result, SyncError):
            left.following += _failed(desk, copy, wish, result)
        else:
            _came_true(desk, copy, wish, result, left)
    return left


def _came_true(desk: Desk, copy, wish: Wish, result: Result, left: Outcome) -> None:
    """Record the effect of a wish; where this side cannot keep it, set the meeting aside.

    Written again it would not be: what Outlook has now is learned when either side changes.
    """
    write_changed(copy, attempts=0, next_attempt=False)
    to_look_at: list[Wish] = []

    def record_it() -> None:
        if _RECORDERS[wish.kind](desk, copy, wish, result):
            to_look_at.append(wish)

    if not apart.set_aside(desk, copy.meeting_id, record_it):
        desk.done(wish.rows)
    elif to_look_at:
        left.again += to_look_at
    else:
        left.done(desk, copy, wish)


def _failed(desk: Desk, copy, wish: Wish, error: SyncError) -> list[Wish]:
    """Record that a wish did not come true; return what is tried now, else or all the same.

    The rows stay where a later round is to look again.
    """
    if isinstance(error, GraphError) and concerns_mailbox(error):
        return []
    if wish.kind == "answer" and isinstance(error, NO_ANSWERS):
        return Answering(desk).refused(copy, wish)
    if isinstance(error, PARKS):
        return _refused(desk, copy, wish, error)
    if isinstance(error, GraphError):
        # Busy (409), or Exchange cannot cope with it (500), or lets nobody at it (403).
        desk.postpone(copy, reason(error), is_sure=isinstance(error, Refused))
    return []


def _refused(desk: Desk, copy, wish: Wish, error: SyncError) -> list[Wish]:
    """Set the meeting aside; return what was to follow and may be right without it.

    What people are told of is not held up by a text that Outlook does not take.
    """
    if wish.kind == "change" and wish.then and wish.then.kind == "change":
        names = wish.refused | wish.operation.values.keys()
        return [replace(wish.then, refused=names, trouble=reason(error))]
    unseen.forget_sent(copy)
    desk.park(copy.meeting_id, reason(error), _asked(wish))
    desk.done(wish.rows)
    return []


def _asked(wish: Wish) -> Json | None:
    """Return what Graph was asked to write; None where it cannot even be said."""
    try:
        body = wish.operation.call().body
    except Unmappable:
        return None
    return body if isinstance(body, dict) else None


def _recorded_by_date(desk: Desk, wish: Wish, results: series_sending.Results) -> Outcome:
    """Record what became of single dates of one series."""
    left = Outcome()
    copy = desk.env["outlook.copy"].browse(wish.copy_id).exists()
    desk.lock(copy.meeting_id)
    if not copy:
        desk.done(wish.rows)
        return left
    _send, note = _BY_DATE[wish.kind]
    match note(desk, copy, wish, results):
        case series_sending.Effect.DONE:
            if not wish.then:
                unseen.forget_sent(copy)
            left.done(desk, copy, wish)
        case series_sending.Effect.UNSEEN:
            left.again.append(wish)
        case series_sending.Effect.PARKED:
            unseen.forget_sent(copy)
            desk.done(wish.rows)
    return left


def _created(desk: Desk, copy, wish: Wish, remote: RemoteEvent) -> None:
    meeting = copy.meeting_id
    event = meeting.event_id
    merging.learn(desk, copy, remote.ical_uid)
    meeting = copy.meeting_id
    meeting.responses = told(remote)
    if meeting.event_id != event:  # a guest's mailbox had brought it in, and that one stays
        wish = replace(wish, local=desk.read(meeting, copy) or wish.local)
    # A new series has no exceptions; its answer does not say so.
    _written(desk, copy, wish, replace(remote, shared={"occurrences": EMPTY, **remote.shared}))
    event = meeting.event_id
    if event and not event.outlook_zone and not homes.is_series(event):
        # As it was sent: Exchange calls a zone by the first city that Windows knows in it.
        event.with_context(**QUIET).outlook_zone = wish.local["zone"]
    desk.tally["created_remote"] += 1
    desk.note(meeting, direction="out", kind="create")


def _changed(desk: Desk, copy, wish: Wish, remote: RemoteEvent) -> bool:
    """Record a change; tell whether it may have dropped what Outlook knew of single occurrences."""
    meeting, values = copy.meeting_id, wish.operation.values
    past = desk.base(meeting, copy)
    _written(desk, copy, wish, remote)
    desk.tally["changed_remote"] += 1
    changes = journal.changes_of(values, past and past.remote)
    desk.note(meeting, direction="out", kind="change", changes=changes)
    base = desk.base(meeting, copy)
    exceptions = {**occurrences.of(base.local), **occurrences.of(base.remote)}
    exceptions |= occurrences.of(wish.local)
    if remote.kind != "seriesMaster" or not occurrences.retimes(values) or not exceptions:
        return False
    desk.keep_base(meeting, copy, occurrences.forgotten(base))
    return True


def _written(desk: Desk, copy, wish: Wish, remote: RemoteEvent) -> None:
    """The base becomes what was compared here and what Outlook answered: no echo can differ.

    What is written only afterwards keeps its past: should that never happen, it is still to do.
    """
    meeting = copy.meeting_id
    copy.write(facts_of(remote))
    if not wish.then:
        unseen.forget_sent(copy)
    shown = Keyed({**remote.shared, **remote.private})
    base, pending = desk.base(meeting, copy), wish.pending()
    desk.keep_base(meeting, copy, record(base, Keyed(wish.local), shown, pending=pending))
    desk.settle(meeting, mailer="outlook")
    links.learn(desk, copy, remote)


def _removed(desk: Desk, copy, wish: Wish, _result: Result = None) -> None:
    desk.note(copy.meeting_id, direction="out", kind="remove")
    moving.leave(desk, copy)
    desk.tally["removed_remote"] += 1


def _answered(desk: Desk, copy, wish: Wish, _result: Result = None) -> None:
    Answering(desk).sent(copy, wish.local)
    desk.tally["changed_remote"] += 1


def _after(wish: Wish, copy) -> Wish:
    """Return what follows a wish; of the same meeting it expects the state that the first left."""
    then = replace(wish.then, refused=wish.refused, trouble=wish.trouble)
    if wish.kind != "change" or then.kind != "change":
        return then
    return replace(then, operation=replace(then.operation, change_key=copy.change_key or None))


def _look_at(wish: Wish) -> Look:
    return Look(wish.copy_id, getattr(wish.operation, "remote_id", None), rows=wish.rows)


#: What is written date by date: how, and how it is recorded.
_BY_DATE = {
    "occurrences": (series_sending.write, series_sending.record),
    "date answers": (answering.send, answering.record),
}
_RECORDERS = {
    "create": _created,
    "change": _changed,
    "online": links.recorded,
    "remove": _removed,
    "answer": _answered,
}
