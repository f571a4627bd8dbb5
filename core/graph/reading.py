"""Read Graph's JSON as the values that the engine compares.

Takes what the wild shows: missing keys, null where an object was, values of a later Graph. What an
answer does not carry, or says in a way unknown here, is left out of the snapshot: it is then not
compared, and so never overwritten. Source of the fields: resource type event; of their oddities:
docs/graph-quirks.md.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Final, cast, get_args

from ..engine.errors import Unmappable
from ..engine.fields import ANSWERS, KINDS, SENSITIVITIES, SHOW_AS
from ..engine.normalize import norm_address, norm_subject, person_key
from ..engine.occurrences import date_of, slot_when
from ..engine.snapshot import EMPTY, Body, Keyed, Person, Snapshot, Value, When
from . import moments
from .online import has_teams, is_online, join_url, without_block
from .recurrences import rule_from_graph
from .remote import Json, Kind, Profile, RemoteCalendar, RemoteEvent
from .values import choice_of, clean, folded, list_of, object_of, text_of
from .writing import TAG_ID

#: What `$select` names, so that an event is read whole: all that the readers below look at.
#: originalStart is shown only where it is named (seen by OGCS), joinUrl only with isOnlineMeeting
#: (live probes of others).
SELECT: Final = (
    "id,type,seriesMasterId,originalStart,iCalUId,changeKey,createdDateTime,lastModifiedDateTime,"
    "subject,body,start,end,isAllDay,originalStartTimeZone,originalEndTimeZone,location,"
    "locations,sensitivity,attendees,recurrence,showAs,isReminderOn,reminderMinutesBeforeStart,"
    "categories,isOrganizer,organizer,isCancelled,responseStatus,responseRequested,webLink,"
    "transactionId,isOnlineMeeting,onlineMeeting"
)

_ETAG: Final = re.compile('W/"(.+)"')
#: Where a room's address stands (resource type location; the second one seen of Graph).
_ADDRESSES_OF_PLACES: Final = ("locationEmailAddress", "locationUri")
#: Minutes, in a whole number of 32 bits: what no alarm here could keep is none.
_LONGEST_REMINDER: Final = 2**31 - 1
_ZONES: Final = ("originalStartTimeZone", "originalEndTimeZone")
_KINDS: Final = folded(*get_args(Kind))
_ANSWERS: Final = folded(*ANSWERS)
_PROPOSING: Final = ("tentativelyAccepted", "declined")


def from_graph(item: Json, *, owner_zone: str | None = None) -> RemoteEvent:
    """Read one event. Raises Unmappable with the field that makes no sense, and the item.

    ``owner_zone`` (IANA) is the clock of the mailbox's owner: the best guess for a series whose own
    is not told.
    """
    try:
        return _event(item, owner_zone)
    except OverflowError as err:
        error = at_the_edge()
        error.item = item
        raise error from err
    except Unmappable as error:
        error.item = item
        raise


def at_the_edge() -> Unmappable:
    """Return the error for a time so near the year 1 or 9999 that a zone or a day leads beyond."""
    return Unmappable("when", "it lies outside of the calendar")


def id_of(item: object) -> str:
    """Return the id by which an item can be asked for; "" where it has none."""
    value = item.get("id") if isinstance(item, dict) else None
    return value if isinstance(value, str) and value == clean(value) else ""


def _event(item: Json, owner_zone: str | None) -> RemoteEvent:
    remote_id = id_of(item)
    if not remote_id:
        raise Unmappable("id", "it has none")
    kind = choice_of(text_of(item, "type", "singleInstance"), _KINDS)
    if kind is None:
        raise Unmappable("type", "a kind of event that is not known here")
    organizer = _person(object_of(item, "organizer"), kind="required")
    return RemoteEvent(
        id=remote_id,
        kind=cast("Kind", kind),
        shared={**_read(item, _SHARED), **_read_repetition(item, kind, owner_zone)},
        private=_read(item, _PRIVATE),
        ical_uid=text_of(item, "iCalUId") or None,
        change_key=text_of(item, "changeKey") or _key_of_etag(item),
        series_id=text_of(item, "seriesMasterId") or None,
        original_start=_original_start(item),
        created_at=moments.instant(item.get("createdDateTime")),
        modified_at=moments.instant(item.get("lastModifiedDateTime")),
        is_organizer=item.get("isOrganizer") is not False,
        organizer=organizer if organizer.address or organizer.name else None,
        is_cancelled=item.get("isCancelled") is True,
        own_response=_answer(object_of(item, "responseStatus")),
        responses=dict(_responses(item)),
        proposals=dict(_proposals(item)),
        wants_response=item.get("responseRequested") is not False,
        rooms=frozenset(_rooms(item)),
        web_link=text_of(item, "webLink") or None,
        transaction_id=text_of(item, "transactionId") or None,
        is_online=is_online(item),
        join_url=join_url(item),
        tag=_tag(item),
        item=item,
    )


def profile(person: Json, zone: object) -> Profile:
    """Read the signed-in person and the mailbox's time zone."""
    address = text_of(person, "mail") or text_of(person, "userPrincipalName")
    return Profile(
        id=text_of(person, "id"),
        address=address or None,
        name=text_of(person, "displayName"),
        time_zone=moments.zone_from_graph(zone),
    )


