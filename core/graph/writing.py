"""Say the engine's values in Graph's JSON: exactly the fields given, and nothing beside them.

Every field that a PATCH names counts as changed for Exchange, which then mails people.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final, TypeVar

from ..engine.errors import InvariantBroken, Unmappable
from ..engine.fields import validate
from ..engine.recurrence import Rule
from ..engine.snapshot import AllDay, Body, Keyed, Person, Snapshot, Timed, Value
from . import moments
from .recurrences import rule_to_graph
from .remote import Json

#: Our mark on events that we create: an extended property, which stays in the mailbox, is never
#: mailed and can be searched for (extended-properties-overview). Its value is `<database
#: uuid>:<meeting uuid>`.
TAG_ID: Final = "String {35ee5e53-fa87-4cb7-97a1-01d19408319a} Name OutlookCalendarId"

#: So many attendees an event has at most (resource event).
MOST_PEOPLE: Final = 500

_T = TypeVar("_T")


def tag_property(tag: str) -> dict[str, str]:
    """Return the extended property that marks an event as ours."""
    return {"id": TAG_ID, "value": tag}


def to_graph(changes: Snapshot, *, target: Snapshot) -> Json:
    """Return the body that writes the changed fields; `target` is the whole event after the write.

    Graph has no field for the zone alone: a change of `when` or of `zone` writes start and end,
    each with its zone, and takes the unchanged one of the two from `target`; those of a series go
    with its rule. Occurrences have ids of their own and are not written here. Raises Unmappable
    for a value that Graph cannot hold.
    """
    validate(changes)
    whole = {**target, **changes}
    body: Json = {}
    for name, value in changes.items():
        body.update(_WRITERS[name](value, whole))
    return body


def _subject(value: Value, _whole: Snapshot) -> Json:
    return {"subject": value}


def _body(value: Value, _whole: Snapshot) -> Json:
    body = _expect(Body, value)
    if body.html is None:
        raise InvariantBroken("a stored base has no text to write")
    return {"body": {"contentType": "html", "content": body.html}}


def _span(_value: Value, whole: Snapshot) -> Json:
    when, zone, rule = whole.get("when"), whole.get("zone"), whole.get("rule")
    if not isinstance(when, (Timed, AllDay)):
        raise InvariantBroken("a zone cannot be written without a time")
    home = zone if isinstance(zone, str) else None
    if not isinstance(rule, Rule):
        return moments.span_to_graph(when, home)
    body = moments.repeated_span_to_graph(when, home)
    start = body["start"]
    first = datetime.fromisoformat(start["dateTime"]).date()
    return {**body, "recurrence": rule_to_graph(rule, start=first, zone=start["timeZone"])}


def _rule(value: Value, whole: Snapshot) -> Json:
    # null makes a series a single event, at the time that it shows.
    return {"recurrence": None} if value is None else _span(value, whole)


def _nothing(_value: Value, _whole: Snapshot) -> Json:
    return {}


def _location(value: Value, _whole: Snapshot) -> Json:
    # An empty name clears it; the other parts go with it, as the whole object is replaced.
    return {"location": {"displayName": value}}


def _sensitivity(value: Value, _whole: Snapshot) -> Json:
    return {"sensitivity": value}


def _people(value: Value, _whole: Snapshot) -> Json:
    """Write the whole list: Graph replaces it (event-update). The organizer is never on it."""
    people = _expect(Keyed, value)
    if len(people) > MOST_PEOPLE:
        raise Unmappable("people", f"more than {MOST_PEOPLE}")
    return {"attendees": [_attendee(key, _expect(Person, people[key])) for key in sorted(people)]}


def _attendee(key: str, person: Person) -> dict[str, Any]:
    # The key says who it is (normalize.person_key); the spelling of the address may be lost.
    known = None if key.startswith("name:") else key
    said = {"name": person.name, "address": person.address or known}
    return {
        "type": person.kind,
        "emailAddress": {name: text for name, text in said.items() if text},
    }


def _show_as(value: Value, _whole: Snapshot) -> Json:
    # "unknown" is what Graph says where it does not know, and nothing to tell it.
    return {} if value == "unknown" else {"showAs": value}


def _reminder(value: Value, _whole: Snapshot) -> Json:
    if value is None:
        return {"isReminderOn": False}
    if _expect(int, value) < 0:
        raise Unmappable("reminder", "a reminder after the start")
    return {"isReminderOn": True, "reminderMinutesBeforeStart": value}


def _categories(value: Value, _whole: Snapshot) -> Json:
    return {"categories": sorted(_expect(frozenset, value))}


_WRITERS: Final[Mapping[str, Callable[[Value, Snapshot], Json]]] = {
    "subject": _subject,
    "body": _body,
    "when": _span,
    "zone": _span,
    "rule": _rule,
    "occurrences": _nothing,
    "location": _location,
    "sensitivity": _sensitivity,
    "people": _people,
    "show_as": _show_as,
    "reminder": _reminder,
    "categories": _categories,
}


def _expect(kind: type[_T], value: Value) -> _T:
    if not isinstance(value, kind):
        raise InvariantBroken(f"{kind.__name__} was expected")
    return value
