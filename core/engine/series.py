"""From the rows of a calendar to one series: what they have in common, and what each has not.

The rows are the truth. What the recurrence record says of itself (``Hint``) may be cut off in the
wrong place, and be expanded by weeks that begin on another day: it is believed where the rows bear
it out. What the series showed before (``past``) decides where the rows leave a choice, so that
deleting the first occurrence is a cancelled date and no new pattern.

The other way, and all questions about one occurrence: ``occurrences``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from .fields import CANCELLED, OF_THE_SERIES
from .occurrences import (
    Pattern,
    date_of,
    differing,
    exceptions_of,
    is_slot_when,
    overrides,
    pattern_of,
    slot_when,
    unfold,
)
from .placing import Hint, Place, ended, placed
from .recurrence import Rule
from .snapshot import EMPTY, AllDay, Keyed, Snapshot, Timed, Value, When

__all__ = [
    "CANCELLED",
    "Folded",
    "Hint",
    "Row",
    "fold",
    "is_slot_when",
    "overrides",
    "slot_when",
    "unfold",
]

_OF_ONE: Final = OF_THE_SERIES | {"when"}  # fields that are no matter of what most rows show
_CANDIDATES: Final = 3  # so many times of day are tried before the rest counts as moved


@dataclass(frozen=True)
class Row:
    """One occurrence as the calendar has it.

    ``fields`` is all it shows, as for a single meeting. ``original`` is its slot, where that is
    known; ``follows`` says that the calendar takes it for unmoved.
    """

    fields: Snapshot
    original: date | None
    follows: bool

    @property
    def when(self) -> When:
        """Return when it takes place."""
        when = self.fields["when"]
        if not isinstance(when, (Timed, AllDay)):
            raise TypeError("a row shows when it takes place")
        return when


@dataclass(frozen=True)
class Folded:
    """A series, the slot of each of the rows it was made from, and the rows it has no slot for.

    ``slots`` is parallel to the rows; None for a stray. ``strays`` are the places of those.
    """

    snapshot: Snapshot
    slots: tuple[date | None, ...]
    strays: tuple[int, ...]


def fold(
    rows: Sequence[Row],
    hint: Hint,
    zone: str,
    *,
    past: Snapshot | None,
    horizon: date | None,
    since: date | None = None,
) -> Folded:
    """Make one series of its rows, of which there is at least one, in any order.

    ``zone`` is that of the series, ``past`` what the series showed last, ``horizon`` the date up
    to which there are rows of a series without end, or with an end beyond, and ``since`` the one
    from which there are rows of a series that began long before. What lies outside is not
    cancelled, but out of sight. Raises Unmappable("rule") for a hint that makes no sense,
    ValueError without rows.
    """
    if not rows:
        raise ValueError("a series without a row is no series")
    was, before = past if past is not None else EMPTY, _rule_of(past)
    places = [Place(date_of(row.when, zone), row.original, row.follows) for row in rows]
    found = placed(places, hint, before)
    if not found.continues:
        before = None
    kept = {slot: row for slot, row in zip(found.slots, rows, strict=True) if slot is not None}
    exceptions = exceptions_of(was) if before is not None else EMPTY
    own = _own_fields(exceptions)
    if since is not None and before is not None and before.start < since:
        first = before.start  # it took place then, though there is no row of it
    else:
        first, since = min(kept), None
    start, when = _beginning(kept, first, zone, was, before, own.get("when", set()))
    rule, reach = ended(
        found, hint, start=start, before=before, cancelled=own.get(CANCELLED, ()), horizon=horizon
    )
    series = {**_common(kept, was, own), "zone": zone, "when": when, "rule": rule}
    occurrences = {
        **_out_of_sight(exceptions, rule, kept, since, reach),
        **{day.isoformat(): CANCELLED for day in rule.slots(reach, since=since) if day not in kept},
        **_differing(series, kept),
    }
    return Folded(
        Keyed({**series, "occurrences": Keyed(occurrences)}),
        found.slots,
        tuple(place for place, slot in enumerate(found.slots) if slot is None),
    )


def _rule_of(past: Snapshot | None) -> Rule | None:
    rule = past.get("rule") if past is not None else None
    return rule if isinstance(rule, Rule) else None


def _own_fields(exceptions: Keyed) -> Mapping[str, set[date]]:
    """Return field → the dates that have it for themselves, and CANCELLED → those left out."""
    dates: dict[str, set[date]] = {}
    for slot, one in exceptions.items():
        for name in one if isinstance(one, Keyed) else (CANCELLED,):
            dates.setdefault(name, set()).add(date.fromisoformat(slot))
    return dates


def _beginning(
    kept: Mapping[date, Row],
    first: date,
    zone: str,
    was: Snapshot,
    before: Rule | None,
    moved: Collection[date],
) -> tuple[date, When]:
    """Return the first date of the series and its span there: the one that most rows bear out.

    That is ``first``. The rule that goes on keeps its first date while the clock says the same,
    taken or not. Dates that were ``moved`` before have no say.
    """
    voters = {slot: row for slot, row in kept.items() if slot not in moved}
    beginnings = [(first, when) for when in _candidates(voters or kept, first, zone)]
    when = was.get("when")
    if before is not None and isinstance(when, (Timed, AllDay)):
        is_readable = date_of(when, zone) == before.start
        beginnings[:0] = [(before.start, when)] * is_readable

    def borne_out(beginning: tuple[date, When]) -> int:
        pattern = Pattern.of(beginning[1], zone)
        return sum(pattern.has(slot, row.when) for slot, row in voters.items())

    return max(beginnings, key=borne_out)


def _candidates(kept: Mapping[date, Row], first: date, zone: str) -> Iterator[When]:
    """Yield the spans that the series may have on its first date, as its rows have theirs.

    The first row's own comes first; then those of most rows, each by the clock and by its length,
    which are two on a night when the clock changes.
    """
    if first in kept and date_of(kept[first].when, zone) == first:
        yield kept[first].when
    patterns = Counter(Pattern.of(row.when, zone, slot) for slot, row in kept.items())
    unmoved = Counter({one: number for one, number in patterns.items() if one.is_on_its_date})
    for pattern, _number in unmoved.most_common(_CANDIDATES):
        when = pattern.on(first)
        yield when
        if isinstance(when, Timed):
            yield Timed(when.start, when.start + pattern.lasts)
    if not unmoved:
        yield Pattern.of(next(iter(kept.values())).when, zone).on(first)


def _common(
    kept: Mapping[date, Row], was: Snapshot, own: Mapping[str, Collection[date]]
) -> dict[str, Value]:
    """Return what most rows show, field by field.

    A date that had a field for itself before has no say in it: else the series would come to be
    named after its exceptions once there are many. Where all had, it is as it was.
    """
    names = {name: None for row in kept.values() for name in row.fields if name not in _OF_ONE}
    found: dict[str, Value] = {}
    for name in names:
        shown = {slot: row.fields[name] for slot, row in kept.items() if name in row.fields}
        voting = [value for slot, value in shown.items() if slot not in own.get(name, ())]
        if voting or name not in was:
            found[name] = _most_shown(voting or list(shown.values()), was.get(name))
        else:
            found[name] = was[name]
    return found


def _most_shown(values: Sequence[Value], was: Value) -> Value:
    """Return the commonest value, in the spelling of the first row that shows it.

    Where as many rows show another, it is what it was.
    """
    counts = Counter(values)
    most = max(counts.values())
    if counts[was] == most:
        return next(value for value in values if value == was)
    return next(value for value in values if counts[value] == most)


def _differing(series: Snapshot, kept: Mapping[date, Row]) -> dict[str, Value]:
    """Return slot → what is otherwise there, of the rows that differ from the series."""
    pattern = pattern_of(series)
    own = ((slot, differing(series, pattern, row.fields, slot)) for slot, row in kept.items())
    return {slot.isoformat(): fields for slot, fields in own if fields}


def _out_of_sight(
    exceptions: Keyed, rule: Rule, kept: Collection[date], since: date | None, reach: date
) -> Mapping[str, Value]:
    """Return the exceptions on dates of the rule for which there are no rows, or none yet.

    The past speaks for them: nobody can have changed them here.
    """
    days = {slot: date.fromisoformat(slot) for slot in exceptions}
    return {
        slot: exceptions[slot]
        for slot, day in days.items()
        if (day > reach or (since is not None and day < since))
        and day not in kept
        and rule.hits(day)
    }
