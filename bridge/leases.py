"""Whether a claim on a mailbox still holds: its time is not over, and its process is still there.

A lease is data, so a server that is killed leaves it behind. That nobody waits out its time, each
process that claims accounts is *present* in the database: it keeps one connection that does nothing
but hold an advisory lock on a number, and its leases bear that number. PostgreSQL drops the lock
when the connection ends, however it ends; a number that nobody holds is a process that is no more.
See docs/decisions/0055-a-lease-ends-with-its-process.md.
"""

import os
import secrets
import threading
from dataclasses import dataclass
from typing import Any

import psycopg2

from odoo.sql_db import connection_info_for

from . import logs

_logger = logs.logger(__name__)

#: The first half of our advisory locks' names: "outl" in ASCII, so that nobody else's is meant.
NAMESPACE = 0x6F75746C

# A host that lost its power says no goodbye: after a minute PostgreSQL gives its connection up.
# Nothing of this applies to Unix sockets, where the kernel tells at once.
_KEEPALIVES = {
    "tcp_keepalives_idle": 30,
    "tcp_keepalives_interval": 10,
    "tcp_keepalives_count": 3,
}

_IS_PRESENT = f"""
    EXISTS (SELECT FROM pg_locks
             WHERE locktype = 'advisory' AND classid = {NAMESPACE} AND objsubid = 2 AND granted
               AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
               AND objid::bigint = %s)
"""


def holds(account: str) -> str:
    """Return an SQL condition: the lease of the row `account` holds at the time `%(now)s`.

    Without a number (see `number_of_this_process`) its time alone counts, and so it does on a
    replica, which shows no locks. Never NULL.
    """
    return f"""(
        {account}.lease_until IS NOT NULL AND {account}.lease_until >= %(now)s
        AND ({account}.lease_holder IS NULL OR pg_is_in_recovery()
             OR {_IS_PRESENT % f"{account}.lease_holder"})
    )"""


@dataclass
class _Presence:
    """One process in one database; `number` is what its leases bear."""

    connection: Any
    number: int

    def lasts(self) -> bool:
        """Tell whether the lock is still held: a connection may end, or be another's by now."""
        try:
            with self.connection.cursor() as cursor:
                cursor.execute(f"SELECT {_IS_PRESENT}", (self.number,))
                return bool(cursor.fetchone()[0])
        except psycopg2.Error:
            return False

    def end(self) -> None:
        self.connection.close()


# By process, too: a child that was forked has its parent's connections, and must not use them.
_presences: dict[tuple[int, str], _Presence] = {}
_one_at_a_time = threading.Lock()


def number_of_this_process(database: str) -> int | None:
    """Return the number that leases of this process bear; make it present where it is not.

    None where the database gives no connection for it: such leases end by their time alone.
    """
    key = (os.getpid(), database)
    with _one_at_a_time:
        known = _presences.get(key)
        if known and known.lasts():
            return known.number
        if known:
            _presences.pop(key).end()
        try:
            _presences[key] = _appear(database)
        except psycopg2.Error:
            _logger.warning("No connection to show that this process is at work")
            return None
        return _presences[key].number


def _appear(database: str) -> _Presence:
    _name, parameters = connection_info_for(database)
    connection = psycopg2.connect(**parameters)
    connection.autocommit = True  # no transaction that stays open, and keeps VACUUM from its work
    with connection.cursor() as cursor:
        for name, value in _KEEPALIVES.items():
            cursor.execute(f"SET {name} = {value}")
        while True:
            number = secrets.randbits(31)
            cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", (NAMESPACE, number))
            if cursor.fetchone()[0]:
                return _Presence(connection, number)
