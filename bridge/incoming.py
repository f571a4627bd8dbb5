"""Bring in what Outlook shows: one event at a time, each in a savepoint of its own.

Works inside one step: writes here at once, and leaves what is to be written in Outlook as wishes.
"""

from collections.abc import Iterable, Mapping
from functools import partial

from ..core.engine.errors import SyncError
from ..core.engine.fields import PRIVATE
from ..core.engine.reconcile import Base, Create, Delete, Join, Merge, reconcile, record
from ..core.engine.snapshot import EMPTY, Keyed, Person, Side, Snapshot
from ..core.graph.delta import event_id
from ..core.graph.operations import DeleteEvent
from ..core.graph.remote import RemoteEvent, Unreadable
from . import (
    apart,
    conflicts,
    guests,
    homes,
    journal,
    links,
    moving,
    occurrences,
    parting,
    proposals,
    quiet,
    safety,
    unseen,
    winners,
)
from .adoption import adopt
from .answers import Answers, told
from .asking import reason
from .changes import Changes
from .departures import Departures
from .desk import Desk
from .facts import is_replay
from .linking import Linking
from .people import STATES
from .wishes import Wish


class Incoming:
    """What one step learns from one calendar. `rows` are outbox rows that asked to look."""

    def __init__(self, desk: Desk, calendar, tags: Mapping[str, str] = EMPTY) -> None:
        self._desk = desk
        self._calendar = calendar
        self._linking = Linking(desk, calendar, tags)
        self._changes = Changes(desk)
        self._answers = Answers(desk)
        self._departures = Departures(desk)
        self.rows: tuple[int, ...] = ()

    def expect(self, events: Iterable[object]) -> None:
        """Look for the events of a page at once; whatever else is among them is passed over."""
        remotes = [one for one in events if isinstance(one, RemoteEvent)]
        self._linking.expect(remotes)
        self._desk.people.prefetch(guests.addresses(remotes))

    def take(self, remote: RemoteEvent | Unreadable) -> None:
        """Bring one event in; what cannot be brought in is set aside with its reason."""
        if isinstance(remote, Unreadable):
            self._linking.set_aside(remote.remote_id, remote.reason, item=remote.item)
            return
        why = apart.objection(self._desk, self._take, remote)
        if why is not None:
            self._linking.set_aside(remote.id, why, remote, item=remote.item)

    def take_answer(self, copy, remote: RemoteEvent | Unreadable) -> None:
        """Bring in what Outlook has of a copy; one whose creation had no answer learns its id.

        A page may have shown the event before that could be read: nobody knew then whose it is.
        """
        remote_id = event_id(remote)
        if not copy.remote_id:
            stranger = self._linking.known(remote_id).meeting_id
            stranger.filtered(lambda one: not one.event_id and not one.base).unlink()
            copy.remote_id = remote_id
        self.take(remote)

    def take_found(self, remote_id: str, found: RemoteEvent | Unreadable | SyncError) -> None:
        """Bring in what was asked for; what nobody can tell at present is asked for later."""
        if not isinstance(found, SyncError):
            self.take(found)
            return
        copy = self._linking.known(remote_id)
        copy = copy or self._linking.set_aside(remote_id, reason(found))
        self._desk.postpone(copy, reason(found))

    def removed(self, copy, *, is_missing: bool = False) -> None:
        """Deal with a copy that the mailbox no longer has; see `Departures.removed`."""
        meeting = copy.meeting_id
        self._desk.lock(meeting)
        work = partial(self._departures.removed, copy, is_missing=is_missing)
        apart.set_aside(self._desk, meeting, work)

    def _take(self, remote: RemoteEvent) -> None:
        if remote.kind == "occurrence":
            return  # it says nothing that its series does not say
        copy = self._linking.copy(remote)
        if copy and is_replay(copy, remote):
            return
        if remote.is_cancelled:
            if copy:
                self._departures.cancelled(copy)
            return
        if occurrences.none_is_left(remote.shared) and self._ended(copy, remote):
            return
        copy = copy or self._linking.linked(remote)
        if not copy:
            return
        safety.met(copy)
        self._linking.note_facts(copy, remote)
        if copy.meeting_id.state != "left_alone":
            self._bring_in(copy, remote)

    def _ended(self, copy, remote: RemoteEvent) -> bool:
        """Follow the end of a series of which no date is left; tell whether that was all.

        It is not where a guest took date after date out of his calendar: these are his answers.
        """
        if not copy:
            return True
        if copy.role == "organizer":
            self._departures.removed(copy)
            return True
        if occurrences.of(remote.shared).keys() <= occurrences.called_off(remote):
            self._departures.cancelled(copy)
            return True
        return False

    def _bring_in(self, copy, remote: RemoteEvent) -> None:
        guests.recognise_host(self._desk, copy, remote)
        self._desk.writer.welcome = guests.welcome_to(self._desk, copy, remote)
        if moving.is_left_behind(copy):
            self._wish_removal(copy)
            return
        if self._desk.has_moved_on(copy):
            return
        if self._feeds(copy):
            self._reconcile(copy, remote)
            adopt(self._desk, copy, remote)
            links.learn(self._desk, copy, remote)
        if copy.role == "attendee":
            self._answers.own(copy, remote)
        elif not copy.slot:
            self._answers.of_guests(copy.meeting_id, remote)
            proposals.learn(self._desk, copy.meeting_id, remote)
        if moving.is_moving(copy) and not moving.awaited(copy):
            self._wish_removal(copy)

    def _feeds(self, copy) -> bool:
        """Tell whether a copy speaks for the meeting: the organizer's, where it is all of it.

        A guest's does where no organizer's mailbox is here and Outlook is all that is known of it.
        What was made here is its organizer's: a guest may write into his copy what he likes.
        """
        if copy.slot or copy.role == "organizer":
            return not copy.slot
        if copy.meeting_id.made_here:
            return False
        copies = copy.meeting_id.copy_ids.filtered(
            lambda one: one.account_id.state != "new" and not one.slot
        )
        if any(one.role == "organizer" for one in copies):
            return False
        return copy == copies.sorted("id")[:1]

    def _reconcile(self, copy, remote: RemoteEvent) -> None:
        meeting = copy.meeting_id
        base = self._desk.base(meeting, copy)
        shown = _shown(copy, remote, base)
        base = unseen.known(meeting, base, shown, remote)
        local = parting.read(self._desk, meeting, copy, shown)
        base = unseen.own(self._desk, copy, base, local, shown)
        if base is None and local is not None and copy.role == "organizer":
            base, decision = self._first_view(copy, local, shown, remote)
        else:
            decision = winners.decide(self._desk, copy, base, local, shown, remote)
        wish = None
        if isinstance(decision, Join):
            self._join(copy, local, shown, decision, remote)
        elif isinstance(decision, Create):
            self._create(copy, shown, remote)
        elif isinstance(decision, Delete):
            self._remove(copy)
        elif isinstance(decision, Merge):
            wish = self._merge(copy, base, local, shown, decision)
        elif meeting.state != "linked":
            self._desk.settle(meeting, mailer="outlook")
        if local is not None and not moving.is_moving(copy):
            first = links.asked_first(copy, base, local, wish, self.rows, remote=remote)
            self._desk.wishes += first

    def _first_view(self, copy, local: Snapshot, shown: Snapshot, remote: RemoteEvent):
        """Decide what the organizer's own copy brings, when it is met for the first time.

        Where a guest's mailbox had made the event here, it lacks what only the organizer's can
        tell: his reminder, his tags. All else is joined or reconciled as usual; but the first
        round of a mailbox writes nothing there: what differs is listed.
        """
        base = self._desk.shared_base(copy.meeting_id)
        if base is None:
            return None, reconcile(None, local, shown, winner=Side.REMOTE)
        base = Base(Keyed({**local, **base.local}), base.remote)
        decision = winners.decide(self._desk, copy, base, local, shown, remote)
        merge = decision if isinstance(decision, Merge) else Merge()
        private = {name: value for name, value in shown.items() if name in PRIVATE}
        to_remote = merge.to_remote
        if self._calendar.matching:
            copy.meeting_id.differences = sorted(to_remote)
            to_remote = EMPTY
        return base, Merge(Keyed({**merge.to_local, **private}), to_remote, merge.overruled)

    def _join(self, copy, local, shown: Snapshot, decision: Join, remote: RemoteEvent) -> None:
        """Write on neither side: what both show now is the base, differences are listed."""
        meeting = copy.meeting_id
        self._desk.keep_base(meeting, copy, record(None, local, shown))
        meeting.write(
            {
                "differences": list(decision.differences),
                "responses": told(remote),
            }
        )
        self._desk.settle(meeting, mailer="outlook")
        self._desk.tally["joined"] += 1

    def _create(self, copy, shown: Snapshot, remote: RemoteEvent) -> None:
        """Make the event here, or bring the archived one back."""
        meeting, event = copy.meeting_id, copy.meeting_id.event_id
        safety.came_back(copy)
        if event:
            organizers = self._desk.organizers(meeting, event)
            written = self._desk.writer.change(event, shown, organizers=organizers, local=None)
        else:
            host = remote.organizer or Person("required")
            organizer = self._desk.people.user(host.address)
            if copy.role == "organizer":
                organizer = copy.account_id.user_id
            written = self._desk.writer.create(
                shown,
                organizer=organizer,
                host=self._desk.people.partner(
                    host, create=not organizer and self._desk.writer.welcome.host()
                ),
                states={key: STATES[one] for key, one in remote.responses.items()},
            )
        hang(meeting, written)
        meeting.responses = told(remote)
        self._answers.begin_anew(meeting)
        self._keep(copy, None, shown, past=shown)
        self._desk.tally["created_local"] += 1
        self._desk.note(meeting, direction="in", kind="create")

    def _merge(
        self, copy, base: Base, local: Snapshot, shown: Snapshot, decision: Merge
    ) -> Wish | None:
        """Write here what is to be here; return what is then to be written in Outlook."""
        meeting, event = copy.meeting_id, copy.meeting_id.event_id
        if decision.to_local:
            organizers = self._desk.organizers(meeting, event)
            self._desk.note_readers(event)
            written = self._desk.writer.change(
                event,
                decision.to_local,
                organizers=organizers,
                local=local,
                horizon=meeting.horizon or None,
                since=meeting.since or None,
            )
            hang(meeting, written)
            self._desk.tally["changed_local"] += 1
            changes = journal.changes_of(decision.to_local, local)
            self._desk.note(meeting, direction="in", kind="change", changes=changes)
        before, past = local, {**local, **decision.to_local}
        local = self._keep(copy, base, shown, pending=decision.to_remote, past=past)
        self._note_overruled(meeting, decision)
        conflicts.keep(self._desk, copy, decision.overruled, local=before, remote=shown, now=local)
        if not decision.to_remote or copy.role != "organizer" or moving.is_moving(copy):
            return None
        if not self.rows and quiet.home(meeting.event_id) in self._desk.resting:
            return None  # what is edited here at this moment goes out with the rest of it
        return self._changes.wish(
            copy, shown=shown, values=decision.to_remote, local=local, rows=self.rows
        )

    def _keep(
        self, copy, base: Base | None, shown: Snapshot, *, past: Snapshot, pending: Snapshot = EMPTY
    ):
        """Store what both sides show after the writes here; return this side's half.

        `past` is what was to be here; `pending` what Outlook is still to be written.
        """
        meeting = copy.meeting_id
        homes.rows(meeting.event_id).invalidate_recordset()
        local = self._desk.read(meeting, copy, shown, past=past)
        now = record(base, local, shown, pending=pending.keys() - {"occurrences"})
        if "occurrences" in pending:
            slots = occurrences.differing(occurrences.of(pending), occurrences.of(shown))
            now = occurrences.keep_past(now, base, slots)
        self._desk.keep_base(meeting, copy, now)
        self._desk.settle(meeting, mailer="outlook")
        return local

    def _remove(self, copy) -> None:
        """Delete there what was deleted here, once it was judged together with all else."""
        if copy.verdict == "follow":
            self._wish_removal(copy)
        elif copy.role == "organizer":
            safety.note(copy, "here")

    def _wish_removal(self, copy) -> None:
        if copy.role == "organizer":
            operation = DeleteEvent(copy.remote_id)
            wish = Wish("remove", operation, copy.meeting_id.id, copy.id, rows=self.rows)
            self._desk.wishes.append(wish)

    def _note_overruled(self, meeting, decision: Merge) -> None:
        """Keep the values that lost."""
        for one in decision.overruled:
            self._desk.note(
                meeting,
                direction="in" if one.winner is Side.REMOTE else "out",
                kind="overruled",
                changes={one.path: (one.lost, one.kept)},
                winner=one.winner.value,
            )


def hang(meeting, written) -> None:
    """Let a meeting hang on what was written (`writer.Written`)."""
    meeting.write(
        {
            "event_id": written.event.id,
            "horizon": written.horizon or False,
            "since": written.since or False,
            "next_extension": False,
        }
    )
    homes.hand_over(meeting)


def _shown(copy, remote: RemoteEvent, base: Base | None) -> Snapshot:
    """Return what an event tells of its meeting: a guest's copy leaves out what is his own."""
    shown = Keyed({**remote.shared, **remote.private})
    if copy.role == "organizer":
        return shown
    shown = occurrences.without_private(shown)
    if base is None or remote.kind != "seriesMaster":
        return shown
    return occurrences.without_refused(shown, base.remote, occurrences.called_off(remote))
