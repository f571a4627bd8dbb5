"""A series on two sides: what moves together, what each date keeps, and who leads."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from core.engine.normalize import equivalent
from core.engine.reconcile import Base, Merge, Nothing, Overruled, reconcile, record
from core.engine.recurrence import Rule
from core.engine.series import CANCELLED, unfold
from core.engine.snapshot import EMPTY, Keyed, Side, Snapshot, Timed, Value
from strategies import SIDES, Case, applied, changed_series, series

LOCAL, REMOTE = Side.LOCAL, Side.REMOTE
MONDAY, NEXT = "2026-01-05", "2026-01-12"


def at(day: int, hour: int = 9) -> Timed:
    """Return an hour in January 2026, in Brussels' winter."""
    start = datetime(2026, 1, day, hour - 1, tzinfo=timezone.utc)
    return Timed(start, start + timedelta(hours=1))


WEEKLY = Rule("weekly", 1, date(2026, 1, 5), date(2026, 1, 26), frozenset({"monday"}))
TUESDAYS = Rule("weekly", 1, date(2026, 1, 6), date(2026, 1, 27), frozenset({"tuesday"}))
SERIES = Keyed(
    {
        "subject": "Plan",
        "when": at(5),
        "zone": "Europe/Brussels",
        "rule": WEEKLY,
        "occurrences": EMPTY,
    }
)


def with_(shown: Snapshot, exceptions: dict[str, object] | None = None, **values: object) -> Keyed:
    """Return the series as somebody changed it, with these exceptions where they are given."""
    if exceptions is not None:
        values["occurrences"] = Keyed(exceptions)  # type: ignore[arg-type]
    return Keyed({**shown, **values})  # type: ignore[dict-item]


def renamed(subject: str) -> Keyed:
    """Return what is otherwise on a date with another subject."""
    return Keyed({"subject": subject})


def decided(was: Snapshot, local: Snapshot, remote: Snapshot, winner: Side = LOCAL) -> Merge:
    """Reconcile two sides that were alike."""
    decision = reconcile(Base(was, was), local, remote, winner=winner)
    assert isinstance(decision, Merge)
    return decision


@pytest.mark.parametrize("winner", [LOCAL, REMOTE])
def test_exceptions_on_two_dates_go_both_ways(winner: Side) -> None:
    """One cancelled here, another renamed there: both sides get both."""
    both = Keyed({MONDAY: CANCELLED, NEXT: renamed("Special")})
    decision = decided(
        SERIES,
        with_(SERIES, {MONDAY: CANCELLED}),
        with_(SERIES, {NEXT: renamed("Special")}),
        winner,
    )

    assert (both, both) == (decision.to_local["occurrences"], decision.to_remote["occurrences"])
    assert not decision.overruled


@pytest.mark.parametrize("winner", [LOCAL, REMOTE])
def test_an_edit_of_one_date_beats_its_cancellation(winner: Side) -> None:
    """Cancelled here, renamed there: it takes place on both, and the cancellation is told."""
    edited = renamed("Special")
    decision = decided(
        SERIES, with_(SERIES, {NEXT: CANCELLED}), with_(SERIES, {NEXT: edited}), winner
    )

    assert Keyed({"occurrences": Keyed({NEXT: edited})}) == decision.to_local
    assert EMPTY == decision.to_remote
    assert (Overruled(("occurrences", NEXT), edited, CANCELLED, REMOTE),) == decision.overruled


@pytest.mark.parametrize("winner", [LOCAL, REMOTE])
def test_putting_a_date_back_beats_its_cancellation(winner: Side) -> None:
    """An exception undone is an edit: that date takes place, as the series says."""
    was = with_(SERIES, {NEXT: renamed("Special")})
    decision = decided(was, with_(SERIES, {NEXT: CANCELLED}), SERIES, winner)

    assert Keyed({"occurrences": EMPTY}) == decision.to_local
    assert (Overruled(("occurrences", NEXT), None, CANCELLED, REMOTE),) == decision.overruled


def test_a_cancelled_exception_is_cancelled_there() -> None:
    """Nobody touched it on the other side: that it was an exception does not save it."""
    was = with_(SERIES, {NEXT: renamed("Special")})
    decision = decided(was, with_(SERIES, {NEXT: CANCELLED}), was)

    assert Keyed({"occurrences": Keyed({NEXT: CANCELLED})}) == decision.to_remote
    assert not decision.overruled


