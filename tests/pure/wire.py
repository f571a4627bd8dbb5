"""A bare client for the sandbox's own tests: requests over HTTPS, and bodies to send."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

import jsonschema
import requests

from sandbox import Sandbox

ANNA, BOB, CARL = "anna@contoso.example", "bob@contoso.example", "carl@contoso.example"
BRUSSELS = "Europe/Brussels"
WINDOW = {"startDateTime": "2026-10-01T00:00:00Z", "endDateTime": "2026-12-01T00:00:00Z"}
TAG = "String {0f5d7a3e-1a6b-4c2f-9f59-6b8f6f0c2a11} Name Tag"

Json = dict[str, Any]


class Graph:
    """One person's Graph. Every event sent and received is checked against Microsoft's metadata."""

    def __init__(self, sandbox: Sandbox, address: str, *scopes: str) -> None:
        self.base = f"{sandbox.https_url}/v1.0"
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.verify = sandbox.ca_file
        wanted = scopes or ("Calendars.ReadWrite", "User.Read", "MailboxSettings.Read")
        token = sandbox.token(address, scopes=wanted)
        self._session.headers["Authorization"] = f"Bearer {token}"

    def __enter__(self) -> Graph:
        return self

    def __exit__(self, *error: object) -> None:
        self._session.close()

    def send(self, method: str, path: str, **values: Any) -> requests.Response:
        """Send a request; ``path`` is a link or a path below v1.0."""
        url = path if path.startswith("https:") else self.base + path
        response = self._session.request(method, url, **values)
        if response.ok and response.content:
            check_answer(response.json())
        return response

    def get(self, path: str, **values: Any) -> Json:
        """Read something that is there."""
        return self._good(self.send("GET", path, **values))

    def create(self, event: Json | None = None, **values: Any) -> Json:
        """Make an event."""
        sent = event or meeting()
        validate(sent, "event")
        return self._good(self.send("POST", "/me/events", json=sent, **values))

    def change(self, event_id: str, changes: Json, **values: Any) -> Json:
        """Change an event."""
        validate(changes, "event")
        path = f"/me/events/{quote(event_id)}"
        return self._good(self.send("PATCH", path, json=changes, **values))

    def refused(self, method: str, path: str, **values: Any) -> tuple[int, str]:
        """Return status and code of a refusal."""
        response = self.send(method, path, **values)
        assert not response.ok, response.text
        return response.status_code, response.json()["error"]["code"]

    def delta(self, link: str | None = None, **values: Any) -> tuple[list[Json], str]:
        """Follow a round to its end: what it told, and the link for the next."""
        page = self.get(link or "/me/calendarView/delta", params=None if link else WINDOW, **values)
        told = page["value"]
        while "@odata.nextLink" in page:
            page = self.get(page["@odata.nextLink"], **values)
            told += page["value"]
        return told, page["@odata.deltaLink"]

    def _good(self, response: requests.Response) -> Json:
        assert response.ok, response.text
        answer: Json = response.json() if response.content else {}
        return answer


def at(moment: str, zone: str = BRUSSELS) -> Json:
    """Write a dateTimeTimeZone."""
    return {"dateTime": moment, "timeZone": zone}


def meeting(subject: str = "Plan", *guests: str, day: str = "2026-10-20", **values: Any) -> Json:
    """Write an event of an hour at nine, Brussels time."""
    event: Json = {"subject": subject, "start": at(f"{day}T09:00:00"), "end": at(f"{day}T10:00:00")}
    if guests:
        event["attendees"] = [{"emailAddress": {"address": guest}} for guest in guests]
    return event | values


def series(
    kind: str, *, start: str = "2026-10-05", until: Json | None = None, **pattern: Any
) -> Json:
    """Write a series of an hour at nine, Brussels time."""
    span = {"type": "numbered", "startDate": start, "numberOfOccurrences": 5}
    rule = {"pattern": {"type": kind, "interval": 1, **pattern}, "range": span | (until or {})}
    return meeting("Series", day=start, recurrence=rule)


@cache
def _validator(name: str) -> jsonschema.Draft202012Validator:
    path = Path(__file__).parent / "payloads" / "graph_calendar.schema.json"
    types = json.loads(path.read_text())["$defs"]
    return jsonschema.Draft202012Validator({"$ref": f"#/$defs/{name}", "$defs": types})


def validate(value: Json, name: str) -> None:
    """Check an object against a type of Microsoft's public metadata."""
    _validator(name).validate(value)


def check_answer(answer: Json) -> None:
    """Check every event and calendar in an answer of Graph."""
    if "responses" in answer:
        for response in answer["responses"]:
            if response["status"] < 400 and "body" in response:
                check_answer(response["body"])
        return
    entries = answer["value"] if isinstance(answer.get("value"), list) else [answer]
    for entry in entries:
        if "iCalUId" in entry or "seriesMasterId" in entry or "@removed" in entry:
            validate(entry, "event")
        elif "isDefaultCalendar" in entry:
            validate(entry, "calendar")
