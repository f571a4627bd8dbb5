"""What was set aside: the payload that tells an administrator why, and *Retry*.

The payload is what Graph showed, or what it was asked to write. It is cut to a size that a screen
can show, and of what not everybody may read only what names it and says when it is.
"""

import json
from collections.abc import Mapping
from typing import Any

from odoo import fields

from . import lanes, wording

#: Characters of one text, entries of one list, and levels, that a payload keeps.
LONGEST_TEXT = 2000
LONGEST_LIST = 100
DEEPEST = 8

#: What is kept of a meeting that is not for everybody: nothing that says with whom or about what.
_OF_PRIVATE = frozenset(
    {
        "id", "type", "iCalUId", "changeKey", "seriesMasterId", "originalStart",
        "createdDateTime", "lastModifiedDateTime", "start", "end", "isAllDay",
        "originalStartTimeZone", "originalEndTimeZone", "recurrence", "sensitivity", "showAs",
        "isReminderOn", "reminderMinutesBeforeStart", "isOrganizer", "isCancelled",
        "transactionId", "isOnlineMeeting",
    }
)  # fmt: skip
_PLAIN = (None, "", "normal")


def payload(item: Mapping[str, Any], *, is_private: bool = False) -> dict[str, Any]:
    """Return what is kept of an item in Graph's words: short, and fit for PostgreSQL's JSON."""
    hidden = is_private or item.get("sensitivity") not in _PLAIN
    kept = {name: one for name, one in item.items() if not hidden or name in _OF_PRIVATE}
    return _cut(kept)


def payload_text(meeting) -> str:
    """Return the payload of a meeting (in `sudo`) for an administrator; empty where there is none.

    What became private since it was kept is left out, too.
    """
    if not meeting.payload:
        return ""
    event = meeting.event_id
    is_private = bool(event) and event.effective_privacy != "public"
    shown = payload(meeting.payload, is_private=is_private)
    return json.dumps(shown, indent=2, ensure_ascii=False, sort_keys=True)


def forget_hidden(meetings) -> None:
    """Cut what was kept of meetings that not everybody may read, before they are deleted here.

    Afterwards nothing tells that they became private since it was kept.
    """
    for meeting in meetings.filtered("payload"):
        meeting.payload = payload(meeting.payload, is_private=True)


def title(meeting, env) -> str:
    """Return what the reader of `env` may call a meeting that was set aside."""
    event = meeting.event_id.with_env(env)
    if event:
        hidden = event._check_private_event_conditions()
        return env._("Busy") if hidden else meeting.event_id.name or ""
    subject = (meeting.payload or {}).get("subject")
    return subject if isinstance(subject, str) and subject else env._("A meeting in Outlook")


def words(meeting, env) -> str:
    """Return why a meeting was set aside, in the reader's language where that is known here."""
    return wording.parked(env, meeting.reason)


def retry(meetings) -> None:
    """Let the next round look at these meetings (in `sudo`) in all mailboxes that have them."""
    copies = meetings.filtered(lambda one: one.state == "parked").copy_ids
    copies.write({"next_attempt": fields.Datetime.now(), "attempts": 0})
    copies.meeting_id.write({"refused": False, "next_extension": False})
    accounts = copies.account_id
    accounts.next_round_at = fields.Datetime.now()
    lanes.wake(meetings.env, accounts.ids)


def _cut(value: Any, depth: int = 0) -> Any:
    """Return a value of JSON as it is kept. PostgreSQL's JSON takes no NUL."""
    if isinstance(value, str):
        clean = value.replace("\0", "\N{REPLACEMENT CHARACTER}")
        return clean if len(clean) <= LONGEST_TEXT else f"{clean[:LONGEST_TEXT]}…"
    if depth == DEEPEST and isinstance(value, (dict, list)):
        return "…"
    if isinstance(value, Mapping):
        return {str(_cut(key)): _cut(one, depth + 1) for key, one in value.items()}
    if isinstance(value, list):
        more = ["…"] if len(value) > LONGEST_LIST else []
        return [_cut(one, depth + 1) for one in value[:LONGEST_LIST]] + more
    return value