def test_a_date_that_takes_place_again_does_so_there() -> None:
    """A cancelled date brought back on one side is no exception on the other either."""
    decision = decided(with_(SERIES, {NEXT: CANCELLED}), SERIES, with_(SERIES, {NEXT: CANCELLED}))

    assert Keyed({"occurrences": EMPTY}) == decision.to_remote


def test_two_fields_of_one_date_are_merged() -> None:
    """One side undoes its name, the other gives it a place: each field goes its own way."""
    was = with_(SERIES, {NEXT: renamed("Special")})
    placed = Keyed({"subject": "Special", "location": "Roof"})
    decision = decided(was, SERIES, with_(SERIES, {NEXT: placed}))

    both = Keyed({"occurrences": Keyed({NEXT: Keyed({"location": "Roof"})})})
    assert (both, both) == (decision.to_local, decision.to_remote)
    assert not decision.overruled


@pytest.mark.parametrize("winner", [LOCAL, REMOTE])
def test_who_moves_the_series_leads(winner: Side) -> None:
    """Moved to Tuesdays here, a Monday renamed there: that Monday is no more, and it is told."""
    moved = with_(SERIES, {"2026-01-13": CANCELLED}, rule=TUESDAYS, when=at(6))
    decision = decided(SERIES, moved, with_(SERIES, {NEXT: renamed("Special")}), winner)

    assert EMPTY == decision.to_local
    assert moved == Keyed({**SERIES, **decision.to_remote})
    assert (
        Overruled(("occurrences", NEXT), None, renamed("Special"), LOCAL),
    ) == decision.overruled


def test_another_end_alone_voids_no_exception() -> None:
    """Made longer here, an occurrence cancelled there: both hold."""
    longer = WEEKLY.ending(None).ending(date(2026, 3, 2))
    decision = decided(SERIES, with_(SERIES, rule=longer), with_(SERIES, {NEXT: CANCELLED}))

    assert Keyed({"occurrences": Keyed({NEXT: CANCELLED})}) == decision.to_local
    assert Keyed({"rule": longer}) == decision.to_remote
    assert not decision.overruled


def test_a_shorter_series_drops_what_was_otherwise_beyond() -> None:
    """Made shorter here: the exceptions after the new end go, on both sides."""
    was = with_(SERIES, {NEXT: CANCELLED, "2026-01-26": CANCELLED})
    shorter = WEEKLY.ending(date(2026, 1, 19))
    decision = decided(was, with_(SERIES, {NEXT: CANCELLED}, rule=shorter), was)

    assert Keyed({"rule": shorter, "occurrences": Keyed({NEXT: CANCELLED})}) == decision.to_remote
    assert EMPTY == decision.to_local


def test_an_exception_on_a_date_that_is_cut_off_is_not_put_there() -> None:
    """Shorter here, the last one renamed there: there is no such date to rename."""
    shorter = WEEKLY.ending(date(2026, 1, 19))
    decision = decided(
        SERIES, with_(SERIES, rule=shorter), with_(SERIES, {"2026-01-26": renamed("x")})
    )

    assert EMPTY == decision.to_local
    assert Keyed({"rule": shorter, "occurrences": EMPTY}) == decision.to_remote
    told = Overruled(("occurrences", "2026-01-26"), None, renamed("x"), LOCAL)
    assert (told,) == decision.overruled


def test_what_was_otherwise_before_on_a_date_that_is_cut_off_is_not_told() -> None:
    """Nobody touched it since: shorter is what somebody wanted, and nothing that he did not see."""
    was = with_(SERIES, {"2026-01-26": renamed("x")})
    shorter = with_(SERIES, {}, rule=WEEKLY.ending(date(2026, 1, 19)))

    assert not decided(was, shorter, was).overruled


