"""A series on two lossy sides, acts of people and crashes: both end in step and stay quiet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TypeAlias

from hypothesis import given, reject, settings
from hypothesis import strategies as st
from series_sides import ACTS, GENTLE, HORIZON, RULES, Master, Rows, clock, told

from core.engine.codec import dump_base, load_base
from core.engine.fields import CANCELLED
from core.engine.reconcile import Base, Merge, Nothing, Overruled, reconcile, record
from core.engine.series import overrides, slot_when, unfold
from core.engine.snapshot import EMPTY, Body, Keyed, Side, Snapshot, Value
from strategies import SIDES

_TIMING = {"rule", "when", "zone"}
ROUNDS = 3

Acts: TypeAlias = list[tuple[str, int, int]]  # what is done, to which row, with which value


class Crash(Exception):
    """The process died between two commits."""


class Bridge:
    """A round as it is carried out: the order of its writes, and what is recorded when.

    ``fuel`` is the number of commits and writes before it dies.
    """

    def __init__(self, rows: Rows, master: Master) -> None:
        self.rows, self.master = rows, master
        self.refused: dict[str, Value] = {}
        self.detached: set[date] = set()
        self.overruled: list[Overruled] = []
        self.writes = 0
        self.fuel = 1000
        self.before: Base | None = None  # what was known before a write of the timing
        self.base = record(None, rows.read(None), master.read())

    @property
    def base(self) -> Base:
        """What both sides showed last, as the database keeps it."""
        return load_base(self._stored)

    @base.setter
    def base(self, base: Base) -> None:
        self._stored = dump_base(base)

    def there(self, side: Side) -> Rows | Master:
        """Return what is on that side."""
        return self.rows if side is Side.LOCAL else self.master

    def is_set_aside(self, slot: str) -> bool:
        """Say whether an occurrence is refused, or went its own way."""
        return slot in self.refused or date.fromisoformat(slot) in self.detached

    def past(self) -> Snapshot:
        """Return what this side showed last."""
        return self.base.local

    def round(self, winner: Side, fuel: int = 1000) -> None:
        """Look and write, and look again as long as it must."""
        self.fuel, self.before = fuel, None
        try:
            for _turn in range(3):
                if not self._look(winner):
                    return
        except Crash:
            return

    def settle(self, winner: Side = Side.LOCAL) -> None:
        """Run undisturbed rounds; then one that finds nothing to do."""
        for _round in range(ROUNDS):
            self.round(winner)
        writes = self.writes
        self.round(Side.REMOTE)
        assert self.writes == writes

    def in_step(self) -> None:
        """Assert that both show the same, but for what one refuses."""
        local, remote = self.rows.shows(self.past()), self.master.shows()
        for slot in self.refused:
            local.pop(date.fromisoformat(slot), None)
            remote.pop(date.fromisoformat(slot), None)
        assert local == remote

    def _tick(self) -> None:
        self.fuel -= 1
        if self.fuel < 0:
            raise Crash

    def _look(self, winner: Side) -> bool:
        base, shown = self.base, self.master.read()
        if self.before:
            base, self.before = _undropped(base, self.before, shown), None
        local = self.rows.read(base.local)
        decision = reconcile(base, local, shown, winner=winner)
        if decision == Nothing():
            return False
        assert isinstance(decision, Merge)
        self._tick()
        target = Keyed({**local, **decision.to_local})
        if not unfold(target, until=HORIZON, limit=1):
            reject()  # together they left no date, and that is another matter
        if decision.to_local:
            self.writes += 1
            self.rows.write(target, local)
        local = self.rows.read({**local, **decision.to_local})
        self.overruled += decision.overruled
        wanted = decision.to_remote
        now = record(base, local, shown, pending=wanted.keys() - {"occurrences"})
        if "occurrences" in wanted:
            now = _keep_past(now, base, _differing(_of(wanted), _of(shown)))
        self.base = now
        return self._write(local, shown, wanted)

    def _write(self, local: Snapshot, shown: Snapshot, wanted: Snapshot) -> bool:
        own = Keyed((name, one) for name, one in wanted.items() if name != "occurrences")
        if not _TIMING.isdisjoint(own) or "occurrences" not in wanted:
            return bool(own) and self._whole(own, local)
        series = Keyed({**shown, **own})
        parts = self._parts(series, _of(wanted), local)
        again = False
        if own and own.keys() != {"people"}:
            again = self._whole(own, local)
        if parts:
            self._single(series, parts, local)
        if own.keys() == {"people"}:
            again = self._whole(own, local)
        return again

    def _whole(self, own: Snapshot, local: Snapshot) -> bool:
        self._tick()
        self.writes += 1
        self.master.write(own)
        self._tick()
        answer = {name: one for name, one in self.master.read().items() if name != "occurrences"}
        base = record(self.base, local, answer)
        exceptions = {**_of(base.local), **_of(base.remote), **_of(local)}
        again = bool(exceptions) and not _TIMING.isdisjoint(own)
        self.base = _with(base, EMPTY, EMPTY) if again else base
        self.before = base if again else None
        return again

    def _parts(self, series: Snapshot, wanted: Keyed, local: Snapshot) -> dict[str, Value]:
        shown, parts = _of(series), {}
        for slot in sorted(_differing(wanted, shown)):
            want, now = wanted.get(slot, EMPTY), shown.get(slot, EMPTY)
            if now == CANCELLED:
                self.writes += 1
                self.rows.detach(local, date.fromisoformat(slot))
                self.detached.add(date.fromisoformat(slot))
            elif self.refused.get(slot) != _digest(series, wanted, slot):
                self.refused.pop(slot, None)
                parts[slot] = _changes(series, slot, want, now)
        self.digests = {slot: _digest(series, wanted, slot) for slot in parts}
        for slot in self.refused.keys() - _differing(wanted, shown):
            del self.refused[slot]
        return parts

    def _single(self, series: Snapshot, parts: dict[str, Value], local: Snapshot) -> None:
        waiting, done = sorted(parts), {}
        while waiting:
            refused = []
            for slot in waiting:
                day = date.fromisoformat(slot)
                self._tick()
                self.writes += 1
                if self.master.write_one(day, parts[slot]):
                    done[slot] = self._effect(series, slot, parts[slot])
                else:
                    refused.append(slot)
            waiting = refused if len(refused) < len(waiting) else []
        self._tick()
        self.refused |= {slot: self.digests[slot] for slot in refused}
        halves = [{**_of(half)} for half in (self.base.local, self.base.remote)]
        for slot, effect in done.items():
            halves[0][slot], halves[1][slot] = _of(local).get(slot, EMPTY), effect
        self.base = _with(self.base, *halves)

    def _effect(self, series: Snapshot, slot: str, part: Value) -> Value:
        """Return what Outlook shows of a date now: of what was asked, the rest is news."""
        day = date.fromisoformat(slot)
        was = _of(self.base.remote).get(slot)
        if self.master.own.get(day) == CANCELLED or not isinstance(part, Keyed):
            return CANCELLED
        shown = overrides(series, self.master.at(day), day)
        kept = {name: one for name, one in shown.items() if name in part}
        past = was if isinstance(was, Keyed) else EMPTY
        return Keyed({**{name: one for name, one in past.items() if name not in part}, **kept})


def _of(snapshot: Snapshot) -> Keyed:
    found = snapshot.get("occurrences")
    return found if isinstance(found, Keyed) else EMPTY


def _differing(wanted: Keyed, shown: Keyed) -> set[str]:
    return {slot for slot in {*wanted, *shown} if wanted.get(slot) != shown.get(slot)}


def _with(base: Base, *halves: Snapshot) -> Base:
    kept = [Keyed((slot, one) for slot, one in half.items() if one != EMPTY) for half in halves]
    return Base(
        Keyed({**base.local, "occurrences": kept[0]}),
        Keyed({**base.remote, "occurrences": kept[1]}),
    )


def _undropped(base: Base, before: Base, shown: Snapshot) -> Base:
    """Return the base with what was known of the dates that a write of the timing left alone."""
    kept = {slot for slot, one in _of(shown).items() if _of(before.remote).get(slot) == one}
    return _keep_past(base, before, kept)


def _keep_past(base: Base, past: Base, slots: set[str]) -> Base:
    halves = [
        {**_of(now), **{slot: _of(was).get(slot, EMPTY) for slot in slots}}
        for now, was in ((base.local, past.local), (base.remote, past.remote))
    ]
    return _with(base, *halves)


def _digest(series: Snapshot, wanted: Keyed, slot: str) -> Value:
    times = {key: one.get("when") for key, one in wanted.items() if isinstance(one, Keyed)}
    gone = {key: one for key, one in wanted.items() if one == CANCELLED}
    own = {"own": wanted.get(slot, EMPTY), "rule": series["rule"], "when": series["when"]}
    return Keyed({**times, **gone, **own})


def _changes(series: Snapshot, slot: str, want: Value, now: Value) -> Value:
    if not isinstance(want, Keyed) or not isinstance(now, Keyed):
        return want
    follows = {**series, "when": slot_when(series, date.fromisoformat(slot))}
    changed = {name: one for name, one in want.items() if name not in now or now[name] != one}
    return Keyed({**changed, **{name: follows[name] for name in now if name not in want}})


@st.composite
def bridges(draw: st.DrawFn) -> Bridge:
    """Draw a series that is in step on both sides."""
    zone = draw(st.sampled_from(["Europe/Brussels", "Asia/Ho_Chi_Minh"]))
    rule = draw(st.sampled_from(RULES))
    values = {"subject": "a", "body": EMPTY_BODY, "people": EMPTY, "show_as": "busy", "zone": zone}
    series = Keyed({**values, "rule": rule, "occurrences": EMPTY})
    series = Keyed({**series, "when": clock(series, rule, draw(st.sampled_from([2, 9, 23])))})
    rows = Rows()
    rows.write(series)
    master = Master(
        drops=draw(st.booleans()), drops_at_end=draw(st.booleans()), refuses=draw(st.booleans())
    )
    master.write(series)
    return Bridge(rows, master)


EMPTY_BODY = Body.of("")


def acts(names: Sequence[str], least: int = 0) -> st.SearchStrategy[Acts]:
    """Draw what somebody does, one thing after another."""
    one = st.tuples(st.sampled_from(names), st.integers(0, 5), st.integers(0, 3))
    return st.lists(one, min_size=least, max_size=4)


def do(bridge: Bridge, side: Side, todo: Acts) -> None:
    """Let somebody do that on one side."""
    for name, n, m in todo:
        getattr(bridge.there(side), name)(bridge.past(), n, m)


def flat(shows: Mapping[date, Mapping[str, Value]]) -> dict[tuple[str, str], Value]:
    """Return (date, field) → value; a date that takes place has the field "there"."""
    return {
        (slot.isoformat(), name): value
        for slot, fields in shows.items()
        for name, value in {**fields, "there": True}.items()
    }


# Little is drawn here, and much done with it.
many = settings(max_examples=2 * settings().max_examples)
fuels = st.lists(st.integers(0, 8), max_size=2)
step = st.tuples(SIDES, acts(ACTS, 1)) | st.tuples(SIDES, st.integers(0, 6))


@many
@given(bridges(), acts(ACTS), SIDES, acts(ACTS, 1), SIDES, fuels)
def test_what_one_side_does_the_other_shows(
    bridge: Bridge, first: Acts, side: Side, todo: Acts, winner: Side, crashes: list[int]
) -> None:
    """One-sided acts arrive, all of them, whatever was otherwise before and wherever rounds die.

    A mailbox that keeps exceptions at a new timing is not told from one that had them changed by
    somebody, when the round dies in between.
    """
    do(bridge, side.other, first)
    bridge.settle()
    bridge.in_step()
    do(bridge, side, todo)
    wanted = bridge.there(side).shows(bridge.past())
    if bridge.master.drops and bridge.master.drops_at_end:
        for fuel in crashes:
            bridge.round(winner, fuel)

    bridge.settle(winner)

    bridge.in_step()
    shown = bridge.there(side).shows(bridge.past())
    assert shown == {slot: one for slot, one in wanted.items() if slot not in bridge.detached}


@many
@given(bridges(), acts(ACTS), acts(GENTLE, 1), acts(GENTLE, 1), SIDES)
def test_what_the_other_side_left_alone_arrives_or_is_told(
    bridge: Bridge, first: Acts, here: Acts, there: Acts, winner: Side
) -> None:
    """Both sides edit: each value ends as one of the two, and one that lost is reported.

    What one date has for itself needs no report to stand against a new value of the series.
    """
    do(bridge, Side.REMOTE, first)
    bridge.settle()
    was = bridge.master.shows()
    do(bridge, Side.LOCAL, here)
    do(bridge, Side.REMOTE, there)
    now = [flat(bridge.there(side).shows(bridge.past())) for side in Side]

    bridge.settle(winner)

    bridge.in_step()
    shown, before = flat(bridge.master.shows()), flat(was)
    common = told({**bridge.master.series})
    reported = {one.path[:depth] for one in bridge.overruled for depth in (1, 2)}
    for key in {*before, *shown, *now[0], *now[1]}:
        slot, name = key
        edits = {one.get(key) for one in now if one.get(key) != before.get(key)}
        edits -= {common.get(name)} if name != "there" else set()
        is_gone = name != "there" and (slot, "there") not in shown
        if bridge.is_set_aside(slot) or is_gone or not edits:
            continue
        is_told = ("occurrences", slot) in reported or (name.split()[0],) in reported
        assert is_told or edits == {shown.get(key)}


@many
@given(bridges(), st.lists(step, max_size=6))
def test_both_sides_end_in_step(bridge: Bridge, steps: list[tuple[Side, Acts | int]]) -> None:
    """Whatever both do and wherever rounds die: a few rounds later both show the same."""
    for side, what in steps:
        if isinstance(what, int):
            bridge.round(side, what)
        else:
            do(bridge, side, what)

    bridge.settle()

    bridge.in_step()
