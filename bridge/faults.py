"""What a round's end means for the account: what is wrong, who can help, when to try again.

One table from error to consequence, and the one place where errors of a round are caught.
"""

import random
from collections.abc import Callable
from datetime import datetime, timedelta, timezone

from odoo import fields
from odoo.api import Environment
from odoo.modules import module

from ..core.engine.errors import (
    AppMisconfigured,
    AuthError,
    ConsentNeeded,
    GraphError,
    MailboxFull,
    NotSent,
    OutcomeUnknown,
    Refused,
    SignInUnavailable,
    SyncError,
    Throttled,
    Unavailable,
)
from . import alarms, logs, settings, wording
from .copies import Elsewhere
from .desk import Desk
from .sealing import KeyMissing
from .session import LeaseLost, Session
from .settings import NotConfigured

_logger = logs.logger(__name__)

#: The first pause after a failed round; doubled with every further one.
FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(hours=1)
#: What an administrator mends is noticed that soon where one mailbox is all there is.
LONGEST_PAUSE_OF_ALL = timedelta(minutes=10)
SECRET_ENDED = "AADSTS7000222"


def guarded(session: Session, work: Callable[[], None]) -> bool:
    """Do the work of a round; tell whether it ended well. No error of a round goes further."""
    try:
        work()
    except LeaseLost:
        _logger.info("Taken over: somebody else has the account now")
    except SyncError as error:
        _logger.info("The round ended: %s", error)
        _keep(session, error, _consequence(error))
    except Exception as error:
        # The last rung: our own bug (`InvariantBroken`, too), or the database's trouble. Whoever
        # reads the log must see it. The next account goes on.
        _logger.error("The round failed: %s", logs.describe(error))
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
        _logger.info("Taken over: somebody else has the account now")


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
    if desk.account.state in ("active", "preview"):  # else he paused it, or is leaving: not now
        desk.account.state = "reconnect"
        desk.account._ask_to_sign_in()


def _ask_administrators(desk: Desk, error: SyncError) -> None:
    """Tell the administrators, once, and try again by itself: no user can help, none is troubled.

    His state and his sign-in stay as they are, so that all go on once it is mended.
    """
    kind = alarms.kind_of(error)
    desk.account.trouble = kind
    if isinstance(error, AppMisconfigured) and error.code == SECRET_ENDED:
        _note_end_of_secret(desk.env)
    alarms.note(desk.env, kind, error)
    said = _for(desk.account.user_id)._("The administrators were told.")
    desk.account.last_error = f"{desk.account.last_error} {said}"
    pause = min(_pause(error, desk.account.failures), LONGEST_PAUSE_OF_ALL)
    desk.account.backoff_until = fields.Datetime.now() + pause


def _note_end_of_secret(env: Environment) -> None:
    """Keep that the secret is over: the error does not say since when."""
    known, today = settings.secret_expires_on(env), fields.Date.today()
    if known is None or known > today:
        settings.store_secret_expires_on(env, today)


def _leave_alone(desk: Desk, error: SyncError) -> None:
    """Another database keeps this mailbox in step: an administrator says which one is to go on."""
    if desk.account.state == "active":
        desk.account._leave_alone(error.reason)


def _block(desk: Desk, _error: SyncError) -> None:
    """Microsoft does not let this account do what rounds do: a person has to see to it."""
    if desk.account.state == "active":
        desk.account.state = "blocked"


def _back_off(desk: Desk, error: SyncError) -> None:
    """Leave this mailbox alone for a while: as long as asked for, else longer each time."""
    desk.account.backoff_until = fields.Datetime.now() + _pause(error, desk.account.failures)


def _pause(error: SyncError, failures: int) -> timedelta:
    """Return how long to wait. Mailboxes that failed together do not come back together."""
    asked = _asked_for(error)
    if asked is not None:
        return asked * (1 + random.random() / 10)  # never sooner than it was asked for
    ceiling = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(max(failures - 1, 0), 10))
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
    (AppMisconfigured, _ask_administrators),
    (NotConfigured, _ask_administrators),
    (KeyMissing, _ask_administrators),
    (Elsewhere, _leave_alone),
    (SignInUnavailable, _back_off),
    (AuthError, _reconnect),
    (Throttled, _back_off),
    (Unavailable, _back_off),
    (NotSent, _back_off),
    (OutcomeUnknown, _back_off),
    # Whoever makes room need not tell us: the next try finds it.
    (MailboxFull, _back_off),
    (Refused, _block),
    (GraphError, _back_off),
)
