"""Notice what people change here: an INSERT in their own transaction, a lane woken at its commit.

Nothing else may happen here. No HTTP, no lock that a round could hold, nothing that can refuse a
save, and one indexed query for people without an account.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from odoo.api import Environment

from . import lanes, settings

#: Fields of `calendar.event` that Outlook shows; a write that touches none of them leaves no row.
SYNCED = frozenset(
    {
        "name", "description", "location", "privacy", "show_as", "active", "user_id",
        "start", "stop", "start_date", "stop_date", "allday", "duration", "outlook_zone",
        "videocall_location", "outlook_teams", "categ_ids", "alarm_ids",
        "partner_ids", "attendee_ids",
        "recurrency", "recurrence_id",
    }
)  # fmt: skip

#: Fields of `calendar.recurrence` that say what its rows do not. Not `count`: Odoo plays with it
#: while it expands a rule, and the rows tell how many they are.
SYNCED_RULE = frozenset(
    {
        "rrule_type", "interval", "end_type", "until", "event_tz", "outlook_rule",
        "mon", "tue", "wed", "thu", "fri", "sat", "sun", "month_by", "day", "weekday", "byday",
    }
)  # fmt: skip

_EVENTS_STATE = ["user_id", "active", "recurrency", "recurrence_id", "outlook_former_recurrence"]

# The mailboxes that a change concerns: the organizer's, and the one where a meeting already is
# although somebody else became the organizer. Who signed out has a mailbox still: what he changes
# meanwhile is sent when he is back.
#
# A series leaves one row per mailbox. So do, under the number of the series that they were in, the
# rows that Odoo takes out of it (`recurrency` without a recurrence): most of them are archived or
# deleted a moment later. What stays of them is written by itself then, and is noted by itself.
_NOTE = """
    WITH touched AS (
        SELECT event.id, event.user_id, own.id AS meeting_id,
               COALESCE(event.recurrence_id, CASE
                   WHEN event.recurrency AND own.id IS NULL
                        AND (%(together)s OR event.active IS NOT TRUE)
                   THEN NULLIF(event.outlook_former_recurrence, 0) END) AS series
          FROM calendar_event event
          LEFT JOIN outlook_meeting own ON own.event_id = event.id
         WHERE {where}
    ), noted AS (
        SELECT min(touched.id) AS id, touched.series, touched.user_id,
               COALESCE(max(whole.id), max(touched.meeting_id)) AS meeting_id
          FROM touched
          LEFT JOIN outlook_meeting whole ON whole.recurrence_ref = touched.series
         GROUP BY touched.series, touched.user_id,
                  CASE WHEN touched.series IS NULL THEN touched.id END
    )
    INSERT INTO outlook_outbox
           (account_id, event_id, recurrence_id, meeting_id, kind, user_id, create_date, announced)
    SELECT account.id, min(found.id), found.series, max(found.meeting_id), %(kind)s, %(uid)s,
           now() AT TIME ZONE 'UTC',
           %(is_off)s OR account.state = 'new' OR NOT EXISTS (
               SELECT 1 FROM res_users owner
                WHERE owner.id = account.user_id AND owner.active AND NOT owner.share)
      FROM (
            SELECT noted.id, noted.series, noted.meeting_id, account.id AS account_id
              FROM noted JOIN outlook_account account ON account.user_id = noted.user_id
             UNION
            SELECT noted.id, noted.series, noted.meeting_id, copy.account_id
              FROM noted JOIN outlook_copy copy ON copy.meeting_id = noted.meeting_id
             WHERE copy.role = 'organizer'
           ) found
      JOIN outlook_account account
        ON account.id = found.account_id AND account.object_id IS NOT NULL
     GROUP BY account.id, found.series, CASE WHEN found.series IS NULL THEN found.id END
    RETURNING account_id
