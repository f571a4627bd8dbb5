"""Properties of the merge, for any base, any two sides and any winner."""

from __future__ import annotations

from hypothesis import assume, given
from hypothesis import strategies as st

from core.engine.normalize import equivalent
from core.engine.reconcile import (
    Base,
    Create,
    Decision,
    Delete,
    Forget,
    Join,
    Merge,
    Nothing,
    Overruled,
    reconcile,
    record,
)
from core.engine.snapshot import Keyed, Person, Side, Snapshot, Value
from strategies import (
    NESTED,
    SIDES,
    Case,
    after,
    applied,
    cases,
    disturbed,
    full_snapshots,
    merges,
    snapshots,
    thinned_merges,
)


def mirror(decision: Decision) -> Decision:
    """Swap the sides of a decision."""
    if isinstance(decision, Create):
        return Create(decision.side.other, decision.values)
    if isinstance(decision, Delete):
        return Delete(decision.side.other)
    if isinstance(decision, Merge):
        overruled = tuple(
            Overruled(one.path, one.kept, one.lost, one.winner.other) for one in decision.overruled
        )
        return Merge(decision.to_remote, decision.to_local, overruled)
    return decision


@given(cases())
def test_neither_side_is_special(case: Case) -> None:
    """Swap the sides and the winner, and the decision is the same with its sides swapped."""
    assert mirror(case.decision()) == case.mirrored().decision()


@given(cases())
def test_only_a_missing_side_is_created_and_only_a_present_one_deleted(case: Case) -> None:
    """Each decision fits what is there: nothing is made twice, nothing absent is written."""
    decision = case.decision()
    there = {
        side
        for side, shown in zip(Side, (case.local, case.remote), strict=True)
        if shown is not None
    }

    if len(there) == 2:
        assert isinstance(decision, (Nothing, Merge) if case.base is not None else Join)
    elif not there:
        assert decision == Forget()
    elif isinstance(decision, Create):
        assert {decision.side.other} == there
    else:
        assert isinstance(decision, Delete)
        assert {decision.side} == there


@given(thinned_merges())
def test_a_field_that_one_side_does_not_show_is_not_written(case: Case) -> None:
    """A write holds only fields that both sides show, and only what the side lacks."""
    decision = case.decision()
    assume(isinstance(decision, Merge))

    for side in Side:
        shown = case.shown(side)
        for name, value in decision.to(side).items():
            assert name in case.shown(side.other)
            assert name in shown
            assert value != shown[name]


@given(merges())
def test_two_sides_at_rest_need_nothing(case: Case) -> None:
    """Sides that show what they showed are left alone, however different they are."""
    assert case.base is not None

    assert Nothing() == reconcile(case.base, case.base.local, case.base.remote, winner=case.winner)


@given(merges(), SIDES)
def test_no_edit_made_on_one_side_only_is_lost(case: Case, side: Side) -> None:
    """What only one side changed stays there and arrives on the other, unreported."""
    assert case.base is not None
    quiet = Case(
        case.base,
        case.local if side is Side.LOCAL else case.base.local,
        case.remote if side is Side.REMOTE else case.base.remote,
        case.winner,
    )
    decision = quiet.decision()
    assume(isinstance(decision, Merge))

    assert Keyed() == decision.to(side)
    assert not decision.overruled
    then = applied(quiet).shown(side.other)
    for name in NESTED:
        was, now = case.base.half(side)[name], quiet.shown(side)[name]
        if was != now and not isinstance(now, (Keyed, frozenset)):
            assert now == then[name]


def _steps(value: Value) -> dict[tuple[str, ...], Value]:
    """Return each part of a value under its path: keys, keys of keys, members."""
    if isinstance(value, frozenset):
        return {(member,): True for member in value}
    if not isinstance(value, Keyed):
        return {(): value}
    return {(key, *rest): one for key, part in value.items() for rest, one in _steps(part).items()}


@given(merges())
def test_each_part_follows_the_side_that_touched_it(case: Case) -> None:
    """Person by person, member by member, field by field of an occurrence: one-sided edits win."""
    assert case.base is not None
    then = applied(case)
    for name in ("people", "categories", "when"):
        was = {side: _steps(case.base.half(side)[name]) for side in Side}
        now = {side: _steps(case.shown(side)[name]) for side in Side}
        end = {side: _steps(then.shown(side)[name]) for side in Side}
        for path in {path for steps in (*was.values(), *now.values()) for path in steps}:
            moved = {side for side in Side if was[side].get(path) != now[side].get(path)}
            if not moved:
                assert {side: now[side].get(path) for side in Side} == {
                    side: end[side].get(path) for side in Side
                }
            elif len(moved) == 1:
                (mover,) = moved
                assert now[mover].get(path) == end[mover].get(path)
                assert (path in now[mover]) == (path in end[mover.other])


