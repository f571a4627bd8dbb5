"""The journal's rows: when a round begins and ends, and what it changed.

Of meetings that not everybody may read nothing is written but that something changed: no title, no
value, no name; nor any value of a single date that was made private in a series that is not. Of the
others texts are left out (see `journal_words`).
"""

from collections.abc import Iterable, Mapping
from typing import Any

from odoo import fields

from ..core.engine.decision import Base
from . import homes, logs, quiet, series_reader
from .journal_words import LONGEST, Changes, Entry, entries

_logger = logs.logger(__name__)

_NOTHING = Entry(field="", part=False, old=False, new=False)
#: What a round counts: how many meetings came, were written, or were left for a person.
COUNTS = (
    "received",
    "created_local",
    "changed_local",
    "removed_local",
    "created_remote",
    "changed_remote",
    "removed_remote",
    "joined",
    "parked",
    "held",
)
#: What leaves a meeting readable for everybody; Outlook's "personal" hides nothing.
_PUBLIC = (None, "normal", "personal")


def changes_of(new, old) -> Changes:
    """Return what to note where the fields of `new` are written over those of `old`."""
    return {name: (old.get(name) if old else None, value) for name, value in new.items()}


def rows(
    desk,
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
        "account_id": desk.account.id,
        "meeting_id": meeting.id,
        "event_id": event.id,
        "direction": direction,
        "kind": kind,
        "winner": winner,
    }
    base = desk.shared_base(meeting)
    if is_hidden(event) or _ends_hiding(changes) or _was_hidden(desk, meeting, base, changes):
        names = {name if isinstance(name, str) else name[0] for name in changes or ()}
        return [{**common, "field": name} for name in sorted(names) or [False]]
    user = desk.account.user_id
    env = user.with_context(lang=user.lang).env
    told = list(entries(env, changes or {}, zone=homes.zone(event))) if event else []
    title = str(event.name or (base and base.local.get("subject")) or "")[:LONGEST]
    dates = _dates(event, {str(one.part) for one in told if one.part})
    return [
        {**common, "title": title, **_of_entry(one, dates.get(one.part))}
        for one in told or [_NOTHING]
    ]


def _dates(event, days: set[str]) -> dict[str | bool, Any]:
    """Return by its ISO date the row of each of these dates of a series, archived ones too."""
    if not days:
        return {}
    zone, whole_days = homes.zone(event), series_reader.is_whole_days(homes.rows(event))
    rows = event.recurrence_id.with_context(active_test=False).calendar_event_ids
    dates = {}
    for row in rows.sorted("active"):  # of two on one day the one that is there
        day = series_reader.original(row, zone, whole_days) or series_reader.own_day(row, zone)
        dates[day.isoformat()] = row
    return {day: row for day, row in dates.items() if day in days}


def _of_entry(entry: Entry, date) -> dict[str, Any]:
    """Return the columns of one entry, without its values where its own `date` is private.

    It hangs on the row of that date, so that it is hidden, too, once that row becomes private.
    """
    told = {**entry._asdict(), "field": entry.field or False}
    if date:
        told["event_id"] = date.id
    return {**told, "old": False, "new": False} if is_hidden(date) else told


def is_hidden(event) -> bool:
    """Tell whether not everybody may read a meeting."""
    return bool(event) and event.effective_privacy not in (False, "public")


def _ends_hiding(changes: Changes | None) -> bool:
    """Tell whether a change makes a meeting one that everybody may read, or no longer."""
    old, new = (changes or {}).get("sensitivity", (None, None))
    return old not in _PUBLIC or new not in _PUBLIC


def _was_hidden(desk, meeting, base: Base | None, changes: Changes | None) -> bool:
    """Tell whether not everybody could read a meeting until now, or until earlier in this round.

    Its privacy is written apart from its other fields, before or after them.
    """
    halves = (base.local, base.remote) if base else ()
    if any(half.get("sensitivity") not in _PUBLIC for half in halves):
        return True
    if not changes:
        return False
    ended = [
        ("run_id", "=", desk.run_id),
        ("meeting_id", "=", meeting.id),
        ("field", "=", "sensitivity"),
        ("title", "=", False),
    ]
    return bool(desk.env["outlook.sync.change"].search_count(ended, limit=1))


def write(desk, noted: Iterable[Mapping[str, Any]]) -> None:
    """Write the rows that were noted, in a round that has a row itself.

    What they are about may be gone by the end of the step that noted them.
    """
    noted = list(noted)
    models = {"meeting_id": "outlook.meeting", "event_id": "calendar.event"}
    left = {
        name: set(desk.env[model].browse({one[name] for one in noted} - {False}).exists().ids)
        for name, model in models.items()
    }
    desk.env["outlook.sync.change"].create(
        [
            {**one, **{name: one[name] in ids and one[name] for name, ids in left.items()}}
            | {"run_id": desk.run_id}
            for one in noted
        ]
    )


def begin(desk, trigger: str) -> int:
    """Begin the row of a round and return its id; `trigger` is one of the row's own.

    A row that is still under way was left by a process that is no more: only one round at a time
    has the account, and this one has it.
    """
    runs = desk.env["outlook.sync.run"]
    account, user = desk.account, desk.account.user_id
    left = runs.search([("account_id", "=", account.id), ("state", "=", "running")])
    if left:
        env = user.with_context(lang=user.lang).env
        words = env._("The server stopped in the middle of this round; the next one went on.")
        left.write({"state": "interrupted", "error": words})
    return runs.create({"account_id": account.id, "trigger": trigger}).id


def trigger_of(account, reason: str) -> str:
    """Return why a round begins, as people would say it; `reason` is who called for it."""
    if reason != "cron":
        return reason
    if not account.last_success_at:
        return "first"
    if account.is_awaited:
        return "button"
    return "change" if quiet.has_unread(account.env, account) else "cron"


def end(desk, costs: Mapping[str, Any], state: str) -> dict[str, Any]:
    """End the row of a round; return what there is to tell of it, without what is nought."""
    run = desk.env["outlook.sync.run"].browse(desk.run_id or ()).exists()
    counts = {name: run[name] for name in COUNTS if run[name]}
    is_quiet = run.trigger == "cron" and state == "done" and not counts
    is_quiet = is_quiet and not costs.get("throttled")
    ended = {"state": state, "finished_at": fields.Datetime.now(), "is_quiet": is_quiet}
    run.write({**costs, **ended})
    return {"trigger": run.trigger, "state": state, **costs, **counts}


def close(session, *, ended_well: bool) -> None:
    """End the row of work that is no round, whoever has the account by now: a reset signs out."""
    tell(session.aside(end, session.costs(), "done" if ended_well else "failed"))


def lose(desk) -> None:
    """Note that somebody else has the account now; what was done until then stays noted."""
    run = desk.env["outlook.sync.run"].browse(desk.run_id or ()).exists()
    if run.state in ("running", "interrupted"):
        run.write({"state": "taken_over", "finished_at": fields.Datetime.now(), "error": False})


def tell(told: Mapping[str, Any]) -> None:
    """Write one line about a round into the server's log: numbers and names of ours only."""
    shown = {name: value for name, value in told.items() if value and name != "request_ids"}
    _logger.info("Round: %s", " ".join(f"{name}={value}" for name, value in shown.items()))
