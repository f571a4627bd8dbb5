"""Clear away what nobody needs any more, in small pieces, each in a transaction of its own.

Kept for `settings.journal_days`: rounds, what they changed, conflicts that were settled, and
questions that were answered. Rounds on schedule that had nothing to do stay single until the day
after; then those of one mailbox and day are one row with their sums (a thousand mailboxes have half
a million of them a day).

What is known of meetings that are nowhere any more has a bound of its own (`_tombstone_days`).
"""

import time
from collections.abc import Callable
from datetime import datetime, timedelta

from odoo import SUPERUSER_ID, fields
from odoo.api import Environment

from . import safety, settings

#: So many rows are dealt with in one transaction.
PIECE = 1000
#: So long single rounds without news stay apart, and doubled wishes of a mailbox that rests stay.
FRESH = timedelta(days=1)
#: So many days at least tombstones are kept.
TOMBSTONE_DAYS = 400

_FOLD = """
    WITH piece AS (
        SELECT id, account_id, date_trunc('day', started_at) AS day,
               rounds, requests, duration, finished_at
          FROM outlook_sync_run
         WHERE is_quiet AND is_folded IS NOT TRUE
           AND date_trunc('day', started_at) < %(fresh)s
         ORDER BY date_trunc('day', started_at), account_id
         LIMIT %(piece)s
    ), sums AS (
        SELECT account_id, day, min(id) AS first_id, sum(rounds) AS rounds,
               sum(requests) AS requests, sum(duration) AS duration,
               max(finished_at) AS finished_at
          FROM piece
         GROUP BY account_id, day
    ), kept AS (
        SELECT sums.*, COALESCE(
                   (SELECT min(id) FROM outlook_sync_run run
                     WHERE run.is_folded AND run.account_id = sums.account_id
                       AND date_trunc('day', run.started_at) = sums.day),
                   first_id) AS id
          FROM sums
    ), dropped AS (
        DELETE FROM outlook_sync_run
         WHERE id = ANY(ARRAY(SELECT id FROM piece EXCEPT SELECT id FROM kept))
    ), folded AS (
        UPDATE outlook_sync_run run
           SET is_folded = TRUE,
               request_ids = NULL,
               finished_at = GREATEST(run.finished_at, kept.finished_at),
               rounds = kept.rounds + CASE WHEN run.is_folded THEN run.rounds ELSE 0 END,
               requests = kept.requests + CASE WHEN run.is_folded THEN run.requests ELSE 0 END,
               duration = kept.duration + CASE WHEN run.is_folded THEN run.duration ELSE 0 END
          FROM kept
         WHERE run.id = kept.id
    )
    SELECT count(*) FROM piece
"""
_OLD_CHANGES = """
    DELETE FROM outlook_sync_change WHERE id IN (
        SELECT change.id
          FROM outlook_sync_run run JOIN outlook_sync_change change ON change.run_id = run.id
         WHERE run.started_at < %(before)s
         LIMIT %(piece)s)
"""
_OLD_RUNS = """
    DELETE FROM outlook_sync_run WHERE id IN (
        SELECT id FROM outlook_sync_run WHERE started_at < %(before)s LIMIT %(piece)s)
"""
# Signed out for good: whoever signs in there next begins anew, with what is here then.
_NOBODYS_OUTBOX = """
    DELETE FROM outlook_outbox WHERE id IN (
        SELECT row.id
          FROM outlook_outbox row JOIN outlook_account account ON account.id = row.account_id
         WHERE account.object_id IS NULL
         LIMIT %(piece)s)
"""
# What waits for a mailbox without rounds only grows. Of equal rows the first says since when, and
# the last says what is newest. Of a series those stay, too, that say when a person edited one of
# its dates last (see `winners`): never more than it has dates.
_DOUBLED_OUTBOX = """
    DELETE FROM outlook_outbox WHERE id IN (
        SELECT id FROM (
            SELECT row.id, row.recurrence_id, row.create_date,
                   lag(row.id) OVER same IS NOT NULL AND lead(row.id) OVER same IS NOT NULL
                       AS is_between
              FROM outlook_outbox row JOIN outlook_account account ON account.id = row.account_id
             WHERE account.state <> 'active' AND row.create_date < %(fresh)s
            WINDOW same AS (
                PARTITION BY row.account_id, row.event_id, row.recurrence_id, row.meeting_id,
                             row.kind, row.announced, row.is_read, row.user_id
                ORDER BY row.id)
        ) numbered
         WHERE is_between
           AND NOT EXISTS (SELECT FROM calendar_event event
                            WHERE event.recurrence_id = numbered.recurrence_id
                              AND event.write_date = numbered.create_date)
         LIMIT %(piece)s)
"""


