"""The mark that a mailbox bears of the database that keeps it in step.

A server that was copied or set back as a whole, and another database with the same mailbox, cannot
be told by looking at oneself (see `copies`). So the default calendar bears a mark, in an extended
property that no person sees: the database's uuid and a random word, which changes every day and is
known to nobody but the database that wrote it last.
"""

import secrets
from datetime import timedelta

from odoo import fields

from ..core.engine.errors import GraphError
from ..core.graph.failures import concerns_mailbox
from . import copies, logs
from .copies import Elsewhere
from .desk import Desk
from .session import Session

_logger = logs.logger(__name__)

#: How often the mark of a mailbox is read, and how often it is made anew.
LOOK_EVERY = timedelta(minutes=30)
RENEW_EVERY = timedelta(days=1)


def check(session: Session, *, now: bool = False) -> None:
    """See whether another database keeps the mailbox in step, and mark it as ours.

    Costs a request every half an hour, or one `now`. Raises Elsewhere, and errors that concern the
    mailbox.
    """
    if not now and not session.step(is_due):
        return
    try:
        found = session.client.owner_mark()
        wanted = session.step(_judge, found)
        if wanted:
            session.client.keep_owner_mark(wanted)
    except GraphError as error:
        if concerns_mailbox(error):
            raise
        # A mailbox that takes no marks is kept in step all the same.
        _logger.info("No mark: %s", error)
    session.step(_kept)


def is_due(desk: Desk) -> bool:
    """Tell whether it is time to see whose the mailbox is."""
    seen = desk.account.mark_seen_at
    return not seen or seen < fields.Datetime.now() - LOOK_EVERY


def _judge(desk: Desk, found: str | None) -> str | None:
    """Return the mark to write, None where the one that is there is still good."""
    account = desk.account
    own = {account.mark, account.mark_next} - {False}
    if account.mark and found and found not in own:
        database = found.partition(" ")[0]
        raise Elsewhere("restored" if database == account.database_uuid else "other")
    is_old = not account.mark_at or account.mark_at < fields.Datetime.now() - RENEW_EVERY
    if found and found in own and not is_old:
        return None
    account._lock()
    # Known before it is there: a round that is killed in between recognises it as its own.
    account.mark_next = f"{account._this_database()} {secrets.token_hex(16)}"
    return account.mark_next


def _kept(desk: Desk) -> None:
    account, now = desk.account, fields.Datetime.now()
    account._lock()
    vals = {"mark_seen_at": now}
    if not account.place:
        # Connected before places were kept, or while the server did not tell its own.
        vals["place"] = copies.place(desk.env)
    if account.mark_next:
        vals |= {"mark": account.mark_next, "mark_next": False, "mark_at": now}
    account.write(vals)
