"""Who comes: each attendee's mailbox owns that person's answer.

Outlook to here; the other way is in `answering`. Compared with what both sides last showed, like
all else.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any, NamedTuple

from odoo import fields

from ..core.engine import codec
from ..core.engine.fields import CANCELLED
from ..core.engine.snapshot import Keyed, Snapshot
from ..core.graph.remote import RemoteEvent
from . import homes, noticing, occurrences
from .desk import Desk
from .people import STATES
from .reader import is_present
from .responses import Responses
from .writer import QUIET

#: What `told` keeps besides the answers: of which time they are. No address, and no date.
TIME = "time"


def told(remote: RemoteEvent) -> dict[str, Any]:
    """Return what the organizer's copy says of guests, to be kept: address -> answer.

    Of a series also slot -> the same, where it is otherwise on that date.
    """
    whole = {TIME: _time(remote.shared), **remote.responses}
    single = {
        slot: {TIME: _time(one.shared) if _is_moved(remote, slot) else whole[TIME], **one.responses}
        for slot, one in remote.exceptions.items()
    }
    return {**whole, **{slot: one for slot, one in single.items() if one != whole}}


class Answers:
    """The answers of one step's meetings."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def of_guests(self, meeting, remote: RemoteEvent) -> None:
        """Take over what the organizer's copy newly says about guests.

        Those whose own mailbox is connected answer for themselves.
        """
        last = meeting.responses or {}
        now = _settled(last, told(remote))
        if now == last or not is_present(meeting.event_id):
            return
        own = meeting.copy_ids.filtered(lambda copy: copy.role == "attendee" and copy.remote_id)
        rows = self.rows(meeting, meeting._organizer_copy())
        everybody = rows.all.attendee_ids.partner_id - own.account_id.user_id.partner_id
        single = {slot: row for slot, row in rows.by_slot.items() if slot in now or slot in last}
        others = rows.all - rows.all.browse(row.id for row in single.values())
        self._take_over(meeting, others, everybody, last, now)
        for slot, row in single.items():
            was, said = ({**one, **one.get(slot, {})} for one in (last, now))
            self._take_over(meeting, row, everybody & row.attendee_ids.partner_id, was, said)
        if last and now[TIME] != last[TIME] and not homes.is_series(meeting.event_id):
            self._ask_again(meeting, own, now)
        meeting.responses = now

    def _ask_again(self, meeting, own, now: Mapping) -> None:
        """Ask those again whose *No* took the meeting out of their mailbox: a new time is news.

        Where it is back already (`own`) it was taken for in step, unanswered there and *No* here.
        What they answered here meanwhile is not: that has yet to be sent.
        """
        event = meeting.event_id
        in_step = {
            copy.account_id.user_id.partner_id
            for copy in own
            if STATES[Responses.of(copy).remote] == "needsAction"
            and Responses.of(copy).local == "declined"
        }
        accounts = self._desk.env["outlook.account"].sudo()
        declined = event.attendee_ids.filtered(lambda one: one.state == "declined").partner_id
        known = accounts.search(
            [("user_id.partner_id", "in", declined.ids), ("state", "!=", "new")]
        ).user_id.partner_id
        without = known - own.account_id.user_id.partner_id
        asked = declined.filtered(lambda one: one in in_step or one in without)
        for address, response in now.items():
            if address != TIME and response == "none":
                for partner in self._desk.people.meant(address, asked):
                    self.write(meeting, event, partner, "needsAction")

    def _take_over(self, meeting, rows, guests, last: Mapping, now: Mapping) -> None:
        news = {address: one for address, one in now.items() if one != last.get(address, "none")}
        for address, response in news.items():
            if address != TIME and isinstance(response, str):
                for partner in self._desk.people.meant(address, guests):
                    self.write(meeting, rows, partner, STATES[response])

    def own(self, copy, remote: RemoteEvent) -> None:
        """Bring the answer of the mailbox's owner in step with his attendee rows here."""
        meeting, event = copy.meeting_id, copy.meeting_id.event_id
        if not is_present(event):
            return
        partner = copy.account_id.user_id.partner_id
        rows = self.rows(meeting, copy)
        last = Responses.of(copy)
        now = replace(last, remote=remote.own_response, single=_single_answers(remote))
        if partner not in rows.all.partner_ids:
            if self._was_guest(copy, partner):
                # Removed since: his mailbox has yet to hear of it from the organizer's.
                now.showing({}).keep(copy)
                return
            # Invited through a group: no list of guests names him.
            with noticing.together(self._desk.env):
                for row in rows.all:
                    self._desk.writer.invite(row, partner, STATES[remote.own_response])
            self._desk.admit(meeting, copy, partner)
        self._take_over_own(copy, rows, last, now, is_counting=_is_counting(last, remote))

    def _take_over_own(
        self, copy, rows: "Rows", last: Responses, now: Responses, *, is_counting: bool
    ) -> None:
        """Take over what is news in Outlook; what was answered here meanwhile the outbox has.

        `is_counting`: the dates of `last` are still dates of the series.
        """
        partner = copy.account_id.user_id.partner_id
        known: dict[str, str] = {}
        by_news: dict[str, list[int]] = {}
        for slot, state in rows.states(partner).items():
            told = STATES[now.response(slot)]
            is_news = now.response(slot) != last.response(slot)
            if is_news and (last.is_known or told != "needsAction"):
                by_news.setdefault(told, []).append(rows.by_slot[slot].id)
                known[slot] = told
            else:
                known[slot] = (last.state(slot) if is_counting else None) or state
        for told, ids in by_news.items():
            self.write(copy.meeting_id, rows.all.browse(ids), partner, told)
        now.showing(known).keep(copy)

    def begin_anew(self, meeting) -> None:
        """Let mailboxes invite their users to a meeting that was made again without them.

        They were invited through a list, which the organizer's mailbox cannot tell.
        """
        guests = meeting.event_id.partner_ids
        meeting.copy_ids.filtered(
            lambda copy: copy.response and copy.account_id.user_id.partner_id not in guests
        ).response = False

    def left(self, copy) -> None:
        """The attendee removed his copy: he does not come. The meeting stays for all others.

        Where he has another copy, the whole series took the place of its one date. What is over
        nobody declines any more.
        """
        partner = copy.account_id.user_id.partner_id
        self.write(copy.meeting_id, self.leaving(copy), partner, "declined")
        copy.unlink()

    def leaving(self, copy):
        """Return the events that the attendee newly declines by removing his copy."""
        meeting, partner = copy.meeting_id, copy.account_id.user_id.partner_id
        others = meeting.copy_ids.filtered(lambda one: one.account_id == copy.account_id) - copy
        if others or not is_present(meeting.event_id):
            return meeting.event_id.browse()
        rows = self.rows(meeting, copy)
        coming = [row.id for row in rows.coming().values()]
        left = rows.all.browse(coming) if homes.is_series(meeting.event_id) else rows.all
        own = left.attendee_ids.filtered(lambda one: one.partner_id == partner)
        return own.filtered(lambda one: one.state != "declined").event_id & left

    def rows(self, meeting, copy) -> "Rows":
        """Return the events that a copy is about: one, or the occurrences of a series."""
        event = meeting.event_id
        if not homes.is_series(event):
            return Rows(event, {"": event})
        slots = self._desk.series(meeting, copy).slots
        by_slot = {slot.isoformat(): row for slot, row in slots.items()}
        if copy.slot:
            row = by_slot.get(copy.slot.isoformat(), event.browse())
            return Rows(row, {"": row} if row else {})
        return Rows(homes.rows(event), by_slot)

    def _was_guest(self, copy, partner) -> bool:
        """Tell whether he stood on the list here before, as far as either mailbox knows."""
        base = self._desk.shared_base(copy.meeting_id)
        listed = (base and base.local.get("people")) or ()
        return bool(copy.response) or self._desk.people.address(partner, listed) in listed

    def write(self, meeting, rows, partner, state: str) -> None:
        """Write somebody's answer to all of these events at once, as their organizer would."""
        attendees = rows.attendee_ids.filtered(
            lambda one: one.partner_id == partner and one.state != state
        )
        if not attendees:
            return
        writer = rows[:1].user_id or self._desk.env.user
        attendees.with_user(writer).sudo().with_context(**QUIET).write({"state": state})
        self._desk.tally["changed_local"] += 1
        self._desk.note(meeting, direction="in", kind="answer")


