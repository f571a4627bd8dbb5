"""What it takes to break a server at a chosen point: held requests, held rows, SIGKILL.

A round is brought to a point and kept there, by the local Microsoft (`Control.fault("hold")`) or by
a transaction of ours that has a row which it wants next. Then the process is killed for real.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import psycopg2
from conftest import until

from workbench.people import OdooUser, Refused
from workbench.stage import Person, Stage

#: How many rounds people may have asked for at once.
MOST = 16


def query(stage: Stage, statement: str) -> list[str]:
    """Return the lines that PostgreSQL answers on the stage's database."""
    return stage.databases.pg.sql(statement, database=stage.database)


@contextlib.contextmanager
def rows_held(stage: Stage, statement: str) -> Iterator[None]:
    """Keep the rows that a `SELECT ... FOR UPDATE` finds, in a transaction of our own."""
    env = stage.databases.pg.env
    names = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD"}
    given = {name: env[variable] for name, variable in names.items() if variable in env}
    connection = psycopg2.connect(dbname=stage.database, **given)
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement)
            assert cursor.rowcount, "there is no such row to hold"
        yield
    finally:
        connection.close()


def blocked(stage: Stage) -> int:
    """Return how many of the database's transactions wait for a lock."""
    [count] = query(
        stage,
        "SELECT count(*) FROM pg_stat_activity"
        f" WHERE datname = '{stage.database}' AND wait_event_type = 'Lock'",
    )
    return int(count)


def held(stage: Stage) -> int:
    """Return how many requests the local Microsoft has held."""
    kinds = ("hold", "hold_after")
    return sum(one["hits"] for one in stage.control.faults() if one["kind"] in kinds)


@contextlib.contextmanager
def asked_for_rounds(people: Sequence[Person]) -> Iterator[list[Future[Any]]]:
    """Let people ask for a round and wait for it; what becomes of their requests is not told."""
    with ThreadPoolExecutor(MOST) as pool:
        yield [pool.submit(_quietly, synced, person.odoo) for person in people]


def synced(user: OdooUser) -> Any:
    """Ask for rounds until nothing is pending, and wait for them; return the status."""
    return user.rpc("/outlook_calendar/sync", wait=True)


def all_synced(people: Sequence[Person]) -> None:
    """Let everybody's rounds run at once, and wait for all of them."""
    with ThreadPoolExecutor(MOST) as pool:
        list(pool.map(lambda person: synced(person.odoo), people))


def _quietly(act: Callable[..., Any], *args: Any) -> None:
    # A server that is killed answers nobody, and one without a database has no good answer.
    with contextlib.suppress(OSError, Refused):
        act(*args)


def wake_cron(stage: Stage) -> None:
    """Let Odoo's cron look for work: after its start it does so when a minute is over, else."""
    stage.databases.pg.sql(f"NOTIFY cron_trigger, '{stage.database}'")


def kill_and_start(stage: Stage) -> None:
    """End Odoo with SIGKILL, whatever it is at, and start it on the same address."""
    stage.odoo.kill()
    stage.odoo.start()


__all__ = ["until"]
