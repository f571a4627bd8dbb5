"""What the soak draws, and that its judgement sees what it must see; no server runs."""

from __future__ import annotations

from dataclasses import replace

import pytest

from workbench.soak.ledger import Ledger, Shown
from workbench.soak.lives import draw

GUEST = "guest@outside.example"
SHOWN = Shown({0: ("Plan", "Room 1", 9)}, frozenset({GUEST}))
NOWHERE = Shown({})


def _troubles(ledger: Ledger, here: Shown, there: Shown) -> list[str]:
    return list(ledger.troubles(here, there))


def test_the_same_seed_draws_the_same_life() -> None:
    """A life depends on its seed and number, and on nothing that was drawn before it."""
    draw(7, 1)
    first = draw(7, 12)
    draw(8, 1)

    assert draw(7, 12) == first
    assert draw(7, 13) != first
    assert draw(8, 12) != first


def test_two_sides_that_show_the_same_are_no_trouble() -> None:
    """Nothing was typed, nothing is missing."""
    assert [] == _troubles(Ledger(1), SHOWN, SHOWN)


def test_two_sides_that_differ_are_told() -> None:
    """Whatever the difference is."""
    [told] = _troubles(Ledger(1), SHOWN, replace(SHOWN, guests=frozenset()))

    assert "differ" in told


def test_what_vanishes_is_told() -> None:
    """Gone on both sides, and nobody deleted it; or one date of it, and nobody cancelled that."""
    assert _troubles(Ledger(1), NOWHERE, NOWHERE)
    assert _troubles(Ledger(2), SHOWN, SHOWN)


def test_what_was_deleted_may_be_gone() -> None:
    """By somebody on one side; and it must be, unless it was edited on the other."""
    ledger = Ledger(1)
    ledger.note_deletion("here")

    assert [] == _troubles(ledger, NOWHERE, NOWHERE)
    assert _troubles(ledger, SHOWN, SHOWN)
    ledger.note("there", "place", ("place", 0), "Room 1")
    assert [] == _troubles(ledger, SHOWN, SHOWN)


@pytest.mark.parametrize("mark", [("name",), ("place", 0), ("hour", 0)])
def test_what_one_side_typed_must_be_there(mark: tuple[object, ...]) -> None:
    """One-sided edits are lost nowhere."""
    ledger = Ledger(1)
    ledger.note("there", "rename", mark, "another value")

    [told] = _troubles(ledger, SHOWN, SHOWN)

    assert "another value" in told


def test_of_what_both_typed_one_stands() -> None:
    """Either of the two may, and no third."""
    ledger = Ledger(1)
    ledger.note("here", "place", ("place", 0), "Room 1")
    ledger.note("there", "place", ("place", 0), "Room 2")

    assert [] == _troubles(ledger, SHOWN, SHOWN)
    other = Shown({0: ("Plan", "Room 3", 9)}, SHOWN.guests)
    assert _troubles(ledger, other, other)
    assert {("place", 0)} == ledger.contested()


def test_a_mail_too_many_is_told() -> None:
    """One act is one mail to each guest at most."""
    ledger = Ledger(1)
    ledger.note("here", "place", ("place", 0), "Room 1")
    mails = {("invitation", GUEST): 1, ("update", GUEST): 1}

    assert [] == list(ledger.mailed_too_often(mails))
    assert list(ledger.mailed_too_often({**mails, ("update", GUEST): 2}))
    assert list(ledger.mailed_too_often({**mails, ("invitation", GUEST): 2}))
    assert list(ledger.mailed_too_often({**mails, ("cancellation", GUEST): 1}))
