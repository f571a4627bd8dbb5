"""Whose turn it is: several identical cron rows (*lanes*) take accounts from one queue.

One `ir.cron` row is run by one worker at a time, whatever the number of workers; so there are
several, and a lease on the account keeps two of them from the same mailbox. A lane works in short
slices: the cron's threads are shared with the mail queue.
"""

import logging
import time
from collections.abc import Iterable

from odoo import fields
from odoo.api import Environment

from . import round as rounds
from . import settings

_logger = logging.getLogger(__name__)

LANES = tuple(f"outlook_calendar.ir_cron_lane_{number}" for number in (1, 2, 3))
SLICE_SECONDS = 10
_WAKING = "outlook_calendar.wake"

# Whose turn it is: it is time, or something was changed here since the last round. Nobody's whose
# user has left: no round would come of it, and the lane would be called for it without end.
_DUE = """
    SELECT account.id
      FROM outlook_account account
      JOIN res_users owner ON owner.id = account.user_id AND owner.active
                          AND owner.share IS NOT TRUE
     WHERE account.state = 'active'
       AND (account.lease_until IS NULL OR account.lease_until < %(now)s)
       AND (account.backoff_until IS NULL OR account.backoff_until <= %(now)s)
       AND (account.next_round_at IS NULL OR account.next_round_at <= %(now)s
            OR EXISTS (SELECT FROM outlook_outbox row
                        WHERE row.account_id = account.id
                          AND row.id > COALESCE(account.outbox_mark, 0)))
       AND NOT account.id = ANY(%(but)s)
     ORDER BY account.next_round_at NULLS FIRST, account.id
"""


def wake(env: Environment, account_ids: Iterable[int]) -> None:
    """Let a lane look after these accounts once this transaction has committed.

    Once per transaction: hooks may call this for every record they see.
    """
    account_ids = set(account_ids)
    if not account_ids:
        return
    waiting = env.cr.precommit.data.setdefault(_WAKING, set())
    if not waiting:
        env.cr.precommit.add(lambda: _trigger(env))
    waiting |= account_ids


def serve(env: Environment) -> None:
    """Run rounds of whoever is due, one after the other, until this slice of time is over.

    `env` is the cron's: its transaction only reports progress. What a round cannot cope with ends
    in that account's journal, never here.
    """
    deadline = time.monotonic() + SLICE_SECONDS
    progress = env["ir.cron"]._commit_progress
    served: list[int] = []
    left = float(SLICE_SECONDS)
    while left > 0 and settings.is_enabled(env) and not settings.is_paused(env):
        due = due_accounts(env, but=served)
        if not due:
            break
        rounds.run_once(env.registry, due[0], deadline=deadline, reason="cron")
        served.append(due[0])
        progress(1)  # ends this transaction: the next one sees what the round did
        # Whose round was not finished is due again, so the cron comes back at once.
        left = min(progress(remaining=len(due_accounts(env))), deadline - time.monotonic())


def due_accounts(env: Environment, *, but: Iterable[int] = ()) -> list[int]:
    """Return the accounts whose turn it is, the longest waiting first."""
    env.cr.execute(_DUE, {"now": fields.Datetime.now(), "but": list(but)})
    return [account_id for (account_id,) in env.cr.fetchall()]


def _trigger(env: Environment) -> None:
    """Wake one lane per account, always the same one: the others see it too when they are free."""
    waiting = env.cr.precommit.data.pop(_WAKING, set())
    for lane in sorted({account_id % len(LANES) for account_id in waiting}):
        cron = env.ref(LANES[lane], raise_if_not_found=False)
        if cron:
            cron.sudo()._trigger()


def let_sleep(env: Environment, account_id: int) -> None:
    """Take back what a round's own writes asked for: it has just looked at them."""
    env.cr.precommit.data.get(_WAKING, set()).discard(account_id)
