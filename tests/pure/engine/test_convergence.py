"""Two lossy sides, random edits, deletions and crashes: they end in step and stay quiet."""

from __future__ import annotations

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule
from lossy import STORES, common

from core.engine.codec import dump_base, load_base
from core.engine.reconcile import (
    Base,
    Create,
    Decision,
    Delete,
    Forget,
    Join,
    Merge,
    Nothing,
    reconcile,
    record,
)
from core.engine.snapshot import Keyed, Person, Side, Snapshot
from strategies import SIDES, edits, single_meetings


class TwoSides(RuleBasedStateMachine):
    """A meeting that lives on two sides, and a round that may die at any step.

    The stored base goes through the codec, as it does in the database.
    """

    def __init__(self) -> None:
        super().__init__()
        self.shows: dict[Side, Snapshot | None] = {Side.LOCAL: None, Side.REMOTE: None}
        self.stored: object = None
        self.strangers = False  # joined with differences, which a join leaves as they are

    @initialize(side=SIDES, values=single_meetings)
    def begin(self, side: Side, values: Snapshot) -> None:
        """Make the meeting on one side."""
        self.write(side, values)

    @rule(side=SIDES, values=edits)
    def edit(self, side: Side, values: Snapshot) -> None:
        """Let a person change some fields, where the meeting is there."""
        if self.shows[side] is not None:
            self.write(side, values)

    @rule(side=SIDES, luck=st.integers(1, 6))
    def delete(self, side: Side, luck: int) -> None:
        """Let a person delete the meeting, now and then."""
        if luck == 6:
            self.shows[side] = None

    @rule(winner=SIDES, steps=st.integers(0, 3))
    def round(self, winner: Side, steps: int) -> None:
        """Run a round that dies after some steps; with 3 it runs to its end."""
        self.carry_out(self.decide(winner), steps)

    def write(self, side: Side, values: Snapshot) -> None:
        """Store values in the way of that side."""
        kept = {name: STORES[side](name, value) for name, value in values.items()}
        self.shows[side] = Keyed({**(self.shows[side] or {}), **kept})

    def decide(self, winner: Side) -> Decision:
        """Reconcile what is stored and shown."""
        base = load_base(self.stored) if self.stored is not None else None
        return reconcile(base, self.shows[Side.LOCAL], self.shows[Side.REMOTE], winner=winner)

    def carry_out(self, decision: Decision, steps: int) -> None:
        """Apply locally and record that in one step, apply remotely, record."""
        if isinstance(decision, Join) and decision.differences:
            self.strangers = True
        if isinstance(decision, Merge):
            self.carry_out_merge(decision, steps)
        elif isinstance(decision, Create) and steps:
            self.write(decision.side, decision.values)
        elif isinstance(decision, Delete) and steps:
            self.shows[decision.side] = None
        elif isinstance(decision, Forget):
            self.stored = None
        if isinstance(decision, (Create, Join)) and steps > 1:
            self.keep()
        if isinstance(decision, Delete) and steps > 1:
            self.stored = None

    def carry_out_merge(self, decision: Merge, steps: int) -> None:
        """Write the local side with its record, then the remote side, then its record."""
        if steps > 0:
            self.write(Side.LOCAL, decision.to_local)
            self.keep(*decision.to_remote)
        if steps > 1:
            self.write(Side.REMOTE, decision.to_remote)
        if steps > 2:
            self.keep()

    def keep(self, *pending: str) -> None:
        """Record the base."""
        base = load_base(self.stored) if self.stored is not None else None
        local, remote = self.shows[Side.LOCAL], self.shows[Side.REMOTE]
        assert local is not None
        assert remote is not None
        self.stored = dump_base(record(base, local, remote, pending=pending))

    def teardown(self) -> None:
        """Two undisturbed rounds bring the sides in step; after them there is nothing to do."""
        self.round(Side.LOCAL, 3)
        self.round(Side.LOCAL, 3)
        local, remote = self.shows[Side.LOCAL], self.shows[Side.REMOTE]
        if local is None or remote is None:
            assert local is remote
            assert self.stored is None
            return
        assert Nothing() == self.decide(Side.REMOTE)
        if not self.strangers:
            assert common(local) == common(remote)


TwoSides.TestCase.settings = settings(stateful_step_count=12)
TestTwoSides = TwoSides.TestCase


def test_an_optional_guest_stays_optional_through_a_side_without_kinds() -> None:
    """Local knows no kinds: edits of the list there leave the kinds of others as they are."""
    ann, bob = Person("optional", "Ann"), Person("required", "Bob")
    sides = TwoSides()
    sides.write(Side.REMOTE, {"people": Keyed({"ann@example.com": ann}), "subject": "x"})
    sides.round(Side.LOCAL, 3)
    sides.write(
        Side.LOCAL,
        {"people": Keyed({"ann@example.com": Person("required"), "bob@example.com": bob})},
    )
    sides.round(Side.LOCAL, 3)

    remote = sides.shows[Side.REMOTE]
    assert remote is not None
    assert Keyed({"ann@example.com": ann, "bob@example.com": bob}) == remote["people"]
    assert isinstance(load_base(sides.stored), Base)
    assert Nothing() == sides.decide(Side.LOCAL)
