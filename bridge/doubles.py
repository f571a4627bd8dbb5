"""Own meetings here that equal another one here which is in Outlook: perhaps one was copied.

Another program may have copied a calendar, in either direction, before the mailbox was connected.
Whether two equal meetings are one, only a person knows. What is made later is meant as it is.
"""

from collections import defaultdict
from collections.abc import Collection

from odoo.fields import Domain

from ..core.engine.normalize import MatchKey, match_key
from ..core.engine.snapshot import AllDay
from . import homes, reader
from .desk import Desk, since


def here(account, events, *, taken: Collection[int] = ()):
    """Return those of the events that equal another one of their organizer's that is in Outlook.

    In Outlook is what has a copy in this mailbox, or is one of `taken` (ids of events), where
    nobody linked what was found there. Of a series any row stands for all.
    """
    old = events.filtered(lambda event: _existed(account, event))
    if not old:
        return old
    equal = defaultdict(list)
    for other in _beginning_with(account, old):
        equal[_key(other)].append(other)
    known = homes.Known(old.browse(other.id for one in equal.values() for other in one))
    return old.filtered(
        lambda event: any(
            not _are_one(other, event)
            and _existed(account, other)
            and (other.id in taken or _is_there(account, known.meeting(other)))
            for other in equal[_key(_first(event))]
        )
    )


def set_aside(desk: Desk, events):
    """Leave those alone that equal one in Outlook, until a person decides; return the others.

    What a person asked to send, and what was there once, is no question; nor is anything where all
    that existed is left alone.
    """
    if desk.account.sync_policy == "new":
        return events
    found = here(desk.account, events)
    for event in found:
        meeting = homes.claim(desk.env, event)
        if meeting.requested or meeting.state == "gone":
            found -= event
            continue
        meeting = meeting or homes.begin(desk.env, event)
        meeting.write({"state": "left_alone", "asked": "here", "mailer": "odoo"})
    return events - found


def _existed(account, event) -> bool:
    return event.create_date < since(account).replace(tzinfo=None)


def _is_there(account, meeting) -> bool:
    return any(copy.remote_id and copy.account_id == account for copy in meeting.copy_ids)


def _are_one(one, other) -> bool:
    if homes.is_series(one) or homes.is_series(other):
        return one.recurrence_id == other.recurrence_id
    return one == other


def _first(event):
    return homes.rows(event)[:1] if homes.is_series(event) else event


def _beginning_with(account, events):
    """Return the active events of the account's user that begin when some of `events` do."""
    firsts = [_first(event) for event in events]
    days = [one.start_date for one in firsts if one.allday]
    moments = [one.start for one in firsts if not one.allday]
    timed = Domain("allday", "=", False) & Domain("start", "in", moments)
    whole = Domain("allday", "=", True) & Domain("start_date", "in", days)
    mine = Domain("user_id", "=", account.user_id.id) & Domain("active", "=", True)
    found = events.search(mine & (timed | whole), order="id")
    return found.filtered(lambda one: _first(one) == one)


def _key(event) -> tuple[bool, bool, MatchKey]:
    when = reader.when(event)
    key = match_key(when, reader.subject(event.name), "")
    return homes.is_series(event), isinstance(when, AllDay), key
