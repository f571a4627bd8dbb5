"""Read and check a patternedRecurrence as it is sent."""

from __future__ import annotations

from datetime import date
from typing import Any

from ..errors import Refused, invalid_property
from . import values
from .items import Json
from .recurrence import DAYS, INDEXES, LAST_DATE, PATTERNS, RANGES, Rule
from .zones import resolve

_PATTERN = ("type", "interval", "month", "dayOfMonth", "daysOfWeek", "firstDayOfWeek", "index")
_RANGE = ("type", "startDate", "endDate", "recurrenceTimeZone", "numberOfOccurrences")
_NEEDS_DAYS = frozenset({"weekly", "relativeMonthly", "relativeYearly"})
_NEEDS_DAY = frozenset({"absoluteMonthly", "absoluteYearly"})
_NEEDS_MONTH = frozenset({"absoluteYearly", "relativeYearly"})
_NO_DATE = date(1, 1, 1)


def read_rule(value: Any) -> Rule | None:
    """Read a recurrence; null ends a series. Fields that the pattern ignores are checked too."""
    if value is None:
        return None
    parts = values.members(value, ("pattern", "range"), "patternedRecurrence")
    pattern = values.members(parts.get("pattern"), _PATTERN, "recurrencePattern")
    span = values.members(parts.get("range"), _RANGE, "recurrenceRange")
    kind = values.one_of(*PATTERNS)(pattern.get("type"))
    days = tuple(values.list_of(values.one_of(*DAYS))(pattern.get("daysOfWeek") or []))
    rule = Rule(
        type=kind,
        interval=values.integer(pattern.get("interval", 0)),
        range_type=values.one_of(*RANGES)(span.get("type")),
        start=_date(span.get("startDate")) or _NO_DATE,
        days=days if kind in _NEEDS_DAYS else (),
        day_of_month=values.integer(pattern.get("dayOfMonth", 0)),
        month=values.integer(pattern.get("month", 0)),
        index=values.one_of(*INDEXES)(pattern.get("index") or "first"),
        first_day=values.one_of(*DAYS)(pattern.get("firstDayOfWeek") or "sunday"),
        end=_date(span.get("endDate")) if span.get("type", "").casefold() == "enddate" else None,
        count=_count(span),
        zone=_zone(span),
    )
    _check(rule)
    return rule


def _count(span: Json) -> int:
    number = values.integer(span.get("numberOfOccurrences", 0))
    return number if str(span.get("type")).casefold() == "numbered" else 0


def _zone(span: Json) -> str:
    name = values.text(span.get("recurrenceTimeZone"))
    if name:
        resolve(name)
    return name


def _date(value: Any) -> date | None:
    if value is None:
        return None
    try:
        return date.fromisoformat(values.text(value))
    except ValueError as err:
        raise values.wrong_type(value, "Edm.Date") from err


def _check(rule: Rule) -> None:
    """Refuse a pattern that cannot be (concept page: required fields by type)."""
    faults = (
        rule.interval < 1,
        rule.start == _NO_DATE,
        rule.type in _NEEDS_DAYS and not rule.days,
        rule.type in _NEEDS_DAY and not 1 <= rule.day_of_month <= 31,
        rule.type in _NEEDS_MONTH and not 1 <= rule.month <= 12,
        rule.range_type == "endDate" and (rule.end is None or rule.end < rule.start),
        rule.range_type == "numbered" and rule.count < 1,
    )
    if any(faults):
        raise invalid_property()
    if rule.end and rule.end > LAST_DATE.replace(month=9, day=1):
        raise Refused(400, "ErrorRecurrenceEndDateTooBig", "The recurrence ends too late.")
    if rule.first() is None:
        raise Refused(400, "ErrorRecurrenceHasNoOccurrence", "The recurrence has no occurrence.")