class Rows(NamedTuple):
    """The events that a copy is about, and by slot those that Outlook knows."""

    all: Any
    by_slot: Mapping[str, Any]

    def coming(self) -> dict[str, Any]:
        """Return those that are not over yet; all of them where all are."""
        now = fields.Datetime.now()
        return {slot: row for slot, row in self.by_slot.items() if row.stop > now} or self.by_slot

    def states(self, partner) -> dict[str, str]:
        """Return somebody's answers, by slot."""
        return {
            slot: attendee.state
            for slot, row in self.by_slot.items()
            for attendee in row.attendee_ids
            if attendee.partner_id == partner
        }


def _settled(last: Mapping[str, Any], now: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is told now, with the answers that are still known where none is told any more.

    Nobody takes an answer back. Exchange asks anew when the time changes; at other times a list of
    guests that was written may show them without their answers.
    """
    settled = dict(now)
    for key, said in now.items():
        if isinstance(said, Mapping):
            settled[key] = _settled({**last, **last.get(key, {})}, said)
        elif said == "none" and now.get(TIME) == last.get(TIME):
            settled[key] = last.get(key, said)
    return settled


def _time(shown: Snapshot) -> str:
    """Return what stands for the time of a meeting, or of a whole series."""
    timing = Keyed((name, shown[name]) for name in ("when", "rule") if shown.get(name) is not None)
    return hashlib.sha256(json.dumps(codec.dump(timing), sort_keys=True).encode()).hexdigest()[:16]


def _is_moved(series: RemoteEvent, slot: str) -> bool:
    own = occurrences.of(series.shared).get(slot)
    return isinstance(own, Keyed) and "when" in own


def _single_answers(remote: RemoteEvent) -> dict[str, str]:
    """Return the owner's answers to single occurrences: one that he removed is a refusal.

    One that the organizer called off is none.
    """
    off = occurrences.called_off(remote)
    answers = {
        slot: one.own_response
        for slot, one in remote.exceptions.items()
        if one.own_response != remote.own_response
    }
    gone = {slot for slot, one in occurrences.of(remote.shared).items() if one == CANCELLED}
    answers |= dict.fromkeys(gone, "declined")
    return {slot: answer for slot, answer in answers.items() if slot not in off}


def _is_counting(last: Responses, remote: RemoteEvent) -> bool:
    """Tell whether what was known of single dates is true still: no new pattern made them void."""
    rule = remote.shared.get("rule")
    dates = [date.fromisoformat(slot) for slot in {*last.here, *last.single} if slot]
    return last.is_known and (not rule or all(map(rule.hits, dates)))
