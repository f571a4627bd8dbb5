"""What the two people do, and what each calendar must show afterwards.

Linh works in Asia/Ho_Chi_Minh, Bram in Europe/Brussels; Claire is a guest from outside. Everything
happens in the coming week, so that both calendars' pages show it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta, timezone
from typing import Any

import pytz

from sandbox.control import Control

from ..stage import Person, Stage
from . import meetings
from .meetings import Meeting
from .series import Series

GUEST = "claire@customer.example"
HERE = "calendar"
THERE = "Outlook"

Mails = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Look:
    """How a thing is found on either side, by what all of it has in common."""

    here: Callable[[Person, str], Any] = meetings.here
    there: Callable[[Control, Person, str], Any] = meetings.there


@dataclass(frozen=True)
class Act:
    """One thing that one person does on one side, and what it comes to."""

    what: str
    who: Person
    side: str
    do: Callable[[], None]
    subject: str
    #: What each person must then see; None = no such meeting.
    here: Mapping[str, Meeting | Series | None] = field(default_factory=dict)
    there: Mapping[str, Meeting | Series | None] = field(default_factory=dict)
    #: Kind and recipient of each mail that Exchange must send, and no other.
    mails: Mails = ()
    look: Look = Look()


@dataclass
class Week:
    """Moments of the coming week, in anybody's zone."""

    monday: date

    @classmethod
    def coming(cls) -> Week:
        """Return the week that begins on the next Monday."""
        today = datetime.now(timezone.utc).date()
        return cls(today + timedelta(days=7 - today.weekday()))

    def day(self, number: int) -> date:
        """Return a day; Monday is 0, and 7 is the Monday after."""
        return self.monday + timedelta(days=number)

    def at(self, number: int, clock: str, zone: str) -> datetime:
        """Return the instant of a wall-clock time there, in UTC."""
        naive = datetime.combine(self.day(number), time.fromisoformat(clock))
        return pytz.timezone(zone).localize(naive).astimezone(timezone.utc)


