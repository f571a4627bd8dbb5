"""A series on two lossy sides in memory, and what people do to it on either.

``Rows`` is a calendar with a row per occurrence and a recurrence record that is only a hint;
``Master`` is a mailbox: one event with exceptions and cancelled dates, which it drops when the
series gets another timing. ``n`` and ``m`` of each act choose a row and a value.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from core.engine.fields import CANCELLED
from core.engine.markup import text_of_html
from core.engine.occurrences import date_of
from core.engine.recurrence import Rule
from core.engine.series import Hint, Row, fold, overrides, slot_when, unfold
from core.engine.snapshot import EMPTY, AllDay, Body, Keyed, Person, Snapshot, Timed, Value
from core.engine.timezones import iana_to_windows, local_to_utc, windows_to_iana
from strategies import hint_of

SHARED = ("subject", "body", "people", "show_as")
START = date(2026, 3, 26)  # a Thursday, three nights before Brussels' clock goes forward
HORIZON = date(2026, 4, 20)  # up to here there are rows of what has no end
RULES = (
    Rule.settled(kind="daily", interval=1, start=START, count=5),
    Rule.settled(kind="weekly", interval=1, start=START, count=6, weekdays=["monday", "thursday"]),
    Rule.settled(kind="weekly", interval=1, start=START, weekdays=["thursday"]),
    Rule.settled(kind="daily", interval=2, start=START, end=date(2026, 4, 8)),
)
GUESTS = ("ann@example.com", "bob@example.com")
VALUES: Mapping[str, tuple[Value, ...]] = {
    "subject": ("a", "b", "c"),
    "body": tuple(Body.of(html) for html in ("", "<p>a</p>", "<p>b</p>")),
    "show_as": ("busy", "free", "oof"),
}


def as_local(name: str, value: Value) -> Value:
    """Keep what Odoo could: two kinds of busy, no kinds of people."""
    if isinstance(value, Keyed):
        return Keyed((key, Person("required", "local", key)) for key in value)
    if name == "show_as":
        return "free" if value == "free" else "busy"
    return value


def as_remote(name: str, value: Value) -> Value:
    """Keep what Exchange could: bodies in a document, zones by the name that Windows has."""
    if isinstance(value, Body):
        text = text_of_html(value.html)
        return Body.of(f"<html><head><meta x=y></head><body><div>{text}</div></body></html>")
    if name == "zone" and isinstance(value, str):
        return windows_to_iana(iana_to_windows(value))
    return value


def told(fields: Snapshot) -> dict[str, Value]:
    """Return what both sides can say of one occurrence, in one spelling, guest by guest."""
    found: dict[str, Value] = {"when": fields["when"]}
    for name in SHARED:
        value = as_local(name, fields[name])
        if isinstance(value, Keyed):
            found |= {f"people {key}": True for key in value}
        else:
            found[name] = text_of_html(value.html) if isinstance(value, Body) else value
    return found


def rule_of(series: Snapshot) -> Rule:
    """Return the rule of a series."""
    rule = series["rule"]
    assert isinstance(rule, Rule)
    return rule


def clock(series: Snapshot, rule: Rule, hour: int) -> Timed:
    """Return an hour from that time of the clock on the rule's first date."""
    zone = str(series["zone"])
    start = local_to_utc(datetime.combine(rule.start, time(hour)), zone, late=True)
    return Timed(start, start + timedelta(hours=1))


def later(when: Value, days: int) -> Timed:
    """Return an hour or so later, or days later."""
    assert isinstance(when, Timed)
    by = timedelta(days=days, minutes=10)
    return Timed(when.start + by, when.end + by)


