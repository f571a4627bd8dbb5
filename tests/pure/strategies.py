"""Hypothesis strategies for what sides show: one base, disturbed twice.

Drawn independently, two snapshots would share nothing and a merge would meet conflicts only. So a
``Case`` draws what was, then what became of it on either side, from pools small enough to collide.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone

from hypothesis import strategies as st

from core.engine.fields import CANCELLED, KINDS, SENSITIVITIES, SHOW_AS
from core.engine.reconcile import Base, Decision, Merge, reconcile
from core.engine.snapshot import EMPTY, AllDay, Body, Keyed, Person, Side, Snapshot, Timed, Value

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

FIELDS: dict[str, st.SearchStrategy[Value]] = {
    "subject": lines,
    "body": bodies,
    "when": whens,
    "zone": st.sampled_from(ZONES),
    "location": lines,
    "sensitivity": st.sampled_from(SENSITIVITIES),
    "people": people,
    "show_as": st.sampled_from(SHOW_AS),
    "reminder": st.sampled_from([None, 0, 15]),
    "categories": members,
}
# Enough to merge: each type of value once, and one field that is nested.
_PLAIN = ("body", "categories", "people", "reminder", "subject", "when", "zone")
NESTED = {**{name: FIELDS[name] for name in _PLAIN}, "occurrences": occurrences}

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