def calendar(item: Json) -> RemoteCalendar:
    """Read one calendar of the mailbox's list."""
    return RemoteCalendar(
        id=text_of(item, "id"),
        name=text_of(item, "name"),
        color=text_of(item, "hexColor") or text_of(item, "color", "auto"),
        is_default=item.get("isDefaultCalendar") is True,
        can_edit=item.get("canEdit") is True,
        owner=text_of(object_of(item, "owner"), "address") or None,
        has_teams=has_teams(item),
    )


def _read(item: Json, readers: Mapping[str, Callable[[Json], Snapshot]]) -> Snapshot:
    """Read the fields whose keys the answer carries."""
    snapshot: dict[str, Value] = {}
    for key, reader in readers.items():
        if key in item:
            snapshot.update(reader(item))
    return snapshot


def _read_subject(item: Json) -> Snapshot:
    return {"subject": text_of(item, "subject")}


def _read_body(item: Json) -> Snapshot:
    body = object_of(item, "body")
    content = text_of(body, "content")
    if text_of(body, "contentType", "html").casefold() == "text":
        content = html.escape(content, quote=False).replace("\r\n", "\n").replace("\n", "<br>")
    return {"body": Body.of(without_block(content, item))}


def _read_when(item: Json) -> Snapshot:
    when = moments.span_from_graph(
        item.get("start"),
        item.get("end"),
        all_day=item.get("isAllDay") is True,
        home_zone=moments.zone_from_graph(item.get("originalStartTimeZone")),
    )
    return {"when": when}


def _read_zone(item: Json) -> Snapshot:
    for key in _ZONES:
        zone = moments.zone_from_graph(item.get(key))
        if zone is not None:
            return {"zone": zone}
    return {}


def _read_location(item: Json) -> Snapshot:
    return {"location": text_of(object_of(item, "location"), "displayName")}


def _read_choice(field: str, key: str, choices: tuple[str, ...]) -> Callable[[Json], Snapshot]:
    spelled = folded(*choices)

    def read(item: Json) -> Snapshot:
        choice = choice_of(text_of(item, key), spelled)
        return {} if choice is None else {field: choice}

    return read


def _read_people(item: Json) -> Snapshot:
    people: dict[str, Value] = {}
    for attendee, person in _guests(item):
        kind = text_of(attendee, "type").casefold()
        known = kind if kind in KINDS else "required"
        key = person_key(person.name, person.address)
        people.setdefault(key, Person(known, person.name, person.address))
    return {"people": Keyed(people)}


def _read_reminder(item: Json) -> Snapshot:
    minutes = item.get("reminderMinutesBeforeStart")
    if item["isReminderOn"] is not True:
        return {"reminder": None}
    is_sensible = type(minutes) is int and 0 <= minutes <= _LONGEST_REMINDER
    return {"reminder": minutes} if is_sensible else {}


def _read_categories(item: Json) -> Snapshot:
    names = list_of(item, "categories")
    named = (clean(name) for name in names if isinstance(name, str) and clean(name).strip())
    return {"categories": frozenset(named)}


def _read_repetition(item: Json, kind: str, owner_zone: str | None) -> Snapshot:
    """Read whether and how an event repeats, and what its time is by that.

    A single event has no rule and no occurrences. Of a series these are left out, because no
    answer but `series` shows them all; an occurrence and an exception say nothing of either.
    """
    if kind == "singleInstance" and "type" in item:
        return {"rule": None, "occurrences": EMPTY}
    if kind != "seriesMaster" or "recurrence" not in item:
        return {}
    recurrence = object_of(item, "recurrence")
    rule, span = rule_from_graph(recurrence), object_of(recurrence, "range")
    zone, is_guess = _zone_of_series(item, span, owner_zone)
    series: dict[str, Value] = {"rule": rule, "zone": zone}
    if "start" in item:
        series |= _read_when(item)
        first = date_of(cast("When", series["when"]), zone)
        if is_guess and first.isoformat() not in (rule.start.isoformat(), span["startDate"]):
            raise _hidden_clock()
        if first != rule.start:
            series["when"] = slot_when(series, rule.start)
    return series


