"""Several meetings on two sides, rounds that die between any two steps: what holds in the end.

Hypothesis draws what happens: people make, edit and delete single meetings and series on either
side, also in the middle of a round; rounds die, and their requests may still arrive. ``world.py``
is the model, and says what must hold whenever peace has come.

Thousands of cases: ``HYPOTHESIS_PROFILE=ci``. A failure is printed as a program that repeats it.
"""

from __future__ import annotations

from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule
from world import Meeting

from core.engine.snapshot import Keyed, Side, Snapshot
from strategies import BLANK, SIDES, changed_series, edits, series, single_meetings

COUNT = 3
WHICH = st.integers(0, COUNT - 1)


class Calendars(RuleBasedStateMachine):
    """Meetings 0 and 1 take place once; the last one is a series."""

    def __init__(self) -> None:
        super().__init__()
        self.meetings = [Meeting({Side.LOCAL: None, Side.REMOTE: None}) for _one in range(COUNT)]
        self.script: list[tuple[str, tuple[Any, ...]]] = []

    @initialize(side=SIDES, values=single_meetings, whole=series())
    def begin(self, side: Side, values: Snapshot, whole: Snapshot) -> None:
        """Make a meeting and a series on one side."""
        self.act("edit", 0, side, values)
        self.act("edit", COUNT - 1, side, whole)

    @rule(which=st.integers(0, COUNT - 2), side=SIDES, values=edits)
    def edit(self, which: int, side: Side, values: Snapshot) -> None:
        """Let a person change some fields, or make the meeting where it is nowhere."""
        meeting = self.meetings[which]
        if meeting.shows[side] is not None:
            self.act("edit", which, side, values)
        elif meeting.is_gone() and meeting.stored is None and not meeting.flight:
            self.act("edit", which, side, Keyed({**BLANK, **values}))

    @rule(side=SIDES, data=st.data())
    def edit_series(self, side: Side, data: st.DataObject) -> None:
        """Let a person change a series: some dates, its name, its end, or its timing."""
        shown = self.meetings[-1].shows[side]
        if shown is not None and shown.get("rule") is not None:
            self.act("edit", COUNT - 1, side, data.draw(changed_series(shown)))

    @rule(which=WHICH, side=SIDES, luck=st.integers(1, 5))
    def delete(self, which: int, side: Side, luck: int) -> None:
        """Let a person delete a meeting, now and then."""
        if luck == 5 and self.meetings[which].shows[side] is not None:
            self.act("delete", which, side)

    @rule(which=WHICH, winner=SIDES)
    def round(self, which: int, winner: Side) -> None:
        """Run a round, or what is left of one, to its end."""
        self.act("fetch", which)
        self.act("apply", which, winner)
        self.act("send", which)
        self.act("finish", which)

    @rule(which=WHICH, winner=SIDES, steps=st.integers(1, 3))
    def stop_amid(self, which: int, winner: Side, steps: int) -> None:
        """Begin a round and leave it between two of its steps: people act, or it dies there."""
        for step in (("fetch",), ("apply", winner), ("send",))[:steps]:
            self.act(step[0], which, *step[1:])

    @precondition(lambda self: any(one.flight for one in self.meetings))
    @rule()
    def die(self) -> None:
        """Kill the process: all rounds are over."""
        for which in range(COUNT):
            self.act("die", which)

    @precondition(lambda self: any(one.flight for one in self.meetings))
    @rule(winner=SIDES)
    def go_on(self, winner: Side) -> None:
        """Bring rounds that were left amid to their end."""
        for which, meeting in enumerate(self.meetings):
            if meeting.flight:
                self.act("go_on", which, winner)

    @rule()
    def come_to_rest(self) -> None:
        """Peace now, and everything that must hold; then life goes on."""
        for which in range(COUNT):
            self.act("settle", which)

    def act(self, name: str, which: int, *values: Any) -> None:
        """Let something happen to a meeting, and note it."""
        self.script.append((name, (which, *values)))
        getattr(self.meetings[which], name)(*values)

    def teardown(self) -> None:
        """Peace at the end; and the same acts once more come to the same."""
        self.come_to_rest()
        again = [Meeting({Side.LOCAL: None, Side.REMOTE: None}) for _one in range(COUNT)]
        for name, (which, *values) in self.script:
            getattr(again[which], name)(*values)
        assert [one.shows for one in self.meetings] == [one.shows for one in again]
        assert [one.stored for one in self.meetings] == [one.stored for one in again]


Calendars.TestCase.settings = settings(
    stateful_step_count=15, max_examples=6 * settings().max_examples
)
TestCalendars = Calendars.TestCase
