"""Rows of a weekly meeting, for the tests of what series they make."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from core.engine.recurrence import Rule
from core.engine.series import Folded, Hint, Row, fold
from core.engine.snapshot import Keyed, Snapshot, Timed
from core.engine.timezones import local_to_utc

BRUSSELS = "Europe/Brussels"
HOUR = timedelta(hours=1)
MONDAYS = Hint("weekly", 1, {"monday"})


def at(day: date, hour: int = 9, minute: int = 0, *, hours: float = 1) -> Timed:
    """Return a span that begins then by Brussels' clock and passes so many hours."""
    wall = datetime.combine(day, time(hour, minute))
    start = local_to_utc(wall, BRUSSELS, late=True)
    return Timed(start, start + hours * HOUR)


def row(day: str, hour: int = 9, *, was: str | None = None, **fields: object) -> Row:
    """Return a row on that date; ``was`` is its slot, where it was moved from there."""
    shown = {"subject": "Plan", "when": at(date.fromisoformat(day), hour), **fields}
    original = date.fromisoformat(was) if was else None
    return Row(Keyed(shown), original, was is None)  # type: ignore[arg-type]


def folded(
    rows: list[Row],
    hint: Hint = MONDAYS,
    past: Snapshot | None = None,
    horizon: date | None = None,
) -> Folded:
    """Fold rows of a series in Brussels."""
    return fold(rows, hint, BRUSSELS, past=past, horizon=horizon)


def rule_of(snapshot: Snapshot) -> Rule:
    """Return the rule of a series."""
    rule = snapshot["rule"]
    assert isinstance(rule, Rule)
    return rule


def days_of(snapshot: Snapshot) -> tuple[str, str | None]:
    """Return the first and the last date."""
    rule = rule_of(snapshot)
    return rule.start.isoformat(), rule.end and rule.end.isoformat()


JANUARY = ["2026-01-05", "2026-01-12", "2026-01-19", "2026-01-26"]
PLAN = folded([row(day) for day in JANUARY]).snapshot
