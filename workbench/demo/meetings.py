"""A meeting as a person sees it, read from either side into the same words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from typing import Any

from sandbox.control import Control

from ..stage import Person

Answers = frozenset[tuple[str, str]]

_FIELDS = (
    "name", "start", "stop", "allday", "start_date", "stop_date", "location", "privacy",
    "user_id", "attendee_ids", "videocall_location",
)  # fmt: skip
_TEAMS = "https://teams.microsoft.com/"
_ANSWERS_HERE = {
    "needsAction": "none",
    "accepted": "accepted",
    "declined": "declined",
    "tentative": "tentative",
}
_ANSWERS_THERE = {
    "none": "none",
    "notResponded": "none",
    "accepted": "accepted",
    "declined": "declined",
    "tentativelyAccepted": "tentative",
}


@dataclass(frozen=True)
class Meeting:
    """What both sides must agree on. Times are UTC instants; whole days are dates, inclusive."""

    subject: str
    start: datetime | date
    end: datetime | date
    place: str = ""
    private: bool = False
    #: Address and answer of everybody but the organizer.
    guests: Answers = frozenset()
    #: It has a link to a Teams meeting.
    online: bool = False

    def differences(self, other: Meeting | None, *, seen_by: str = "") -> list[str]:
        """List in words where `other` shows something else, in Outlook `seen_by` an address.

        Exchange tells answers, and whom an attendees-only change added or removed, to the organizer
        and to those concerned; other guests' copies learn of it with the next update.
        """
        if other is None:
            return ["it is not there"]
        is_guest = any(address == seen_by for address, _answer in self.guests)
        names = [name for name in self.__annotations__ if not (is_guest and name == "guests")]
        pairs = ((name, getattr(self, name), getattr(other, name)) for name in names)
        return [
            f"{name}: expected {mine}, found {theirs}"
            for name, mine, theirs in pairs
            if mine != theirs
        ]


def here(person: Person, subject: str) -> Meeting | None:
    """Read a meeting as the person finds it in Odoo's calendar."""
    found = person.odoo.call(
        "calendar.event",
        "search_read",
        [("name", "=", subject), ("partner_ids.user_ids", "in", [person.odoo.uid])],
        fields=list(_FIELDS),
    )
    if not found:
        return None
    if len(found) > 1:
        raise AssertionError(f"{subject!r} is {len(found)} times in the calendar of {person.name}")
    return _from_odoo(person, found[0])


def _from_odoo(person: Person, values: Mapping[str, Any]) -> Meeting:
    attendees = person.odoo.call(
        "calendar.attendee", "read", values["attendee_ids"], fields=["email", "state", "partner_id"]
    )
    organizer = values["user_id"] and values["user_id"][1]
    guests = frozenset(
        (attendee["email"], _ANSWERS_HERE[attendee["state"]])
        for attendee in attendees
        if attendee["partner_id"][1] != organizer
    )
    start: datetime | date
    end: datetime | date
    if values["allday"]:
        start = date.fromisoformat(values["start_date"])
        end = date.fromisoformat(values["stop_date"])
    else:
        start, end = _instant(values["start"]), _instant(values["stop"])
    return Meeting(
        subject=values["name"],
        start=start,
        end=end,
        place=values["location"] or "",
        private=values["privacy"] == "private",
        guests=guests,
        online=(values["videocall_location"] or "").startswith(_TEAMS),
    )


def there(control: Control, person: Person, subject: str) -> Meeting | None:
    """Read a meeting as the person finds it in Outlook."""
    found = control.find_events(person.address, subject)
    if not found:
        return None
    if len(found) > 1:
        raise AssertionError(f"{subject!r} is {len(found)} times in the mailbox of {person.name}")
    event = found[0]
    start: datetime | date
    end: datetime | date
    if event["isAllDay"]:
        start = date.fromisoformat(event["start"]["dateTime"][:10])
        end = date.fromisoformat(event["end"]["dateTime"][:10]) - timedelta(days=1)
    else:
        start, end = _instant(event["start"]["dateTime"]), _instant(event["end"]["dateTime"])
    return Meeting(
        subject=event["subject"],
        start=start,
        end=end,
        place=(event.get("location") or {}).get("displayName") or "",
        private=event["sensitivity"] == "private",
        guests=frozenset(
            (one["emailAddress"]["address"], _ANSWERS_THERE[one["status"]["response"]])
            for one in event["attendees"]
        ),
        online=bool((event["onlineMeeting"] or {}).get("joinUrl")),
    )


def _instant(text: str) -> datetime:
    """Read a UTC time as either side writes it: a space or a T, seven digits or none."""
    return datetime.fromisoformat(text[:19].replace(" ", "T")).replace(tzinfo=timezone.utc)
