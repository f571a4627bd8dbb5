"""Three people with mailboxes at one meeting in one moment: edits, answers and rounds at once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone
from functools import partial
from typing import Any

from workbench.stage import Person, Stage

ROUNDS = 3


def _meet(host: Person, guests: list[Person], name: str) -> int:
    """Let `host` invite the others here; return the meeting, which all mailboxes have then."""
    morning = datetime.now(timezone.utc).replace(hour=9, minute=0, second=0, microsecond=0)
    start = (morning + timedelta(days=3)).replace(tzinfo=None)
    people = [[4, _contact(one)] for one in (host, *guests)]
    values = {"name": name, "start": f"{start}", "stop": f"{start + timedelta(hours=1)}"}
    [event_id] = host.odoo.call(
        "calendar.event",
        "create",
        [{**values, "user_id": _user(host)["id"], "partner_ids": people}],
    )
    for person in (host, *guests, host):
        person.odoo.rpc("/outlook_calendar/sync", wait=True)
    return event_id


def _user(person: Person) -> dict[str, Any]:
    [found] = person.odoo.call(
        "res.users", "search_read", [["login", "=", person.odoo.login]], ["partner_id"]
    )
    return found


def _contact(person: Person) -> int:
    return _user(person)["partner_id"][0]


def _at_once(*acts: Callable[[], Any]) -> None:
    with ThreadPoolExecutor(len(acts)) as pool:
        for act in [pool.submit(act) for act in acts]:
            act.result()


def _synced(person: Person) -> Callable[[], Any]:
    return partial(person.odoo.rpc, "/outlook_calendar/sync", wait=True)


def _current(stage: Stage, person: Person, name: str) -> list[dict[str, Any]]:
    """Return what a mailbox shows of a meeting that is not cancelled in it."""
    events = stage.control.events(person.address)
    return [one for one in events if one["subject"].startswith(name) and not one["isCancelled"]]


def _told(stage: Stage, name: str) -> list[tuple[str, str, str]]:
    mails = [one for one in stage.control.mails() if name in one["subject"]]
    return sorted((one["kind"], one["sender"], to) for one in mails for to in one["recipients"])


def test_edits_and_answers_of_everybody_at_once(
    configured: Stage, employ: Callable[..., Person]
) -> None:
    """Every edit survives on both sides, every answer too; one event, and each answer once."""
    host, guest, third = (employ(connect=True) for _person in range(3))
    name = "All at once"
    event_id = _meet(host, [guest, third], name)
    control = configured.control
    control.clear_mails()

    for number in range(ROUNDS):
        [own] = _current(configured, host, name)
        [copy] = _current(configured, third, name)
        place = {"location": {"displayName": f"Room {number}"}}
        subject = {"name": f"{name} {number}"}
        _at_once(
            partial(guest.odoo.call, "calendar.event", "write", [event_id], subject),
            partial(control.change_event, host.address, own["id"], place),
            partial(control.answer_event, third.address, copy["id"], "accept"),
            _synced(host),
            _synced(guest),
            _synced(third),
        )
    _at_once(_synced(host), _synced(guest), _synced(third))
    for person in (host, guest, third):
        _synced(person)()

    found = configured.admin.call(
        "calendar.event", "search_read", [["name", "=like", f"{name}%"]], ["name", "location"]
    )
    last = ROUNDS - 1
    assert [(f"{name} {last}", f"Room {last}")] == [(one["name"], one["location"]) for one in found]
    for person in (host, guest, third):
        [copy] = _current(configured, person, name)
        assert (f"{name} {last}", f"Room {last}") == (
            copy["subject"],
            copy["location"]["displayName"],
        )
    told = _told(configured, name)
    assert [("response", third.address, host.address)] * ROUNDS == [
        one for one in told if one[0] == "response"
    ]
    assert not [one for one in told if one[0] in ("invitation", "cancellation")]
    control.clear_requests()
    for person in (host, guest, third):
        _synced(person)()
    assert [] == [one for one in control.requests() if one["method"] in ("POST", "PATCH", "DELETE")]


def test_a_meeting_changes_hands_while_everybody_syncs(
    configured: Stage, employ: Callable[..., Person]
) -> None:
    """Whoever's round comes first: one cancellation and one invitation for each, one event."""
    host, heir, third = (employ(connect=True) for _person in range(3))
    name = "Hands"
    event_id = _meet(host, [heir, third], name)
    configured.control.clear_mails()

    user_id = _user(heir)["id"]
    _at_once(
        partial(third.odoo.call, "calendar.event", "write", [event_id], {"user_id": user_id}),
        *(_synced(one) for one in (host, heir, third)),
    )
    for _turn in range(2):
        _at_once(*(_synced(one) for one in (host, heir, third)))

    found = configured.admin.call(
        "calendar.event", "search_read", [["name", "=", name]], ["user_id"]
    )
    assert [(event_id, user_id)] == [(one["id"], one["user_id"][0]) for one in found]
    expected = [
        ("cancellation", host.address, heir.address),
        ("cancellation", host.address, third.address),
        ("invitation", heir.address, host.address),
        ("invitation", heir.address, third.address),
    ]
    assert expected == _told(configured, name)
    assert [True] == [one["isOrganizer"] for one in _current(configured, heir, name)]
    assert [False] == [one["isOrganizer"] for one in _current(configured, host, name)]
