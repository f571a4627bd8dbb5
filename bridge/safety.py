"""Safety stops: too many deletions at once wait for a person.

A deletion is not carried out where it is found. It is *noted* on the copy (`departed`); when all
that changed was read, what was noted is *judged*: let through (`verdict`), or put on the list of
what waits (`outlook.stop`). All of it is in the database, so whatever stops a round, a later one
goes on. Who carries verdicts out is `verdicts`.

Counted are meetings (a series is one) that would be archived here, guests' refusals because their
copy is gone, and meetings that would be deleted in Outlook. To their number, not to their share,
is added what was deleted in the last hour: many small rounds come to the same as a big one. No
deletions are a move to another organizer's mailbox, single dates of a series, and a reset.
"""

from datetime import timedelta

from odoo import fields
from odoo.fields import Domain

from ..core.engine.snapshot import EMPTY, AllDay
from . import homes, settings, unsent
from .desk import Desk
from .reader import is_present

#: Lists of what is not decided: a person is asked when the list is complete.
ASKING = ("listing", "open")
#: So many meetings are put on a list in one step.
PIECE = 200
#: Deletions in Outlook that come in, and those made here that go out.
KINDS = {"in": ("removed", "missing", "cancelled"), "out": ("here",)}
#: What was deleted so long ago counts no more.
SPAN = timedelta(hours=1)
#: A full round that meets none of so many meetings has met another mailbox, or an empty one.
EMPTY_LEAST = 2
#: What becomes of what was noted, by the state that a person gave the list.
_VERDICTS = {"deleted": "follow", "restored": "restore"}
_ACTIVITY = "mail.mail_activity_data_todo"

# Meetings whose deletion this mailbox carried out lately. Not those that a person was asked about,
# nor those that are there (again): one that moved to another mailbox, or was brought back.
_LATELY = """
    SELECT count(DISTINCT change.meeting_id)
      FROM outlook_sync_change change
     WHERE change.account_id = %(account)s
       AND change.direction = %(direction)s
       AND change.kind = 'remove'
       AND change.create_date > %(since)s
       AND NOT EXISTS (SELECT FROM calendar_event event
                        WHERE event.id = change.event_id AND event.active)
       AND NOT EXISTS (SELECT FROM outlook_stop_line line
                        WHERE line.meeting_id = change.meeting_id)
"""


# Noting -----------------------------------------------------------------------------------------


def note(copy, departed: str) -> None:
    """Note a deletion; `departed` says what happened to this copy. It waits to be judged."""
    if not copy.departed:
        copy.departed = departed


def came_back(copy) -> None:
    """Forget what was noted: both sides have the meeting again, or a person has to see to it."""
    if copy.departed:
        settled(copy)
        copy.write({"departed": False, "verdict": False})


def met(copy) -> None:
    """Take note that Outlook shows it: it is not gone there, and here perhaps no more."""
    if copy.departed in KINDS["in"] or (copy.departed and is_present(copy.meeting_id.event_id)):
        came_back(copy)


def settled(copies) -> None:
    """Take copies off the lists of what waits; a list that becomes empty asks nothing any more."""
    env = copies.sudo().env
    lines = env["outlook.stop.line"].search(
        [("copy_id", "in", copies.ids), ("stop_id.state", "in", ASKING)]
    )
    stops = lines.stop_id
    lines.unlink()
    for stop in stops.filtered(lambda one: not one.line_ids):
        _close(stop, "obsolete")


def move(meeting, into) -> None:
    """Let what waits for a person about a meeting be about another: the two are the same."""
    lines = meeting.env["outlook.stop.line"].search([("meeting_id", "=", meeting.id)])
    lines.meeting_id = into


# Judging ----------------------------------------------------------------------------------------


def judge(desk: Desk, direction: str) -> bool:
    """Let through what was noted in this mailbox, or put it on the list of what waits.

    Tell whether there is more to do now: verdicts to carry out, or the rest of a long list. The
    account is locked, which its buttons wait for, at the end of the list alone.
    """
    copies = unjudged(desk, direction)
    if not copies:
        return False
    stops = desk.env["outlook.stop"]
    mine = {"account_id": desk.account.id, "direction": direction}
    domain = [*((name, "=", value) for name, value in mine.items()), ("state", "in", ASKING)]
    stop = stops.search(domain, limit=1)
    if not stop:
        why = _objection(desk, direction, copies)
        if why is None:
            copies.verdict = "follow"
            return True
        stop = stops.create({**mine, **why, "run_id": desk.run_id, "state": "listing"})
    piece = copies[:PIECE]
    stop.write({"line_ids": [fields.Command.create(_line(desk, copy)) for copy in piece]})
    is_complete = piece == copies
    if is_complete:
        _ask(desk, stop)
        desk.tell_owner()
    else:
        stop.state = "listing"  # nobody decides about half of what was deleted
    return not is_complete


def unjudged(desk: Desk, direction: str):
    """Return the copies whose deletion was noted and is on no list yet."""
    waits = Domain("stop_line_ids", "any", [("stop_id.state", "in", ASKING)])
    return desk.env["outlook.copy"].search(
        _noted(desk, direction) & Domain("verdict", "=", False) & ~waits, order="id"
    )


def due(desk: Desk, direction: str, *, limit: int):
    """Return copies whose verdict is to be carried out; not those that are postponed."""
    now = fields.Datetime.now()
    return desk.env["outlook.copy"].search(
        _noted(desk, direction)
        & Domain("verdict", "!=", False)
        & (Domain("next_attempt", "=", False) | Domain("next_attempt", "<=", now)),
        limit=limit,
        order="id",
    )