def other_guests(people: Value, m: int) -> Keyed:
    """Add a guest who is not there, or take away one who is."""
    assert isinstance(people, Keyed)
    key = GUESTS[m % 2]
    if key in people:
        return Keyed((one, value) for one, value in people.items() if one != key)
    return Keyed({**people, key: Person(("required", "optional")[m // 2], key, key)})


def edited(shown: Snapshot, n: int, m: int) -> dict[str, Value]:
    """Return another value of one field."""
    name = SHARED[n % len(SHARED)]
    if name == "people":
        return {name: other_guests(shown[name], m)}
    return {name: VALUES[name][m % 3]}


def retimed(series: Snapshot, n: int, m: int) -> dict[str, Value]:
    """Return another pattern, or another hour, or both."""
    rule = RULES[n] if n < len(RULES) else rule_of(series)
    return {"rule": rule, "when": clock(series, rule, (9, 2, 23, 14)[m])}


@dataclass
class Rows:
    """The local side. ``reached`` is the date up to which there are rows of what goes on."""

    rows: list[Row] = field(default_factory=list)
    hint: Hint = Hint("daily", 1)
    zone: str = "UTC"

    def read(self, past: Snapshot | None) -> Keyed:
        """Return the series that the rows are."""
        found = fold(self.rows, self.hint, self.zone, past=past, horizon=HORIZON)
        assert not found.strays
        return found.snapshot

    def slots(self, past: Snapshot | None) -> dict[date, Row]:
        """Return which row is which occurrence."""
        found = fold(self.rows, self.hint, self.zone, past=past, horizon=HORIZON)
        return {slot: row for slot, row in zip(found.slots, self.rows, strict=True) if slot}

    def shows(self, past: Snapshot | None) -> dict[date, dict[str, Value]]:
        """Return the occurrences as they are here."""
        return {slot: told(row.fields) for slot, row in sorted(self.slots(past).items())}

    def write(self, target: Snapshot, shown: Snapshot | None = None) -> None:
        """Let the rows be that series; the record is written where the rule is another."""
        self.rows = [
            Row({name: as_local(name, one) for name, one in fields.items()}, original, not original)
            for slot, fields in unfold(target, until=HORIZON).items()
            for original in (slot if "when" in _own(target, slot) else None,)
        ]
        rule = rule_of(target)
        if shown is None or any(shown[name] != target[name] for name in ("rule", "zone")):
            self.record(rule)
        self.zone = str(target["zone"])

    def record(self, rule: Rule) -> None:
        """Let the recurrence record say that rule."""
        until = None if rule.count else rule.end
        self.hint = replace(hint_of(rule), until=until)

    def detach(self, past: Snapshot | None, slot: date) -> None:
        """Let one row be a meeting of its own."""
        gone = self.slots(past)[slot]
        self.rows = [row for row in self.rows if row is not gone]

    # What people do ------------------------------------------------------------------------------

    def edit_one(self, past: Snapshot, n: int, m: int) -> None:
        """Change a field of one row."""
        at = n % len(self.rows)
        row = self.rows[at]
        self._put(
            at, replace(row, fields=Keyed({**row.fields, **_local(edited(row.fields, n, m))}))
        )

    def invite_one(self, past: Snapshot, n: int, m: int) -> None:
        """Add a guest to one row, or take one away."""
        at = n % len(self.rows)
        row = self.rows[at]
        people = as_local("people", other_guests(row.fields["people"], m))
        self._put(at, replace(row, fields=Keyed({**row.fields, "people": people})))

    def move_one(self, past: Snapshot, n: int, m: int) -> None:
        """Drag one row; where it was is stored with it."""
        at = n % len(self.rows)
        row = self.rows[at]
        fields = Keyed({**row.fields, "when": later(row.when, m - 1)})
        self._put(at, Row(fields, row.original or date_of(row.when, self.zone), False))

    def cancel_one(self, past: Snapshot, n: int, m: int) -> None:
        """Delete one row."""
        if len(self.rows) > 1:
            del self.rows[n % len(self.rows)]

    def edit_all(self, past: Snapshot, n: int, m: int) -> None:
        """Change a field of all rows."""
        news = _local(edited(self.rows[0].fields, n, m))
        self.rows = [replace(row, fields=Keyed({**row.fields, **news})) for row in self.rows]

    def retime(self, past: Snapshot, n: int, m: int) -> None:
        """Give all another timing: rows are made anew, as the first one is."""
        series = self.read(past)
        common = {name: series[name] for name in (*SHARED, "zone")}
        self.write({**common, **retimed(series, n, m), "occurrences": EMPTY})

    def split(self, past: Snapshot, n: int, m: int) -> None:
        """Let this and the following rows be another series: this one ends before them."""
        slots = sorted(self.slots(past).items())
        first, _row = slots[n % len(slots)]
        kept = [row for slot, row in slots if slot < first]
        if kept:
            self.rows = kept
            until = first - timedelta(days=1)
            self.hint = replace(self.hint, is_open=False, count=None, until=until)

    def end(self, past: Snapshot, n: int, m: int) -> None:
        """Let the series end later, as Odoo does it: all rows are made anew."""
        series = self.read(past)
        last = max(self.slots(past)) + timedelta(days=3 * n + 1)
        rule = rule_of(series).ending(min(last, HORIZON))
        self.write({**series, "rule": rule, "occurrences": EMPTY})

    def _put(self, at: int, row: Row) -> None:
        self.rows[at] = row


@dataclass
class Master:
    """The remote side. It drops exceptions at a new timing and at a new end, or it does not."""

    series: Keyed = EMPTY
    own: dict[date, Value] = field(default_factory=dict)
    drops: bool = True
    drops_at_end: bool = True
    refuses: bool = False

    def read(self) -> Keyed:
        """Return the series, whole."""
        found = {
            slot.isoformat(): one
            if one == CANCELLED
            else overrides(self.series, self.at(slot), slot)
            for slot, one in sorted(self.own.items())
        }
        shown = {slot: one for slot, one in found.items() if one != EMPTY}
        return Keyed({**self.series, "occurrences": Keyed(shown)})

    def at(self, slot: date) -> Keyed:
        """Return all fields of one occurrence."""
        own = self.own.get(slot)
        fields = {**self.series, "when": slot_when(self.series, slot)}
        return Keyed({**fields, **(own if isinstance(own, Keyed) else {})})

    def present(self) -> list[date]:
        """Return the dates on which it takes place."""
        days = rule_of(self.series).slots(HORIZON)
        return [day for day in days if self.own.get(day) != CANCELLED]

    def shows(self, _past: Snapshot | None = None) -> dict[date, dict[str, Value]]:
        """Return the occurrences as they are here."""
        return {slot: told(self.at(slot)) for slot in self.present()}

    def write(self, values: Snapshot) -> None:
        """Change the series; another timing drops what is otherwise on single dates."""
        news = {name: as_remote(name, one) for name, one in values.items() if name != "occurrences"}
        before, self.series = self.series, Keyed({**self.series, **news})
        if not before:
            return
        rules = rule_of(before), rule_of(self.series)
        only_ends = before["when"] == self.series["when"] and before["zone"] == self.series["zone"]
        only_ends &= rules[0].same_pattern(rules[1])
        if only_ends and rules[0] == rules[1]:
            return
        if self.drops and (self.drops_at_end or not only_ends):
            self.own = {}
        self.own = {slot: one for slot, one in self.own.items() if rules[1].hits(slot)}

    def write_one(self, slot: date, part: Value) -> bool:
        """Change or cancel one occurrence; return whether that was accepted."""
        if self.own.get(slot) == CANCELLED or not rule_of(self.series).hits(slot):
            return part == CANCELLED
        if not isinstance(part, Keyed):
            self.own[slot] = CANCELLED
            return True
        if self.refuses and "when" in part and self._crosses(slot, part["when"]):
            return False
        news = {name: as_remote(name, value) for name, value in part.items()}
        own = self.own.get(slot)
        self.own[slot] = Keyed({**(own if isinstance(own, Keyed) else {}), **news})
        self.own[slot] = overrides(self.series, self.at(slot), slot)
        return True

    def _crosses(self, slot: date, when: Value) -> bool:
        """Say whether an occurrence would come to the day of its neighbour, or pass it."""
        assert isinstance(when, (Timed, AllDay))
        zone = str(self.series["zone"])
        days = self.present()
        at, own = days.index(slot), date_of(when, zone)
        before = [self._day(day) for day in days[:at][-1:]]
        after = [self._day(day) for day in days[at + 1 :][:1]]
        return any(day >= own for day in before) or any(day <= own for day in after)

    def _day(self, slot: date) -> date:
        when: Any = self.at(slot)["when"]
        return date_of(when, str(self.series["zone"]))

    # What people do ------------------------------------------------------------------------------

    def edit_one(self, past: Snapshot, n: int, m: int) -> None:
        """Change a field of one occurrence."""
        slot = self._choose(n)
        self.write_one(slot, Keyed(edited(self.at(slot), n, m)))

    def invite_one(self, past: Snapshot, n: int, m: int) -> None:
        """Add a guest to one occurrence, or take one away."""
        slot = self._choose(n)
        self.write_one(slot, Keyed({"people": other_guests(self.at(slot)["people"], m)}))

    def move_one(self, past: Snapshot, n: int, m: int) -> None:
        """Drag one occurrence."""
        slot = self._choose(n)
        self.write_one(slot, Keyed({"when": later(self.at(slot)["when"], m - 1)}))

    def cancel_one(self, past: Snapshot, n: int, m: int) -> None:
        """Delete one occurrence."""
        if len(self.present()) > 1:
            self.write_one(self._choose(n), CANCELLED)

    def edit_all(self, past: Snapshot, n: int, m: int) -> None:
        """Change a field of the series."""
        self.write(edited(self.series, n, m))

    def retime(self, past: Snapshot, n: int, m: int) -> None:
        """Give the series another timing."""
        self.write(retimed(self.series, n, m))
        self._stay_alive()

    def split(self, past: Snapshot, n: int, m: int) -> None:
        """Let the series end before one of its occurrences."""
        slots = self.present()
        last = slots[n % len(slots)] - timedelta(days=1)
        if last >= slots[0]:
            self.write({"rule": rule_of(self.series).ending(last)})
            self._stay_alive()

    def end(self, past: Snapshot, n: int, m: int) -> None:
        """Let the series end later."""
        rule = rule_of(self.series)
        last = max(self.present()) + timedelta(days=3 * n + 1)
        self.write({"rule": rule.ending(min(last, HORIZON))})
        self._stay_alive()

    def _choose(self, n: int) -> date:
        slots = self.present()
        return slots[n % len(slots)]

    def _stay_alive(self) -> None:
        if not self.present():
            self.own = {}


Act = Callable[[Snapshot, int, int], None]
GENTLE = ("edit_one", "invite_one", "move_one", "cancel_one", "edit_all")
ACTS = (*GENTLE, *GENTLE, "retime", "split", "end")


def _own(series: Snapshot, slot: date) -> Snapshot:
    exceptions = series["occurrences"]
    assert isinstance(exceptions, Keyed)
    own = exceptions.get(slot.isoformat())
    return own if isinstance(own, Keyed) else EMPTY


def _local(values: Snapshot) -> dict[str, Value]:
    return {name: as_local(name, value) for name, value in values.items()}
