"""The database goes away in the middle of a round, and comes back."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator

from actors import Actor
from breaking import asked_for_rounds, held, synced, until

from workbench.stage import Person, Stage


@contextlib.contextmanager
def _database_is_away(stage: Stage) -> Iterator[None]:
    """Cut every connection of the stage's database, and let nobody in meanwhile.

    So it looks to a client when PostgreSQL is started again; other databases have peace.
    """
    everybody = f"SELECT pid FROM pg_stat_activity WHERE datname = '{stage.database}'"
    _allow(stage, allowed=False)
    stage.databases.pg.sql(f"SELECT pg_terminate_backend(pid) FROM ({everybody}) one")
    until(lambda: not stage.databases.pg.sql(everybody))
    try:
        yield
    finally:
        _allow(stage, allowed=True)


def _allow(stage: Stage, *, allowed: bool) -> None:
    stage.databases.pg.sql(f'ALTER DATABASE "{stage.database}" ALLOW_CONNECTIONS {allowed}')


def test_a_round_survives_a_restart_of_the_database(
    configured: Stage, employ: Callable[..., Person]
) -> None:
    """Nothing that Outlook did meanwhile is forgotten, or done again; nobody waits for a lease."""
    creator, editor = employ(connect=True), employ(connect=True)
    made, edited = (
        Actor(configured, creator, "Restart: made"),
        Actor(configured, editor, "Restart: edited"),
    )
    event_id = edited.meet()
    synced(editor.odoo)
    control = configured.control
    control.fault("hold_after", mailbox=creator.address, method="POST", path=r"/events$")
    control.fault("hold", mailbox=editor.address, method="PATCH", path=r"/events/")
    made.meet()
    edited.write(event_id, location="Room")

    with asked_for_rounds([creator, editor]):
        until(lambda: held(configured) == 2)
        with _database_is_away(configured):
            control.release()
            until(lambda: not control.faults())
    synced(creator.odoo)
    synced(editor.odoo)

    for actor in (made, edited):
        assert 1 == len(actor.here())
        assert 1 == len(actor.there())
    assert ["invitation"] == made.told()
    assert ["invitation", "update"] == edited.told()
    assert ["Room"] == [one["location"]["displayName"] for one in edited.there()]