def decide(stop, state: str, *, user) -> None:
    """Keep what `user` decided about a list; the next round does it."""
    stop.line_ids.copy_id.verdict = _VERDICTS[state]
    stop.decided_by = user
    _close(stop, state)


def _noted(desk: Desk, direction: str) -> Domain:
    return Domain("account_id", "=", desk.account.id) & Domain("departed", "in", KINDS[direction])


def _objection(desk: Desk, direction: str, copies) -> dict | None:
    """Return why a person is asked about these, as values of a stop; None where nobody is."""
    limits = settings.deletion_limits(desk.env)
    counted, linked = len(copies.meeting_id), _linked(desk, direction)
    if _nothing_is_left(desk, copies) or limits.least <= counted == linked:
        return {"reason": "empty", "counted": counted, "linked": linked}
    before = _lately(desk, direction)
    if counted + before > limits.count:
        return {"reason": "many", "counted": counted + before, "linked": linked + before}
    if limits.exceeded(counted, linked=linked):
        return {"reason": "share", "counted": counted, "linked": linked}
    return None


def _linked(desk: Desk, direction: str) -> int:
    """Return how many meetings this mailbox has in step; outwards those that it organizes."""
    mine = Domain("account_id", "=", desk.account.id) & Domain("remote_id", "!=", False)
    if direction == "out":
        mine &= Domain("role", "=", "organizer")
    return desk.env["outlook.meeting"].search_count(
        Domain("copy_ids", "any", mine) & Domain("state", "not in", ("left_alone", "gone"))
    )


def _lately(desk: Desk, direction: str) -> int:
    """Return how many were deleted in the last hour, or since a person was asked."""
    asked = desk.env["outlook.stop"].search(
        [("account_id", "=", desk.account.id), ("direction", "=", direction)], limit=1
    )
    since = fields.Datetime.now() - SPAN
    if asked.decided_at:
        since = max(since, asked.decided_at)
    params = {"account": desk.account.id, "direction": direction, "since": since}
    desk.env.cr.execute(_LATELY, params)
    return desk.env.cr.fetchone()[0]


def _nothing_is_left(desk: Desk, copies) -> bool:
    """Tell whether a full round met none of the meetings that it was to meet."""
    missing = copies.filtered(lambda copy: copy.departed == "missing")
    if len(missing.meeting_id) < EMPTY_LEAST:
        return False
    begin, end = settings.window(desk.env)
    within = Domain("stop", ">=", begin) & Domain("start", "<=", end)
    rows = Domain("meeting_id.event_id.recurrence_id.calendar_event_ids", "any", within)
    return not desk.env["outlook.copy"].search_count(
        Domain("account_id", "=", desk.account.id)
        & Domain("remote_id", "!=", False)
        & Domain("departed", "=", False)
        & Domain("meeting_id.state", "not in", ("left_alone", "gone"))
        & (Domain("meeting_id.event_id", "any", within) | rows),
        limit=1,
    )


# Asking -----------------------------------------------------------------------------------------


def _ask(desk: Desk, stop) -> None:
    """Let the mailbox's owner know of a list that is complete, once."""
    if stop.state == "open":
        return
    account, user = desk.account, desk.account.user_id
    desk.env.flush_all()
    account._lock()
    stop.state = "open"
    if account.activity_search([_ACTIVITY]):
        return
    own = account.with_user(user).sudo().with_context(lang=user.lang)
    own.activity_schedule(
        _ACTIVITY,
        summary=own.env._("Deleted meetings wait for you"),
        note=own.env._(
            "So many meetings were deleted that they are kept on the other side until you have said"
            " what you want."
        ),
        user_id=user.id,
    )


def _close(stop, state: str) -> None:
    stop.write({"state": state, "decided_at": fields.Datetime.now()})
    account = stop.account_id
    if not stop.search_count([("account_id", "=", account.id), ("state", "=", "open")], limit=1):
        account.activity_unlink([_ACTIVITY])


def _line(desk: Desk, copy) -> dict:
    """Return the values of a meeting on the list: as it is here, or as it was last."""
    meeting = copy.meeting_id
    event = homes.stands_for(meeting).exists()
    known = _of_event(desk, event) if event else _of_base(desk, meeting)
    return {
        **known,
        "meeting_id": meeting.id,
        "copy_id": copy.id,
        "is_mailed": copy.role == "organizer" and not _is_past(copy, event),
    }


def _is_past(copy, event) -> bool:
    """Tell whether nobody would be invited again: not to the past."""
    return copy.departed in KINDS["in"] and bool(event) and homes.is_over(event)


def _of_event(desk: Desk, event) -> dict:
    return {
        "subject": event.name,
        "start": event.start,
        "is_series": bool(event.recurrency or event.recurrence_id),
        "is_private": event.effective_privacy != "public",
        "guests": len(unsent.addresses(desk.env, desk.account, event)),
    }


def _of_base(desk: Desk, meeting) -> dict:
    """Return what was known of a meeting whose record is gone."""
    base = desk.shared_base(meeting)
    known = base.local if base else EMPTY
    when = known.get("when")
    start = when.first if isinstance(when, AllDay) else when and when.start.replace(tzinfo=None)
    return {
        "subject": known.get("subject"),
        "start": start or False,
        "is_series": bool(known.get("rule")),
        "is_private": known.get("sensitivity", "normal") != "normal",
        "guests": len(known.get("people", EMPTY)),
    }
