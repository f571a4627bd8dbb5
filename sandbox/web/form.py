"""The form of an event: its fields as text, and the Graph body that a person's input means.

Only what the person changed is sent, as Outlook does: a shared property that is named mails
everybody even where it has its present value. The form carries along what it showed when it was
opened.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta

from ..errors import Refused
from ..exchange import bodies
from ..exchange.items import Entry, Json
from ..exchange.mailbox import Mailbox
from ..exchange.organization import Exchange
from ..exchange.zones import windows_name
from . import repeat, wording

Fields = dict[str, str]
People = Callable[[str], str | None]

#: What belongs to the mailbox that holds a copy; the rest is the organizer's.
OWN = ("show_as", "reminder", "categories")
_NAMES = (
    "subject",
    "start_date",
    "start_time",
    "end_date",
    "end_time",
    "all_day",
    "zone",
    "location",
    *wording.ROLES,
    "body",
    "show_as",
    "sensitivity",
    "reminder",
    "categories",
    *repeat.BLANK,
)
#: Fields of the form → the properties they become, written together when one of them changed.
_TIMES = ("start_date", "start_time", "end_date", "end_time", "all_day", "zone")
_AFTER_ADDRESS = re.compile(r"(@[^\s,;<>]+>?)\s*,")
_NAMED = re.compile(r"^(?P<name>.*?)\s*<(?P<address>[^<>]*)>$")


class Unusable(Exception):
    """A field holds what cannot be understood; the message is for the person."""


def blank(mailbox: Mailbox, start: datetime, *, all_day: bool) -> Fields:
    """Return the fields of a new event that begins at a wall-clock time of the mailbox's zone."""
    end = start + timedelta(minutes=30)
    return {
        **dict.fromkeys(_NAMES, ""),
        **repeat.BLANK,
        **_time_fields(start, end),
        "all_day": "1" if all_day else "",
        "zone": windows_name(mailbox.time_zone),
        "show_as": "free" if all_day else "busy",
        "sensitivity": "normal",
        "reminder": "15",
    }


def shown(entry: Entry) -> Fields:
    """Return the fields of an event as it is, in its own time zone."""
    content = entry.content
    start, end = content["start"].local, content["end"].local
    all_day = content["isAllDay"]
    last = end - timedelta(days=1) if all_day else end
    times = _time_fields(start, last)
    if all_day:
        times |= {"start_time": "09:00", "end_time": "09:30"}
    people = {role: _people(content["attendees"], role) for role in wording.ROLES}
    return {
        "subject": content["subject"],
        **times,
        "all_day": "1" if all_day else "",
        "zone": windows_name(content["start"].zone),
        "location": content["location"]["displayName"],
        **people,
        "body": bodies.text_of(content["body"]),
        "show_as": content["showAs"],
        "sensitivity": content["sensitivity"],
        "reminder": str(content["reminderMinutesBeforeStart"]) if content["isReminderOn"] else "",
        "categories": ", ".join(content["categories"]),
        **repeat.shown(entry.item.rule if entry.slot is None else None),
    }


def posted(values: Mapping[str, str], opened: Fields) -> Fields:
    """Return the fields as the person left them; a field that was not on the form is unchanged."""
    fields = {name: _one_kind_of_line(values.get(name, opened[name])) for name in _NAMES}
    if "start_date" in values:
        # An unticked box is not sent at all.
        fields["all_day"] = values.get("all_day", "")
    return fields | repeat.posted(values, opened)


def opened(values: Mapping[str, str]) -> Fields | None:
    """Return what the form showed when it was opened; None where that was not sent along."""
    try:
        known = json.loads(values.get("opened", ""))
    except ValueError:
        return None
    if not isinstance(known, dict) or known.keys() != set(_NAMES):
        return None
    return {name: str(value) for name, value in known.items()}


def creation(fields: Fields, exchange: Exchange) -> Json:
    """Return the body of a POST that makes the event."""
    sent = _written(fields, set(_NAMES) - {name for name in _NAMES if not fields[name]}, exchange)
    sent |= _written(fields, {"start_date", "reminder"}, exchange)
    if not fields["repeat"]:
        del sent["recurrence"]
    return sent


