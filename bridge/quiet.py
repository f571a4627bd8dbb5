"""Quiet time: a meeting rests for a moment before its changes go out, so that several go as one.

Whoever makes a meeting saves it more than once: a guest more, a better time, a guest less again.
Each write in Outlook may mail everybody. So what was changed here is *ripe* once nobody changed it
for `settings.quiet_seconds`, or when its oldest change has waited `LONGEST_QUIET_SECONDS`; rounds
of the clock leave what rests for later. Rounds that a person waits for do not
(`Desk.is_at_once`).

The rows of the outbox say it all: nothing is stored, so nothing can be lost. Their times and the
moment they are held against are the database's own.
"""

from collections.abc import Iterable

from odoo.api import Environment

from . import homes, settings

#: What a row is about, as in `Outgoing`: (recurrence, 0) or (0, event).
Home = tuple[int, int]

#: A query named `resting`: for each account and home with rows that no round has read, the seconds
#: until it is ripe (0 and less: it is). What a round itself asked for (`again`) need not rest. Only
#: of mailboxes that have rounds now: what waits for a paused one may be much, and only grows.
RESTING = """
    resting AS (
        SELECT row.account_id,
               COALESCE(NULLIF(row.recurrence_id, 0), event.recurrence_id, 0) AS recurrence_id,
               CASE WHEN COALESCE(NULLIF(row.recurrence_id, 0), event.recurrence_id) IS NULL
                    THEN row.event_id ELSE 0 END AS event_id,
               CASE WHEN bool_or(row.kind = 'again') THEN 0
                    ELSE EXTRACT(EPOCH FROM LEAST(
                            max(row.create_date) + %(quiet)s * INTERVAL '1 second',
                            min(row.create_date) + %(longest)s * INTERVAL '1 second'
                         ) - clock_timestamp() AT TIME ZONE 'UTC')
               END AS seconds
          FROM outlook_outbox row
          JOIN outlook_account account ON account.id = row.account_id
                                      AND account.state = 'active'
          LEFT JOIN calendar_event event ON event.id = row.event_id
         WHERE row.is_read IS NOT TRUE
         GROUP BY 1, 2, 3
    )
"""


def params(env: Environment) -> dict[str, int]:
    """Return what `RESTING` asks for."""
    return {
        "quiet": settings.quiet_seconds(env),
        "longest": settings.LONGEST_QUIET_SECONDS,
    }


def resting(env: Environment, account) -> frozenset[Home]:
    """Return the meetings that this mailbox is not told of yet."""
    env.cr.execute(
        f"""
        WITH {RESTING}
        SELECT recurrence_id, event_id FROM resting
         WHERE account_id = %(account)s AND seconds > 0
        """,
        {**params(env), "account": account.id},
    )
    return frozenset((recurrence_id, event_id) for recurrence_id, event_id in env.cr.fetchall())


def home(event) -> Home:
    """Return what a row of the outbox says of an event that is here."""
    return (event.recurrence_id.id, 0) if homes.is_series(event) else (0, event.id or 0)


def has_unread(env: Environment, account) -> bool:
    """Tell whether there are changes made here that no round has read yet."""
    unread = [("account_id", "=", account.id), ("is_read", "=", False)]
    return bool(env["outlook.outbox"].search_count(unread, limit=1))


def note_read(env: Environment, rows: Iterable[int]) -> None:
    """Note that a round has read these rows: what is left of them waits for the next by the clock.

    Only rounds write them, and only those of their account.
    """
    query = "UPDATE outlook_outbox SET is_read = TRUE WHERE id = ANY(%s)"
    env.cr.execute(query, (list(rows),))
