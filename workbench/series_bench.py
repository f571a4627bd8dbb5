"""Measure what series cost: brought in, changed on either side, and read from their rows."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from typing import Any
from urllib.parse import quote, urlencode

from core.engine.recurrence import Rule
from core.engine.series import Hint, Row, fold
from core.engine.snapshot import EMPTY, Keyed, Snapshot, Timed

from .console import Failure
from .figures import Figure, Mailbox

SERIES = 100
DATES_EACH = 10
LONG = 720
EXCEPTIONS = 20
MADE_HERE = 500
FOLDED = 5
ONE_DAY = timedelta(days=1)
HALF_HOUR = timedelta(minutes=30)


class SeriesBench(Mailbox):
    """Somebody with many series, and with long ones."""

    def figures(self) -> Iterator[Figure]:
        """Give the figures; each builds on those before it."""
        yield self.first_import()
        yield from self.long_one()
        yield from self.made_here()

    def first_import(self) -> Figure:
        """Connect a mailbox that is full of series already, every second with an exception."""
        for number in range(SERIES):
            start = _morning() + timedelta(days=number % 7, minutes=30 * (number % 16))
            made = self._make(f"Series {number}", start, "weekly", times=DATES_EACH)
            if number % 2:
                self._move_dates(made, start, every=7, count=1)
        self.who.odoo.connect_mailbox(self.who.address)
        seconds, requests = self.rounds()
        self._expect("Series ", SERIES * DATES_EACH)
        name = f"first import of {SERIES} Outlook series of {DATES_EACH}"
        return Figure(name, seconds, "s", str(requests))

    def long_one(self) -> Iterator[Figure]:
        """Bring in a long series with exceptions, and then another subject of all of it."""
        made = self._make("Long", _morning(), "daily", times=LONG)
        self._move_dates(made, _morning(), every=LONG // EXCEPTIONS, count=EXCEPTIONS)
        seconds, requests = self.rounds()
        self._expect("Long", LONG)
        yield Figure(
            f"bringing in a series of {LONG} with {EXCEPTIONS} exceptions",
            seconds, "s", str(requests),
        )  # fmt: skip
        self.scene.control.change_event(self.who.address, made["id"], {"subject": "Very long"})
        seconds, requests = self.rounds()
        self._expect("Very long", LONG)
        yield Figure("its new subject, brought in", seconds, "s", str(requests))

    def made_here(self) -> Iterator[Figure]:
        """Send a series that was made here, and then another place of all of it."""
        start = _morning() + timedelta(hours=10)
        values = {
            "name": "Ours",
            "start": f"{start:%F %T}",
            "stop": f"{start + HALF_HOUR:%F %T}",
            "recurrency": True,
            "rrule_type_ui": "daily",
            "rrule_type": "daily",
            "end_type": "count",
            "count": MADE_HERE,
            "event_tz": self.who.zone,
        }
        event = self.who.odoo.call("calendar.event", "create", values)
        seconds, requests = self.rounds()
        [there] = self.scene.control.find_events(self.who.address, "Ours")
        yield Figure(f"sending of a series of {MADE_HERE} made here", seconds, "s", str(requests))
        changes = {"location": "Room 3", "recurrence_update": "all_events"}
        self.who.odoo.call("calendar.event", "write", [event], changes)
        seconds, requests = self.rounds()
        [there] = self.scene.control.find_events(self.who.address, "Ours")
        if there["location"]["displayName"] != "Room 3":
            raise Failure("The series' new place is not in Outlook.")
        yield Figure("its new place, sent", seconds, "s", str(requests))

    def _make(self, subject: str, start: datetime, kind: str, *, times: int) -> dict[str, Any]:
        days = [f"{start:%A}".lower()] if kind == "weekly" else []
        made: dict[str, Any] = self.scene.control.create_event(
            self.who.address,
            {
                "subject": subject,
                **_span(start),
                "recurrence": {
                    "pattern": {"type": kind, "interval": 1, "daysOfWeek": days},
                    "range": {
                        "type": "numbered",
                        "startDate": f"{start:%F}",
                        "numberOfOccurrences": times,
                    },
                },
            },
        )
        return made

    def _move_dates(self, made: dict[str, Any], start: datetime, *, every: int, count: int) -> None:
        """Move some dates of a series by an hour, the second one first."""
        address, control = self.who.address, self.scene.control
        for number in range(count):
            day = start + timedelta(days=every * number + (every if count == 1 else 1))
            window = {"startDateTime": f"{day:%FT%T}", "endDateTime": f"{day + HALF_HOUR:%FT%T}"}
            path = f"/me/events/{quote(made['id'])}/instances?{urlencode(window)}"
            [date_there] = control.graph(address, "GET", path)["value"]
            control.change_event(address, date_there["id"], _span(day + timedelta(hours=1)))

    def _expect(self, subject: str, count: int) -> None:
        domain = [("name", "=like", f"{subject}%"), ("user_id", "=", self.who.odoo.uid)]
        here = self.who.odoo.call("calendar.event", "search_count", domain)
        if here != count:
            raise Failure(f"The calendar has {here} dates of {subject!r} instead of {count}.")


def folding() -> Figure:
    """Read a long series with exceptions from its rows: the engine alone, no database."""
    rows = list(_rows())
    hint = Hint(kind="daily", interval=1, is_open=False, count=LONG)
    began = time.monotonic()
    for _ in range(FOLDED):
        fold(rows, hint, "UTC", past=None, horizon=None)
    spent = (time.monotonic() - began) / FOLDED
    return Figure(f"fold of {LONG} rows with {EXCEPTIONS} exceptions", spent * 1000, "ms")


def _rows() -> Iterator[Row]:
    start = datetime(2030, 1, 7, 9, tzinfo=timezone.utc)
    rule = Rule.settled(kind="daily", interval=1, start=start.date(), count=LONG)
    for number, day in enumerate(rule.slots()):
        is_moved = number % (LONG // EXCEPTIONS) == 1
        begins = datetime.combine(day, start.timetz()) + timedelta(hours=int(is_moved))
        fields: Snapshot = {
            "subject": "Long",
            "when": Timed(begins, begins + HALF_HOUR),
            "zone": "UTC",
            "location": "Room 1",
            "sensitivity": "normal",
            "people": EMPTY,
        }
        yield Row(Keyed(fields), day if is_moved else None, follows=not is_moved)


def _morning() -> datetime:
    """Return eight o'clock (UTC) of tomorrow."""
    today = datetime.now(timezone.utc).replace(hour=8, minute=0, second=0, microsecond=0)
    return today + ONE_DAY


def _span(start: datetime) -> dict[str, Any]:
    return {
        "start": {"dateTime": f"{start:%FT%T}", "timeZone": "UTC"},
        "end": {"dateTime": f"{start + HALF_HOUR:%FT%T}", "timeZone": "UTC"},
    }
