"""What no round sees, looked at once an hour: crons that are off, a secret's end, what is old."""

import time
from collections.abc import Callable
from datetime import date

import psycopg2

from odoo import fields
from odoo.api import Environment

from . import alarms, logs, retention, settings

_logger = logs.logger(__name__)

#: So many days before its end administrators are told that the secret ends, once each.
WARNINGS = (7, 30, 60)
#: So long one watch clears away what is old; the next one goes on.
CLEANING_SECONDS = 30


def keep(env: Environment) -> None:
    """Look at everything, each in a transaction of its own. Raises nothing for what it finds."""
    for look in LOOKS:
        try:
            look(env)
            env["ir.cron"]._commit_progress(1)
        except psycopg2.Error as error:
            # A round wrote the same rows: the next watch looks again.
            env.cr.rollback()
            _logger.info("Watch: %s: %s", look.__name__, type(error).__name__)
        except Exception as error:
            # The last rung: the others are looked at, and Odoo does not switch the watch off.
            env.cr.rollback()
            _logger.error("Watch: %s: %s", look.__name__, logs.describe(error))


def look_at_crons(env: Environment) -> None:
    """Tell administrators of scheduled actions that do not run, as long as this one still does.

    One lane is enough: others may be off on purpose.
    """
    if reason := alarms.lanes_stopped(env):
        alarms.sound(env, "crons", reason)
    else:
        alarms.silence(env, ["crons"])


def look_at_secret(env: Environment) -> None:
    """Tell administrators 60, 30 and 7 days before the secret's end; a later end takes it back.

    Where Microsoft refuses it already, that is what they are told.
    """
    day = settings.secret_expires_on(env)
    code = _warning(day, fields.Date.today()) if day and settings.is_enabled(env) else ""
    if code and not alarms.is_sounding(env, "app"):
        alarms.sound(env, "secret", code)
    else:
        alarms.silence(env, ["secret"])


def clear_away(env: Environment) -> None:
    """Drop what is older than the journal's days."""
    retention.clean(env, deadline=time.monotonic() + CLEANING_SECONDS)


def look_at_troubles(env: Environment) -> None:
    """Take back alarms that no mailbox in use has any more: its user may have left meanwhile."""
    troubled = env["outlook.account"].sudo().search([("trouble", "!=", False)])
    lasting = set(troubled.filtered(lambda one: one.state == "active").mapped("trouble"))
    alarms.silence(env, set(alarms.TROUBLES) - lasting)


LOOKS: tuple[Callable[[Environment], None], ...] = (
    look_at_crons,
    look_at_secret,
    look_at_troubles,
    clear_away,
)


def _warning(day: date, today: date) -> str:
    """Return the nearest warning that is due, empty where there is none."""
    return next((str(days) for days in WARNINGS if (day - today).days <= days), "")
