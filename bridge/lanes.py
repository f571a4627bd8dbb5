"""Whose turn it is: several identical cron rows (*lanes*) take accounts from one queue.

One `ir.cron` row is run by one worker at a time, whatever the number of workers; so there are
several, and a lease on the account keeps two of them from the same mailbox. A lane works in short
slices: the cron's threads are shared with the mail queue.
"""

import time
from typing import NamedTuple

from odoo import fields
from odoo.api import Environment

from . import leases, logs, quiet, settings
from . import round as rounds
from .waking import LANES, let_sleep, wake

__all__ = ["LANES", "Turn", "let_sleep", "serve", "turns", "wake"]

_logger = logs.logger(__name__)

SLICE_SECONDS = 10
#: How long a lane that holds looks away: whoever's turn comes meanwhile waits no longer.
HOLD_SECONDS = 1.0

# Whose turn it is, and in how many seconds (0 and less: now): it is time, or something was changed
# here that no round has read and that has rested. Nobody's whose user has left: no round would come
# of it, and the lane would be called for it without end.
_TURNS = f"""
    WITH {quiet.RESTING}, ripe AS (
        SELECT account_id, min(seconds) AS seconds FROM resting GROUP BY account_id
    )
    SELECT account.id,
           LEAST(ripe.seconds, EXTRACT(EPOCH FROM COALESCE(account.next_round_at, '2000-01-01')
                                              - %(now)s)) AS seconds
      FROM outlook_account account
      JOIN res_users owner ON owner.id = account.user_id AND owner.active
                          AND owner.share IS NOT TRUE
      LEFT JOIN ripe ON ripe.account_id = account.id
     WHERE account.state = 'active'
       AND NOT {leases.holds("account")}
       AND (account.backoff_until IS NULL OR account.backoff_until <= %(now)s)
       AND (account.next_round_at IS NULL OR account.next_round_at <= %(now)s
            OR ripe.seconds IS NOT NULL)
     ORDER BY seconds, account.id
"""


class Turn(NamedTuple):
    """An account, and in how many seconds it is its turn; 0 and less: now."""

    account_id: int
    seconds: float


def serve(env: Environment) -> None:
    """Run rounds of whoever is due, one after the other, until this slice of time is over.

    Where nobody is due yet, the lane holds until somebody is: Odoo's dated triggers fire at the
    next full minute only, and edits are to go out within seconds (see `quiet`). `env` is the
    cron's: its transaction only reports progress, and is over while a round runs or the lane holds.
    What a round cannot cope with ends in that account's journal, never here.
    """
    lane = _Lane(env)
    while settings.is_enabled(env) and not settings.is_paused(env):
        turn = next((one for one in turns(env) if one.account_id not in lane.served), None)
        if turn is None or not lane.take(turn):
            break
    # Another lane, or this one after the other crons, goes on with whoever is left. Not with those
    # of whom no round can be: a copy of a database has them all.
    wake(env, {turn.account_id for turn in turns(env)} - lane.failed)


class _Lane:
    """One slice of a lane's time."""

    def __init__(self, env: Environment) -> None:
        self.served: set[int] = set()
        self.failed: set[int] = set()
        self._env = env
        self._progress = env["ir.cron"]._commit_progress
        self._deadline = time.monotonic() + SLICE_SECONDS

    def take(self, turn: Turn) -> bool:
        """Run a round of an account, or hold while its time comes nearer; False at the end."""
        if turn.seconds > 0:
            return self._hold(turn.seconds)
        self.served.add(turn.account_id)
        if self._run(turn.account_id) is rounds.Outcome.FAULT:
            self.failed.add(turn.account_id)
        self._progress(1)  # ends this transaction: the next one sees what the round did
        return self._left() > 0

    def _run(self, account_id: int) -> rounds.Outcome:
        """Run a round. Whatever it cannot cope with is that account's, and the cron goes on.

        Odoo switches off a cron whose method raises again and again, and with it everybody's.
        """
        registry, deadline = self._env.registry, self._deadline
        try:
            return rounds.run_once(registry, account_id, deadline=deadline, reason="cron")
        except Exception as error:
            # The last rung, beneath the one in `faults`: the claim itself, or the journal's row.
            _logger.error("Account %s: no round: %s", account_id, logs.describe(error))
            return rounds.Outcome.FAULT

    def _hold(self, seconds: float) -> bool:
        left = self._left()
        if left <= 0:
            return False
        time.sleep(min(seconds, left, HOLD_SECONDS))
        self._progress(1)
        return True

    def _left(self) -> float:
        """Return the seconds left, and commit. Who is due then lets the cron come back at once."""
        remaining = len(turns(self._env))
        return min(self._progress(remaining=remaining), self._deadline - time.monotonic())


def turns(env: Environment) -> list[Turn]:
    """Return whose turn it is, or will be as soon as what was changed has rested; first first."""
    env.cr.execute(_TURNS, {"now": fields.Datetime.now(), **quiet.params(env)})
    return [Turn(account_id, float(seconds)) for account_id, seconds in env.cr.fetchall()]
