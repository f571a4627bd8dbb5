"""Patterns of series as Odoo's recurrence records say them: both directions.

Odoo's fields are poorer than Exchange's patterns: one weekday in a month, no weekday in a year, no
first day of the week, and months without the day are skipped. What they cannot say stands as an
RRULE in `outlook_rule`; the fields then hold the nearest pattern that they can.

Odoo makes 720 rows of what goes on for ever, and its record is then likely to say "720 times"
(it reads its own RRULE back): that number means for ever, whoever chose it.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from odoo.addons.calendar.models.calendar_recurrence import MAX_RECURRENT_EVENT

from ..core.engine.recurrence import DAYS, INDEXES, Rule
from ..core.engine.series import Hint

#: Odoo's fields for the days of a week, in the order of `DAYS`.
_FLAGS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_POSITIONS = ("1", "2", "3", "4", "-1")  # in the order of `INDEXES`
_UNITS = {
    "daily": "daily",
    "weekly": "weekly",
    "absoluteMonthly": "monthly",
    "relativeMonthly": "monthly",
    "absoluteYearly": "yearly",
    "relativeYearly": "monthly",
}
#: The shortest February: the last day that every month has.
_SAFE_DAY = 28
_LONG_MONTHS = (1, 3, 5, 7, 8, 10, 12)


def first_day(env, user) -> str:
    """Return the day on which weeks begin for a user: Odoo reads it in his language."""
    lang = env["res.lang"]._get_data(code=(user or env.user).lang)
    return DAYS[int(lang.week_start) % 7]


def hint(recurrence, base: date, week: str) -> Hint:
    """Return what a recurrence record says. `base`: the day of its base event, `week`: `first_day`.

    Only a hint: the rows may follow another pattern, and often do (another week, an edited rule).
    """
    text = recurrence.outlook_rule
    said = _said_by_text(text) if text else _said_by_fields(recurrence, base)
    count = recurrence.count if recurrence.end_type == "count" else None
    is_open = recurrence.end_type == "forever" or count == MAX_RECURRENT_EVENT
    return Hint(
        **{"first_day": week, **said},
        is_open=is_open,
        count=None if is_open else count,
        until=(recurrence.end_type == "end_date" and recurrence.until) or None,
    )


def values(rule: Rule, zone: str, week: str) -> dict[str, Any]:
    """Return the fields of the recurrence record for a rule. `week`: the owner's `first_day`."""
    vals: dict[str, Any] = {
        "rrule_type": _UNITS[rule.kind],
        "interval": rule.interval,
        "event_tz": zone,
        "outlook_rule": False if _is_plain(rule, week) else rule.rrule(),
        **{flag: day in rule.weekdays for flag, day in zip(_FLAGS, DAYS, strict=True)},
        **_ending(rule),
    }
    if rule.kind.endswith("Monthly"):
        vals["month_by"] = "day" if rule.weekdays else "date"
    if rule.kind == "relativeYearly":
        vals |= {"month_by": "day", "interval": 12 * rule.interval}
    if rule.day:
        vals["day"] = rule.day
    if vals.get("month_by") == "day":
        named = next(day for day in DAYS if day in rule.weekdays)
        vals["weekday"] = named[:3].upper()
        vals["byday"] = _POSITIONS[INDEXES.index(rule.index)]
    return vals


def _ending(rule: Rule) -> dict[str, Any]:
    if rule.end is None:
        return {"end_type": "forever"}
    if rule.count is not None and rule.count < MAX_RECURRENT_EVENT:
        return {"end_type": "count", "count": rule.count}
    return {"end_type": "end_date", "until": rule.end}


def _is_plain(rule: Rule, week: str) -> bool:
    """Tell whether Odoo's fields, read by their owner, say this rule to the day."""
    if rule.kind == "weekly":
        return rule == replace(rule, first_day=week)
    if rule.kind == "absoluteMonthly":
        return rule.day <= _SAFE_DAY
    if rule.kind == "absoluteYearly":
        return rule.day <= _SAFE_DAY or (rule.month != 2 and rule.day <= _length(rule.month))
    return rule.kind == "daily" or (rule.kind == "relativeMonthly" and len(rule.weekdays) == 1)


def _length(month: int) -> int:
    return 31 if month in _LONG_MONTHS else 30


def _said_by_fields(recurrence, base: date) -> dict[str, Any]:
    said = _SAID[recurrence.rrule_type or "weekly"](recurrence, base)
    return {"interval": max(recurrence.interval, 1), **said}


def _said_weekly(recurrence, base: date) -> dict[str, Any]:
    days = frozenset(day for flag, day in zip(_FLAGS, DAYS, strict=True) if recurrence[flag])
    return {"kind": "weekly", "weekdays": days or frozenset({DAYS[base.isoweekday() % 7]})}


def _said_monthly(recurrence, base: date) -> dict[str, Any]:
    if recurrence.month_by != "day" or not recurrence.weekday or not recurrence.byday:
        return {"kind": "absoluteMonthly", "day": recurrence.day or base.day}
    named = next(day for day in DAYS if day[:3].upper() == recurrence.weekday)
    return {
        "kind": "relativeMonthly",
        "weekdays": frozenset({named}),
        "index": INDEXES[_POSITIONS.index(recurrence.byday)],
    }


_SAID: Mapping[str, Callable[[Any, date], dict[str, Any]]] = {
    "daily": lambda _recurrence, _base: {"kind": "daily"},
    "weekly": _said_weekly,
    "monthly": _said_monthly,
    "yearly": lambda _recurrence, base: {
        "kind": "absoluteYearly",
        "day": base.day,
        "month": base.month,
    },
}


def _said_by_text(text: str) -> dict[str, Any]:
    """Read what `Rule.rrule` wrote."""
    parts = dict(part.split("=") for part in text.split(";"))
    unit, days = parts["FREQ"], parts.get("BYDAY", "")
    said: dict[str, Any] = {"kind": unit.lower(), "interval": int(parts["INTERVAL"])}
    if unit in ("MONTHLY", "YEARLY"):
        said["kind"] = ("relative" if days else "absolute") + unit.title()
    if days:
        said["weekdays"] = frozenset(map(_day_named, days.split(",")))
    if "WKST" in parts:
        said["first_day"] = _day_named(parts["WKST"])
    if "BYMONTH" in parts:
        said["month"] = int(parts["BYMONTH"])
    if "BYMONTHDAY" in parts:
        said["day"] = int(parts["BYMONTHDAY"].split(",")[-1])
    elif "BYSETPOS" in parts:
        said["index"] = INDEXES[_POSITIONS.index(parts["BYSETPOS"])]
    return said


def _day_named(short: str) -> str:
    return next(day for day in DAYS if day[:2].upper() == short)