@given(merges())
def test_what_one_side_left_alone_and_the_other_kept_does_not_vanish(case: Case) -> None:
    """A person or a category goes only if one side took it away and the other left it alone."""
    assert case.base is not None
    then = applied(case)
    for name in ("people", "categories"):
        for side in Side:
            for key in set(case.shown(side)[name]) - set(then.shown(side)[name]):
                assert key in case.base.half(side.other)[name]
                assert key not in case.shown(side.other)[name]
                assert key in case.base.half(side)[name]


@given(merges())
def test_a_conflict_keeps_one_value_and_reports_the_other(case: Case) -> None:
    """Both changed a plain field differently: the winner's value is on both, the loser's told."""
    assert case.base is not None
    decision = case.decision()
    assume(isinstance(decision, Merge))
    told = {one.path: one for one in decision.overruled}
    then = applied(case)
    for name in ("subject", "when", "reminder", "zone"):
        here, there = case.shown(case.winner)[name], case.shown(case.winner.other)[name]
        both = all(case.base.half(side)[name] != case.shown(side)[name] for side in Side)
        assert (both and not equivalent(name, here, there)) == ((name,) in told)
        if (name,) in told:
            assert Overruled((name,), here, there, case.winner) == told[(name,)]
            assert here == then.shown(case.winner.other)[name] == then.shown(case.winner)[name]


@given(merges())
def test_what_is_overruled_was_really_there(case: Case) -> None:
    """A report names what the winner shows and what the loser showed, and nothing else."""
    decision = case.decision()
    assume(isinstance(decision, Merge))

    for one in decision.overruled:
        kept: Value = case.shown(one.winner)
        lost: Value = case.shown(one.winner.other)
        for key in one.path:
            kept = _inside(kept, key)
            lost = _inside(lost, key)
        assert (one.kept, one.lost) == (kept, lost)


def _inside(value: Value, key: str) -> Value:
    if isinstance(value, frozenset):
        return True if key in value else None
    return value.get(key) if isinstance(value, Keyed) else None


@given(merges())
def test_a_second_round_finds_nothing(case: Case) -> None:
    """Write, record, look again: nothing left to do."""
    then = applied(case)
    base = record(case.base, then.shown(Side.LOCAL), then.shown(Side.REMOTE))

    assert Nothing() == reconcile(base, then.local, then.remote, winner=case.winner)


@given(merges(), st.data())
def test_a_second_round_finds_nothing_whatever_the_sides_made_of_it(
    case: Case, data: st.DataObject
) -> None:
    """Sides may store what they are given in any way they like: the base holds what they show."""
    then = applied(case)
    local = data.draw(disturbed(then.shown(Side.LOCAL)))
    remote = data.draw(disturbed(then.shown(Side.REMOTE)))
    base = record(case.base, local, remote)

    assert Nothing() == reconcile(base, local, remote, winner=case.winner)


@given(merges())
def test_a_crash_before_the_base_was_saved_is_harmless(case: Case) -> None:
    """All was written and nothing recorded: the next round writes nothing and overrules nobody."""
    assume(isinstance(case.decision(), Merge))

    again = applied(case).decision()

    assert isinstance(again, (Merge, Nothing))
    if isinstance(again, Merge):
        assert (Keyed(), Keyed(), ()) == (again.to_local, again.to_remote, again.overruled)


@given(merges(), SIDES)
def test_a_crash_between_the_two_writes_is_harmless(case: Case, first: Side) -> None:
    """One side was written: the next round writes the other as it would have been."""
    decision = case.decision()
    assume(isinstance(decision, Merge))
    shown = {side: case.shown(side) for side in Side}
    shown[first] = after(shown[first], decision.to(first))
    again = reconcile(case.base, shown[Side.LOCAL], shown[Side.REMOTE], winner=case.winner)

    assert isinstance(again, (Merge, Nothing))
    written = Keyed() if isinstance(again, Nothing) else again.to(first)
    assert Keyed() == written
    rest = Keyed() if isinstance(again, Nothing) else again.to(first.other)
    assert decision.to(first.other) == rest