"""
#: Where a transaction keeps what is to be noted at the end of `together`.
_COLLECTED = "outlook_calendar.noticing"
_BY_EVENT = _NOTE.format(where="event.id = ANY(%(ids)s)")
_BY_SERIES = _NOTE.format(where="event.recurrence_id = ANY(%(ids)s)")

# An answer concerns the mailbox of the person who is asked, not the organizer's. Of a series one
# row says it for all its dates: the round compares each.
_ANSWERS = """
    WITH answered AS (
        SELECT event.id, event.recurrence_id AS series, account.id AS account_id,
               COALESCE(whole.id, own.id) AS meeting_id
          FROM calendar_attendee attendee
          JOIN calendar_event event ON event.id = attendee.event_id
          JOIN res_users owner ON owner.partner_id = attendee.partner_id
          JOIN outlook_account account
            ON account.user_id = owner.id AND account.object_id IS NOT NULL
          LEFT JOIN calendar_recurrence series ON series.id = event.recurrence_id
          LEFT JOIN outlook_meeting own ON own.event_id IN (event.id, series.base_event_id)
          LEFT JOIN outlook_meeting whole ON whole.recurrence_ref = event.recurrence_id
         WHERE attendee.id = ANY(%(ids)s)
    ), noted AS (
        SELECT min(id) AS id, series, account_id, max(meeting_id) AS meeting_id
          FROM answered
         GROUP BY account_id, series, CASE WHEN series IS NULL THEN id END
    )
    INSERT INTO outlook_outbox
           (account_id, event_id, recurrence_id, meeting_id, kind, user_id, create_date)
    SELECT noted.account_id, noted.id, noted.series, noted.meeting_id, 'answer', %(uid)s,
           now() AT TIME ZONE 'UTC'
      FROM noted
     WHERE EXISTS (
            SELECT FROM outlook_copy copy
             WHERE copy.meeting_id = noted.meeting_id AND copy.account_id = noted.account_id
               AND copy.role = 'attendee')
    RETURNING account_id
"""


def note_events(env: Environment, ids: Iterable[int], kind: str, *, together: bool = False) -> None:
    """Leave a row per meeting and mailbox concerned; `kind` is create, write or unlink.

    `together`: what Odoo takes out of a series counts for that series also where it is active.
    """
    ids = list(ids)
    env["calendar.event"].browse(ids).flush_recordset(_EVENTS_STATE)
    _note(env, _BY_EVENT, ids=ids, kind=kind, together=together)


@contextmanager
def together(env: Environment) -> Iterator[None]:
    """Note what is written inside once, at its end; nothing where an exception ends it.

    For the many rows of a series that are written one after the other.
    """
    data = env.cr.precommit.data
    if _COLLECTED in data:
        yield
        return
    collected = data[_COLLECTED] = {}
    try:
        yield
    finally:
        data.pop(_COLLECTED, None)
    for (uid, leave), ids in collected.items():
        note_events(env(user=uid), sorted(ids), "write", together=leave)


def note_written(env: Environment, ids: Iterable[int], *, leave: bool) -> None:
    """Note events after a write, at once or with the others; `leave`: it took them out of a series.

    What they were before it cannot wait: that is for `note_events`.
    """
    collected = env.cr.precommit.data.get(_COLLECTED)
    if collected is None:
        note_events(env, ids, "write", together=leave)
    else:
        collected.setdefault((env.uid, leave), set()).update(ids)


def note_series(env: Environment, ids: Iterable[int], kind: str) -> None:
    """Leave a row per recurrence (by id) and mailbox concerned."""
    env["calendar.event"].flush_model(_EVENTS_STATE)
    _note(env, _BY_SERIES, ids=list(ids), kind=kind, together=True)


def note_answers(env: Environment, ids: Iterable[int]) -> None:
    """Leave a row per attendee (by id) whose own mailbox has the meeting."""
    _insert(env, _ANSWERS, ids=list(ids))


def _note(env: Environment, query: str, **params: object) -> None:
    _insert(env, query, is_off=not settings.is_enabled(env), **params)


def _insert(env: Environment, query: str, **params: object) -> None:
    if not params["ids"]:
        return
    env.cr.execute(query, {**params, "uid": env.uid})
    lanes.wake(env, [account_id for (account_id,) in env.cr.fetchall()])
