"""Events and calendars as Graph writes them (samples of event-get, calendar-post-events)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from ..exchange import bodies, ids
from ..exchange.items import Calendar, Entry, Json, itself
from ..exchange.mailbox import Mailbox
from ..exchange.zones import Moment, resolve, to_local, windows_name
from ..options import Options
from .preferences import Preferences

#: Shown only where ``$select`` names them (seen by published clients; event-get, last example).
ON_REQUEST = frozenset({"originalStart", "cancelledOccurrences", "exceptionOccurrences"})

#: What stands for a zone that only the author's Outlook knew.
CUSTOM_ZONE = "tzone://Microsoft/Custom"
#: Stands in the id of a master that is in no mailbox.
_NOBODYS = 2**63

_AS_STORED = (
    "subject",
    "importance",
    "sensitivity",
    "showAs",
    "isReminderOn",
    "reminderMinutesBeforeStart",
    "hideAttendees",
    "allowNewTimeProposals",
    "responseRequested",
    "isAllDay",
    "isCancelled",
    "isOnlineMeeting",
    "onlineMeetingProvider",
    "onlineMeeting",
    "categories",
    "responseStatus",
    "location",
    "locations",
)


def stamp(instant: datetime) -> str:
    """Write an instant as Graph does: UTC, seven fractional digits."""
    return instant.strftime("%Y-%m-%dT%H:%M:%S.%f0Z")


@dataclass(frozen=True)
class Renderer:
    """Writes the events of one mailbox in the way one request prefers."""

    mailbox: Mailbox
    preferences: Preferences
    options: Options

    def event(self, entry: Entry) -> Json:
        """Write an event whole, what only ``$select`` shows included."""
        item, content = entry.item, entry.content
        shown: Json = {"@odata.etag": etag(item.change_key), "id": self.event_id(entry)}
        shown |= {name: content[name] for name in _AS_STORED}
        shown |= {
            "createdDateTime": stamp(item.created),
            "lastModifiedDateTime": stamp(item.modified),
            "changeKey": item.change_key,
            "transactionId": item.transaction_id if entry.slot is None else None,
            "iCalUId": self._ical_uid(entry),
            "hasAttachments": False,
            "isDraft": False,
            "isOrganizer": item.is_organizer,
            "onlineMeetingUrl": None,
            "type": self._kind(entry),
            "webLink": self._web_link(entry),
            "body": self._body(content["body"]),
            "bodyPreview": bodies.preview(content["body"]),
            "start": self.moment(content["start"], floating=content["isAllDay"]),
            "end": self.moment(content["end"], floating=content["isAllDay"]),
            "originalStartTimeZone": self._zone_out(content["start"].zone),
            "originalEndTimeZone": self._zone_out(content["end"].zone),
            "recurrence": self._recurrence(entry),
            "seriesMasterId": self._master_id(entry),
            "attendees": [self._attendee(person) for person in content["attendees"]],
            "organizer": self._organizer(entry),
        }
        return shown | self._on_request(entry)

    def stub(self, entry: Entry) -> Json:
        """Write what a delta says of an unmodified occurrence (seen by published clients)."""
        content = entry.content
        return {
            "@odata.type": "#microsoft.graph.event",
            "@odata.etag": etag(entry.item.change_key),
            "id": self.event_id(entry),
            "seriesMasterId": self._master_id(entry),
            "type": "occurrence",
            "start": self.moment(content["start"], floating=content["isAllDay"]),
            "end": self.moment(content["end"], floating=content["isAllDay"]),
        }

    def event_id(self, entry: Entry) -> str:
        """Write an event's id of the preferred kind."""
        return self.mailbox.entry_id(entry, immutable=self.preferences.immutable_ids)

    def moment(self, moment: Moment, *, floating: bool) -> Json:
        """Write a time in the preferred zone; all-day dates float (seen live)."""
        zone = self.preferences.zone
        local = moment.local if floating else to_local(moment.utc, resolve(zone))
        return {"dateTime": local.strftime("%Y-%m-%dT%H:%M:%S.%f0"), "timeZone": zone}

    def _on_request(self, entry: Entry) -> Json:
        original = entry.original_start
        shown: Json = {"originalStart": stamp(original) if original else None}
        if entry.kind == "seriesMaster":
            master = self.event_id(entry)
            dates = sorted(entry.item.cancelled)
            shown["cancelledOccurrences"] = [f"OID.{master}.{day.isoformat()}" for day in dates]
        return shown

    def _recurrence(self, entry: Entry) -> Json | None:
        rule = entry.item.rule
        if rule is None or entry.slot is not None:
            return None
        written = rule.as_json()
        written["range"]["recurrenceTimeZone"] = self._zone_out(rule.zone)
        return written

    def _kind(self, entry: Entry) -> str:
        is_alone = entry.item.lone_slot is not None and self.options.lone_occurrence == "single"
        return "singleInstance" if is_alone else entry.kind

    def _master_id(self, entry: Entry) -> str | None:
        if entry.item.lone_slot is not None and self.options.lone_occurrence == "orphan":
            return str(ids.ItemId(self.mailbox.id, 0, _NOBODYS))
        return self.event_id(itself(entry.item)) if entry.slot is not None else None

    def _ical_uid(self, entry: Entry) -> str | None:
        if self.options.ical_uid_missing:
            return None
        if entry.slot is None or self.options.occurrence_ical_uid == "shared":
            return entry.item.ical_uid
        return ids.dated_ical_uid(entry.item.ical_uid, entry.slot)

    def _zone_out(self, name: str) -> str:
        named = {"windows": windows_name(name), "as_sent": name, "custom": CUSTOM_ZONE}
        return named[self.options.zones_out]

    def _body(self, document: str) -> Json:
        if self.preferences.body_type == "text":
            return {"contentType": "text", "content": bodies.text_of(document)}
        return {"contentType": "html", "content": document}

    def _organizer(self, entry: Entry) -> Json | None:
        person = entry.item.organizer
        if person is None or self.options.people_without_address:
            return None
        return {"emailAddress": person}

    def _attendee(self, person: Json) -> Json:
        if self.options.people_without_address:
            person = {**person, "emailAddress": {"name": person["emailAddress"]["name"]}}
        proposed = person.get("proposedNewTime")
        if proposed is None:
            return person
        times = {name: self.moment(part, floating=False) for name, part in proposed.items()}
        return {**person, "proposedNewTime": times}

    def _web_link(self, entry: Entry) -> str:
        host = "outlook.live.com" if self.mailbox.personal else "outlook.office365.com"
        item = quote(self.mailbox.entry_id(entry, immutable=False), safe="")
        return f"https://{host}/owa/?itemid={item}&exvsurl=1&path=/calendar/item"


def etag(change_key: str) -> str:
    """Write a change key as an ETag."""
    return f'W/"{change_key}"'


def calendar(mailbox: Mailbox, shown: Calendar) -> Json:
    """Write a calendar (resource calendar)."""
    providers = list(shown.providers)
    return {
        "id": mailbox.calendar_id(shown),
        "name": shown.name,
        "color": shown.color,
        "hexColor": "",
        "isDefaultCalendar": shown.is_default,
        "changeKey": shown.change_key,
        "canShare": shown.can_edit,
        "canViewPrivateItems": shown.can_edit,
        "canEdit": shown.can_edit,
        "allowedOnlineMeetingProviders": providers,
        "defaultOnlineMeetingProvider": providers[0] if providers else "unknown",
        "isTallyingResponses": shown.is_default,
        "isRemovable": not shown.is_default,
        "owner": shown.owner,
    }
