"""Notice what people change here: an INSERT in their own transaction, a lane woken at its commit.

Nothing else may happen here. No HTTP, no lock that a round could hold, nothing that can refuse a
save, and one indexed query for people without an account.
"""

from collections.abc import Iterable

from odoo.api import Environment

from . import lanes, settings

#: Fields of `calendar.event` that Outlook shows; a write that touches none of them leaves no row.
SYNCED = frozenset(
    {
        "name", "description", "location", "privacy", "show_as", "active", "user_id",
        "start", "stop", "start_date", "stop_date", "allday", "duration", "outlook_zone",
        "categ_ids", "alarm_ids", "partner_ids", "attendee_ids",
        "recurrency", "recurrence_id",
    }
)  # fmt: skip

# The mailboxes that a change of an event concerns: its organizer's, and the one where it already
# is although somebody else became the organizer. Series are not kept in step. Who signed out has a
# mailbox still: what he changes meanwhile is sent when he is back.
_EVENTS = """
    WITH touched AS (
        SELECT event.id, event.user_id, meeting.id AS meeting_id
          FROM calendar_event event
          LEFT JOIN outlook_meeting meeting ON meeting.event_id = event.id
         WHERE event.id = ANY(%(ids)s)
           AND event.recurrency IS NOT TRUE AND event.recurrence_id IS NULL
    )
    INSERT INTO outlook_outbox
           (account_id, event_id, meeting_id, kind, user_id, create_date, announced)
    SELECT account.id, found.id, found.meeting_id, %(kind)s, %(uid)s, now() AT TIME ZONE 'UTC',
           %(is_off)s OR account.state = 'new'
      FROM (
            SELECT touched.id, touched.meeting_id, account.id AS account_id
              FROM touched JOIN outlook_account account ON account.user_id = touched.user_id
             UNION
            SELECT touched.id, touched.meeting_id, copy.account_id
              FROM touched JOIN outlook_copy copy ON copy.meeting_id = touched.meeting_id
             WHERE copy.role = 'organizer'
           ) found
      JOIN outlook_account account
        ON account.id = found.account_id AND account.object_id IS NOT NULL
    RETURNING account_id
"""

# An answer concerns the mailbox of the person who is asked, not the organizer's.
_ANSWERS = """
    INSERT INTO outlook_outbox (account_id, event_id, meeting_id, kind, user_id, create_date)
    SELECT account.id, event.id, meeting.id, 'answer', %(uid)s, now() AT TIME ZONE 'UTC'
      FROM calendar_attendee attendee
      JOIN calendar_event event ON event.id = attendee.event_id
      JOIN res_users owner ON owner.partner_id = attendee.partner_id
      JOIN outlook_account account ON account.user_id = owner.id
      JOIN outlook_meeting meeting ON meeting.event_id = event.id
      JOIN outlook_copy copy ON copy.meeting_id = meeting.id AND copy.account_id = account.id
     WHERE attendee.id = ANY(%(ids)s)
       AND account.object_id IS NOT NULL AND copy.role = 'attendee'
    RETURNING account_id
"""


def note_events(env: Environment, ids: Iterable[int], kind: str) -> None:
    """Leave a row per event and mailbox concerned; `kind` is create, write or unlink."""
    env["calendar.event"].browse(ids).flush_recordset(["user_id", "recurrency", "recurrence_id"])
    _insert(env, _EVENTS, ids=list(ids), kind=kind, is_off=not settings.is_enabled(env))


def note_answers(env: Environment, ids: Iterable[int]) -> None:
    """Leave a row per attendee (by id) whose own mailbox has the meeting."""
    _insert(env, _ANSWERS, ids=list(ids))


def _insert(env: Environment, query: str, **params: object) -> None:
    if not params["ids"]:
        return
    env.cr.execute(query, {**params, "uid": env.uid})
    lanes.wake(env, [account_id for (account_id,) in env.cr.fetchall()])