class Script:
    """The acts, in order; each builds on those before it."""

    def __init__(self, stage: Stage, linh: Person, bram: Person, week: Week) -> None:
        self.stage, self.linh, self.bram, self.week = stage, linh, bram, week
        self._partner_of = {
            address: self._partner(address, name)
            for address, name in ((bram.address, bram.name), (GUEST, "Claire Martin"))
        }

    def __iter__(self) -> Iterator[Act]:
        yield from self._alone()
        yield from self._days()
        yield from self._private()
        yield from self._together()
        yield from self._from_outlook()

    # Linh's own time, made here ---------------------------------------------------------------

    def _alone(self) -> Iterator[Act]:
        linh, week = self.linh, self.week
        plan = Meeting(
            "Write the offer",
            week.at(0, "09:00", linh.zone),
            week.at(0, "10:30", linh.zone),
            place="Quiet room",
        )
        yield self._seen(
            "makes a meeting, 09:00 in Ho Chi Minh City", linh, HERE,
            lambda: self._make_here(linh, plan), plan,
        )  # fmt: skip
        moved = replace(
            plan, start=plan.start + timedelta(hours=3), end=plan.end + timedelta(hours=3)
        )
        yield self._seen(
            "moves it to the afternoon", linh, THERE,
            lambda: self._change_there(linh, plan.subject, _span(moved)), moved,
        )  # fmt: skip
        yield self._gone(
            "archives it", linh, HERE,
            lambda: self._change_here(linh, plan.subject, {"active": False}), plan.subject,
        )  # fmt: skip

    # Whole days --------------------------------------------------------------------------------

    def _days(self) -> Iterator[Act]:
        linh, bram, week = self.linh, self.bram, self.week
        fair = Meeting("Trade fair", week.day(1), week.day(3), place="Hall 7")
        yield self._seen(
            "makes an all-day event over three days", bram, THERE,
            lambda: self._make_there(bram, fair), fair,
        )  # fmt: skip
        longer = replace(fair, end=week.day(4), place="Hall 9")
        yield self._seen(
            "makes it a day longer, in another hall", bram, HERE,
            lambda: self._change_here(bram, fair.subject, _values(longer)), longer,
        )  # fmt: skip
        holiday = Meeting("Public holiday", week.day(4), week.day(4))
        yield self._seen(
            "makes an all-day event", linh, HERE, lambda: self._make_here(linh, holiday), holiday
        )

    def _private(self) -> Iterator[Act]:
        bram, week = self.bram, self.week
        dentist = Meeting(
            "Dentist",
            week.at(2, "08:15", bram.zone),
            week.at(2, "09:00", bram.zone),
            private=True,
        )
        yield self._seen(
            "makes a private appointment, 08:15 in Brussels", bram, THERE,
            lambda: self._make_there(bram, dentist), dentist,
        )  # fmt: skip
        yield self._gone(
            "deletes it", bram, THERE,
            lambda: self._delete_there(bram, dentist.subject), dentist.subject,
        )  # fmt: skip

    # A meeting of three ------------------------------------------------------------------------

    def _together(self) -> Iterator[Act]:
        linh, bram, week = self.linh, self.bram, self.week
        start, end = (week.at(1, clock, linh.zone) for clock in ("14:00", "15:00"))
        asked = frozenset({(bram.address, "none"), (GUEST, "none")})
        review = Meeting("Design review", start, end, place="Room 3", guests=asked)
        yield self._shared(
            "invites Bram and a guest from outside", linh, HERE,
            lambda: self._make_here(linh, review), review,
            mails={("invitation", bram.address), ("invitation", GUEST)},
        )  # fmt: skip
        review = replace(review, guests=frozenset({(bram.address, "accepted"), (GUEST, "none")}))
        yield self._shared(
            "accepts", bram, THERE, lambda: self._answer_there(bram, review.subject), review,
            mails={("response", linh.address)},
        )  # fmt: skip
        review = replace(review, place="Room 12")
        yield self._shared(
            "changes the place", linh, HERE,
            lambda: self._change_here(linh, review.subject, {"location": "Room 12"}), review,
            mails={("update", bram.address), ("update", GUEST)},
        )  # fmt: skip
        review = replace(review, guests=frozenset({(bram.address, "accepted")}))
        yield self._shared(
            "takes the guest off the list", linh, HERE,
            lambda: self._drop_guest(linh, review.subject), review,
            mails={("cancellation", GUEST)},
        )  # fmt: skip
        yield self._gone(
            "deletes the meeting", linh, HERE,
            lambda: self._delete_here(linh, review.subject), review.subject,
            both=True, mails={("cancellation", bram.address)},
        )  # fmt: skip

    def _from_outlook(self) -> Iterator[Act]:
        linh, bram, week = self.linh, self.bram, self.week
        lunch = Meeting(
            "Lunch with Linh",
            week.at(3, "12:00", bram.zone),
            week.at(3, "13:00", bram.zone),
            place="Canteen",
            guests=frozenset({(linh.address, "none")}),
        )
        yield self._shared(
            "invites Linh", bram, THERE, lambda: self._make_there(bram, lunch), lunch,
            mails={("invitation", linh.address)},
        )  # fmt: skip
        later = replace(
            lunch, start=lunch.start + timedelta(hours=1), end=lunch.end + timedelta(hours=1)
        )
        yield self._shared(
            "moves it by an hour", bram, HERE,
            lambda: self._change_here(bram, lunch.subject, _values(later)), later,
            mails={("update", linh.address)},
        )  # fmt: skip

    # What each kind of act must come to --------------------------------------------------------

    def _seen(
        self, what: str, who: Person, side: str, do: Callable[[], None], meeting: Meeting
    ) -> Act:
        shown = {who.name: meeting}
        return Act(what, who, side, do, meeting.subject, here=shown, there=shown)

    def _shared(
        self,
        what: str,
        who: Person,
        side: str,
        do: Callable[[], None],
        meeting: Meeting,
        *,
        mails: set[tuple[str, str]],
    ) -> Act:
        shown = {self.linh.name: meeting, self.bram.name: meeting}
        return Act(what, who, side, do, meeting.subject, shown, shown, tuple(mails))

    def _gone(
        self,
        what: str,
        who: Person,
        side: str,
        do: Callable[[], None],
        subject: str,
        *,
        both: bool = False,
        mails: set[tuple[str, str]] | None = None,
    ) -> Act:
        nothing = dict.fromkeys((self.linh.name, self.bram.name) if both else (who.name,))
        return Act(what, who, side, do, subject, nothing, nothing, tuple(mails or ()))

    # Hands -------------------------------------------------------------------------------------

    def _make_here(self, who: Person, meeting: Meeting) -> None:
        guests = [self._partner_of[address] for address, _answer in meeting.guests]
        values = {
            "name": meeting.subject,
            "privacy": "private" if meeting.private else "public",
            "outlook_teams": "always" if meeting.online else False,
            "partner_ids": [(4, partner) for partner in [self._own_partner(who), *guests]],
            **_values(meeting),
        }
        who.odoo.call("calendar.event", "create", values)

    def _change_here(self, who: Person, subject: str, values: Mapping[str, Any]) -> None:
        who.odoo.call("calendar.event", "write", self._ids(who, subject), dict(values))

    def _delete_here(self, who: Person, subject: str) -> None:
        who.odoo.call("calendar.event", "unlink", self._ids(who, subject))

    def _drop_guest(self, who: Person, subject: str) -> None:
        self._change_here(who, subject, {"partner_ids": [(3, self._partner_of[GUEST])]})

    def _ids(self, who: Person, subject: str) -> list[int]:
        ids: list[int] = who.odoo.call("calendar.event", "search", [("name", "=", subject)])
        return ids

    def _own_partner(self, who: Person) -> int:
        user = who.odoo.call("res.users", "read", [who.odoo.uid], fields=["partner_id"])
        return int(user[0]["partner_id"][0])

    def _partner(self, address: str, name: str) -> int:
        partners = self.linh.odoo
        found = partners.call("res.partner", "search", [("email", "=", address)], limit=1)
        if found:
            return int(found[0])
        made = self.stage.admin.call("res.partner", "create", {"name": name, "email": address})
        return int(made)

    def _make_there(self, who: Person, meeting: Meeting) -> None:
        guests = [
            {"type": "required", "emailAddress": {"address": address, "name": address}}
            for address, _answer in meeting.guests
        ]
        self.stage.control.create_event(
            who.address,
            {
                "subject": meeting.subject,
                "location": {"displayName": meeting.place},
                "sensitivity": "private" if meeting.private else "normal",
                "attendees": guests,
                **_span(meeting),
            },
        )

    def _change_there(self, who: Person, subject: str, changes: Mapping[str, Any]) -> None:
        self.stage.control.change_event(who.address, self._remote_id(who, subject), dict(changes))

    def _delete_there(self, who: Person, subject: str) -> None:
        self.stage.control.delete_event(who.address, self._remote_id(who, subject))

    def _answer_there(self, who: Person, subject: str) -> None:
        self.stage.control.answer_event(who.address, self._remote_id(who, subject), "accept")

    def _remote_id(self, who: Person, subject: str) -> str:
        return str(self.stage.control.find_events(who.address, subject)[0]["id"])


