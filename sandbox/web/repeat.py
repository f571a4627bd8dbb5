"""The part of the form that makes a series: how often, on which days, until when."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from ..exchange.items import Json
from ..exchange.recurrence import DAYS

CHOICES = {
    "": "Does not repeat",
    "daily": "Every day",
    "weekly": "Every week",
    "absoluteMonthly": "Every month",
    "absoluteYearly": "Every year",
}
ENDS = {"noEnd": "Never", "endDate": "On a date", "numbered": "After a number of times"}


def rule(values: Mapping[str, str], start: date) -> Json | None:
    """Return the recurrence that the person chose for a series that begins on a date."""
    kind = values.get("repeat", "")
    if not kind:
        return None
    pattern: Json = {"type": kind, "interval": _number(values, "repeat_every")}
    if kind == "weekly":
        chosen = [day for day in DAYS if values.get(f"repeat_{day}")]
        pattern["daysOfWeek"] = chosen or [DAYS[(start.weekday() + 1) % 7]]
        pattern["firstDayOfWeek"] = "monday"
    elif kind != "daily":
        pattern["dayOfMonth"] = start.day
    if kind == "absoluteYearly":
        pattern["month"] = start.month
    return {"pattern": pattern, "range": _span(values, start)}


def _span(values: Mapping[str, str], start: date) -> Json:
    kind = values.get("repeat_ends", "noEnd")
    span: Json = {"type": kind, "startDate": start.isoformat()}
    if kind == "endDate":
        span["endDate"] = values.get("repeat_until", "")
    elif kind == "numbered":
        span["numberOfOccurrences"] = _number(values, "repeat_times")
    return span


def _number(values: Mapping[str, str], name: str) -> int:
    """Read a count; nonsense becomes 0, which the calendar refuses."""
    text = values.get(name, "1").strip()
    return int(text) if text.isdecimal() else 0
