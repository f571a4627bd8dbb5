"""How the whole sync stands, in figures: for monitoring, and for the overview of administrators.

Asks nobody but the database, and changes nothing. The one figure to alarm on is
`oldest_unsent_seconds`: how long the oldest change that a round should have sent has been waiting.
What rests for a moment (`quiet`), what a round left on purpose, and what waits for a person
(paused, signed out by Microsoft, a choice to be made) is no delay of the sync: it counts by itself.
docs/operations.md explains every key.
"""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from odoo import fields
from odoo.api import Environment

from . import alarms, settings, waking

HOUR = timedelta(hours=1)
#: Alarms of administrators that mean that mailboxes stand still. The secret's end is still to come.
FATAL = ("app", "settings", "key", "copy", "crons")

# By whether a round should have sent them by now: how many meetings were changed, a series once,
# and when the first was. What is kept for mailboxes that are signed out waits for nobody.
_UNSENT = """
    SELECT account.state = 'active' AND owner.active AND owner.share IS NOT TRUE
           AND row.is_read IS NOT TRUE AND %(runs)s AS is_due,
           count(DISTINCT (row.account_id, COALESCE(row.recurrence_id, 0),
                           CASE WHEN row.recurrence_id > 0 THEN 0 ELSE row.event_id END)),
           min(row.create_date)
      FROM outlook_outbox row
      JOIN outlook_account account ON account.id = row.account_id AND account.state != 'new'
      JOIN res_users owner ON owner.id = account.user_id
     WHERE row.create_date <= %(ripe)s
     GROUP BY is_due
"""
# Of the mailboxes that have rounds: which was read longest ago, and which last. One that was
# connected a moment ago counts from then.
_SUCCESS = """
    SELECT min(success), max(success) FROM (
        SELECT COALESCE(account.last_success_at, account.since, account.create_date) AS success
          FROM outlook_account account
          JOIN res_users owner ON owner.id = account.user_id
         WHERE account.state = 'active' AND owner.active AND owner.share IS NOT TRUE
    ) running
"""
_LAST_HOUR = """
    SELECT count(*), count(*) FILTER (WHERE state = 'failed'),
           COALESCE(sum(requests), 0), COALESCE(sum(throttled), 0)
      FROM outlook_sync_run
     WHERE started_at > %(since)s
"""


@dataclass(frozen=True)
class Health:
    """The figures; times in seconds, None where there is nothing to measure."""

    checked_at: datetime
    is_enabled: bool
    is_paused: bool
    unsent: int
    oldest_unsent_seconds: int
    waiting: int
    oldest_waiting_seconds: int
    accounts: dict[str, int]
    accounts_failing: int
    latest_success_seconds: int | None
    oldest_success_seconds: int | None
    set_aside: int
    open_stops: int
    open_conflicts: int
    rounds_last_hour: int
    failed_rounds_last_hour: int
    requests_last_hour: int
    throttled_last_hour: int
    scheduled_actions_off: tuple[str, ...]
    secret_ends_in_days: int | None
    problems: tuple[str, ...]

    @property
    def is_healthy(self) -> bool:
        """Tell whether nobody need be called."""
        return not self.problems

    @property
    def throttled_share(self) -> float:
        """Return which part of the last hour's requests Microsoft did not answer at once."""
        return self.throttled_last_hour / self.requests_last_hour if self.requests_last_hour else 0

    def as_json(self) -> dict[str, Any]:
        """Return the figures under the names that docs/operations.md promises."""
        values = asdict(self)
        return {
            "healthy": self.is_healthy,
            "problems": list(values.pop("problems")),
            "checked_at": f"{values.pop('checked_at').isoformat()}Z",
            "enabled": values.pop("is_enabled"),
            "paused": values.pop("is_paused"),
            **values,
            "throttled_share": round(self.throttled_share, 4),
            "scheduled_actions_off": list(self.scheduled_actions_off),
        }


def measure(env: Environment) -> Health:
    """Return how things stand at this moment, for all mailboxes."""
    env = env(su=True)
    env.flush_all()
    now = fields.Datetime.now()
    figures = {
        "is_enabled": settings.is_enabled(env),
        "is_paused": settings.is_paused(env),
        **_unsent(env, now),
        **_accounts(env, now),
        **_left_to_people(env),
        **_last_hour(env, now),
        "scheduled_actions_off": tuple(alarms.crons_off(env)),
        "secret_ends_in_days": _secret_days(env),
    }
    return Health(checked_at=now, **figures, problems=tuple(_problems(env, figures)))


def _problems(env: Environment, figures: dict[str, Any]) -> list[str]:
    """Return what somebody should be called for, by the names that docs/operations.md explains."""
    if not figures["is_enabled"] or figures["is_paused"]:
        return []
    found = set(env["outlook.alarm"].search([("kind", "in", FATAL)]).mapped("kind"))
    if not any(cron.active for cron in waking.find(env)) or alarms.crons_late(env):
        found.add("crons")
    if figures["oldest_unsent_seconds"] > 60 * settings.unsent_minutes(env):
        found.add("unsent")
    latest = figures["latest_success_seconds"]
    if latest is not None and latest > HOUR.total_seconds():
        found.add("standstill")
    return sorted(found)


def _unsent(env: Environment, now: datetime) -> dict[str, int]:
    ripe = now - timedelta(seconds=settings.quiet_seconds(env))
    runs = settings.is_enabled(env) and not settings.is_paused(env)
    env.cr.execute(_UNSENT, {"runs": runs, "ripe": ripe})
    found = {is_due: (count, _seconds(first, now)) for is_due, count, first in env.cr.fetchall()}
    unsent, waiting = found.get(True, (0, 0)), found.get(False, (0, 0))
    return {
        "unsent": unsent[0],
        "oldest_unsent_seconds": unsent[1],
        "waiting": waiting[0],
        "oldest_waiting_seconds": waiting[1],
    }


def _accounts(env: Environment, now: datetime) -> dict[str, Any]:
    accounts = env["outlook.account"]
    groups = accounts._read_group([], ["state"], ["__count"])
    failing = [("state", "=", "active"), ("failures", ">", 0)]
    env.cr.execute(_SUCCESS)
    oldest, latest = env.cr.fetchone()
    return {
        "accounts": dict(groups),
        "accounts_failing": accounts.search_count(failing),
        "oldest_success_seconds": oldest and _seconds(oldest, now),
        "latest_success_seconds": latest and _seconds(latest, now),
    }


def _left_to_people(env: Environment) -> dict[str, int]:
    """Count what waits for somebody to look at it."""
    return {
        "set_aside": env["outlook.meeting"].search_count([("state", "=", "parked")]),
        "open_stops": env["outlook.stop"].search_count([("state", "=", "open")]),
        "open_conflicts": env["outlook.conflict"].search_count([("state", "=", "open")]),
    }


def _last_hour(env: Environment, now: datetime) -> dict[str, int]:
    env.cr.execute(_LAST_HOUR, {"since": now - HOUR})
    rounds, failed, requests, throttled = env.cr.fetchone()
    return {
        "rounds_last_hour": rounds,
        "failed_rounds_last_hour": failed,
        "requests_last_hour": requests,
        "throttled_last_hour": throttled,
    }


def _secret_days(env: Environment) -> int | None:
    day = settings.secret_expires_on(env)
    return day and (day - fields.Date.today()).days


def _seconds(moment: datetime, now: datetime) -> int:
    return max(int((now - moment).total_seconds()), 0)
