"""What one step of a round works with: records, readers, writers, and what it has to tell.

Everything here lives as long as one transaction.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from functools import cached_property
from typing import Any

from odoo import fields
from odoo.api import Environment

from ..core.engine import codec
from ..core.engine.errors import UnreadableBase
from ..core.engine.fields import PRIVATE
from ..core.engine.reconcile import Base
from ..core.engine.recurrence import Rule
from ..core.engine.snapshot import EMPTY, Keyed, Snapshot
from . import (
    conflicts,
    homes,
    horizon,
    invited,
    journal,
    lanes,
    links,
    moving,
    news,
    noticing,
    occurrences,
    parked,
    quiet,
)
from .facts import write_changed
from .journal_words import Changes
from .people import People, keys
from .reader import Reader, is_present
from .series_reader import Series
from .wishes import Wish
from .writer import Writer

#: How long one meeting rests that Outlook cannot cope with; doubled with every further attempt.
FIRST_REST = timedelta(minutes=2)
LONGEST_REST = timedelta(days=1)


class Desk:
    """One step's tools. `wishes` is what the step found to be written in Outlook afterwards."""

    def __init__(self, env: Environment, account_id: int) -> None:
        self.env = env
        # Rows of the outbox that this very transaction inserts will have higher numbers, and no
        # other row that it can see: theirs were taken before its snapshot.
        env.cr.execute("SELECT nextval('outlook_outbox_id_seq')")
        self.mark = env.cr.fetchone()[0]
        self.account = env["outlook.account"].browse(account_id)
        self.tally: Counter[str] = Counter()
        self.wishes: list[Wish] = []
        self.run_id: int | None = None
        #: Whether what was changed here goes out without resting (see `quiet`).
        self.is_at_once = True
        self._readers: set[int] = set()
        self._changes: list[dict] = []
        self._again: set[int] = set()
        self._owner_waits = False

    # Made when they are needed: many steps of a quiet round need no more than the account's row.

    @cached_property
    def people(self) -> People:
        """Return whom addresses mean, as the account's user sees it."""
        return People(self.env, self.account.user_id)

    @cached_property
    def reader(self) -> Reader:
        """Return what turns records into snapshots."""
        return Reader(self.env, self.people)

    @cached_property
    def writer(self) -> Writer:
        """Return what turns snapshots into writes here."""
        return Writer(self.env, self.people)

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """Do something wholly or not at all, with all that it has to tell."""
        wishes, changes, tally = len(self.wishes), len(self._changes), self.tally.copy()
        readers, again = set(self._readers), set(self._again)
        try:
            with self.env.cr.savepoint():
                yield
        except BaseException:
            del self.wishes[wishes:], self._changes[changes:]
            self.tally, self._readers, self._again = tally, readers, again
            self.people.forget()
            raise

    def close(self) -> None:
        """Write the journal, tell who must see it, and drop the outbox rows of our own writes."""
        self._write_journal()
        self._tell()
        self.env.flush_all()
        self.env.cr.execute(
            "DELETE FROM outlook_outbox WHERE id > %s AND account_id = %s",
            (self.mark, self.account.id),
        )
        lanes.let_sleep(self.env, self.account.id)
        noticing.note_events(self.env, self._again, "again")

    @cached_property
    def resting(self) -> frozenset[quiet.Home]:
        """Return what was changed here a moment ago and is left for a later round."""
        return frozenset() if self.is_at_once else quiet.resting(self.env, self.account)

    @cached_property
    def disputed(self) -> set[int]:
        """Return the meetings of this mailbox that have conflicts (see `conflicts`)."""
        return conflicts.open_meetings(self)

    # Bases ------------------------------------------------------------------------------------

    def base(self, meeting, copy) -> Base | None:
        """Return what both sides showed last; None where nothing readable is stored.

        The organizer's copy adds the fields that are private to his mailbox.
        """
        if not meeting.base or (copy.role == "organizer" and not copy.base):
            return None
        try:
            halves = [codec.load_base(meeting.base)]
            if copy.role == "organizer":
                halves.append(codec.load_base(copy.base))
        except UnreadableBase:
            return None
        return Base(
            local=Keyed({name: value for half in halves for name, value in half.local.items()}),
            remote=Keyed({name: value for half in halves for name, value in half.remote.items()}),
        )

    def shared_base(self, meeting) -> Base | None:
        """Return the base of the organizer's fields alone: a guest's mailbox may have left it."""
        try:
            return codec.load_base(meeting.base) if meeting.base else None
        except UnreadableBase:
            return None

    def keep_base(self, meeting, copy, base: Base) -> None:
        """Store a base: the organizer's fields with the meeting, the mailbox's with the copy."""
        meeting.base = codec.dump_base(_part(base, private=False))
        if meeting.invited and base.remote.get("people"):
            meeting.invited = False
        if copy.role == "organizer":
            copy.base = codec.dump_base(_part(base, private=True))

    def admit(self, meeting, copy, partner) -> None:
        """Let it be no news that somebody is a guest now, of all dates or of some: Outlook knows.

        What else was changed here meanwhile stays news.
        """
        base = self.shared_base(meeting)
        shown = self.read(meeting, copy)
        if base is None or shown is None:
            return
        address = self.people.address(partner, base.remote.get("people", EMPTY))
        local = occurrences.with_guest(base.local, shown, address)
        meeting.base = codec.dump_base(Base(local, Keyed(base.remote)))

    # Meetings ---------------------------------------------------------------------------------

    def organizers(self, meeting, event):
        """Return the contacts who organize a meeting, and so are not its guests."""
        contacts = event.user_id.partner_id
        contacts |= meeting._organizer_copy().account_id.user_id.partner_id
        if meeting.organizer and not event.user_id:
            contacts |= self.people.meant(meeting.organizer, event.attendee_ids.partner_id)
        return contacts

    def lock(self, meeting) -> None:
        """Take a meeting before deciding about it: two mailboxes may be at it in one moment.

        The later one raises a SerializationFailure and does its step again, on what is then true.
        The meeting then hangs on what stands for it now.
        """
        query = "SELECT FROM outlook_meeting WHERE id = ANY(%s) FOR NO KEY UPDATE"
        self.env.cr.execute(query, (meeting.ids,), log_exceptions=False)
        for each in meeting:
            homes.hand_over(each)

    def has_moved_on(self, copy) -> bool:
        """Set aside a meeting that has another organizer here than the mailbox it is in, and stays.

        Writing on would take the organizer here off the list of guests there. What is over stays,
        and what that mailbox never was in step with.
        """
        event = copy.meeting_id.event_id.exists()
        if copy.role != "organizer" or not event.active:
            return False
        if event.user_id == copy.account_id.user_id or moving.is_moving(copy):
            return False
        self.park(
            copy.meeting_id,
            self.env._(
                "The meeting has another organizer here than in Outlook, where it keeps its own."
            ),
        )
        return True

    def read(
        self, meeting, copy, remote: Snapshot = EMPTY, *, past: Snapshot | None = None
    ) -> Snapshot | None:
        """Return what this database shows of a meeting, as far as `copy` may know it.

        `past` is what it showed last, where that is not in the base.
        """
        return self.look(meeting, copy, remote, past=past)[0]

    def look(
        self, meeting, copy, remote: Snapshot = EMPTY, *, past: Snapshot | None = None
    ) -> tuple[Snapshot | None, Any]:
        """Return what `read` does, and the rows of a series that are none of its dates."""
        event, knowing = meeting.event_id, self._knowing(meeting, copy, remote, past)
        if is_present(event) and homes.is_series(event):
            series = self.reader.series(event, **knowing)
            snapshot, strays = series.snapshot, series.strays
        else:
            snapshot, strays = self.reader.read(event, **knowing), event.browse()
        if snapshot is None:
            return None, strays
        self._measure(meeting, copy, snapshot["rule"])
        if copy.role != "organizer":
            snapshot = occurrences.without_private(snapshot)
        conflicts.follow(self, meeting, snapshot)
        return snapshot, strays

    def series(self, meeting, copy) -> Series:
        """Return which rows are which occurrences of a series that is here."""
        return self.reader.series(meeting.event_id, **self._knowing(meeting, copy))

    def _knowing(
        self, meeting, copy, remote: Snapshot = EMPTY, past: Snapshot | None = None
    ) -> dict[str, Any]:
        """Return what the reader must know of the past and of Outlook."""
        base = self.base(meeting, copy)
        return {
            "organizers": self.organizers(meeting, meeting.event_id),
            "known": keys(remote) | keys(base and base.remote),
            "past": past or (base and base.local) or None,
            "horizon": meeting.horizon or None,
            "since": meeting.since or None,
        }

    def _measure(self, meeting, copy, rule: Rule | None) -> None:
        """Keep how far a series without end has rows here; one that ends has all of them."""
        if rule is not None and rule.end is None:
            if not meeting.horizon:
                meeting.horizon = horizon.shown(self.env, self.series(meeting, copy))
        elif meeting.horizon and (rule is None or rule.end <= meeting.horizon):
            meeting.horizon = False

    def forget(self, meeting) -> None:
        """Keep the event and drop what was known of it in Outlook; a new meeting may follow."""
        meeting.copy_ids.unlink()
        links.forget(self, meeting)
        meeting.invited = invited.to_keep(meeting)
        known = (
            "base",
            "responses",
            "reason",
            "refused",
            "horizon",
            "since",
            "payload",
            "parked_at",
        )
        meeting.write({"state": "gone", **dict.fromkeys(known, False)})

    def done(self, rows: Iterable[int]) -> None:
        """Drop rows of the outbox: their effect is recorded in this very transaction."""
        self.env.cr.execute("DELETE FROM outlook_outbox WHERE id = ANY(%s)", (list(rows),))

    def look_again(self, event) -> None:
        """Let the rest of this round look at an event as if it had just been changed."""
        self._again.update(event.ids)

    def park(self, meeting, reason: str, item: Mapping[str, Any] | None = None) -> None:
        """Set a meeting aside with the reason, until one side changes or somebody says *Retry*.

        `item` is what Graph showed, or what it was asked to write (see `parked.payload`).
        """
        vals = {"state": "parked", "reason": reason}
        if meeting.state != "parked":
            vals["parked_at"] = fields.Datetime.now()
        if item is not None:
            is_private = meeting.event_id.effective_privacy not in (False, "public")
            vals["payload"] = parked.payload(item, is_private=is_private)
        write_changed(meeting, **vals)
        self.tally["parked"] += 1

    def postpone(self, copy, reason: str, *, is_sure: bool = False) -> None:
        """Leave a copy alone for a while, longer each time: the mailbox is well, only it is not.

        The first time may be an accident, unless one `is_sure`; from the second on a person may see
        the reason.
        """
        attempts = copy.attempts + 1
        pause = min(LONGEST_REST, FIRST_REST * 2 ** min(attempts - 1, 16))
        copy.write({"attempts": attempts, "next_attempt": fields.Datetime.now() + pause})
        if (is_sure or attempts > 1) and copy.role == "organizer":
            self.park(copy.meeting_id, reason)

    def settle(self, meeting, *, mailer: str | None = None) -> None:
        """Note that a meeting is in step."""
        vals = {"state": "linked", "reason": False, "parked_at": False, "payload": False}
        if mailer:
            vals["mailer"] = mailer
        write_changed(meeting, **vals)

    # What it has to tell ------------------------------------------------------------------------

    def note(
        self,
        meeting,
        *,
        direction: str,
        kind: str,
        changes: Changes | None = None,
        winner: str | None = None,
    ) -> None:
        """Note a change for the journal, a row per field, and who sees another meeting now.

        `changes` tells what it was and what it is, by field; of an overruled one what lost, and
        what the `winner` kept (see `journal.rows`).
        """
        if direction == "in":
            self.note_readers(meeting.event_id.exists())
        self._changes += journal.rows(
            self, meeting, direction=direction, kind=kind, changes=changes, winner=winner
        )

    def note_readers(self, event) -> None:
        """Note who sees an event in his calendar at this moment: it changes for them.

        Before a change that may take people off the list, too: it is news for those above all.
        """
        users = homes.rows(event).partner_ids.user_ids | event.user_id | self.account.user_id
        self._readers.update(users.ids)

    def tell_owner(self) -> None:
        """Let the account's user know how it stands now, even where nothing changed."""
        self._owner_waits = True

    def _write_journal(self) -> None:
        run = self.env["outlook.sync.run"].browse(self.run_id or ())
        if not run:
            return
        if self.tally:
            run.write({name: run[name] + count for name, count in self.tally.items()})
        journal.write(self, self._changes)

    def _tell(self) -> None:
        """Let open calendars refresh, once this transaction has committed."""
        readers = self.env["res.users"].browse(self._readers)
        owner_waits = self._owner_waits or bool(self._changes)
        news.announce(self.account, readers=readers, owner_waits=owner_waits)


def since(account) -> datetime:
    """Return the moment of connection, aware: what was there before is matched, never mailed."""
    return (account.since or fields.Datetime.now()).replace(tzinfo=timezone.utc)


def _part(base: Base, *, private: bool) -> Base:
    def half(snapshot: Snapshot) -> Snapshot:
        return Keyed((name, one) for name, one in snapshot.items() if (name in PRIVATE) == private)

    return Base(half(base.local), half(base.remote))
