"""The part of the form that says how an event repeats: how often, on which days, until when."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from ..exchange.items import Json
from ..exchange.recurrence import DAYS, INDEXES, Rule

CHOICES = {
    "": "Does not repeat",
    "daily": "Every day",
    "weekly": "Every week",
    "absoluteMonthly": "Every month, on a date",
    "relativeMonthly": "Every month, on a weekday",
    "absoluteYearly": "Every year, on a date",
    "relativeYearly": "Every year, on a weekday",
}
ENDS = {"noEnd": "Never", "endDate": "On a date", "numbered": "After a number of times"}
ORDER = {name: name.capitalize() for name in INDEXES}
#: Boxes: a browser sends those that are ticked only.
BOXES = tuple(f"repeat_{day}" for day in DAYS)
BLANK = {
    "repeat": "",
    "repeat_every": "1",
    **dict.fromkeys(BOXES, ""),
    "repeat_index": "first",
    "repeat_day": "",
    "repeat_ends": "noEnd",
    "repeat_until": "",
    "repeat_times": "10",
}


def shown(rule: Rule | None) -> dict[str, str]:
    """Return the fields of a series as it is; of anything else that it does not repeat."""
    if rule is None:
        return dict(BLANK)
    fields = {
        **BLANK,
        "repeat": rule.type,
        "repeat_every": str(rule.interval),
        "repeat_index": rule.index,
        "repeat_ends": rule.range_type,
    }
    fields |= {f"repeat_{day}": "1" for day in rule.days}
    if rule.day_of_month:
        fields["repeat_day"] = str(rule.day_of_month)
    if rule.range_type == "endDate" and rule.end:
        fields["repeat_until"] = rule.end.isoformat()
    elif rule.range_type == "numbered":
        fields["repeat_times"] = str(rule.count)
    return fields


def posted(values: Mapping[str, str], opened: Mapping[str, str]) -> dict[str, str]:
    """Return the fields as the person left them; of what does not repeat nothing else counts."""
    if "repeat" not in values:
        return {name: opened[name] for name in BLANK}
    if not values["repeat"]:
        return dict(BLANK)
    boxes = {name: values.get(name, "") for name in BOXES}
    lines = {name: values.get(name, opened[name]).strip() for name in BLANK if name not in boxes}
    return boxes | lines


def rule(fields: Mapping[str, str], start: date) -> Json | None:
    """Return the recurrence that the fields of a series mean that begins on a date."""
    kind = fields["repeat"]
    if not kind:
        return None
    pattern: Json = {"type": kind, "interval": _number(fields["repeat_every"])}
    if kind == "weekly" or kind.startswith("relative"):
        chosen = [day for day in DAYS if fields[f"repeat_{day}"]]
        pattern["daysOfWeek"] = chosen or [DAYS[(start.weekday() + 1) % 7]]
    if kind == "weekly":
        pattern["firstDayOfWeek"] = "monday"
    if kind.startswith("relative"):
        pattern["index"] = fields["repeat_index"]
    if kind.startswith("absolute"):
        pattern["dayOfMonth"] = _number(fields["repeat_day"] or str(start.day))
    if kind.endswith("Yearly"):
        pattern["month"] = start.month
    return {"pattern": pattern, "range": _span(fields, start)}


def _span(fields: Mapping[str, str], start: date) -> Json:
    kind = fields["repeat_ends"]
    span: Json = {"type": kind, "startDate": start.isoformat()}
    if kind == "endDate":
        span["endDate"] = fields["repeat_until"]
    elif kind == "numbered":
        span["numberOfOccurrences"] = _number(fields["repeat_times"])
    return span


def _number(text: str) -> int:
    """Read a count; nonsense becomes 0, which the calendar refuses."""
    return int(text) if text.isdecimal() else 0
