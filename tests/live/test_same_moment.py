"""Two mailboxes that show the same new meetings in the same moment, to two workers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from conftest import soon, until

from workbench.stage import Person, Stage

MEETINGS = 5
DELTA = r"/calendarView/delta"


@pytest.fixture(params=[False, True], ids=["named", "nameless"])
def nameless(request: pytest.FixtureRequest, configured: Stage) -> Iterator[bool]:
    """Let Outlook tell iCalUIds, or none."""
    configured.control.options(ical_uid_missing=request.param)
    yield request.param
    configured.control.options(ical_uid_missing=False)


def test_two_mailboxes_in_one_moment_make_one_meeting(
    configured: Stage, employ: Callable[..., Person], nameless: bool
) -> None:
    """Each is held at its page until the other is, too; then both bring it in."""
    host, guest = employ(connect=True), employ(connect=True)
    names = [f"Same moment {nameless} {number}" for number in range(MEETINGS)]
    control = configured.control
    for person in (host, guest):
        control.fault("hold", path=DELTA, mailbox=person.address, times=None)
    invited = [{"type": "required", "emailAddress": {"address": guest.address}}]
    for hour, name in enumerate(names):
        event = {"subject": name, "attendees": invited, **soon(hours=hour)}
        control.create_event(host.address, event)

    with ThreadPoolExecutor() as pool:
        rounds = [
            pool.submit(person.odoo.rpc, "/outlook_calendar/sync", wait=True)
            for person in (host, guest)
        ]
        until(lambda: all(one["hits"] for one in control.faults()))
        control.release()
        for one in rounds:
            one.result()
    control.clear_faults()
    for person in (host, guest):
        person.odoo.rpc("/outlook_calendar/sync", wait=True)

    found = configured.admin.call(
        "calendar.event", "search_read", [("name", "in", names)], ["name"]
    )
    assert sorted(names) == sorted(one["name"] for one in found)
    assert [2] * MEETINGS == _copies(configured, [one["id"] for one in found])


def _copies(stage: Stage, event_ids: list[int]) -> list[int]:
    """Return in how many mailboxes each of these events is."""
    found = stage.admin.call(
        "outlook.meeting", "search_read", [("event_id", "in", event_ids)], ["copy_ids"]
    )
    return [len(one["copy_ids"]) for one in found]
