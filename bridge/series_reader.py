"""Read the rows of a recurrence as one series.

A series has no record that says it: there is a row per occurrence and a recurrence record that may
say something else (docs of `core.engine.series`). So the rows are read, and `fold` finds the rule.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timezone
from typing import Any

from ..core.engine.series import Row, fold
from ..core.engine.snapshot import Snapshot, Value
from ..core.engine.timezones import utc_to_local
from . import homes, patterns


@dataclass(frozen=True)
class Series:
    """A series as its rows show it.

    `slots`: original day, on the calendar of the series' zone → the row that is this occurrence.
    `strays`: rows that are no occurrence of it, for want of a free day; the snapshot lacks them.
    """

    snapshot: Snapshot
    slots: Mapping[date, Any]
    strays: Any


def read(
    rows,
    shown: Sequence[Snapshot],
    *,
    past: Snapshot | None,
    horizon: date | None,
    since: date | None = None,
) -> Series:
    """Fold the rows of one recurrence; `shown` is what each of them shows, in the same order."""
    recurrence = rows[:1].recurrence_id
    zone = homes.zone(rows[:1])
    base = recurrence.base_event_id
    base = base if base in rows else rows[:1]
    whole = is_whole_days(rows)
    sensitivity = _sensitivity(shown, past)
    hint = patterns.hint(
        recurrence,
        original(base, zone, whole) or own_day(base, zone),
        patterns.first_day(rows.env, rows[:1].user_id),
    )
    facts = [
        Row({**one, "sensitivity": sensitivity}, original(row, zone, whole), row.follow_recurrence)
        for row, one in zip(rows, shown, strict=True)
    ]
    folded = fold(facts, hint, zone, past=past, horizon=horizon, since=since)
    return Series(
        folded.snapshot,
        {slot: row for slot, row in zip(folded.slots, rows, strict=True) if slot is not None},
        rows.browse(rows[number].id for number in folded.strays),
    )


def is_whole_days(rows) -> bool:
    """Tell whether a series consists of whole days, whatever single rows were made of."""
    return sum(1 if row.allday else -1 for row in rows) > 0


def original(row, zone: str, whole_days: bool) -> date | None:
    """Return the day on which a row would be if nobody had moved it, where that is stored."""
    moment = row.outlook_original_start
    return _day(moment, whole_days, zone) if moment else None


def slot(row) -> date:
    """Return the day that names a row in Outlook, by the row itself: `read` knows doubles, too."""
    zone, rows = homes.zone(row), homes.rows(row.sudo())
    return original(row, zone, is_whole_days(rows)) or own_day(row, zone)


def own_day(row, zone: str) -> date:
    """Return the day on which a row is."""
    return _day(row.start, row.allday, zone)


def _day(moment: datetime, whole_days: bool, zone: str) -> date:
    """Return the day of a stored time: of whole days it is a date and no instant."""
    if whole_days:
        return moment.date()
    return utc_to_local(moment.replace(tzinfo=timezone.utc), zone).date()


def _sensitivity(shown: Sequence[Snapshot], past: Snapshot | None) -> Value:
    """Return the sensitivity of a series: Exchange knows none of single occurrences.

    What most rows show; of two that are equally common, the one it was.
    """
    ranks = Counter(one["sensitivity"] for one in shown)
    was = past["sensitivity"] if past and "sensitivity" in past else None
    return max(ranks, key=lambda one: (ranks[one], one == was))
