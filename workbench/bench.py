"""Measure what the sync costs, on a real stage: `python -m workbench.bench` (`make bench`).

Odoo runs without cron, so that each round runs when it is asked for and is measured whole. Figures
depend on the machine: compare two runs on the same quiet one. Nothing is asserted.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from typing import Any

from core.engine.reconcile import Base, reconcile
from core.engine.snapshot import Body, Keyed, Person, Side, Snapshot, Timed

from .cache import Cache
from .commands import databases
from .console import Failure, complain, say
from .demo.table import table
from .figures import Figure, Mailbox
from .people import OdooUser
from .series_bench import SeriesBench, folding
from .stage import Stage, stage

IMPORTED = 500
SENT = 200
IDLE_ROUNDS = 10
SAVES = 50
RECONCILED = 5000
NO_CRON = ("--max-cron-threads=0",)
HEADINGS = ("figure", "value", "unit", "requests")
WIDTHS = (58, 9, 18, 8)
LINE = "<p>The numbers of the quarter, and what to do about them.</p>"


class Bench(Mailbox):
    """Single meetings: brought in, sent, saved."""

    def first_import(self) -> Figure:
        """Connect a mailbox that is full of meetings already."""
        for event in _outlook_events():
            self.scene.control.create_event(self.who.address, event)
        self.who.odoo.connect_mailbox(self.who.address)
        seconds, requests = self.rounds()
        self._expect(IMPORTED)
        return Figure(f"first import of {IMPORTED} Outlook meetings", seconds, "s", str(requests))

    def sending(self) -> Figure:
        """Make meetings here and send them."""
        self.who.odoo.call("calendar.event", "create", list(_odoo_events(SENT)))
        seconds, requests = self.rounds()
        there = len(self.scene.control.events(self.who.address))
        if there != IMPORTED + SENT:
            raise Failure(f"Outlook has {there} meetings instead of {IMPORTED + SENT}.")
        return Figure(f"sending of {SENT} meetings made here", seconds, "s", str(requests))

    def idle(self) -> Figure:
        """Run rounds that find nothing."""
        found = [self.rounds() for _ in range(IDLE_ROUNDS)]
        requests = sorted({requests for _seconds, requests in found})
        return Figure(
            "idle round, asked for over HTTP",
            statistics.median(seconds for seconds, _requests in found) * 1000,
            "ms (median)",
            " or ".join(map(str, requests)),
        )

    def saves(self) -> Iterator[Figure]:
        """Save by turns a meeting of somebody connected and one of somebody without account."""
        other = self.scene.employ("Olga Loos", "olga@contoso.example", zone=self.who.zone)
        savers = {
            "connected user": _saver(self.who.odoo),
            "user without account": _saver(other.odoo),
        }
        spent: dict[str, list[float]] = {name: [] for name in savers}
        for number in range(SAVES):
            for name, save in savers.items():
                began = time.monotonic()
                save(number)
                spent[name].append(time.monotonic() - began)
        for name, seconds in spent.items():
            median = statistics.median(seconds) * 1000
            yield Figure(f"save of a meeting by a {name}", median, "ms (median)")

    def _expect(self, count: int) -> None:
        here = self.who.odoo.call("calendar.event", "search_count", [])
        if here != count:
            raise Failure(f"The calendar has {here} meetings instead of {count}.")


def _days(count: int) -> Iterator[tuple[str, datetime]]:
    """Give subjects and starts: five meetings a day, from tomorrow on."""
    first = datetime.now(timezone.utc).replace(hour=8, minute=0, second=0, microsecond=0)
    for number in range(count):
        yield f"Meeting {number}", first + timedelta(days=1 + number // 5, hours=number % 5)


def _outlook_events() -> Iterator[dict[str, Any]]:
    """Give meetings as Outlook has them, every second one with guests."""
    guests = [
        {"type": "required", "emailAddress": {"address": f"{name}@fabrikam.example", "name": name}}
        for name in ("ann", "bob", "eve")
    ]
    for number, (subject, start) in enumerate(_days(IMPORTED)):
        end = start + timedelta(minutes=30)
        yield {
            "subject": subject,
            "body": {"contentType": "html", "content": LINE * 5},
            "start": {"dateTime": f"{start:%FT%T}", "timeZone": "UTC"},
            "end": {"dateTime": f"{end:%FT%T}", "timeZone": "UTC"},
            "location": {"displayName": "Room 1"},
            "attendees": guests if number % 2 else [],
        }


def _odoo_events(count: int) -> Iterator[dict[str, Any]]:
    """Give meetings as the calendar's form makes them."""
    for subject, start in _days(count):
        stop = start + timedelta(minutes=30)
        yield {
            "name": f"{subject} of ours",
            "description": LINE * 5,
            "start": f"{start:%F %T}",
            "stop": f"{stop:%F %T}",
            "location": "Room 2",
        }


def _saver(user: OdooUser) -> Callable[[int], None]:
    """Make a meeting and return what saves it with another place."""
    [meeting] = user.call("calendar.event", "create", list(_odoo_events(1)))

    def save(number: int) -> None:
        values = {"location": f"Room {number}"}
        user.call("calendar.event", "web_save", [meeting], values, specification={"location": {}})

    save(SAVES)
    return save


def reconciling() -> Figure:
    """Decide about a meeting that was changed on both sides: the engine alone, no database."""
    base, local, remote = _changed_meeting()
    began = time.monotonic()
    for _ in range(RECONCILED):
        reconcile(base, local, remote, winner=Side.LOCAL)
    spent = time.monotonic() - began
    return Figure("reconcile, changed on both sides", spent / RECONCILED * 1e6, "µs per meeting")


def _changed_meeting() -> tuple[Base, Snapshot, Snapshot]:
    noon = datetime(2030, 1, 7, 12, tzinfo=timezone.utc)
    people = {
        address: Person("required", address, address)
        for address in (f"guest{number}@fabrikam.example" for number in range(10))
    }
    was: Snapshot = {
        "subject": "Meeting",
        "body": Body.of(LINE * 40),
        "when": Timed(noon, noon + timedelta(hours=1)),
        "zone": "Europe/Brussels",
        "location": "Room 1",
        "sensitivity": "normal",
        "people": Keyed(people),
    }
    fewer = {address: person for address, person in people.items() if "guest0" not in address}
    local = {**was, "subject": "Another meeting", "people": Keyed(fewer)}
    remote = {**was, "location": "Room 2", "body": Body.of(LINE * 41)}
    return Base(was, was), local, remote


def measure(scene: Stage) -> Iterator[Figure]:
    """Give the figures as they become known."""
    scene.configure()
    bench = Bench(scene, scene.employ("Linh Tran", "linh@contoso.example", zone="Europe/Brussels"))
    yield bench.first_import()
    yield bench.sending()
    yield bench.idle()
    yield from bench.saves()
    yield reconciling()
    bram = scene.employ("Bram Peeters", "bram@contoso.example", zone="Europe/Brussels")
    yield from SeriesBench(scene, bram).figures()
    yield folding()


def main() -> int:
    """Measure everything and print the table."""
    try:
        with databases(Cache.locate()) as found, stage(found, options=NO_CRON) as scene:
            figures = []
            for figure in measure(scene):
                say(f"  {figure.name}: {figure.value:.3g} {figure.unit}")
                figures.append(figure)
    except Failure as failure:
        complain(str(failure))
        return 1
    except KeyboardInterrupt:
        say("Stopped.")
        return 130
    say("\n" + table(HEADINGS, (figure.row for figure in figures), widths=WIDTHS))
    return 0


if __name__ == "__main__":
    sys.exit(main())
