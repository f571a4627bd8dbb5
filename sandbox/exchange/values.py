"""Readers of single JSON values: each takes what was sent and returns what is stored, or refuses.

The wrong kind of value is refused by Graph's parser (400 RequestBodyRead), the wrong sense by the
calendar (400 ErrorPropertyValidationFailure). Enumerations are case-insensitive on input.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from ..errors import Refused, invalid_property, invalid_request, unreadable_body
from . import bodies
from .items import NEVER, Json
from .zones import UTC, Moment, resolve, to_local

Reader = Callable[[Any], Any]

MAX_ATTENDEES = 500
#: An SMTP address, or the path of somebody in the directory, as old invitations bear it.
_ADDRESS = re.compile(r"^(?:[^@\s<>,;]+@[^@\s<>,;]+|/o=[^<>;]+)$", re.IGNORECASE)
_EXTENDED_ID = re.compile(
    r"^(?:String|Integer|Boolean|Short|Long|Float|Double|Currency|SystemTime|Binary|CLSID)"
    r"(?:Array)? (?:\{[0-9a-fA-F-]{36}\} (?:Name .+|Id 0x[0-9a-fA-F]{1,8})|0x[0-9a-fA-F]{1,8})$",
    re.IGNORECASE,
)
_DATE_TIME = re.compile(
    r"^(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d)(:\d\d)?(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)?)?$"
)


def wrong_type(value: Any, expected: str) -> Refused:
    """Say what the parser says of a value of the wrong kind."""
    kind = "null" if value is None else type(value).__name__
    return unreadable_body(f"Cannot convert a value of kind '{kind}' to the expected {expected}.")


def text(value: Any) -> str:
    """Read a string; null counts as empty."""
    if value is not None and not isinstance(value, str):
        raise wrong_type(value, "Edm.String")
    return value or ""


def boolean(value: Any) -> bool:
    """Read true or false; the words in a string do too (a widely used client sends them so)."""
    if isinstance(value, str):
        value = {"true": True, "false": False}.get(value.casefold(), value)
    if not isinstance(value, bool):
        raise wrong_type(value, "Edm.Boolean")
    return value


def integer(value: Any) -> int:
    """Read a 32-bit integer."""
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) > 2**31 - 1:
        raise wrong_type(value, "Edm.Int32")
    return value


def one_of(*names: str) -> Reader:
    """Make a reader of an enumeration."""
    known = {name.casefold(): name for name in names}

    def read(value: Any) -> str:
        if not isinstance(value, str) or value.casefold() not in known:
            raise wrong_type(value, f"enumeration {', '.join(names)}")
        return known[value.casefold()]

    return read


def list_of(reader: Reader) -> Reader:
    """Make a reader of a collection."""

    def read(value: Any) -> list[Any]:
        if not isinstance(value, list):
            raise wrong_type(value, "collection")
        return [reader(entry) for entry in value]

    return read


def members(value: Any, allowed: Iterable[str], type_name: str) -> Json:
    """Read an object that may hold only the named properties (annotations are let pass)."""
    if not isinstance(value, dict):
        raise wrong_type(value, type_name)
    known = set(allowed)
    plain = {name: part for name, part in value.items() if "@" not in name}
    for name in plain:
        if name not in known:
            raise unreadable_body(
                f"The property '{name}' does not exist on type 'microsoft.graph.{type_name}'. "
                "Make sure to only use property names that are defined by the type."
            )
    return plain


def moment(value: Any) -> Moment:
    """Read a dateTimeTimeZone; without a zone it is UTC, an offset in the text wins (inferred)."""
    parts = members(value, ("dateTime", "timeZone"), "dateTimeTimeZone")
    zone = text(parts.get("timeZone")) or UTC
    rules = resolve(zone)
    written = parts.get("dateTime")
    if not isinstance(written, str):
        raise wrong_type(written, "Edm.DateTimeOffset")
    match = _DATE_TIME.match(written)
    if match is None:
        raise invalid_property()
    day, minutes, seconds, fraction, offset = match.groups()
    micro = (fraction or "0").ljust(6, "0")[:6]
    stamp = f"{day}T{minutes or '00:00'}{seconds or ':00'}.{micro}"
    try:
        naive = datetime.fromisoformat(stamp)
        if not offset:
            return Moment(naive, zone)
        instant = datetime.fromisoformat(stamp + offset.replace("Z", "+00:00"))
    except ValueError as err:
        raise invalid_property() from err
    return Moment(to_local(instant, rules), zone)


def body(value: Any) -> str:
    """Read an itemBody and return the HTML that Exchange keeps."""
    if value is None:
        return ""
    parts = members(value, ("contentType", "content"), "itemBody")
    content_type: str = one_of("text", "html")(parts.get("contentType", "text"))
    return bodies.stored(text(parts.get("content")), content_type)


def attendees(value: Any) -> list[Json]:
    """Read the whole list of attendees (at most 500, resource event); statuses sent are ignored."""
    people: dict[str, Json] = {}
    for person in list_of(attendee)(value):
        mail = person["emailAddress"]
        people.setdefault((mail["address"] or mail["name"]).casefold(), person)
    if len(people) > MAX_ATTENDEES:
        raise invalid_request(f"The number of attendees exceeds the maximum of {MAX_ATTENDEES}.")
    return list(people.values())


def attendee(value: Any) -> Json:
    """Read one attendee. With a name alone, it has to be one whom the event has: `by_name`."""
    names = ("type", "emailAddress", "status", "proposedNewTime")
    parts = members(value, names, "attendee")
    mail = members(parts.get("emailAddress"), ("name", "address"), "emailAddress")
    address = text(mail.get("address")).strip()
    is_named = not address and bool(text(mail.get("name")).strip())
    if not is_named and not _ADDRESS.match(address):
        raise invalid_recipients()
    kind = one_of("required", "optional", "resource")(parts.get("type") or "required")
    return {
        "type": kind,
        "status": {"response": "none", "time": NEVER},
        "emailAddress": {"name": text(mail.get("name")) or address, "address": address},
    }


def by_name(people: list[Json], known: list[Json]) -> list[Json]:
    """Return a list of attendees, with those who have a name alone as they are known.

    That Exchange takes back whom it shows without an address is inferred; whom it does not know it
    could not invite.
    """
    named = {person["emailAddress"]["name"]: person for person in known}
    result = []
    for person in people:
        mail = person["emailAddress"]
        if not mail["address"]:
            if mail["name"] not in named:
                raise invalid_recipients()
            person = {**person, "emailAddress": dict(named[mail["name"]]["emailAddress"])}
        result.append(person)
    return result


def invalid_recipients() -> Refused:
    """Say that somebody cannot be invited."""
    return Refused(400, "ErrorInvalidRecipients", "At least one recipient isn't valid.")


_PLACE = (
    "displayName",
    "locationEmailAddress",
    "locationUri",
    "address",
    "coordinates",
    "locationType",
    "uniqueId",
    "uniqueIdType",
)
_STREET = ("street", "city", "state", "countryOrRegion", "postalCode")
_POINT = ("latitude", "longitude", "altitude", "accuracy", "altitudeAccuracy")


def location(value: Any) -> Json:
    """Read a location; Exchange fills in what it is and a key of its own (samples of event-get)."""
    if value is None:
        return location({})
    parts = members(value, _PLACE, "location")
    name = text(parts.get("displayName"))
    place: Json = {"displayName": name, "locationType": "default"}
    for key in ("locationEmailAddress", "locationUri"):
        if parts.get(key):
            place[key] = text(parts[key])
    place["uniqueIdType"] = "private" if name else "unknown"
    if name:
        place["uniqueId"] = name
    if parts.get("locationEmailAddress"):
        place |= {"locationType": "conferenceRoom", "uniqueIdType": "directory"}
    address = members(parts.get("address") or {}, _STREET, "physicalAddress")
    point = members(parts.get("coordinates") or {}, _POINT, "outlookGeoCoordinates")
    if address or not name:
        place["address"] = {key: text(part) for key, part in address.items()}
    if point or not name:
        place["coordinates"] = point
    return place


def extended_properties(value: Any) -> dict[str, str]:
    """Read singleValueExtendedProperties (concept page "Outlook extended properties overview")."""
    found: dict[str, str] = {}
    for entry in list_of(
        lambda part: members(part, ("id", "value"), "singleValueLegacyExtendedProperty")
    )(value):
        name, held = entry.get("id"), entry.get("value")
        if not isinstance(name, str) or not _EXTENDED_ID.match(name):
            raise Refused(400, "ErrorInvalidExtendedProperty", "The extended property is invalid.")
        if not isinstance(held, str):
            raise wrong_type(held, "Edm.String")
        found[name] = held
    return found