@given(merges(), st.data())
def test_a_crash_after_a_lossy_local_write_is_harmless(case: Case, data: st.DataObject) -> None:
    """The base recorded with the local write, rest pending: only the pending fields are written.

    The local side may store what it was given in its own way.
    """
    decision = case.decision()
    assume(isinstance(decision, Merge))
    local = dict(after(case.shown(Side.LOCAL), decision.to_local))
    for name in decision.to_local.keys() - decision.to_remote.keys():
        local[name] = data.draw(NESTED[name])
    base = record(case.base, local, case.shown(Side.REMOTE), pending=decision.to_remote)
    again = reconcile(base, local, case.remote, winner=case.winner)

    assert isinstance(again, (Merge, Nothing))
    if isinstance(again, Merge):
        assert (Keyed(), decision.to_remote) == (again.to_local, again.to_remote)
    else:
        assert Keyed() == decision.to_remote


@given(full_snapshots, full_snapshots, SIDES, st.data())
def test_an_edit_beats_a_deletion(
    mine: Snapshot, yours: Snapshot, gone: Side, data: st.DataObject
) -> None:
    """The meeting is gone on one side and changed on the other: it is made again, whole."""
    base = Base(mine, yours)
    edited = data.draw(disturbed(base.half(gone.other)))
    sides: dict[Side, Snapshot | None] = {gone: None, gone.other: edited}
    decision = reconcile(base, sides[Side.LOCAL], sides[Side.REMOTE], winner=gone)

    expected = Delete(gone.other) if edited == base.half(gone.other) else Create(gone, edited)
    assert expected == decision


@given(merges(), SIDES, st.sampled_from(["ann@example.com", "bob@example.com"]))
def test_an_edit_of_a_person_beats_his_removal(case: Case, gone: Side, who: str) -> None:
    """Removed here, made optional there: he stays on both sides, and the removal is reported."""
    assert case.base is not None
    was = Person("required")
    edited = Person("optional")
    base = Base(_with(case.base.local, who, was), _with(case.base.remote, who, was))
    sides = {
        gone: _with(case.shown(gone), who, None),
        gone.other: _with(case.shown(gone.other), who, edited),
    }
    decision = reconcile(base, sides[Side.LOCAL], sides[Side.REMOTE], winner=gone)

    assert isinstance(decision, Merge)
    assert edited == _inside(decision.to(gone)["people"], who)
    assert Overruled(("people", who), edited, None, gone.other) in decision.overruled


def _with(snapshot: Snapshot, who: str, person: Person | None) -> Snapshot:
    people = {key: one for key, one in snapshot["people"].items() if key != who}
    if person is not None:
        people[who] = person
    return Keyed({**snapshot, "people": Keyed(people)})


@given(snapshots, snapshots, SIDES)
def test_without_a_base_nothing_is_written(mine: Snapshot, yours: Snapshot, winner: Side) -> None:
    """Two meetings that meet for the first time are joined, and their differences are listed."""
    both = mine.keys() & yours.keys()

    assert Join(
        tuple(sorted(name for name in both if not equivalent(name, mine[name], yours[name])))
    ) == reconcile(None, mine, yours, winner=winner)


@given(merges(), st.sampled_from(sorted(NESTED)), SIDES)
def test_an_edit_waits_until_the_other_side_can_say_the_field_again(
    case: Case, name: str, mute: Side
) -> None:
    """A side does not show a field for a while: an edit made meanwhile arrives afterwards."""
    assert case.base is not None
    whole = Case(
        case.base,
        case.local if mute is Side.REMOTE else case.base.local,
        case.remote if mute is Side.LOCAL else case.base.remote,
        case.winner,
    )
    dumb = Keyed({key: one for key, one in whole.shown(mute).items() if key != name})
    now = {mute: dumb, mute.other: whole.shown(mute.other)}
    round_one = Case(case.base, now[Side.LOCAL], now[Side.REMOTE], case.winner)
    then = applied(round_one)
    base = record(case.base, then.shown(Side.LOCAL), then.shown(Side.REMOTE))
    again = Case(
        base,
        after({name: whole.shown(Side.LOCAL)[name]}, then.shown(Side.LOCAL)),
        after({name: whole.shown(Side.REMOTE)[name]}, then.shown(Side.REMOTE)),
        case.winner,
    )

    assert applied(whole).local == applied(again).local
    assert applied(whole).remote == applied(again).remote


@given(thinned_merges())
def test_the_halves_of_a_recorded_base_hold_the_same_fields(case: Case) -> None:
    """A field has a past on both sides or on none."""
    base = record(None, case.shown(Side.LOCAL), case.shown(Side.REMOTE))

    assert base.local.keys() == base.remote.keys()