@pytest.mark.parametrize("winner", [LOCAL, REMOTE])
def test_each_date_has_a_winner_of_its_own(winner: Side) -> None:
    """The series was renamed last on one side, one date on the other: each keeps its newer name."""
    here = with_(SERIES, {NEXT: renamed("here")}, subject="Plan here")
    there = with_(SERIES, {NEXT: renamed("there")}, subject="Plan there")
    decision = reconcile(
        Base(SERIES, SERIES), here, there, winner=winner, on_dates={NEXT: winner.other}
    )

    assert isinstance(decision, Merge)
    shown = {
        side: Keyed({**now, **decision.to(side)})
        for side, now in zip(Side, (here, there), strict=True)
    }
    names = {LOCAL: "here", REMOTE: "there"}
    for side in Side:
        assert f"Plan {names[winner]}" == shown[side]["subject"]
        assert Keyed({NEXT: renamed(names[winner.other])}) == shown[side]["occurrences"]
    assert {("subject",): winner, ("occurrences", NEXT, "subject"): winner.other} == {
        one.path: one.winner for one in decision.overruled
    }


@pytest.mark.parametrize("winner", [LOCAL, REMOTE])
def test_two_movers_are_settled_as_a_whole(winner: Side) -> None:
    """To Tuesdays here, to the afternoon there: the winner's rule *and* clock, not a mixture."""
    sides = {
        LOCAL: with_(SERIES, {"2026-01-13": CANCELLED}, rule=TUESDAYS, when=at(6)),
        REMOTE: with_(SERIES, {NEXT: CANCELLED}, when=at(5, 15)),
    }
    decision = decided(SERIES, sides[LOCAL], sides[REMOTE], winner)

    assert EMPTY == decision.to(winner)
    assert sides[winner] == Keyed({**sides[winner.other], **decision.to(winner.other)})
    assert winner in {one.winner for one in decision.overruled}
    assert ("when",) in {one.path for one in decision.overruled}


def test_the_same_move_on_both_sides_is_only_recorded() -> None:
    """Both went to Tuesdays: nobody leads, and exceptions of both hold."""
    moved = with_(SERIES, rule=TUESDAYS, when=at(6))
    decision = decided(
        SERIES, with_(moved, {"2026-01-13": CANCELLED}), with_(moved, {"2026-01-20": CANCELLED})
    )

    both = Keyed({"occurrences": Keyed({"2026-01-13": CANCELLED, "2026-01-20": CANCELLED})})
    assert (both, both) == (decision.to_local, decision.to_remote)
    assert not decision.overruled


@pytest.mark.parametrize("winner", [LOCAL, REMOTE])
def test_a_single_meeting_becomes_a_series_and_back(winner: Side) -> None:
    """Both are a change of the rule; exceptions come and go with it."""
    single = with_(SERIES, {}, rule=None)
    made = with_(SERIES, {NEXT: CANCELLED})

    there = decided(single, made, single, winner)
    back = decided(made, single, made, winner)

    assert Keyed({"rule": WEEKLY, "occurrences": made["occurrences"]}) == there.to_remote
    assert Keyed({"rule": None, "occurrences": EMPTY}) == back.to_remote


def test_a_moved_clock_takes_its_dates_along() -> None:
    """Sides that call another date the first: who is moved gets rule and span together."""
    here = with_(SERIES, rule=WEEKLY.starting(date(2026, 1, 12)), when=at(12))
    base = Base(here, SERIES)
    decision = reconcile(base, with_(here, when=at(12, 15)), SERIES, winner=REMOTE)

    assert isinstance(decision, Merge)
    assert Keyed({"rule": here["rule"], "when": at(12, 15)}) == decision.to_remote


@st.composite
def two_sides(draw: st.DrawFn) -> Case:
    """Draw a series that was the same on both sides, disturbed on either."""
    was = draw(series())
    return Case(Base(was, was), draw(changed_series(was)), draw(changed_series(was)), draw(SIDES))


@given(two_sides())
def test_neither_side_of_a_series_is_special(case: Case) -> None:
    """Swap the sides and the winner: the same decision, swapped."""
    one, other = case.decision(), case.mirrored().decision()

    assert isinstance(one, (Merge, Nothing))
    if isinstance(one, Merge):
        assert isinstance(other, Merge)
        assert (one.to_local, one.to_remote) == (other.to_remote, other.to_local)
        assert {(told.path, told.winner) for told in one.overruled} == {
            (told.path, told.winner.other) for told in other.overruled
        }
    else:
        assert one == other


