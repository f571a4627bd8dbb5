"""Rows to series and back, for any rule, zone and exception: nothing is lost, nothing invented."""

from __future__ import annotations

from datetime import date

from hypothesis import assume, given
from hypothesis import strategies as st

from core.engine.recurrence import DAYS, Rule
from core.engine.series import CANCELLED, Row, fold, is_slot_when, slot_when, unfold
from core.engine.snapshot import EMPTY, AllDay, Keyed, Snapshot, Timed
from strategies import hint_of, series


def rule_of(snapshot: Snapshot) -> Rule:
    """Return the rule of a series."""
    rule = snapshot["rule"]
    assert isinstance(rule, Rule)
    return rule


def rows_of(snapshot: Snapshot, until: date | None) -> list[Row]:
    """Return the rows of a calendar that knows what was moved from where."""
    return [
        Row(fields, slot if is_moved else None, not is_moved)
        for slot, fields in unfold(snapshot, until=until, limit=30).items()
        for is_moved in (not is_slot_when(snapshot, slot, fields["when"]),)  # type: ignore[arg-type]
    ]


def reach(snapshot: Snapshot) -> date:
    """Return the last date of its first thirty that has a row."""
    return max(unfold(snapshot, until=None, limit=30))


@given(series(ends=True))
def test_folding_undoes_unfolding(snapshot: Keyed) -> None:
    """The rows of a series, read back, are that series: to the last cancelled date."""
    rows = rows_of(snapshot, None)
    assume(rows)

    folded = fold(rows, hint_of(rule_of(snapshot)), snapshot["zone"], past=snapshot, horizon=None)

    assert snapshot == folded.snapshot
    assert not folded.strays
    assert list(unfold(snapshot, until=None)) == list(folded.slots)


@given(series(ends=False))
def test_folding_undoes_unfolding_without_an_end(snapshot: Keyed) -> None:
    """Rows up to the horizon: the series stays without end, and loses nothing beyond."""
    horizon = reach(snapshot)

    folded = fold(
        rows_of(snapshot, horizon),
        hint_of(rule_of(snapshot)),
        snapshot["zone"],
        past=snapshot,
        horizon=horizon,
    )

    assert snapshot == folded.snapshot


@given(series(ends=True), st.randoms(use_true_random=False))
def test_the_order_of_the_rows_does_not_matter(snapshot: Keyed, random: object) -> None:
    """Rows come sorted by whatever the calendar sorts by: moved ones may overtake others."""
    rows = rows_of(snapshot, None)
    assume(rows)
    shuffled = list(rows)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    hint, zone = hint_of(rule_of(snapshot)), snapshot["zone"]

    one = fold(rows, hint, zone, past=snapshot, horizon=None)
    other = fold(shuffled, hint, zone, past=snapshot, horizon=None)

    assert one.snapshot == other.snapshot
    assert dict(zip(map(id, rows), one.slots, strict=True)) == dict(
        zip(map(id, shuffled), other.slots, strict=True)
    )


@given(series(), st.sampled_from(DAYS))
def test_rows_without_a_past_unfold_to_themselves(snapshot: Keyed, first_day: str) -> None:
    """Met for the first time, and by a record whose weeks begin on any day: each row is there.

    What is written elsewhere from it shows the rows as they are, whatever counts as exception.
    """
    until = reach(snapshot)
    rows = rows_of(snapshot, until)
    hint = hint_of(rule_of(snapshot), first_day=first_day)

    folded = fold(rows, hint, snapshot["zone"], past=None, horizon=until)

    shown = unfold(folded.snapshot, until=until)
    assert not folded.strays
    assert sorted(shown) == sorted(slot for slot in folded.slots if slot)
    for slot, row in zip(folded.slots, rows, strict=True):
        assert slot is not None
        there = shown[slot]
        assert there == Keyed({**row.fields, "when": there["when"]})
        assert row.fields["when"] == there["when"] or is_slot_when(
            folded.snapshot,
            slot,
            row.fields["when"],  # type: ignore[arg-type]
        )


@given(series(), st.sampled_from(DAYS))
def test_undisturbed_rows_are_no_exceptions(snapshot: Keyed, first_day: str) -> None:
    """Rows as Odoo expands them, with one duration, and weeks from the acting user's language."""
    plain = Keyed({**snapshot, "occurrences": EMPTY})
    rule = rule_of(plain)
    until = reach(plain)
    rows = [
        Row(Keyed({**fields, "when": of_odoo(plain, slot)}), None, True)
        for slot, fields in unfold(plain, until=until).items()
    ]

    folded = fold(rows, hint_of(rule, first_day=first_day), plain["zone"], past=None, horizon=until)

    assert EMPTY == folded.snapshot["occurrences"]
    assert list(folded.slots) == list(rule.slots(until))


def of_odoo(snapshot: Snapshot, slot: date) -> Timed | AllDay:
    """Return the span that Odoo gives a row: it keeps the duration, whatever the clock does."""
    when, first = slot_when(snapshot, slot), snapshot["when"]
    if isinstance(when, AllDay) or isinstance(first, AllDay):
        return when
    assert isinstance(first, Timed)
    return Timed(when.start, when.start + (first.end - first.start))


@given(series(ends=True), st.data())
def test_a_row_that_goes_is_a_cancelled_date(snapshot: Keyed, data: st.DataObject) -> None:
    """The first, the last, one in between: the rule stays, and nothing else changes."""
    rows = rows_of(snapshot, None)
    assume(len(rows) > 1)
    slots = list(unfold(snapshot, until=None))
    at = data.draw(st.integers(0, len(rows) - 1))
    gone = slots[at].isoformat()
    left = rows[:at] + rows[at + 1 :]

    folded = fold(left, hint_of(rule_of(snapshot)), snapshot["zone"], past=snapshot, horizon=None)

    occurrences = {**folded.snapshot["occurrences"]}
    assert CANCELLED == occurrences.pop(gone)
    assert rule_of(snapshot) == folded.snapshot["rule"]
    expected = {slot for slot in slots if slot.isoformat() != gone}
    assert expected == set(folded.slots)


@given(series(), st.data())
def test_a_second_look_sees_the_same(snapshot: Keyed, data: st.DataObject) -> None:
    """Read twice, with what was read as the past: the same (nothing drifts from round to round)."""
    until = reach(snapshot)
    rows = rows_of(snapshot, until)
    rows = data.draw(st.lists(st.sampled_from(rows), min_size=1, unique_by=id))
    hint, zone = hint_of(rule_of(snapshot)), snapshot["zone"]
    once = fold(rows, hint, zone, past=snapshot, horizon=until).snapshot

    assert once == fold(rows, hint, zone, past=once, horizon=until).snapshot
