"""Rules of series as Graph writes them: `{"pattern": {...}, "range": {...}}`, the two directions.

Sources: resources recurrencePattern and recurrenceRange. Graph shows every field, with a zero, the
first value of an enumeration or 0001-01-01 where it says nothing; but what a pattern does not need
is checked all the same when it is written (schedule repeating appointments), so only what it needs
is sent.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final

from ..engine.errors import Unmappable
from ..engine.recurrence import DAYS, INDEXES, Rule
from . import values
from .remote import Json

_DAY_NAMES: Final = values.folded(*DAYS)
_INDEX_NAMES: Final = values.folded(*INDEXES)

#: Outlook's last dates are in this year: a series that ends there has no end (seen by OGCS).
_ENDLESS: Final = 4500
#: More dates than a calendar has: a larger number says no more.
_DAYS: Final = 4_000_000

#: Kind of pattern -> the parts of the rule that it needs.
_PARTS: Final[Mapping[str, tuple[str, ...]]] = {
    "daily": (),
    "weekly": ("weekdays", "first_day"),
    "absoluteMonthly": ("day",),
    "relativeMonthly": ("weekdays", "index"),
    "absoluteYearly": ("day", "month"),
    "relativeYearly": ("weekdays", "index", "month"),
}
_KINDS: Final = values.folded(*_PARTS)
_RANGES: Final = values.folded("endDate", "noEnd", "numbered")


def rule_from_graph(recurrence: Json) -> Rule:
    """Read a rule, its start moved to its first date and its end to its last.

    Raises Unmappable("rule") for what is none, or has no date at all.
    """
    pattern, span = values.object_of(recurrence, "pattern"), values.object_of(recurrence, "range")
    kind = _choice(pattern, "type", _KINDS)
    parts: dict[str, Any] = {name: _READERS[name](pattern) for name in _PARTS[kind]}
    ending = _choice(span, "type", _RANGES)
    if ending == "numbered":
        parts["count"] = min(max(_number(span, "numberOfOccurrences"), 0), _DAYS)
    elif ending == "endDate":
        end = _date(span, "endDate")
        parts["end"] = end if end.year < _ENDLESS else None
    start = _date(span, "startDate")
    return Rule.settled(kind=kind, interval=_number(pattern, "interval"), start=start, **parts)


def rule_to_graph(rule: Rule, *, start: date, zone: str) -> Json:
    """Write a rule whose first date is `start`, on the calendar of `zone` (a name Graph knows).

    Graph refuses a start that is not the date of the event's own (resource recurrenceRange).
    """
    pattern: Json = {"type": rule.kind, "interval": rule.interval}
    for name in _PARTS[rule.kind]:
        pattern |= _WRITERS[name](rule)
    span: Json = {"startDate": start.isoformat(), "recurrenceTimeZone": zone}
    if rule.count is not None:
        span |= {"type": "numbered", "numberOfOccurrences": rule.count}
    elif rule.end is not None:
        span |= {"type": "endDate", "endDate": rule.end.isoformat()}
    else:
        span["type"] = "noEnd"
    return {"pattern": pattern, "range": span}


def _weekdays(pattern: Json) -> frozenset[str]:
    names = values.list_of(pattern, "daysOfWeek")
    days = [values.choice_of(name, _DAY_NAMES) for name in names]
    if None in days:
        raise Unmappable("rule", "a day of the week that is none")
    return frozenset(day for day in days if day is not None)


#: Part of a rule -> how it is read out of a pattern.
_READERS: Final[Mapping[str, Callable[[Json], object]]] = {
    "weekdays": _weekdays,
    "first_day": lambda pattern: _choice(pattern, "firstDayOfWeek", _DAY_NAMES, "sunday"),
    "day": lambda pattern: _number(pattern, "dayOfMonth"),
    "month": lambda pattern: _number(pattern, "month"),
    "index": lambda pattern: _choice(pattern, "index", _INDEX_NAMES, "first"),
}
#: Part of a rule -> how a pattern says it.
_WRITERS: Final[Mapping[str, Callable[[Rule], Json]]] = {
    "weekdays": lambda rule: {"daysOfWeek": sorted(rule.weekdays, key=DAYS.index)},
    "first_day": lambda rule: {"firstDayOfWeek": rule.first_day},
    "day": lambda rule: {"dayOfMonth": rule.day},
    "month": lambda rule: {"month": rule.month},
    "index": lambda rule: {"index": rule.index},
}


def _choice(item: Json, key: str, choices: Mapping[str, str], default: str = "") -> str:
    value = item.get(key)
    known = values.choice_of(default if value is None else value, choices)
    if known is None:
        raise Unmappable("rule", f"{key} has a value that is not known here")
    return known


def _number(item: Json, key: str) -> int:
    value = item.get(key)
    if not isinstance(value, int) or isinstance(value, bool):
        raise Unmappable("rule", f"{key} is no number")
    return value


def _date(item: Json, key: str) -> date:
    value = item.get(key)
    try:
        return date.fromisoformat(value if isinstance(value, str) else "")
    except ValueError as err:
        raise Unmappable("rule", f"{key} is no date") from err
