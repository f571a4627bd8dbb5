"""Call a lane once a transaction has committed: somebody's turn has come (see `lanes`)."""

from collections.abc import Iterable

from odoo.api import Environment

LANES = tuple(f"outlook_calendar.ir_cron_lane_{number}" for number in (1, 2, 3))
_WAKING = "outlook_calendar.wake"


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


def let_sleep(env: Environment, account_id: int) -> None:
    """Take back what a round's own writes asked for: it has just looked at them."""
    env.cr.precommit.data.get(_WAKING, set()).discard(account_id)


def find(env: Environment):
    """Return the lanes that are there, those that somebody switched off included; in `sudo`."""
    crons = env["ir.cron"].sudo()
    found = [env.ref(lane, raise_if_not_found=False) or crons for lane in LANES]
    return crons.union(*found).sudo()


def _trigger(env: Environment) -> None:
    """Wake one lane per account, always the same one: the others see it too when they are free.

    One that is switched off is not called: Odoo would not hear it, and nobody come before the next
    interval of another one.
    """
    waiting = env.cr.precommit.data.pop(_WAKING, set())
    lanes = find(env).filtered("active") if waiting else ()
    for number in sorted({account_id % len(lanes) for account_id in waiting}) if lanes else ():
        lanes[number]._trigger()