@given(two_sides())
def test_two_alike_series_end_alike(case: Case) -> None:
    """Whatever was done to either: written and recorded, both show one series, and it holds.

    One series in two spellings, where both made one change (a kind of guest, a space).
    """
    then = applied(case)
    base = record(case.base, then.shown(LOCAL), then.shown(REMOTE))

    assert all(
        equivalent(name, one, then.shown(REMOTE)[name]) for name, one in then.shown(LOCAL).items()
    )
    assert Nothing() == reconcile(base, then.local, then.remote, winner=case.winner)
    shown = then.shown(LOCAL)
    rule, exceptions = shown["rule"], shown["occurrences"]
    assert isinstance(exceptions, Keyed)
    for slot in exceptions:
        assert isinstance(rule, Rule)
        assert rule.hits(date.fromisoformat(slot))
    unfold(shown, until=None, limit=20)


@given(two_sides(), SIDES)
def test_no_edit_of_a_series_made_on_one_side_only_is_lost(case: Case, side: Side) -> None:
    """What only one side changed arrives on the other, all of it, and nothing comes back."""
    assert case.base is not None
    shown = case.shown(side)
    sides = {side: shown, side.other: case.base.half(side.other)}
    assume(shown != sides[side.other])
    decision = reconcile(case.base, sides[LOCAL], sides[REMOTE], winner=case.winner)

    assert isinstance(decision, Merge)
    assert EMPTY == decision.to(side)
    assert shown == Keyed({**sides[side.other], **decision.to(side.other)})
    assert not decision.overruled


@given(two_sides())
def test_what_a_date_loses_is_told(case: Case) -> None:
    """An exception that one side made, and that neither shows in the end, was overruled.

    Unless there is no such date any more and it was cancelled, or taken away by that very side.
    """
    decision = case.decision()
    assume(isinstance(decision, Merge))
    assert isinstance(decision, Merge)
    assert case.base is not None
    then = applied(case).shown(LOCAL)
    told = {one.path for one in decision.overruled}
    for side in Side:
        for slot, one in _exceptions(case.shown(side)).items():
            is_new = _exceptions(case.base.half(side)).get(slot) != one
            is_there = _has(then, slot) or (one != CANCELLED and _has(case.shown(side), slot))
            if is_new and _exceptions(then).get(slot) is None and is_there:
                assert any(path[:2] == ("occurrences", slot) for path in told)


def _exceptions(shown: Snapshot) -> Keyed:
    found = shown["occurrences"]
    assert isinstance(found, Keyed)
    return found


def _has(shown: Snapshot, slot: str) -> bool:
    rule: Value = shown["rule"]
    return isinstance(rule, Rule) and rule.hits(date.fromisoformat(slot))


@given(two_sides(), SIDES)
def test_a_crash_between_the_two_writes_of_a_series_is_harmless(case: Case, first: Side) -> None:
    """One side was written: the next round writes the other as it would have been."""
    decision = case.decision()
    assume(isinstance(decision, Merge))
    assert isinstance(decision, Merge)
    shown = {side: case.shown(side) for side in Side}
    shown[first] = Keyed({**shown[first], **decision.to(first)})
    again = reconcile(case.base, shown[LOCAL], shown[REMOTE], winner=case.winner)

    rest = again.to(first.other) if isinstance(again, Merge) else EMPTY
    assert decision.to(first.other) == rest
    assert not isinstance(again, Merge) or EMPTY == again.to(first)


def test_how_an_end_is_spoken_of_is_no_change() -> None:
    """Ten times, or until that day: nothing is written."""
    counted = with_(SERIES, rule=replace(WEEKLY, count=4))

    assert Nothing() == reconcile(Base(SERIES, SERIES), counted, SERIES, winner=LOCAL)


@pytest.mark.parametrize(
    "changed", [{"when": at(5, 11)}, {"rule": WEEKLY.ending(date(2026, 1, 19))}]
)
@pytest.mark.parametrize("gone", list(Side))
def test_what_a_change_of_the_timing_dropped_is_put_back(
    changed: dict[str, object], gone: Side
) -> None:
    """Written, and the answer lost: both have the new timing, one of them no exceptions."""
    was = with_(SERIES, {MONDAY: CANCELLED, NEXT: renamed("Guest")})
    kept, dropped = with_(was, **changed), with_(was, {}, **changed)
    sides = (dropped, kept) if gone is LOCAL else (kept, dropped)

    decision = decided(was, *sides, winner=gone)

    assert {"occurrences": was["occurrences"]} == dict(decision.to(gone))
    assert EMPTY == decision.to(gone.other)
    assert not decision.overruled
