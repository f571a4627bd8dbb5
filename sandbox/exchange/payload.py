"""What a POST or PATCH of an event may say.

Tables after learn.microsoft.com event-update ("Request body") and calendar-post-events. An unknown
property is refused; a read-only one is ignored (by option refused).
"""

from __future__ import annotations

from typing import Any

from ..errors import invalid_property, invalid_request
from ..options import Options
from . import values
from .items import NEVER, Content, Json
from .rules import read_rule
from .zones import resolve

SENSITIVITIES = ("normal", "personal", "private", "confidential")
STATUSES = ("free", "tentative", "busy", "oof", "workingElsewhere", "unknown")
PROVIDERS = ("unknown", "skypeForBusiness", "skypeForConsumer", "teamsForBusiness")

#: Property in the body → reader. ``recurrence`` and the extended properties have own names inside.
WRITABLE: dict[str, values.Reader] = {
    "subject": values.text,
    "body": values.body,
    "importance": values.one_of("low", "normal", "high"),
    "sensitivity": values.one_of(*SENSITIVITIES),
    "showAs": values.one_of(*STATUSES),
    "isReminderOn": values.boolean,
    "reminderMinutesBeforeStart": values.integer,
    "categories": values.list_of(values.text),
    "hideAttendees": values.boolean,
    "allowNewTimeProposals": values.boolean,
    "responseRequested": values.boolean,
    "isAllDay": values.boolean,
    "isOnlineMeeting": values.boolean,
    "onlineMeetingProvider": values.one_of(*PROVIDERS),
    "start": values.moment,
    "end": values.moment,
    "location": values.location,
    "locations": values.list_of(values.location),
    "attendees": values.attendees,
    "recurrence": read_rule,
    "singleValueExtendedProperties": values.extended_properties,
    "transactionId": values.text,
}

READ_ONLY = frozenset(
    {
        "id",
        "changeKey",
        "createdDateTime",
        "lastModifiedDateTime",
        "originalStartTimeZone",
        "originalEndTimeZone",
        "originalStart",
        "iCalUId",
        "hasAttachments",
        "bodyPreview",
        "isCancelled",
        "isDraft",
        "isOrganizer",
        "seriesMasterId",
        "type",
        "webLink",
        "onlineMeetingUrl",
        "onlineMeeting",
        "responseStatus",
        "organizer",
    }
)


def defaults() -> Content:
    """Return what a new event has where nothing was sent (samples of user-post-events)."""
    return {
        "subject": "",
        "body": "",
        "importance": "normal",
        "sensitivity": "normal",
        "showAs": "busy",
        "isReminderOn": True,
        "reminderMinutesBeforeStart": 15,
        "categories": [],
        "hideAttendees": False,
        "allowNewTimeProposals": True,
        "responseRequested": True,
        "isAllDay": False,
        "isOnlineMeeting": False,
        "onlineMeetingProvider": "unknown",
        "onlineMeeting": None,
        "location": values.location(None),
        "locations": [],
        "attendees": [],
        "isCancelled": False,
        "responseStatus": {"response": "organizer", "time": NEVER},
        "extended": {},
    }


def read(payload: Any, options: Options) -> Content:
    """Read a body into changes under the names of ``Content`` ("rule" and "extended" included)."""
    parts = values.members(payload, WRITABLE.keys() | READ_ONLY, "event")
    unwritable = READ_ONLY & parts.keys()
    if unwritable and options.refuse_read_only:
        raise invalid_property(f"The property '{min(unwritable)}' is read-only.")
    changes = {name: WRITABLE[name](value) for name, value in parts.items() if name in WRITABLE}
    for inside, outside in {
        "rule": "recurrence",
        "extended": "singleValueExtendedProperties",
    }.items():
        if outside in changes:
            changes[inside] = changes.pop(outside)
    _match_locations(changes)
    return changes


def check_times(content: Content) -> None:
    """Refuse what cannot be an event's time (event resource: rules of isAllDay, start and end)."""
    if "start" not in content or "end" not in content:
        raise invalid_property()
    start, end = content["start"], content["end"]
    if content["isAllDay"]:
        for name, moment in (("Start", start), ("End", end)):
            if moment.local.time() != moment.local.min.time():
                raise invalid_request(
                    f"The Event.{name} property for an all-day event needs to be set to midnight."
                )
        if resolve(start.zone) != resolve(end.zone):
            raise invalid_request("The start and end of an all-day event need the same time zone.")
        if end.local <= start.local:
            raise invalid_request("The duration of an all-day event must be at least 24 hours.")
    elif end.utc < start.utc:
        raise invalid_property()


def _match_locations(changes: Json) -> None:
    """Keep ``location`` and ``locations`` in step (samples of event-update)."""
    if changes.get("locations"):
        named = changes["locations"]
        joined = "; ".join(place["displayName"] for place in named)
        changes["location"] = (
            named[0] if len(named) == 1 else values.location({"displayName": joined})
        )
    elif "location" in changes:
        place = changes["location"]
        changes["locations"] = [place] if place["displayName"] else []
    elif "locations" in changes:
        changes["location"] = values.location(None)
