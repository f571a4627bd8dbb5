"""Read Graph's JSON as the values that the engine compares.

Takes what the wild shows: missing keys, null where an object was, values of a later Graph. What an
answer does not carry, or says in a way unknown here, is left out of the snapshot: it is then not
compared, and so never overwritten. Source of the fields: resource type event; of their oddities:
docs/graph-quirks.md.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, cast, get_args

from ..engine.errors import Unmappable
from ..engine.fields import ANSWERS, KINDS, SENSITIVITIES, SHOW_AS
from ..engine.normalize import norm_address, person_key
from ..engine.snapshot import Body, Keyed, Person, Snapshot, Value
from . import moments
from .remote import Json, Kind, Profile, RemoteCalendar, RemoteEvent
from .writing import TAG_ID

_KINDS: Final = {kind.casefold(): kind for kind in get_args(Kind)}


def from_graph(item: Json) -> RemoteEvent:
    """Read one event. Raises Unmappable with the field that makes no sense."""
    remote_id = _text(item, "id")
    if not remote_id:
        raise Unmappable("id", "it has none")
    kind = _KINDS.get(_text(item, "type", "singleInstance").casefold())
    if kind is None:
        raise Unmappable("type", "a kind of event that is not known here")
    organizer = _person(_object(item, "organizer"), kind="required")
    return RemoteEvent(
        id=remote_id,
        kind=cast("Kind", kind),
        shared=_read(item, _SHARED),
        private=_read(item, _PRIVATE),
        ical_uid=_text(item, "iCalUId") or None,
        change_key=_text(item, "changeKey") or None,
        series_id=_text(item, "seriesMasterId") or None,
        created_at=moments.instant(item.get("createdDateTime")),
        modified_at=moments.instant(item.get("lastModifiedDateTime")),
        is_organizer=item.get("isOrganizer") is not False,
        organizer=organizer if organizer.address or organizer.name else None,
        is_cancelled=item.get("isCancelled") is True,
        own_response=_answer(_object(item, "responseStatus")),
        responses=dict(_responses(item)),
        wants_response=item.get("responseRequested") is not False,
        web_link=_text(item, "webLink") or None,
        transaction_id=_text(item, "transactionId") or None,
        join_url=_text(_object(item, "onlineMeeting"), "joinUrl") or None,
        tag=_tag(item),
    )


def profile(person: Json, zone: object) -> Profile:
    """Read the signed-in person and the mailbox's time zone."""
    address = _text(person, "mail") or _text(person, "userPrincipalName")
    return Profile(
        id=_text(person, "id"),
        address=address or None,
        name=_text(person, "displayName"),
        time_zone=moments.zone_from_graph(zone),
    )


def calendar(item: Json) -> RemoteCalendar:
    """Read one calendar of the mailbox's list."""
    return RemoteCalendar(
        id=_text(item, "id"),
        name=_text(item, "name"),
        color=_text(item, "hexColor") or _text(item, "color", "auto"),
        is_default=item.get("isDefaultCalendar") is True,
        can_edit=item.get("canEdit") is True,
        owner=_text(_object(item, "owner"), "address") or None,
    )


def _read(item: Json, readers: Mapping[str, Callable[[Json], Snapshot]]) -> Snapshot:
    """Read the fields whose keys the answer carries."""
    snapshot: dict[str, Value] = {}
    for key, reader in readers.items():
        if key in item:
            snapshot.update(reader(item))
    return snapshot


def _read_subject(item: Json) -> Snapshot:
    return {"subject": _text(item, "subject")}


def _read_body(item: Json) -> Snapshot:
    body = _object(item, "body")
    content = _text(body, "content")
    if _text(body, "contentType", "html").casefold() == "text":
        content = html.escape(content, quote=False).replace("\r\n", "\n").replace("\n", "<br>")
    return {"body": Body.of(content)}


def _read_when(item: Json) -> Snapshot:
    when = moments.span_from_graph(
        item.get("start"),
        item.get("end"),
        all_day=item.get("isAllDay") is True,
        home_zone=moments.zone_from_graph(item.get("originalStartTimeZone")),
    )
    return {"when": when}


