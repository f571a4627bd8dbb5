"""What a person can do in Outlook, in words shared by the sandbox and its remote control."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlencode

Json = dict[str, Any]


class ActionRefused(Exception):
    """Outlook refused what a person wanted: HTTP status and Graph's error object."""

    def __init__(self, status: int, body: Any) -> None:
        super().__init__(f"{status}: {body}")
        self.status = status
        self.body = body


class PersonVerbs:
    """Acts in a mailbox as its owner. ``graph`` and ``move_event`` are given by the heirs."""

    def graph(
        self,
        address: str,
        method: str,
        path: str,
        body: Any = None,
        headers: dict[str, str] | None = None,
    ) -> Any:
        """Do one thing in a mailbox as Graph would; return the JSON answer, raise ActionRefused."""
        raise NotImplementedError

    def events(self, address: str, calendar_id: str | None = None) -> list[Json]:
        """Return all single events and series masters of a calendar (default: the primary)."""
        place = f"/me/calendars/{quote(calendar_id)}" if calendar_id else "/me"
        found: list[Json] = self.graph(address, "GET", f"{place}/events?$top=1000&$select=*")[
            "value"
        ]
        return found

    def view(self, address: str, start: str, end: str, time_zone: str = "UTC") -> list[Json]:
        """Return what lies in a window (ISO moments), series expanded, in order of start."""
        query = urlencode(
            {
                "startDateTime": start,
                "endDateTime": end,
                "$top": "1000",
                "$orderby": "start/dateTime",
                "$select": "*",
            }
        )
        prefer = {"Prefer": f'outlook.timezone="{time_zone}"'}
        found: list[Json] = self.graph(address, "GET", f"/me/calendarView?{query}", headers=prefer)[
            "value"
        ]
        return found

    def find_events(self, address: str, subject: str) -> list[Json]:
        """Return the single events and series with this subject."""
        return [event for event in self.events(address) if event["subject"] == subject]

    def create_event(self, address: str, event: Json, calendar_id: str | None = None) -> Json:
        """Make an event and return it."""
        place = f"/me/calendars/{quote(calendar_id)}" if calendar_id else "/me"
        made: Json = self.graph(address, "POST", f"{place}/events", event)
        return made

    def change_event(self, address: str, event_id: str, changes: Json) -> Json:
        """Change an event and return it."""
        changed: Json = self.graph(address, "PATCH", f"/me/events/{quote(event_id)}", changes)
        return changed

    def delete_event(self, address: str, event_id: str) -> None:
        """Delete an event; an organizer's meeting is cancelled."""
        self.graph(address, "DELETE", f"/me/events/{quote(event_id)}")

    def move_event(self, address: str, event_id: str, calendar_id: str) -> str:
        """Drag an event to another calendar and return its new id."""
        raise NotImplementedError

    def answer_event(
        self,
        address: str,
        event_id: str,
        action: str,
        *,
        comment: str | None = None,
        send_response: bool = True,
    ) -> None:
        """Answer an invitation: accept, tentativelyAccept or decline."""
        body: Json = {"sendResponse": send_response}
        if comment is not None:
            body["comment"] = comment
        self.graph(address, "POST", f"/me/events/{quote(event_id)}/{action}", body)
