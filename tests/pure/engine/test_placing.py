"""Which row stands for which date of its series, and which for none."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from rows import JANUARY, PLAN, at, folded, row

from core.engine.series import Row
from core.engine.snapshot import Keyed


def test_a_moved_row_is_known_by_where_it_was() -> None:
    """Moved past its neighbour: an exception of its own date, and no other is touched."""
    moved = row("2026-01-20", was="2026-01-12")

    after = folded([row(JANUARY[0]), row(JANUARY[2]), moved, row(JANUARY[3])], past=PLAN)

    assert Keyed({"2026-01-12": Keyed({"when": moved.when})}) == after.snapshot["occurrences"]
    assert date(2026, 1, 12) == after.slots[2]


@pytest.mark.parametrize("at_place", range(4))
def test_a_row_moved_before_anybody_looked_takes_the_nearest_free_date(at_place: int) -> None:
    """No original start is known: the first and the last may have been moved too."""
    day = date.fromisoformat(JANUARY[at_place]) + timedelta(days=2)
    moved = Row(Keyed({"subject": "Plan", "when": at(day)}), None, False)
    rows = [row(one) for one in JANUARY]
    rows[at_place] = moved

    after = folded(rows)

    assert tuple(map(date.fromisoformat, JANUARY)) == after.slots
    assert Keyed({JANUARY[at_place]: Keyed({"when": at(day)})}) == after.snapshot["occurrences"]


def test_a_row_too_many_is_a_stray() -> None:
    """Every date has its row: one more stands for none of them, and is left out."""
    extra = Row(Keyed({"subject": "Extra", "when": at(date(2026, 1, 14))}), None, False)

    after = folded([*(row(day) for day in JANUARY), extra], past=PLAN)

    assert (PLAN, (4,), None) == (after.snapshot, after.strays, after.slots[4])


@pytest.mark.parametrize("copy", [row("2026-01-12"), row("2026-01-14", 14, was="2026-01-12")])
def test_a_double_takes_no_date(copy: Row) -> None:
    """A row was copied, and the copy perhaps dragged: not to where another was cancelled either."""
    past = folded([row(day) for day in JANUARY if day != "2026-01-19"], past=PLAN).snapshot
    folding = folded([row(JANUARY[0]), row(JANUARY[1]), copy, row(JANUARY[3])], past=past)

    assert past == folding.snapshot
    assert (2,) == folding.strays
