"""Rules of a series: where it starts, what an occurrence may do, what a new pattern drops."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import islice

from ..errors import Refused, invalid_property
from ..options import Options
from .items import Content, Item, series_times
from .recurrence import LAST_DATE, Rule
from .zones import Moment, resolve, to_local, windows_name

#: So many dates show every distance that there is between two of them.
_ENOUGH = 40


def settle(content: Content, rule: Rule) -> Rule:
    """Check a series' first time against its pattern and move both to the first occurrence.

    resource recurrenceRange: startDate must be the date of the event's start; where the pattern
    does not hit it, the first occurrence is later and the master's start moves there (seen live).
    """
    start, end = content["start"], content["end"]
    zone = rule.zone or start.zone
    local = start.local if content["isAllDay"] else to_local(start.utc, resolve(zone))
    if rule.start not in (start.local.date(), local.date()):
        raise invalid_property()
    rule = replace(rule, zone=zone, start=local.date())
    first = rule.first()
    if first is None:
        raise Refused(400, "ErrorRecurrenceHasNoOccurrence", "The recurrence has no occurrence.")
    delay = first - rule.start
    content["start"], content["end"] = start.shifted(delay), end.shifted(delay)
    rule = rule.starting(first)
    days = list(islice(rule.dates(LAST_DATE), _ENOUGH))
    gaps = (later - earlier for earlier, later in zip(days, days[1:], strict=False))
    if end.local - start.local > min(gaps, default=timedelta.max):
        raise Refused(
            400, "ErrorOccurrenceTimeSpanTooBig", "An occurrence is longer than the interval."
        )
    return rule


def follow_start(item_rule: Rule, start: Moment) -> Rule:
    """Return a series' rule after its start alone was moved."""
    zone = resolve(item_rule.zone or start.zone)
    return item_rule.starting(to_local(start.utc, zone).date())


def is_moved(before: Content, after: Content) -> bool:
    """Say whether an event has another time; an IANA zone and its Windows zone are one."""
    moments = ((before[name], after[name]) for name in ("start", "end"))
    return before["isAllDay"] != after["isAllDay"] or any(
        (old.local, windows_name(old.zone)) != (new.local, windows_name(new.zone))
        for old, new in moments
    )


def is_another(old: Rule | None, new: Rule | None) -> bool:
    """Say whether a series has another rule; an IANA zone and its Windows zone are one."""
    if old is None or new is None:
        return old is not new
    return _in_windows(old) != _in_windows(new)


def _in_windows(rule: Rule) -> Rule:
    return replace(rule, zone=windows_name(rule.zone))


def is_rebuilt(options: Options, old: Rule | None, new: Rule | None, *, moved: bool) -> bool:
    """Say whether a new time or rule drops a series' exceptions and cancelled dates.

    Outlook warns that they are lost; what Graph does is not documented, so options say.
    """
    if new is None:
        return True
    only_ends = not moved and old is not None and same_but_end(old, new)
    if only_ends and not options.new_end_drops_exceptions:
        return False
    return options.pattern_change_drops_exceptions


def same_but_end(old: Rule, new: Rule) -> bool:
    """Say whether two rules differ in nothing but where they end."""
    one, other = (replace(rule, range_type="", end=None, count=0) for rule in (old, new))
    return not is_another(one, other)


def check_crossing(item: Item, slot: date, content: Content) -> None:
    """Refuse to move an occurrence to or past the day of its neighbour.

    learn.microsoft.com event-update, error ErrorOccurrenceCrossingBoundary.
    """
    begins = _days(item, content)
    before, after = _neighbours(item, slot)
    if (before is not None and begins <= before) or (after is not None and begins >= after):
        raise Refused(
            400,
            "ErrorOccurrenceCrossingBoundary",
            "Modified occurrence is crossing or overlapping adjacent occurrence.",
        )


def _neighbours(item: Item, slot: date) -> tuple[date | None, date | None]:
    """Return the days on which the occurrences before and after a slot really are."""
    assert item.rule is not None
    slots = [
        day
        for day in item.rule.dates(slot + timedelta(days=366 * 5))
        if day == slot or day not in item.cancelled
    ]
    place = slots.index(slot)
    before = slots[place - 1] if place else None
    after = slots[place + 1] if place + 1 < len(slots) else None
    return (
        None if before is None else _actual_day(item, before),
        None if after is None else _actual_day(item, after),
    )


def _actual_day(item: Item, slot: date) -> date:
    override = item.exceptions.get(slot, {})
    return _days(item, override) if "start" in override else slot


def _days(item: Item, content: Content) -> date:
    start: Moment = content["start"]
    if content.get("isAllDay", item.content["isAllDay"]):
        return start.local.date()
    zone = resolve(series_times(item)[0].zone)
    return to_local(start.utc, zone).date()
