"""Hypothesis strategies for what sides show: one base, disturbed twice.

Drawn independently, two snapshots would share nothing and a merge would meet conflicts only. So a
``Case`` draws what was, then what became of it on either side, from pools small enough to collide.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from itertools import islice

from hypothesis import strategies as st

from core.engine.fields import CANCELLED, KINDS, SENSITIVITIES, SHOW_AS
from core.engine.reconcile import Base, Decision, Merge, reconcile
from core.engine.recurrence import DAYS, INDEXES, Rule
from core.engine.recurrence import KINDS as PATTERNS
from core.engine.series import Hint
from core.engine.series import overrides as differing
from core.engine.snapshot import (
    EMPTY,
    AllDay,
    Body,
    Keyed,
    Person,
    Side,
    Snapshot,
    Timed,
    Value,
    When,
)
from core.engine.timezones import local_to_utc

SIDES = st.sampled_from(list(Side))
ZONES = ("Asia/Ho_Chi_Minh", "Europe/Brussels", "America/New_York", "Australia/Lord_Howe")
ADDRESSES = ("ann@example.com", "bob@example.com", "cy@example.com", "name:room 1")

_NOON = datetime(2026, 3, 29, 12, tzinfo=timezone.utc)
_DAY = date(2026, 3, 29)

lines = st.sampled_from(["", "a", "a\xa0", "é", "e\u0301", "😀 b"])
timed = st.sampled_from(
    [
        Timed(_NOON, _NOON),
        Timed(_NOON, _NOON + timedelta(hours=1)),
        Timed(_NOON + timedelta(hours=1), _NOON + timedelta(days=3)),
    ]
)
all_day = st.sampled_from(
    [
        AllDay(_DAY, _DAY),
        AllDay(_DAY, _DAY + timedelta(days=2)),
        AllDay(_DAY, date.max),
    ]
)
whens = timed | all_day
bodies = st.sampled_from(
    [Body.of(html) for html in ("", "<p>a</p>", "<p>b</p>", "<b>a</b>", "<img src=x>")]
)
persons = st.builds(
    Person, st.sampled_from(KINDS), st.sampled_from(["", "Ann"]), st.sampled_from([None, "A@b.c"])
)
people = st.dictionaries(st.sampled_from(ADDRESSES), persons).map(Keyed)
members = st.frozensets(st.sampled_from(["Red", "Blue", "Green"]))

# The occurrences of a series that differ: keyed, and keyed again inside.
overrides = (
    st.fixed_dictionaries(
        {}, optional={"subject": lines, "when": timed, "people": people, "categories": members}
    )
    .filter(bool)
    .map(Keyed)
)
occurrences = st.dictionaries(
    st.sampled_from(["2026-01-05", "2026-01-12"]), overrides | st.just(CANCELLED)
).map(Keyed)

# Nights on which a clock changes, in one of the zones; and the ends of months.
_STARTS = st.dates(date(2024, 1, 1), date(2027, 12, 31)) | st.sampled_from(
    [
        date(2024, 2, 29),
        date(2026, 1, 31),
        date(2026, 3, 8),  # New York, forward
        date(2026, 3, 29),  # Brussels, forward
        date(2026, 4, 5),  # Lord Howe, back, by half an hour
        date(2026, 10, 4),  # Lord Howe, forward
        date(2026, 10, 25),  # Brussels, back
        date(2026, 11, 1),  # New York, back
    ]
)
_CLOCKS = st.sampled_from(
    [time(0), time(1, 30), time(2), time(2, 15), time(2, 30), time(9), time(22), time(23, 45)]
)
_LENGTHS = st.sampled_from([timedelta(minutes=minutes) for minutes in (0, 30, 60, 480, 1500)])


@st.composite
def rules(draw: st.DrawFn, *, ends: bool | None = None) -> Rule:
    """Draw a rule of any kind; ``ends`` says whether it has an end."""
    day = draw(st.integers(1, 31) | st.integers(28, 31))
    has_end = draw(st.booleans()) if ends is None else ends
    return Rule.settled(
        kind=draw(st.sampled_from(PATTERNS)),
        interval=draw(st.integers(1, 3)),
        start=draw(_STARTS),
        count=draw(st.integers(1, 12)) if has_end else None,
        weekdays=draw(st.frozensets(st.sampled_from(DAYS), min_size=1)),
        day=day,
        month=draw(st.integers(1, 12) | st.just(2)),
        index=draw(st.sampled_from(INDEXES)),
        first_day=draw(st.sampled_from(DAYS)),
    )


def hint_of(rule: Rule, *, first_day: str | None = None) -> Hint:
    """Return what a recurrence record would say that means this rule."""
    return Hint(
        kind=rule.kind,
        interval=rule.interval,
        weekdays=rule.weekdays,
        day=rule.day,
        month=rule.month,
        index=rule.index,
        first_day=first_day or rule.first_day,
        is_open=rule.end is None,
        count=rule.count,
    )


@st.composite
def spans(draw: st.DrawFn, day: date, zone: str) -> When:
    """Draw when a meeting takes place that begins on that date of that zone."""
    if draw(st.integers(1, 5)) == 5:
        return AllDay(day, day + timedelta(days=draw(st.integers(0, 2))))
    start = local_to_utc(datetime.combine(day, draw(_CLOCKS)), zone, late=True)
    return Timed(start, start + draw(_LENGTHS))


@st.composite
def series(draw: st.DrawFn, *, ends: bool | None = None) -> Keyed:
    """Draw a series with a few exceptions among its first dates; one at least takes place."""
    zone = draw(st.sampled_from(ZONES))
    rule = draw(rules(ends=ends))
    plain = Keyed(
        {
            "subject": draw(lines),
            "people": draw(people),
            "zone": zone,
            "when": draw(spans(rule.start, zone)),
            "rule": rule,
            "occurrences": EMPTY,
        }
    )
    slots = list(islice(rule.slots(), 12))
    touched = draw(st.lists(st.sampled_from(slots), max_size=4, unique=True))
    exceptions = {slot: draw(_exceptions(plain, slot)) for slot in touched}
    if all(exceptions.get(slot) == CANCELLED for slot in slots):
        return plain
    return with_exceptions(plain, exceptions)


@st.composite
def changed_series(draw: st.DrawFn, was: Snapshot) -> Snapshot:
    """Change a series as people do: some dates, its name, its end, or all of its timing."""
    rule = was["rule"]
    assert isinstance(rule, Rule)
    shown = dict(was)
    if draw(st.booleans()):
        shown["subject"] = draw(lines)
    if draw(st.integers(1, 3)) == 3:
        shown.update(draw(_retimed(was)))
    elif draw(st.integers(1, 3)) == 3:
        shown["rule"] = rule.ending(draw(st.sampled_from(list(islice(rule.slots(), 6)))))
    now = shown["rule"]
    if not isinstance(now, Rule):
        return Keyed({**shown, "occurrences": EMPTY})
    slots = list(islice(now.slots(), 6))
    old = shown["occurrences"]
    assert isinstance(old, Keyed)
    exceptions = {date.fromisoformat(slot): one for slot, one in old.items()}
    for slot in draw(st.lists(st.sampled_from(slots), max_size=2, unique=True)):
        exceptions[slot] = draw(st.just(EMPTY) | _exceptions(shown, slot))
    return with_exceptions(shown, {slot: one for slot, one in exceptions.items() if now.hits(slot)})


@st.composite
def _retimed(draw: st.DrawFn, was: Snapshot) -> dict[str, Value]:
    """Draw another timing: another time of day, zone, pattern, or none."""
    zone = draw(st.sampled_from([str(was["zone"]), *ZONES]))
    rule = was["rule"]
    if draw(st.booleans()):
        rule = draw(st.none() | rules())
    day = rule.start if isinstance(rule, Rule) else draw(_STARTS)
    return {"rule": rule, "zone": zone, "when": draw(spans(day, zone))}


def with_exceptions(snapshot: Snapshot, exceptions: dict[date, Value]) -> Keyed:
    """Return the series with these exceptions and no others; empty ones are none."""
    kept = {slot.isoformat(): one for slot, one in exceptions.items() if one != EMPTY}
    return Keyed({**snapshot, "occurrences": Keyed(kept)})


def _exceptions(snapshot: Snapshot, slot: date) -> st.SearchStrategy[Value]:
    """Draw what may be otherwise on one date; nothing, where it comes out as the series has it."""
    near = st.integers(-2, 2).map(lambda days: slot + timedelta(days=days))
    zone = str(snapshot["zone"])
    fields = st.fixed_dictionaries(
        {},
        optional={
            "subject": lines,
            "people": people,
            "when": near.flatmap(lambda day: spans(day, zone)),
        },
    )
    return fields.map(lambda one: differing(snapshot, one, slot)) | st.just(CANCELLED)


FIELDS: dict[str, st.SearchStrategy[Value]] = {
    "subject": lines,
    "body": bodies,
    "when": whens,
    "zone": st.sampled_from(ZONES),
    "location": lines,
    "sensitivity": st.sampled_from(SENSITIVITIES),
    "people": people,
    "rule": st.none() | rules(),
    "occurrences": occurrences,
    "show_as": st.sampled_from(SHOW_AS),
    "reminder": st.sampled_from([None, 0, 15]),
    "categories": members,
}
# A meeting that takes place once: what hangs together in a series is drawn together.
SINGLE = sorted(FIELDS.keys() - {"rule", "occurrences"})
BLANK: Snapshot = {
    "subject": "", "body": Body.of(""), "when": None, "zone": "UTC", "people": EMPTY,
    "show_as": "busy", "categories": frozenset(), "sensitivity": "normal", "reminder": None,
    "location": "",
}  # fmt: skip
single_meetings = st.fixed_dictionaries({}, optional={name: FIELDS[name] for name in SINGLE}).map(
    lambda values: Keyed({**BLANK, **values})
)
edits = st.lists(st.sampled_from(SINGLE), min_size=1, max_size=3, unique=True).flatmap(
    lambda names: st.fixed_dictionaries({name: FIELDS[name] for name in names})
)
# Enough to merge: each type of value once, and one field that is nested.
_PLAIN = ("body", "categories", "people", "reminder", "subject", "when", "zone")
NESTED = {name: FIELDS[name] for name in (*_PLAIN, "occurrences")}

full_snapshots = st.fixed_dictionaries(NESTED).map(Keyed)
snapshots = st.fixed_dictionaries({}, optional=NESTED).map(Keyed)
table_snapshots = st.fixed_dictionaries({}, optional=FIELDS).map(Keyed)


@st.composite
def disturbed(draw: st.DrawFn, snapshot: Snapshot) -> Snapshot:
    """Change a few fields; of keyed values and sets often only a part."""
    now = dict(snapshot)
    for name in draw(st.lists(st.sampled_from(sorted(NESTED)), max_size=4, unique=True)):
        if name in now:
            now[name] = draw(_changed(now[name], NESTED[name]))
    return Keyed(now)


def _changed(old: Value, anything: st.SearchStrategy[Value]) -> st.SearchStrategy[Value]:
    if isinstance(old, Keyed):
        return st.builds(_grafted, st.just(old), anything, st.sets(st.sampled_from([*old, ""])))
    if isinstance(old, frozenset):
        return st.builds(lambda new, gone: (old | new) - gone, anything, members)
    return anything


def _grafted(old: Keyed, new: Keyed, gone: set[str]) -> Keyed:
    """Put some new keys over the old ones, and take some away."""
    return Keyed({key: one for key, one in {**old, **new}.items() if key not in gone})


@dataclass(frozen=True)
class Case:
    """What was, what each side shows now, and who prevails."""

    base: Base | None
    local: Snapshot | None
    remote: Snapshot | None
    winner: Side

    def decision(self) -> Decision:
        """Reconcile it."""
        return reconcile(self.base, self.local, self.remote, winner=self.winner)

    def mirrored(self) -> Case:
        """Swap the sides."""
        base = self.base and Base(local=self.base.remote, remote=self.base.local)
        return Case(base, self.remote, self.local, self.winner.other)

    def shown(self, side: Side) -> Snapshot:
        """Return what that side shows now (of a case where both are there)."""
        shown = self.local if side is Side.LOCAL else self.remote
        assert shown is not None
        return shown


@st.composite
def merges(draw: st.DrawFn) -> Case:
    """Draw a case with a base and both sides there.

    Half of the time both halves of the base are alike, else each side has its own way of saying
    the same: the remote half is the local one, disturbed.
    """
    was_local = draw(full_snapshots)
    was_remote = draw(disturbed(was_local)) if draw(st.booleans()) else was_local
    return Case(
        Base(was_local, was_remote),
        draw(disturbed(was_local)),
        draw(disturbed(was_remote)),
        draw(SIDES),
    )


@st.composite
def thinned_merges(draw: st.DrawFn) -> Case:
    """Draw a case with a base and both sides, where some fields are not shown or have no past."""
    case = draw(merges())
    assert case.base is not None
    return Case(
        Base(draw(_thinned(case.base.local)), draw(_thinned(case.base.remote))),
        draw(_thinned(case.shown(Side.LOCAL))),
        draw(_thinned(case.shown(Side.REMOTE))),
        case.winner,
    )


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Draw any case: with and without base and sides, or all at odds."""
    case = draw(thinned_merges())
    missing = draw(st.sets(st.sampled_from(["base", "local", "remote"])))
    odd = draw(st.sets(st.sampled_from(["base", "local", "remote"]), max_size=1))
    return Case(
        None if "base" in missing else Base(draw(snapshots), EMPTY) if "base" in odd else case.base,
        None if "local" in missing else draw(snapshots) if "local" in odd else case.local,
        None if "remote" in missing else draw(snapshots) if "remote" in odd else case.remote,
        case.winner,
    )


def _thinned(snapshot: Snapshot) -> st.SearchStrategy[Snapshot]:
    """Leave some fields out, as a side that cannot say them."""
    return st.sets(st.sampled_from(sorted(NESTED)), max_size=3).map(
        lambda hidden: Keyed({name: one for name, one in snapshot.items() if name not in hidden})
    )


def after(shown: Snapshot, written: Snapshot) -> Snapshot:
    """Return what a side that loses nothing shows after a write."""
    return Keyed({**shown, **written})


def applied(case: Case) -> Case:
    """Carry a merge out on both sides, the base not yet recorded."""
    decision = case.decision()
    if not isinstance(decision, Merge):
        return case
    return Case(
        case.base,
        after(case.shown(Side.LOCAL), decision.to_local),
        after(case.shown(Side.REMOTE), decision.to_remote),
        case.winner,
    )
