"""Bring in what Outlook shows: one event at a time, each in a savepoint of its own.

Works inside one step: writes here at once, and leaves what is to be written in Outlook as wishes.
"""

from collections.abc import Mapping

from psycopg2 import DataError

from odoo.exceptions import UserError

from ..core.engine.errors import Unmappable
from ..core.engine.fields import PRIVATE
from ..core.engine.normalize import norm_address
from ..core.engine.reconcile import Base, Create, Delete, Join, Merge, reconcile, record
from ..core.engine.snapshot import EMPTY, Keyed, Person, Side, Snapshot
from ..core.graph.operations import DeleteEvent, UpdateEvent
from ..core.graph.remote import RemoteEvent, Unreadable
from .answers import Answers
from .departures import Departures
from .desk import Desk
from .facts import facts_of, is_replay, write_changed
from .matching import Matching, is_left_alone
from .people import STATES
from .reader import is_single
from .wishes import Wish

#: What is wrong with one meeting and no reason to stop the others. ValueError: text that PostgreSQL
#: cannot hold (psycopg2 on NUL).
POISON = (Unmappable, UserError, DataError, ValueError)


class Incoming:
    """What one step learns from one calendar. `rows` are outbox rows that asked to look."""

    def __init__(self, desk: Desk, calendar, tags: Mapping[str, str] = EMPTY) -> None:
        self._desk = desk
        self._calendar = calendar
        self._matching = Matching(desk, calendar, tags)
        self._answers = Answers(desk)
        self._departures = Departures(desk)
        self.rows: tuple[int, ...] = ()

    def take(self, remote: RemoteEvent | Unreadable) -> None:
        """Bring one event in; what cannot be brought in is set aside with its reason."""
        if isinstance(remote, Unreadable):
            self._set_aside(remote.remote_id, remote.reason)
            return
        try:
            with self._desk.savepoint():
                self._take(remote)
        except POISON as error:
            self._set_aside(remote.id, str(error), remote)

    def removed(self, copy) -> None:
        """Deal with a copy that the mailbox no longer has (it was looked up)."""
        self._desk.lock(copy.meeting_id)
        self._departures.removed(copy)

    def _take(self, remote: RemoteEvent) -> None:
        copy = self._matching.copy(remote)
        if copy:
            self._desk.lock(copy.meeting_id)
            self._seen(copy)
            if is_replay(copy, remote):
                return
        if remote.kind != "singleInstance":
            return
        if remote.is_cancelled:
            if copy:
                self._departures.cancelled(copy)
            return
        if not copy:
            copy = self._linked(remote)
        if not copy:
            return
        self._note_facts(copy, remote)
        if copy.meeting_id.state == "left_alone":
            return
        self._bring_in(copy, remote)

    def _linked(self, remote: RemoteEvent):
        """Return a new copy for an event that is met for the first time; none if it is ignored."""
        meeting = self._matching.meeting(remote)
        if meeting.state == "gone" and not remote.is_organizer:
            return self._desk.env["outlook.copy"]  # a cancellation that has not arrived there yet
        if not meeting:
            state = "left_alone" if is_left_alone(self._desk, remote) else "new"
            meeting = self._desk.env["outlook.meeting"].create({"state": state})
        self._desk.lock(meeting)
        role = "organizer" if remote.is_organizer else "attendee"
        lost = meeting.copy_ids.filtered(
            lambda one: one.calendar_id == self._calendar and not one.remote_id
        )
        copy = lost or lost.create(
            {"meeting_id": meeting.id, "calendar_id": self._calendar.id, "role": role}
        )
        is_ours = copy.role == "organizer" or meeting.copy_ids == copy
        is_to_rest = is_left_alone(self._desk, remote)
        if meeting.state == "left_alone" and is_ours and not is_to_rest:
            meeting.state = "new"  # left alone before its organizer's mailbox was here (again)
        elif copy.role == "organizer" and is_to_rest:
            meeting.write({"state": "left_alone", "mailer": "odoo"})  # a guest's mailbox knew it
        self._seen(copy)
        return copy

    def _seen(self, copy) -> None:
        number = self._calendar.round_number
        if self._calendar.full_round and copy.seen_round != number:
            copy.seen_round = number

    def _note_facts(self, copy, remote: RemoteEvent) -> None:
        """Keep what names the event and its state in Outlook, where it changed."""
        meeting = copy.meeting_id
        write_changed(copy, **facts_of(remote))
        facts = {"ical_uid": remote.ical_uid or meeting.ical_uid}
        if remote.organizer and remote.organizer.address:
            facts["organizer"] = norm_address(remote.organizer.address)
        write_changed(meeting, **facts)

    def _bring_in(self, copy, remote: RemoteEvent) -> None:
        meeting = copy.meeting_id
        if meeting.event_id and not is_single(meeting.event_id):
            return
        if self._desk.has_moved_on(copy):
            return
        is_organizer = copy.role == "organizer"
        if is_organizer or self._feeds(copy):
            self._reconcile(copy, remote)
        if is_organizer:
            self._answers.of_guests(meeting, remote)
        else:
            self._answers.own(copy, remote)

    def _feeds(self, copy) -> bool:
        """Tell whether a guest's copy speaks for the meeting.

        It does where no organizer's mailbox is here and Outlook is all that is known of it. What
        was made here is its organizer's: a guest may write into his copy what he likes.
        """
        if copy.meeting_id.made_here:
            return False
        copies = copy.meeting_id.copy_ids.filtered(lambda one: one.account_id.state != "new")
        if any(one.role == "organizer" for one in copies):
            return False
        return copy == copies.sorted("id")[:1]

    def _reconcile(self, copy, remote: RemoteEvent) -> None:
        meeting = copy.meeting_id
        shown = Keyed({**remote.shared, **(remote.private if copy.role == "organizer" else {})})
        local = self._desk.read(meeting, copy, shown)
        base = self._desk.base(meeting, copy)
        if base is not None and not base.remote and local is None:
            # Made in Outlook, and deleted here before the answer came.
            base = Base(base.local, shown)
        winner = Side.REMOTE
        if copy.role == "organizer":
            winner = self._desk.winner(meeting.event_id, remote.modified_at)
        if base is None and local is not None and copy.role == "organizer":
            base, decision = self._first_view(meeting, local, shown, winner)
        else:
            decision = reconcile(base, local, shown, winner=winner)
        if isinstance(decision, Join):
            self._join(copy, local, shown, decision, remote)
        elif isinstance(decision, Create):
            self._create(copy, shown, remote)
        elif isinstance(decision, Delete):
            self._wish_removal(copy)
        elif isinstance(decision, Merge):
            self._merge(copy, base, shown, decision)
        elif meeting.state != "linked":
            self._desk.settle(meeting, mailer="outlook")

    def _first_view(self, meeting, local: Snapshot, shown: Snapshot, winner: Side):
        """Decide what the organizer's own copy brings, when it is met for the first time.

        Where a guest's mailbox had made the event here, it lacks what only the organizer's can
        tell: his reminder, his tags. All else is joined or reconciled as usual; but the first
        round of a mailbox writes nothing there: what differs is listed.
        """
        base = self._desk.shared_base(meeting)
        if base is None:
            return None, reconcile(None, local, shown, winner=winner)
        base = Base(Keyed({**local, **base.local}), base.remote)
        decision = reconcile(base, local, shown, winner=winner)
        to_local = decision.to_local if isinstance(decision, Merge) else EMPTY
        private = {name: value for name, value in shown.items() if name in PRIVATE}
        to_remote = decision.to_remote if isinstance(decision, Merge) else EMPTY
        if self._calendar.matching:
            meeting.differences = sorted(to_remote)
            to_remote = EMPTY
        return base, Merge(Keyed({**to_local, **private}), to_remote)

    def _join(self, copy, local, shown: Snapshot, decision: Join, remote: RemoteEvent) -> None:
        """Write on neither side: what both show now is the base, differences are listed."""
        meeting = copy.meeting_id
        self._desk.keep_base(meeting, copy, record(None, local, shown))
        meeting.write(
            {
                "differences": list(decision.differences),
                "responses": dict(remote.responses),
            }
        )
        self._desk.settle(meeting, mailer="outlook")
        self._desk.tally["joined"] += 1

    def _create(self, copy, shown: Snapshot, remote: RemoteEvent) -> None:
        """Make the event here, or bring the archived one back."""
        meeting, event = copy.meeting_id, copy.meeting_id.event_id
        if event:
            self._desk.writer.change(event, shown, organizers=self._desk.organizers(meeting, event))
        else:
            host = remote.organizer or Person("required")
            organizer = self._desk.people.user(host.address)
            if copy.role == "organizer":
                organizer = copy.account_id.user_id
            meeting.event_id = self._desk.writer.create(
                shown,
                organizer=organizer,
                host=self._desk.people.partner(host, create=not organizer),
                states={key: STATES[one] for key, one in remote.responses.items()},
            )
        meeting.responses = dict(remote.responses)
        self._answers.begin_anew(meeting)
        self._keep(copy, None, shown)
        self._desk.tally["created_local"] += 1
        self._desk.note(meeting, direction="in", kind="create")

    def _merge(self, copy, base: Base, shown: Snapshot, decision: Merge) -> None:
        meeting, event = copy.meeting_id, copy.meeting_id.event_id
        if decision.to_local:
            organizers = self._desk.organizers(meeting, event)
            self._desk.note_readers(event)
            self._desk.writer.change(event, decision.to_local, organizers=organizers)
            self._desk.tally["changed_local"] += 1
            self._desk.note(meeting, direction="in", kind="change", names=decision.to_local)
        local = self._keep(copy, base, shown, pending=decision.to_remote)
        self._note_overruled(meeting, decision)
        if decision.to_remote and copy.role == "organizer":
            operation = UpdateEvent(
                copy.remote_id,
                decision.to_remote,
                Keyed({**shown, **decision.to_remote}),
                copy.change_key or None,
            )
            self._wish("change", operation, copy, local)

    def _keep(self, copy, base: Base | None, shown: Snapshot, pending: Snapshot = EMPTY):
        """Store what both sides show after the writes here; return this side's half."""
        meeting = copy.meeting_id
        meeting.event_id.invalidate_recordset()
        local = self._desk.read(meeting, copy, shown)
        self._desk.keep_base(meeting, copy, record(base, local, shown, pending=pending.keys()))
        self._desk.settle(meeting, mailer="outlook")
        return local

    def _wish_removal(self, copy) -> None:
        if copy.role == "organizer":
            self._wish("remove", DeleteEvent(copy.remote_id), copy)

    def _wish(self, kind, operation, copy, local: Snapshot | None = None) -> None:
        self._desk.wishes.append(
            Wish(kind, operation, copy.meeting_id.id, copy.id, local=local, rows=self.rows)
        )

    def _note_overruled(self, meeting, decision: Merge) -> None:
        """Keep the values that lost; of meetings that not all may read only that something did."""
        hidden = meeting.event_id.effective_privacy != "public"
        for one in decision.overruled:
            plain = not hidden and one.field not in ("body", *PRIVATE)
            self._desk.note(
                meeting,
                direction="in" if one.winner is Side.REMOTE else "out",
                kind="overruled",
                names=[".".join(one.path)],
                winner=one.winner.value,
                old=str(one.lost) if plain else False,
                new=str(one.kept) if plain else False,
            )

    def _set_aside(self, remote_id: str, reason: str, remote: RemoteEvent | None = None) -> None:
        """Park the meeting of this event; the next change on either side tries again."""
        copies = self._desk.env["outlook.copy"]
        copy = copies.search(
            [("calendar_id", "=", self._calendar.id), ("remote_id", "=", remote_id)], limit=1
        )
        if not copy:
            is_organizer = remote is None or remote.is_organizer
            copy = copies.create(
                {
                    "meeting_id": self._desk.env["outlook.meeting"].create({}).id,
                    "calendar_id": self._calendar.id,
                    "role": "organizer" if is_organizer else "attendee",
                    "remote_id": remote_id,
                }
            )
        self._seen(copy)
        self._desk.park(copy.meeting_id, reason)