def _values(meeting: Meeting) -> dict[str, Any]:
    """Write a meeting's time and place as the calendar's form does."""
    values: dict[str, Any] = {"location": meeting.place}
    if isinstance(meeting.start, datetime):
        assert isinstance(meeting.end, datetime)
        span = {"start": f"{meeting.start:%F %T}", "stop": f"{meeting.end:%F %T}"}
        return {**values, "allday": False, **span}
    first, last = meeting.start.isoformat(), meeting.end.isoformat()
    days = {
        "start_date": first,
        "stop_date": last,
        "start": f"{first} 08:00:00",
        "stop": f"{last} 18:00:00",
    }
    return {**values, "allday": True, **days}


def _span(meeting: Meeting) -> dict[str, Any]:
    """Write a meeting's time as Graph does."""
    if isinstance(meeting.start, datetime):
        assert isinstance(meeting.end, datetime)
        start, end = meeting.start.replace(tzinfo=None), meeting.end.replace(tzinfo=None)
    else:
        start = datetime.combine(meeting.start, time())
        end = datetime.combine(meeting.end + timedelta(days=1), time())
    return {
        "isAllDay": not isinstance(meeting.start, datetime),
        "start": {"dateTime": start.isoformat(), "timeZone": "UTC"},
        "end": {"dateTime": end.isoformat(), "timeZone": "UTC"},
    }