def _zone_of_series(item: Json, span: Json, owner_zone: str | None) -> tuple[str, bool]:
    """Return the zone on whose calendar the pattern runs, and whether that is a guess.

    The rules of a custom zone are not shown. Who has one has it for where he is: his own clock is
    right for most of the year, if it has the first occurrence on its date. Raises
    Unmappable("zone") where nobody can say when the occurrences are.
    """
    names = span.get("recurrenceTimeZone"), *(item.get(key) for key in _ZONES)
    zone = next(filter(None, map(moments.zone_from_graph, names)), None)
    if zone is not None:
        return zone, False
    if owner_zone is None:
        raise _hidden_clock()
    return owner_zone, True


def _hidden_clock() -> Unmappable:
    return Unmappable("zone", "the series repeats in a time zone whose rules are not shown")


def _key_of_etag(item: Json) -> str | None:
    """Return the change key that the ETag holds (resource event): a stub shows no other."""
    match = _ETAG.fullmatch(text_of(item, "@odata.etag"))
    return match[1] if match else None


def _original_start(item: Json) -> datetime | None:
    """Return when an occurrence would be by the pattern; year 1 is Graph's way to say nothing."""
    moment = moments.instant(item.get("originalStart"))
    return None if moment is None or moment.year == 1 else moment


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
    """Yield the attendees but the organizer, whom some copies list among them.

    Who has neither name nor address is nobody, and could not be written back.
    """
    organizer = norm_address(_person(object_of(item, "organizer"), kind="required").address)
    for attendee in list_of(item, "attendees"):
        if not isinstance(attendee, Mapping):
            raise Unmappable("people", "an attendee is no object")
        person = _person(dict(attendee), kind="required")
        is_organizer = _answer(object_of(attendee, "status")) == "organizer"
        if organizer and norm_address(person.address) == organizer:
            is_organizer = True
        is_somebody = bool(person.address or norm_subject(person.name))
        if is_somebody and not is_organizer:
            yield dict(attendee), person


def _responses(item: Json) -> Iterator[tuple[str, str]]:
    for attendee, person in _guests(item):
        if person.address:
            yield norm_address(person.address), _answer(object_of(attendee, "status"))


def _rooms(item: Json) -> Iterator[str]:
    """Yield the addresses of the places: a room has one, and is often no more than its name."""
    for place in (item.get("location"), *list_of(item, "locations")):
        if isinstance(place, Mapping):
            for key in _ADDRESSES_OF_PLACES:
                address = norm_address(text_of(dict(place), key))
                if "@" in address:
                    yield address


def _proposals(item: Json) -> Iterator[tuple[str, When]]:
    """Yield the new times that were proposed (attendee: proposedNewTime).

    Only a tentative yes and a no can carry one (event-decline, event-tentativelyaccept): where the
    answer is void, so is the proposal. One that makes no sense is left out.
    """
    all_day = item.get("isAllDay") is True
    home = moments.zone_from_graph(item.get("originalStartTimeZone"))
    for attendee, person in _guests(item):
        slot = object_of(attendee, "proposedNewTime")
        stands = _answer(object_of(attendee, "status")) in _PROPOSING
        if not slot or not person.address or not stands:
            continue
        times = slot.get("start"), slot.get("end")
        with suppress(Unmappable):
            when = moments.span_from_graph(*times, all_day=all_day, home_zone=home)
            yield norm_address(person.address), when


def _answer(status: Json) -> str:
    return choice_of(text_of(status, "response"), _ANSWERS) or "none"


def _person(recipient: Json, *, kind: str) -> Person:
    """Read a person. An address that names nobody (a scheme alone, space) is none."""
    mail = object_of(recipient, "emailAddress")
    address = text_of(mail, "address")
    return Person(kind, text_of(mail, "name"), address if norm_address(address) else None)


def _tag(item: Json) -> str | None:
    for entry in list_of(item, "singleValueExtendedProperties"):
        if isinstance(entry, Mapping) and str(entry.get("id")).casefold() == TAG_ID.casefold():
            return text_of(entry, "value") or None
    return None
