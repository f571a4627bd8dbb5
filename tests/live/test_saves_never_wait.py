"""A person saves while a round of the same mailbox stands still: in HTTP, or amid its writing."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from actors import OUTSIDE, Actor
from breaking import asked_for_rounds, blocked, held, query, rows_held, synced, until

from workbench import odoo_log
from workbench.stage import Person, Stage


def _save_all(stage: Stage, actor: Actor, event_id: int, words: str) -> None:
    """Save the meeting, its contact and its user, as people do; each returns when it is saved."""
    user, guest = actor.person.odoo.uid, [["email", "=", OUTSIDE]]
    [contact, *_others] = stage.admin.call("res.partner", "search", guest, order="id desc")
    actor.write(event_id, location=words)
    stage.admin.call("res.partner", "write", [contact], {"name": f"Outside {words}"})
    stage.admin.call("res.users", "write", [user], {"name": f"User {words}", "tz": "Asia/Tokyo"})
    actor.person.odoo.call("calendar.event", "create", [{"name": f"{actor.name} {words}"}])


def _complaints(stage: Stage, since: int) -> list[str]:
    found = odoo_log.unexplained(stage.odoo.text()[since:], odoo_log.load_allowances())
    return [f"{one}" for one in found]


def _place(stage: Stage, actor: Actor) -> Any:
    [event] = [one for one in actor.there() if one["subject"] == actor.name]
    return event["location"]["displayName"]


def test_saves_return_while_a_round_waits_for_outlook(
    configured: Stage, employ: Callable[..., Person]
) -> None:
    """The round has asked and gets no answer: it holds no row that anybody could need."""
    person = employ(connect=True)
    actor = Actor(configured, person, "Held in HTTP")
    event_id = actor.meet()
    synced(person.odoo)
    since = len(configured.odoo.text())
    configured.control.fault("hold", mailbox=person.address, path=r"calendarView/delta$")

    with asked_for_rounds([person]) as [request]:
        until(lambda: held(configured) == 1)
        _save_all(configured, actor, event_id, "meanwhile")
        assert not request.done()
        configured.control.release()
    synced(person.odoo)

    assert "meanwhile" == _place(configured, actor)
    assert [] == _complaints(configured, since)


def test_saves_return_while_a_round_writes(
    configured: Stage, employ: Callable[..., Person]
) -> None:
    """The round has brought a meeting in and has not committed: everything else can be saved.

    Its step is stopped where it writes its journal, the last thing that it does.
    """
    person = employ(connect=True)
    actor = Actor(configured, person, "Held in writing")
    event_id = actor.meet()
    other = Actor(configured, person, "Changed there")
    changed = other.meet()
    synced(person.odoo)
    since = len(configured.odoo.text())
    [remote] = other.there()
    place = {"location": {"displayName": "Room"}}
    configured.control.change_event(person.address, remote["id"], place)
    configured.control.fault("hold_after", mailbox=person.address, path=r"calendarView/delta$")

    with asked_for_rounds([person]) as [request]:
        until(lambda: held(configured) == 1)
        mine = f"SELECT id FROM outlook_account WHERE user_id = {person.odoo.uid}"
        rows = f"SELECT FROM outlook_sync_run WHERE account_id = ({mine}) FOR UPDATE"
        with rows_held(configured, rows):
            configured.control.release()
            until(lambda: blocked(configured) == 1)
            _save_all(configured, actor, event_id, "meanwhile")
            assert not request.done()
            assert 1 == blocked(configured)
    synced(person.odoo)

    assert "meanwhile" == _place(configured, actor)
    assert ["Room"] == query(
        configured, f"SELECT location FROM calendar_event WHERE id = {changed}"
    )
    assert [] == _complaints(configured, since)


def test_a_save_of_what_a_round_writes_is_done_after_it(
    configured: Stage, employ: Callable[..., Person]
) -> None:
    """The very same row: the save comes second by the moment of a commit, and nobody sees that."""
    person = employ(connect=True)
    actor = Actor(configured, person, "The very same")
    event_id = actor.meet()
    synced(person.odoo)
    [remote] = actor.there()
    place = {"location": {"displayName": "Room"}}
    configured.control.change_event(person.address, remote["id"], place)
    configured.control.fault("hold_after", mailbox=person.address, path=r"calendarView/delta$")

    with asked_for_rounds([person]), ThreadPoolExecutor() as pool:
        until(lambda: held(configured) == 1)
        mine = f"SELECT id FROM outlook_account WHERE user_id = {person.odoo.uid}"
        rows = f"SELECT FROM outlook_sync_run WHERE account_id = ({mine}) FOR UPDATE"
        with rows_held(configured, rows):
            configured.control.release()
            until(lambda: blocked(configured) == 1)
            save = pool.submit(actor.write, event_id, name="The very same, renamed")
            until(lambda: blocked(configured) == 2)
        save.result()
    synced(person.odoo)

    [shown] = configured.admin.call("calendar.event", "read", [event_id], ["name", "location"])
    assert ("The very same, renamed", "Room") == (shown["name"], shown["location"])
    [remote] = actor.there()
    assert ("The very same, renamed", "Room") == (
        remote["subject"],
        remote["location"]["displayName"],
    )