def _read_zone(item: Json) -> Snapshot:
    for key in ("originalStartTimeZone", "originalEndTimeZone"):
        zone = moments.zone_from_graph(item.get(key))
        if zone is not None:
            return {"zone": zone}
    return {}


def _read_location(item: Json) -> Snapshot:
    return {"location": _text(_object(item, "location"), "displayName")}


def _read_choice(field: str, key: str, choices: tuple[str, ...]) -> Callable[[Json], Snapshot]:
    spelled = {choice.casefold(): choice for choice in choices}

    def read(item: Json) -> Snapshot:
        choice = spelled.get(_text(item, key).casefold())
        return {} if choice is None else {field: choice}

    return read


def _read_people(item: Json) -> Snapshot:
    people: dict[str, Value] = {}
    for attendee, person in _guests(item):
        kind = _text(attendee, "type").casefold()
        known = kind if kind in KINDS else "required"
        key = person_key(person.name, person.address)
        people.setdefault(key, Person(known, person.name, person.address))
    return {"people": Keyed(people)}


def _read_reminder(item: Json) -> Snapshot:
    minutes = item.get("reminderMinutesBeforeStart")
    if item["isReminderOn"] is not True:
        return {"reminder": None}
    return {"reminder": minutes} if isinstance(minutes, int) else {}


def _read_categories(item: Json) -> Snapshot:
    names = _list(item, "categories")
    named = (name for name in names if isinstance(name, str) and name.strip())
    return {"categories": frozenset(named)}


#: Key whose presence says that the answer carries the field -> reader.
_SHARED: Final[Mapping[str, Callable[[Json], Snapshot]]] = {
    "subject": _read_subject,
    "body": _read_body,
    "start": _read_when,
    "originalStartTimeZone": _read_zone,
    "location": _read_location,
    "sensitivity": _read_choice("sensitivity", "sensitivity", SENSITIVITIES),
    "attendees": _read_people,
}
_PRIVATE: Final[Mapping[str, Callable[[Json], Snapshot]]] = {
    "showAs": _read_choice("show_as", "showAs", SHOW_AS),
    "isReminderOn": _read_reminder,
    "categories": _read_categories,
}


def _guests(item: Json) -> Iterator[tuple[Json, Person]]:
    """Yield the attendees but the organizer, whom some copies list among them."""
    organizer = norm_address(_person(_object(item, "organizer"), kind="required").address)
    for attendee in _list(item, "attendees"):
        if not isinstance(attendee, Mapping):
            raise Unmappable("people", "an attendee is no object")
        person = _person(dict(attendee), kind="required")
        is_organizer = _answer(_object(attendee, "status")) == "organizer"
        if not is_organizer and (not organizer or norm_address(person.address) != organizer):
            yield dict(attendee), person


def _responses(item: Json) -> Iterator[tuple[str, str]]:
    for attendee, person in _guests(item):
        if person.address:
            yield norm_address(person.address), _answer(_object(attendee, "status"))


def _answer(status: Json) -> str:
    response = _text(status, "response")
    return next((answer for answer in ANSWERS if answer.casefold() == response.casefold()), "none")


def _person(recipient: Json, *, kind: str) -> Person:
    """Read a person. An address that names nobody (a scheme alone, space) is none."""
    mail = _object(recipient, "emailAddress")
    address = _text(mail, "address")
    return Person(kind, _text(mail, "name"), address if norm_address(address) else None)


def _tag(item: Json) -> str | None:
    for entry in _list(item, "singleValueExtendedProperties"):
        if isinstance(entry, Mapping) and str(entry.get("id")).casefold() == TAG_ID.casefold():
            return _text(entry, "value") or None
    return None


def _text(item: Mapping[str, Any], key: str, default: str = "") -> str:
    value = item.get(key)
    if value is None:
        return default
    if not isinstance(value, str):
        raise Unmappable(key, "text was expected")
    return value


def _object(item: Mapping[str, Any], key: str) -> Json:
    value = item.get(key)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise Unmappable(key, "an object was expected")
    return value


def _list(item: Mapping[str, Any], key: str) -> list[Any]:
    value = item.get(key)
    if value is None:
        return []
    if not isinstance(value, list):
        raise Unmappable(key, "a list was expected")
    return value
