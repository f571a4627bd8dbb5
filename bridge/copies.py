"""Whether this database is the one in use: two that keep one mailbox in step would fight.

A database is known by its `database.uuid` and by its *place*: the cluster of PostgreSQL and the
number that it has there. A dump that is restored beside the original, or on another server, has the
same uuid and another place. What no look at oneself can tell, the mailbox tells (`ownership`).
Whoever is not at home stops, keeps everything as it is, and lets an administrator say who goes on.
"""

import hashlib

import psycopg2

from odoo.api import Environment

from ..core.engine.errors import SyncError


class Elsewhere(SyncError):
    """This is not the database that keeps the mailbox in step.

    `reason` is one of: ``copied`` (it is not where the mailbox was connected), ``restored`` (the
    mailbox bears a later mark of this very database, or of a copy of it), ``other`` (that of
    another database).
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


_PLACE = """
    SELECT system_identifier, (SELECT oid FROM pg_database WHERE datname = current_database())
      FROM pg_control_system()
"""


def place(env: Environment) -> str:
    """Return where this database is, as a hash: a copy of it is somewhere else.

    Empty where the server does not say it: hardened ones keep `pg_control_system` from us.
    """
    known = env.cr.cache
    if _PLACE not in known:
        known[_PLACE] = _ask_for_place(env)
    return known[_PLACE]


def _ask_for_place(env: Environment) -> str:
    try:
        with env.cr.savepoint(flush=False):
            env.cr.execute(_PLACE, log_exceptions=False)
            numbers = env.cr.fetchone()
    except psycopg2.Error:
        return ""
    return hashlib.sha256("{} {}".format(*numbers).encode()).hexdigest()[:32]


def is_at_home(account) -> bool:
    """Tell whether the account was connected in this database, and in this place.

    Where one of the places is not known, the mark of the mailbox has to tell (`ownership`).
    """
    if account.database_uuid and account.database_uuid != account._this_database():
        return False
    return not account.place or place(account.env) in ("", account.place)


def claim_anew(account) -> None:
    """Let the next round mark the mailbox as ours whatever it bears: a person said so."""
    account.write(
        {
            "database_uuid": account._this_database(),
            "place": place(account.env),
            "left_alone": False,
            "mark": False,
            "mark_next": False,
            "mark_seen_at": False,
        }
    )