def clean(env: Environment, *, deadline: float) -> bool:
    """Work until all is cleared or until `deadline` (`time.monotonic()`); tell whether it is.

    Nothing of the caller's transaction is committed, nor seen.
    """
    now = fields.Datetime.now()
    moments = {
        "before": now - timedelta(days=settings.journal_days(env)),
        "forgotten": now - timedelta(days=_tombstone_days(env)),
        "fresh": datetime.combine(now.date(), datetime.min.time()) - FRESH,
    }
    return all(_finished(env, job, moments, deadline) for job in _JOBS)


def _tombstone_days(env: Environment) -> int:
    """Return for how long a meeting that is nowhere any more is known.

    Until then a guest's copy whose cancellation waits in his inbox is no new meeting. Such a copy
    may be as old as the window; a year more is time to deal with one's mail.
    """
    past, _future = settings.window_days(env)
    return max(TOMBSTONE_DAYS, past + 365)


Moments = dict[str, datetime]
Job = Callable[[Environment, Moments], int]


def _finished(env: Environment, job: Job, moments: Moments, deadline: float) -> bool:
    """Do one job piece by piece; tell whether nothing of it is left."""
    while time.monotonic() < deadline:
        with env.registry.cursor() as cr:
            if job(Environment(cr, SUPERUSER_ID, {"active_test": False}), moments) < PIECE:
                return True
    return False


def _by_query(query: str) -> Job:
    def delete(env: Environment, moments: Moments) -> int:
        env.cr.execute(query, {**moments, "piece": PIECE})
        return env.cr.rowcount

    return delete


def _fold(env: Environment, moments: Moments) -> int:
    """Let the rounds without news of one mailbox and day be one row."""
    env.cr.execute(_FOLD, {**moments, "piece": PIECE})
    return env.cr.fetchone()[0]


def _conflicts(env: Environment, moments: Moments) -> int:
    """Drop conflicts that are settled, with both values."""
    found = env["outlook.conflict"]._expired(moments["before"])[:PIECE]
    found.unlink()
    return len(found)


def _stops(env: Environment, moments: Moments) -> int:
    """Drop questions that were answered, with their lists."""
    old = [("state", "not in", safety.ASKING), ("write_date", "<", moments["before"])]
    found = env["outlook.stop"].search(old, limit=PIECE)
    found.unlink()
    return len(found)


def _meetings(env: Environment, moments: Moments) -> int:
    """Drop what is known of meetings that are on neither side, where nothing waits for them."""
    found = env["outlook.meeting"].search(
        [
            ("state", "=", "gone"),
            ("event_id", "=", False),
            ("recurrence_ref", "in", (False, 0)),
            ("copy_ids", "=", False),
            ("write_date", "<", moments["forgotten"]),
            (
                "id",
                "not in",
                env["outlook.outbox"]
                ._search([("meeting_id", "!=", False)])
                .subselect("meeting_id"),
            ),
        ],
        limit=PIECE,
    )
    found.unlink()
    return len(found)


_JOBS: tuple[Job, ...] = (
    _fold,
    _by_query(_OLD_CHANGES),
    _by_query(_OLD_RUNS),
    _conflicts,
    _stops,
    _meetings,
    _by_query(_NOBODYS_OUTBOX),
    _by_query(_DOUBLED_OUTBOX),
)