def changes(before: Fields, after: Fields, exchange: Exchange) -> Json:
    """Return the body of a PATCH: only what differs."""
    before = {name: _one_kind_of_line(value) for name, value in before.items()}
    names = {name for name in _NAMES if before[name] != after[name]}
    sent = _written(after, names, exchange)
    if before["all_day"] == after["all_day"]:
        sent.pop("isAllDay", None)
    return sent


def _written(fields: Fields, names: set[str], exchange: Exchange) -> Json:
    """Write the properties that the named fields make up."""
    sent: Json = {}
    if names & {*_TIMES, *repeat.BLANK}:
        sent |= _times(fields)
    if names & repeat.BLANK.keys() or (fields["repeat"] and "start_date" in names):
        # A series' range begins on the date of its start: the two are written together.
        sent["recurrence"] = repeat.rule(fields, _date(fields["start_date"]))
    if names & wording.ROLES.keys():
        sent["attendees"] = [
            person for role in wording.ROLES for person in _attendees(fields[role], role, exchange)
        ]
    for name, write in _WRITERS.items():
        if name in names:
            sent |= write(fields[name])
    return sent


def _reminder(text: str) -> Json:
    if not text:
        return {"isReminderOn": False}
    return {"isReminderOn": True, "reminderMinutesBeforeStart": int(text)}


def _categories(text: str) -> Json:
    names = (name.strip() for name in text.split(","))
    return {"categories": list(dict.fromkeys(name for name in names if name))}


_WRITERS: dict[str, Callable[[str], Json]] = {
    "subject": lambda text: {"subject": text},
    "location": lambda text: {"location": {"displayName": text}},
    "body": lambda text: {"body": {"contentType": "text", "content": text}},
    "show_as": lambda text: {"showAs": text},
    "sensitivity": lambda text: {"sensitivity": text},
    "reminder": _reminder,
    "categories": _categories,
}


def _times(fields: Fields) -> Json:
    all_day = bool(fields["all_day"])
    first, last = _date(fields["start_date"]), _date(fields["end_date"] or fields["start_date"])
    if all_day:
        start = datetime.combine(first, time.min)
        end = datetime.combine(last + timedelta(days=1), time.min)
    else:
        start = datetime.combine(first, _time(fields["start_time"]))
        end = datetime.combine(last, _time(fields["end_time"]))
    if end < start:
        raise Unusable("The event ends before it starts.")
    zone = fields["zone"]
    return {
        "isAllDay": all_day,
        "start": {"dateTime": start.isoformat(), "timeZone": zone},
        "end": {"dateTime": end.isoformat(), "timeZone": zone},
    }


def _attendees(text: str, role: str, exchange: Exchange) -> list[Json]:
    found = []
    for part in re.split(r"[;\n]", _AFTER_ADDRESS.sub(r"\1;", text)):
        if not part.strip():
            continue
        match = _NAMED.match(part.strip())
        name, address = (match["name"], match["address"]) if match else ("", part.strip())
        known = exchange.find(address)
        name = name.strip(' "') or (known.name if known else "")
        found.append({"type": role, "emailAddress": {"name": name, "address": address.strip()}})
    return found


def _people(attendees: list[Json], role: str) -> str:
    named = (person for person in attendees if person["type"] == role)
    return "; ".join(wording.person(person["emailAddress"]) for person in named)


def _time_fields(start: datetime, end: datetime) -> Fields:
    return {
        "start_date": start.date().isoformat(),
        "start_time": f"{start:%H:%M}",
        "end_date": end.date().isoformat(),
        "end_time": f"{end:%H:%M}",
    }


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as err:
        raise Unusable("Give the date as in 2026-11-23.") from err


def _time(text: str) -> time:
    try:
        return time.fromisoformat(text)
    except ValueError as err:
        raise Unusable("Give the time as in 09:30.") from err


def _one_kind_of_line(text: str) -> str:
    """Browsers send CRLF whatever they were given."""
    return text.replace("\r\n", "\n").strip()


def complaint(error: Refused | Unusable) -> str:
    """Say why the input was not taken."""
    return error.message if isinstance(error, Refused) else str(error)
