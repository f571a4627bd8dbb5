"""Edits that follow each other, with real crons: one write in Outlook, one mail, and in time."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta, timezone

from conftest import until

from workbench.stage import Person, Stage

#: Nothing that was changed here waits longer until Outlook has it.
LIMIT_SECONDS = 90
GUEST = "guest.of.quiet@outside.example"
_START = datetime.now(timezone.utc) + timedelta(days=20)
_TIMES = {"start": f"{_START:%F %T}", "stop": f"{_START + timedelta(hours=1):%F %T}"}


def _make(stage: Stage, person: Person, name: str) -> int:
    """Make a meeting with a guest through the web client's own calls; return its id."""
    partner = stage.admin.call("res.partner", "create", {"name": "Guest", "email": GUEST})
    own = person.odoo.call("res.users", "read", [person.odoo.uid], ["partner_id"])
    people = [(6, 0, [own[0]["partner_id"][0], partner])]
    values = {"name": name, **_TIMES, "partner_ids": people}
    return int(person.odoo.call("calendar.event", "create", values))


def _subjects(stage: Stage, person: Person) -> list[str]:
    return [event["subject"] for event in stage.control.events(person.address)]


def _writes(stage: Stage, person: Person) -> list[str]:
    """Return the methods by which this mailbox was written."""
    return [
        one["method"]
        for one in stage.control.requests()
        if one["method"] not in ("GET",) and one["mailbox"] == person.address
    ]


def test_three_edits_within_the_quiet_time_are_one_write_and_one_mail(
    configured: Stage, employ: Callable[..., Person]
) -> None:
    """Renamed, placed, renamed again: one PATCH and one update, which nobody asked for."""
    person = employ(connect=True)
    event = _make(configured, person, "Draft")
    person.odoo.rpc("/outlook_calendar/sync", wait=True)
    configured.control.clear_requests()
    configured.control.clear_mails()
    began = time.monotonic()

    for values in ({"name": "Better"}, {"location": "Room 1"}, {"name": "Best"}):
        person.odoo.call("calendar.event", "write", [event], values)
    until(lambda: "Best" in _subjects(configured, person))

    assert time.monotonic() - began < LIMIT_SECONDS
    assert _writes(configured, person) == ["PATCH"]
    told = [(mail["kind"], mail["recipients"]) for mail in configured.control.mails()]
    assert told == [("update", [GUEST])]


def test_a_meeting_that_is_edited_on_and_on_holds_up_nobody(
    configured: Stage, employ: Callable[..., Person]
) -> None:
    """While one person edits, another's new meeting arrives; and the first one's arrives, too."""
    busy, other = employ(connect=True), employ(connect=True)
    event = _make(configured, busy, "Edited")
    edits = 0
    arrived: dict[str, float] = {}
    began = time.monotonic()
    _make(configured, other, "Calm")

    def is_there() -> bool:
        nonlocal edits
        edits += 1
        busy.odoo.call("calendar.event", "write", [event], {"location": f"Room {edits}"})
        for person, subject in ((busy, "Edited"), (other, "Calm")):
            if subject in _subjects(configured, person):
                arrived.setdefault(subject, time.monotonic() - began)
        return len(arrived) == 2

    until(is_there)

    assert arrived["Calm"] < arrived["Edited"] < LIMIT_SECONDS
