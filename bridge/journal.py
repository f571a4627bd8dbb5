"""The journal's rows: when a round begins and ends, and what it changed.

Of meetings that not everybody may read nothing is written but that something changed: no title, no
value, no name. Of the others texts are left out (see `journal_words`).
"""

from typing import Any

from . import homes
from .journal_words import LONGEST, Changes, Entry, entries

_NOTHING = Entry(field="", part=False, old=False, new=False)
#: What leaves a meeting readable for everybody; Outlook's "personal" hides nothing.
_PUBLIC = (None, "normal", "personal")


def changes_of(new, old) -> Changes:
    """Return what to note where the fields of `new` are written over those of `old`."""
    return {name: (old.get(name) if old else None, value) for name, value in new.items()}


def rows(
    account,
    meeting,
    *,
    direction: str,
    kind: str,
    changes: Changes | None = None,
    winner: str | None = None,
) -> list[dict[str, Any]]:
    """Return the values of the rows of one change, one for each field that changed.

    `winner` is the side whose value stayed, where both had changed it; then the values are the one
    that lost and the one that was kept.
    """
    event = meeting.event_id.exists()
    common = {
        "account_id": account.id,
        "meeting_id": meeting.id,
        "event_id": event.id,
        "direction": direction,
        "kind": kind,
        "winner": winner,
    }
    if is_hidden(event) or _was_hidden(changes):
        fields = {name if isinstance(name, str) else name[0] for name in changes or ()}
        return [{**common, "field": name} for name in sorted(fields) or [False]]
    user = account.user_id
    env = user.with_context(lang=user.lang).env
    told = list(entries(env, changes or {}, zone=homes.zone(event))) if event else []
    title = (event.name or "")[:LONGEST]
    return [
        {**common, "title": title, **one._asdict(), "field": one.field or False}
        for one in told or [_NOTHING]
    ]


def is_hidden(event) -> bool:
    """Tell whether not everybody may read a meeting."""
    return bool(event) and event.effective_privacy not in (False, "public")


def _was_hidden(changes: Changes | None) -> bool:
    """Tell whether a meeting was one that not everybody may read until this very change."""
    old, new = (changes or {}).get("sensitivity", (None, None))
    return old not in _PUBLIC or new not in _PUBLIC
