"""Outlook's clock held against the database's, which dates what people change here."""

from datetime import datetime, timezone

from odoo.api import Environment

from .desk import Desk


def note(desk: Desk, seconds_ahead: float | None) -> None:
    """Keep what a round measured: by how many seconds Outlook is ahead of this server.

    Rows are dated by the database, which may run elsewhere. None: the round asked Outlook nothing.
    """
    if seconds_ahead is not None:
        desk.account.clock_skew = round(seconds_ahead + _ahead_of_database(desk.env), 1)


def _ahead_of_database(env: Environment) -> float:
    """Return by how many seconds this server's clock is ahead of the database's."""
    asked = datetime.now(timezone.utc)
    env.cr.execute("SELECT clock_timestamp()")
    (there,) = env.cr.fetchone()
    answered = datetime.now(timezone.utc)
    return (asked + (answered - asked) / 2 - there).total_seconds()
