"""The server is killed in the middle of what takes several requests, or none that writes.

Between the pages of a first round, between the parts of a `$batch`, between Microsoft's new sign-in
and its being kept, between the pages of the survey before a first round; then in the middle of
*Reset Account*, whatever is to be deleted.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from actors import Actor, start, times
from breaking import (
    all_synced,
    asked_for_rounds,
    blocked,
    held,
    kill_and_start,
    query,
    rows_held,
    synced,
    until,
    wake_cron,
)

from workbench.stage import Person, Stage

#: More than a page of a round (50).
MANY = 52
DELTA = {"method": "GET", "path": r"calendarView/delta$"}
CREATION = {"method": "POST", "path": r"^/me/.*events$"}
SIGN_IN = {"method": "POST", "path": r"/oauth2/v2\.0/token$"}


def _event(name: str) -> dict[str, Any]:
    """Return an event of a mailbox, in Graph's words."""
    begin, end = (
        {"dateTime": moment.replace(" ", "T"), "timeZone": "UTC"} for moment in times(9).values()
    )
    return {"subject": name, "start": begin, "end": end}


def _connected(person: Person) -> None:
    person.odoo.connect_mailbox(person.address)


def test_reading_and_signing_in_survive_a_kill(
    configured: Stage, employ: Callable[..., Person]
) -> None:
    """Each goes on where it was: nothing twice, nothing missing, nobody mailed, nobody asked."""
    reader, batcher, signer, chooser = (employ() for _person in range(4))
    control = configured.control
    batch = [Actor(configured, batcher, f"Part {number}") for number in range(3)]
    signed = Actor(configured, signer, "Signed")
    chosen = Actor(configured, chooser, "Chosen")
    for person in (batcher, signer):
        _connected(person)
    all_synced([batcher, signer])
    for number in range(MANY):
        control.create_event(reader.address, _event(f"Page {number:02}"))
        control.create_event(chooser.address, _event(f"There {number:02}"))
    chosen.meet()
    control.fault("hold", mailbox=reader.address, skip=1, **DELTA)
    control.fault("hold_after", mailbox=chooser.address, **DELTA)
    control.fault("hold_after", mailbox=batcher.address, skip=1, **CREATION)

    for actor in (*batch, signed):
        actor.meet()
    with asked_for_rounds([batcher]):
        control.expire_access(signer.address)
        control.fault("hold_after", **SIGN_IN)
        with asked_for_rounds([signer]):
            until(lambda: held(configured) == 2)
            _connected(reader)
            _connected(chooser)
            with asked_for_rounds([reader, chooser]):
                until(lambda: held(configured) == 4)
                configured.odoo.kill()
    configured.odoo.start()
    people = [reader, batcher, signer, chooser]
    all_synced(people)
    control.release()  # what was left of the batch takes effect now
    all_synced(people)
    control.clear_faults()

    pages = configured.admin.call(
        "calendar.event", "search_read", [["name", "=like", "Page %"]], ["name"], order="name"
    )
    assert [f"Page {number:02}" for number in range(MANY)] == [one["name"] for one in pages]
    for actor in (*batch, signed):
        assert 1 == len(actor.here())
        assert 1 == len(actor.there())
        assert ["invitation"] == actor.told()
    assert "synced" == synced(signer.odoo)["state"]
    assert "preview" == synced(chooser.odoo)["state"]
    assert [] == chosen.there() + chosen.told()
    assert MANY == len(control.events(chooser.address))


def _delete(stage: Stage, person: Person, policy: str) -> None:
    """Confirm *Reset Account* with a policy, as the person does."""
    wizard = person.odoo.call(
        "outlook.account.reset",
        "create",
        {"user_id": person.odoo.uid, "delete_policy": policy, "sync_policy": "new"},
    )
    person.odoo.call("outlook.account.reset", "action_confirm", [wizard])


def _in_outlook(stage: Stage, person: Person) -> None:
    """Kill when Outlook has deleted the meetings and has not said so."""
    stage.control.fault("hold_after", mailbox=person.address, method="DELETE", path="/events/")
    _delete(stage, person, "outlook")
    until(lambda: held(stage) == 1)
    kill_and_start(stage)
    stage.control.release()


def _at_its_record(policy: str) -> Callable[[Stage, Person], None]:
    def kill(stage: Stage, person: Person) -> None:
        """Kill when all of a step is done, and nothing of it is committed."""
        copies = (
            "SELECT FROM outlook_copy WHERE account_id IN"
            f" (SELECT id FROM outlook_account WHERE user_id = {person.odoo.uid}) FOR UPDATE"
        )
        with rows_held(stage, copies):
            _delete(stage, person, policy)
            until(lambda: blocked(stage) == 1)
            stage.odoo.kill()
        stage.odoo.start()

    return kill


def _is_reset(stage: Stage, person: Person) -> bool:
    """Tell whether the person's mailbox is signed out; let Odoo's cron look for work now."""
    wake_cron(stage)
    states = f"SELECT state FROM outlook_account WHERE user_id = {person.odoo.uid}"
    return query(stage, states) == ["new"]


#: How it is killed; whether the meetings are there afterwards, here and in Outlook. The other two
#: policies do a part of what these do.
RESETS: dict[str, tuple[Callable[[Stage, Person], None], bool, bool]] = {
    "outlook": (_in_outlook, True, False),
    "both": (_at_its_record("both"), False, False),
}


@pytest.mark.parametrize("policy", RESETS)
def test_a_reset_survives_a_kill(
    configured: Stage, employ: Callable[..., Person], policy: str
) -> None:
    """It is finished by itself: what was to go is gone, what was to stay is there, told once."""
    kill, stays_here, stays_there = RESETS[policy]
    person = employ(connect=True)
    actors = [Actor(configured, person, f"Reset {policy} {number}") for number in range(3)]
    for actor in actors:
        actor.meet()
    synced(person.odoo)

    kill(configured, person)

    until(lambda: _is_reset(configured, person))
    configured.control.clear_faults()
    cancelled = [] if stays_there else ["cancellation"]
    for actor in actors:
        assert [f"{start(9)}"] * stays_here == [one["start"] for one in actor.here()]
        assert stays_there == bool(actor.there())
        assert ["invitation", *cancelled] == actor.told()
    claimed = f"SELECT lease_token FROM outlook_account WHERE user_id = {person.odoo.uid}"
    assert [""] == query(configured, claimed)
