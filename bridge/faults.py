"""What a round's end means for the account: what is wrong, who can help, when to try again.

One table from error to consequence, and the one place where errors of a round are caught.
"""

import logging
import random
from collections.abc import Callable
from datetime import datetime, timedelta, timezone

from odoo import fields
from odoo.modules import module

from ..core.engine.errors import (
    AppMisconfigured,
    AuthError,
    ConsentNeeded,
    GraphError,
    NotSent,
    OutcomeUnknown,
    Refused,
    SignInUnavailable,
    SyncError,
    Throttled,
    Unavailable,
)
from . import wording
from .desk import Desk
from .sealing import KeyMissing
from .session import LeaseLost, Session
from .settings import NotConfigured

_logger = logging.getLogger(__name__)

#: The first pause after a failed round; doubled with every further one.
FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(hours=1)


def guarded(session: Session, work: Callable[[], None]) -> bool:
    """Do the work of a round; tell whether it ended well. No error of a round goes further."""
    try:
        work()
    except LeaseLost:
        _logger.info("Account %s: taken over by another worker", session.account_id)
    except SyncError as error:
        _logger.info("Account %s: round ended: %s", session.account_id, error)
        _keep(session, error, _consequence(error))
    except Exception:
        # The last rung: our own bug, or the database's trouble. The next account goes on.
        _logger.exception("Account %s: round failed", session.account_id)
        _keep(session, SyncError(), _back_off)
        if module.current_test:
            raise
    else:
        return True
    return False


def _keep(
    session: Session, error: SyncError, consequence: Callable[[Desk, SyncError], None]
) -> None:
    try:
        session.step(_record, error, consequence)
    except LeaseLost:
        _logger.info("Account %s: taken over by another worker", session.account_id)


def _consequence(error: SyncError) -> Callable[[Desk, SyncError], None]:
    return next((then for kind, then in _CONSEQUENCES if isinstance(error, kind)), _back_off)


def _record(desk: Desk, error: SyncError, consequence: Callable[[Desk, SyncError], None]) -> None:
    """Keep what happened where people look: with the account, and in the round's row."""
    desk.account._lock()
    words = wording.in_words(_for(desk.account.user_id), error)
    desk.account.write({"last_error": words, "failures": desk.account.failures + 1})
    desk.env["outlook.sync.run"].browse(desk.run_id or ()).error = words
    consequence(desk, error)


def _reconnect(desk: Desk, _error: SyncError) -> None:
    """Only the user can go on: tell him, once. Nothing else of his is touched."""
    account = desk.account
    if account.state not in ("active", "preview"):
        return  # he paused it, or is leaving: not now
    account.state = "reconnect"
    user = account.user_id
    env = _for(user)
    account.with_user(user).sudo().with_context(lang=user.lang).activity_schedule(
        "mail.mail_activity_data_warning",
        summary=env._("Sign in to Outlook again"),
        note=env._("Your calendar and Outlook are no longer kept in step: the sign-in has ended."),
        user_id=user.id,
    )


def _block(desk: Desk, _error: SyncError) -> None:
    """Microsoft does not let this account do what rounds do: a person has to see to it."""
    if desk.account.state == "active":
        desk.account.state = "blocked"


def _back_off(desk: Desk, error: SyncError) -> None:
    """Leave this mailbox alone for a while: as long as asked for, else longer each time."""
    desk.account.backoff_until = fields.Datetime.now() + _pause(error, desk.account.failures)


def _pause(error: SyncError, failures: int) -> timedelta:
    asked = _asked_for(error)
    if asked is not None:
        return asked
    ceiling = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(max(failures - 1, 0), 10))
    # Mailboxes that failed together do not come back together.
    return ceiling * (0.5 + random.random() / 2)


def _asked_for(error: SyncError) -> timedelta | None:
    """Return how long Graph asks to wait, None where it does not say."""
    if not isinstance(error, Throttled):
        return None
    if error.retry_after is not None:
        return timedelta(seconds=error.retry_after)
    if error.until is not None:
        return max(error.until - datetime.now(timezone.utc), timedelta(0))
    return None


def _for(user):
    """Return an environment in the user's language."""
    return user.with_context(lang=user.lang).env


_CONSEQUENCES: tuple[tuple[type[SyncError], Callable[[Desk, SyncError], None]], ...] = (
    (ConsentNeeded, _reconnect),
    # The administrator's problem: no user's sign-in is touched, all go on once it is mended.
    (AppMisconfigured, _back_off),
    (NotConfigured, _back_off),
    (KeyMissing, _back_off),
    (SignInUnavailable, _back_off),
    (AuthError, _reconnect),
    (Throttled, _back_off),
    (Unavailable, _back_off),
    (NotSent, _back_off),
    (OutcomeUnknown, _back_off),
    (Refused, _block),
    (GraphError, _back_off),
)
