"""Find out what is to be written in Outlook because of what changed, or was already, here.

Works inside one step. Copies of meetings to be made are committed with it, *before* the request: a
creation whose answer is lost is then looked up, never repeated blindly.
"""

import uuid
from collections.abc import Callable, Iterable
from datetime import timedelta
from functools import partial
from typing import Any

from odoo import fields
from odoo.fields import Domain

from ..core.engine.reconcile import Base, Create, Delete, Merge, reconcile
from ..core.engine.snapshot import EMPTY, Keyed, Side, Snapshot
from ..core.graph.operations import CreateEvent
from . import (
    apart,
    doubles,
    homes,
    horizon,
    identity,
    invited,
    links,
    moving,
    occurrences,
    parting,
    quiet,
    safety,
    unmet,
    unsent,
)
from .answering import Answering
from .changes import Changes
from .desk import Desk, since
from .mailing import in_window
from .plans import Look, Plan
from .reader import is_present
from .wishes import Wish

#: Events looked at in one step.
BATCH = 50
#: Series extended in one step: each may have hundreds of rows.
EXTENDED = 10


class Outgoing:
    """One step over the outbox, or over meetings that nobody linked yet."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._account = desk.account
        self._changes = Changes(desk)
        self._plan = Plan()

    def read_outbox(self, after: int) -> Plan:
        """Plan what the rows after number `after` ask for; drop those that ask for nothing.

        What was changed a moment ago stays for a later round, unread (see `quiet`).
        """
        outbox = self._desk.env["outlook.outbox"]
        mine = [("account_id", "=", self._account.id)]
        rows = outbox.search([*mine, ("id", ">", after)], limit=4 * BATCH)
        by_home: dict[quiet.Home, list[int]] = {}
        for row in rows:
            by_home.setdefault(self._home(row), []).append(row.id)
        ripe = [ids for home, ids in by_home.items() if home not in self._desk.resting]
        self._look_at_each(outbox.browse(ids) for ids in ripe)
        for one in (*self._plan.wishes, *self._plan.looks):
            self._plan.kept.update(one.rows)
        self._desk.done(row for ids in ripe for row in ids if row not in self._plan.kept)
        self._plan.last_row = max(rows.ids, default=after)
        self._plan.more = len(rows) == 4 * BATCH
        return self._plan

    def match_existing(self, calendar) -> Plan:
        """Deal with meetings of the window that no round has met: send them or leave them alone."""
        events = unmet.events(self._desk, calendar, limit=BATCH)
        for event in doubles.set_aside(self._desk, events):
            self._apart(event, self._no_meeting(), self._plan_creation, event, (), is_new=False)
        self._plan.more = len(events) == BATCH
        if not events:
            calendar.matching = False
        return self._plan

    def extend(self) -> Plan:
        """Let series without end have occurrences here as far ahead as time has come."""
        meetings = horizon.due(self._desk.env, self._account, limit=EXTENDED)
        for meeting in meetings:
            self._desk.lock(meeting)
            copy = self._speaking(meeting)
            if copy and not self._apart(meeting.event_id, meeting, self._extend, meeting, copy):
                meeting.next_extension = fields.Date.today() + timedelta(days=1)
        self._plan.more = len(meetings) == EXTENDED
        return self._plan

    def recover(self) -> Plan:
        """Ask for what became of creations that got no answer, and of what was postponed."""
        self._plan.looks += [self._look(copy, ()) for copy in self.lost(limit=BATCH)]
        return self._plan

    def lost(self, *, limit: int):
        """Return copies that wait for an answer of Outlook, and those whose rest is over."""
        # What was refused is parked and has no next attempt: not again until it changes.
        unanswered = (
            Domain("remote_id", "=", False)
            & Domain("next_attempt", "=", False)
            & Domain("meeting_id.state", "!=", "parked")
        )
        postponed = Domain("next_attempt", "<=", fields.Datetime.now())
        return self._desk.env["outlook.copy"].search(
            Domain("account_id", "=", self._account.id) & (unanswered | postponed),
            order="id",
            limit=limit,
        )

    def create_again(self, copy_id: int, rows: tuple[int, ...]) -> list[Wish]:
        """Plan a creation whose answer was lost and that Outlook does not know: as it is now."""
        copy = self._desk.env["outlook.copy"].browse(copy_id)
        meeting = copy.meeting_id
        if not self._apart(meeting.event_id, meeting, self._create_again, copy, rows):
            self._desk.done(rows)
        return self._plan.wishes

    def look_at(self, copies) -> Plan:
        """Plan to look at these before what was deleted here is deleted there, or comes back.

        Graph ignores If-Match on DELETE: it may have been edited there.
        """
        self._plan.looks += [self._look(copy, ()) for copy in copies]
        return self._plan

    def _apart(self, event, meeting, work: Callable[..., None], *args: Any, **kwargs: Any) -> bool:
        """Do what concerns one meeting; tell whether it could be done, else set it aside.

        Where none is known yet, one begins on `event`: a change of that one tries again.
        """
        whole, self._plan = self._plan, Plan()
        why = apart.objection(self._desk, partial(work, *args, **kwargs))
        if why is None:
            whole.add(self._plan)
        else:
            self._desk.park(meeting or homes.claim_or_begin(self._desk.env, event), why)
        self._plan = whole
        return why is None

    def _no_meeting(self):
        return self._desk.env["outlook.meeting"]

    def _extend(self, meeting, copy) -> None:
        if horizon.extend(self._desk, meeting):
            # Forgotten in this very step: whatever stops the round, a later one must look.
            copy.next_attempt = fields.Datetime.now()
            self._plan.looks.append(self._look(copy, ()))

    def _create_again(self, copy, rows: tuple[int, ...]) -> None:
        local = self._desk.read(copy.meeting_id, copy)
        if local is None or moving.is_moving(copy):
            moving.leave(self._desk, copy)
        else:
            self._wish_creation(copy, local, rows)

    def _speaking(self, meeting):
        """Return the copy that speaks for a meeting, if it is in this mailbox."""
        speaks = meeting._organizer_copy() or meeting.copy_ids.sorted("id")[:1]
        return speaks.filtered(lambda copy: copy.account_id == self._account)

    def _home(self, row) -> quiet.Home:
        """Return what a row of the outbox is about: (recurrence, 0) or (0, event)."""
        event = self._desk.env["calendar.event"].browse(row.event_id).exists()
        recurrence_id = row.recurrence_id or event.recurrence_id.id or 0
        return recurrence_id, 0 if recurrence_id else row.event_id

    def _look_at_each(self, groups: Iterable) -> None:
        """Look once at each meeting, whatever homes it had meanwhile; then at what is none yet."""
        by_meeting: dict[int, tuple] = {}
        unknown = []
        for rows in groups:
            event, meeting = self._subject(rows)
            if meeting:
                known = by_meeting.get(meeting.id)
                by_meeting[meeting.id] = (meeting, known[1] | rows if known else rows)
            elif event:
                unknown.append((event, rows))
        subjects = [(meeting.event_id, meeting, rows) for meeting, rows in by_meeting.values()]
        subjects += [(event, self._no_meeting(), rows) for event, rows in unknown]
        for event, meeting, rows in subjects:
            # Set aside, it is looked at again when a change makes another row.
            self._apart(event, meeting, self._look_at, event, meeting, rows)

    def _subject(self, rows):
        """Return the event that these rows are about, and its meeting; either may be empty."""
        recurrence_id, event_id = self._home(rows[0])
        events = self._desk.env["calendar.event"]
        event = events.browse(event_id).exists()
        if recurrence_id:
            recurrence = self._desk.env["calendar.recurrence"].browse(recurrence_id).exists()
            event = homes.rows(recurrence.calendar_event_ids[:1])[:1]
        meeting = homes.claim(self._desk.env, event) if event else rows.meeting_id[:1]
        if meeting:
            self._desk.lock(meeting)
        return event, meeting

    def _look_at(self, event, meeting, rows) -> None:
        is_untried = meeting.state == "parked" and not meeting.copy_ids
        if not meeting or meeting._is_unmet() or is_untried:
            if is_present(event) and event.user_id == self._account.user_id:
                is_new = event.create_date >= since(self._account).replace(tzinfo=None)
                is_new = is_new or unmet.has_left_a_series(event)
                noted = any(row.announced for row in rows if row.kind == "create")
                told = unsent.is_announced(event, noted=noted)
                if is_new or doubles.set_aside(self._desk, event):
                    self._plan_creation(event, tuple(rows.ids), is_new=is_new, is_announced=told)
            elif is_present(event):
                self._given_away(event, meeting, rows)
            return
        if meeting.state == "left_alone":
            return
        for copy in meeting.copy_ids.filtered(lambda one: one.account_id == self._account):
            if self._rests(copy, rows):
                self._plan.kept.update(rows.ids)
            elif not self._is_gone(copy, tuple(rows.ids)):
                self._look_at_copy(copy, tuple(rows.ids))

    def _rests(self, copy, rows) -> bool:
        """Tell whether a copy is postponed, and nobody changed the meeting since."""
        is_news = not all(row.is_read for row in rows)
        return not is_news and bool(copy.next_attempt and copy.next_attempt > fields.Datetime.now())

    def _given_away(self, event, meeting, rows) -> None:
        """Invite by this side's own mail to what was given away before any round could send it.

        Outlook was to invite; the organizer that it has now has no mailbox here.
        """
        is_untold = any(row.kind == "create" and not row.announced for row in rows)
        is_untold = meeting.mailer == "nobody" or (is_untold and not meeting.mailer)
        if is_untold and not moving.destination(event):
            moving.announce(meeting or homes.begin(self._desk.env, event))

    def _look_at_copy(self, copy, rows: tuple[int, ...]) -> None:
        if copy.role == "attendee":
            self._answer(copy, rows)
            return
        if self._desk.has_moved_on(copy):
            return
        if moving.is_moving(copy):
            if moving.awaited(copy):
                self._plan.kept.update(rows)
            else:
                self._plan.looks.append(self._look(copy, rows))
            return
        base = self._desk.base(copy.meeting_id, copy)
        local = parting.read(self._desk, copy.meeting_id, copy)
        if base is None or not base.remote or not copy.remote_id:
            self._plan.looks.append(self._look(copy, rows))
            return
        decision = reconcile(base, local, base.remote, winner=Side.LOCAL)  # no other changed it
        if isinstance(decision, Delete):
            safety.note(copy, "here")
            return
        is_write = isinstance(decision, Merge) and bool(decision.to_remote)
        is_open = copy.sent or copy.meeting_id.state == "parked"
        if isinstance(decision, Create) or (is_open and not is_write):
            # Taken back here, after a write without an answer or what made it be set aside: only a
            # look tells what came of the one, and whether the other is over.
            self._plan.looks.append(self._look(copy, rows))
            return
        wish = None
        if isinstance(decision, Merge) and decision.to_remote:
            wish = self._changes.wish(
                copy, shown=base.remote, values=decision.to_remote, local=local, rows=rows
            )
        elif isinstance(decision, Merge):
            self._desk.keep_base(copy.meeting_id, copy, Base(local, base.remote))
        self._plan.wishes += links.asked_first(copy, base, local, wish, rows)

    def _is_gone(self, copy, rows: tuple[int, ...]) -> bool:
        """Deal with news of a meeting whose deletion is noted, if it is; tell whether that was all.

        What was deleted here may be back. Of what is gone in Outlook a look says what counts now.
        """
        if not copy.departed:
            return False
        if copy.departed != "here":
            self._plan.looks.append(self._look(copy, rows))
        elif is_present(copy.meeting_id.event_id):
            safety.came_back(copy)
            return False
        return True

    def _answer(self, copy, rows: tuple[int, ...]) -> None:
        """Plan the answer of a guest; who is the organizer here now has none to give any more."""
        if not copy.remote_id or copy.meeting_id.event_id.user_id == self._account.user_id:
            return
        wish = Answering(self._desk).wish(copy, rows)
        self._plan.wishes += [wish] if wish else []

    def _plan_creation(
        self, event, rows: tuple[int, ...], *, is_new: bool, is_announced: bool = False
    ) -> None:
        """Begin a new meeting in Outlook, or settle that there will be none.

        What would mail people who are not to be mailed by surprise is left alone (see `unsent`).
        """
        if not in_window(event):
            return
        meeting = homes.claim(self._desk.env, event)
        was_there = meeting.state == "gone"
        if was_there or meeting.ical_uid:
            meeting = moving.incarnate(meeting)
        meeting = meeting or homes.begin(self._desk.env, event)
        if unsent.waits_for_a_person(
            self._account,
            event,
            is_new=is_new,
            is_announced=is_announced,
            is_wanted=was_there or meeting.requested,
        ):
            meeting.write({"state": "left_alone", "mailer": "odoo"})
            return
        calendar = self._account.calendar_ids.filtered("is_default")[:1]
        copy = self._desk.env["outlook.copy"].create(
            {
                "meeting_id": meeting.id,
                "calendar_id": calendar.id,
                "role": "organizer",
                "transaction_id": str(uuid.uuid4()),
            }
        )
        self._apart(event, meeting, self._begin, copy, rows)

    def _begin(self, copy, rows: tuple[int, ...]) -> None:
        self._wish_creation(copy, parting.read(self._desk, copy.meeting_id, copy), rows)

    def _wish_creation(self, copy, local: Snapshot, rows: tuple[int, ...]) -> None:
        meeting = copy.meeting_id
        meeting.write({"state": "new", "mailer": "nobody", "reason": False})
        local = Keyed({"zone": meeting.event_id.user_id.tz or "UTC", **local})
        sent = Keyed({**local, "people": invited.people(meeting, local)})
        online = links.at_creation(copy, sent)
        if occurrences.of(local):
            # The pattern comes first, then what is otherwise on single dates, then the people: so
            # they are invited once, to the series as it is.
            local = sent = Keyed({**local, "occurrences": EMPTY, "people": EMPTY})
            self._desk.look_again(meeting.event_id)
        # The remote half is empty until Outlook answers: what is edited here meanwhile is then
        # found as a change of this side.
        self._desk.keep_base(meeting, copy, Base(local, EMPTY))
        identity.note_sent(self._desk, meeting, local)
        calendar_id = copy.calendar_id._graph_id()
        operation = CreateEvent(
            calendar_id, sent, copy.transaction_id, meeting._tag(), online=online
        )
        self._plan.wishes.append(
            Wish("create", operation, meeting.id, copy.id, local=local, rows=rows)
        )

    @staticmethod
    def _look(copy, rows: Iterable[int]) -> Look:
        tag, calendar_id = copy.meeting_id._tag(), copy.calendar_id._graph_id()
        return Look(copy.id, copy.remote_id or None, tag, calendar_id, tuple(rows))
