"""Meetings that several files of the contract use, and how a round and a mailbox are looked at."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from typing import Any

from contract.places import SandboxPlace, create
from microsoft import ANNA, BERT

from core.engine.fields import CANCELLED
from core.engine.recurrence import Rule
from core.engine.snapshot import Keyed, Person, Snapshot, Timed
from core.graph.client import GraphClient
from core.graph.delta import together
from core.graph.operations import DeleteEvent, UpdateEvent
from core.graph.remote import DeltaPage, RemoteEvent

NOON = datetime(2026, 12, 7, 12, tzinfo=timezone.utc)
HOUR = timedelta(hours=1)
WINDOW = (NOON - timedelta(days=30), NOON + timedelta(days=60))
VALUES: dict[str, Any] = {
    "subject": "a",
    "when": Timed(NOON, NOON + HOUR),
    "zone": "Europe/Brussels",
}
INVITED = {**VALUES, "people": Keyed({BERT: Person("required", "Bert", BERT)})}
WEEKLY: dict[str, Any] = {
    "subject": "weekly",
    "start": {"dateTime": "2026-12-07T12:00:00", "timeZone": "UTC"},
    "end": {"dateTime": "2026-12-07T13:00:00", "timeZone": "UTC"},
    "recurrence": {
        "pattern": {"type": "weekly", "interval": 1, "daysOfWeek": ["monday"]},
        "range": {"type": "numbered", "startDate": "2026-12-07", "numberOfOccurrences": 3},
    },
}

MONDAY = date(2026, 12, 7)
#: Mondays at noon for six weeks.
MONDAYS: dict[str, Any] = {
    **VALUES,
    "rule": Rule.settled(
        kind="weekly", interval=1, start=MONDAY, weekdays={"monday"}, end=date(2027, 1, 11)
    ),
}

DAILY: dict[str, Any] = {
    **VALUES,
    "rule": Rule.settled(kind="daily", interval=1, start=MONDAY, count=30),
}
GUESTS = Keyed({BERT: Person("required", "Bert", BERT)})


def snapshot_of(event: RemoteEvent) -> Snapshot:
    """Return all that a mailbox shows of a meeting."""
    return {**event.shared, **event.private}


def whole(client: GraphClient, remote_id: str) -> RemoteEvent:
    """Read one series with all that became of its occurrences."""
    [read] = client.series([remote_id]).values()
    assert isinstance(read, RemoteEvent), read
    return read


def occurrence_id(client: GraphClient, series: RemoteEvent, slot: str) -> str:
    """Return the id of one occurrence."""
    return client.occurrence_ids(series.id, snapshot_of(series), [slot])[slot]


def subjects(microsoft: SandboxPlace, address: str = ANNA) -> list[str]:
    """Return the subjects in somebody's mailbox, sorted."""
    return sorted(event["subject"] for event in microsoft.sandbox.events(address))


def whole_round(
    client: GraphClient, link: str | None = None, *, calendar_id: str | None = None
) -> DeltaPage:
    """Follow the pages of a round to their end and put them together."""
    pages = [client.delta_page(calendar_id, window=WINDOW, link=link)]
    while pages[-1].next_link:
        pages.append(client.delta_page(calendar_id, link=pages[-1].next_link))
    return together(pages)


def disturbed(microsoft: SandboxPlace, *, renamed: int = 3, values: Any = None) -> RemoteEvent:
    """Make a daily series, cancel its second date and rename some after it."""
    series = whole(microsoft.client, create(microsoft, values or DAILY).id)
    days = [(MONDAY + timedelta(days=1 + number)).isoformat() for number in range(1 + renamed)]
    ids = microsoft.client.occurrence_ids(series.id, snapshot_of(series), days)
    others = [UpdateEvent(ids[day], {"subject": day}, {}) for day in days[1:]]
    results = microsoft.client.perform([DeleteEvent(ids[days[0]]), *others])
    assert not [one for one in results if isinstance(one, Exception)]
    microsoft.sandbox.state.requests.clear()
    return series


def expected_dates(renamed: int = 3) -> Keyed:
    """Return what a series shows that was `disturbed`."""
    days = [(MONDAY + timedelta(days=2 + number)).isoformat() for number in range(renamed)]
    return Keyed({"2026-12-08": CANCELLED, **{day: Keyed({"subject": day}) for day in days}})
