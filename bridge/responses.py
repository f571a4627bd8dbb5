"""A guest's own answer as both sides last showed it, of each date of a series.

Most dates say the same, so one answer is kept for all and, by slot, those that differ. The only
date of a single meeting has the slot "".
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from .people import STATES

#: Slot -> state of an attendee here.
States = Mapping[str, str]


@dataclass(frozen=True)
class Responses:
    """What both sides showed last: here states of `calendar.attendee`, there answers of Graph."""

    #: The state of most dates; None where he was no guest here.
    local: str | None = None
    remote: str = "none"
    #: States and answers of the dates that are otherwise.
    here: States = field(default_factory=dict)
    single: Mapping[str, str] = field(default_factory=dict)
    #: False: nobody has looked yet.
    is_known: bool = False

    @classmethod
    def of(cls, copy) -> "Responses":
        """Return what is kept of a copy."""
        kept = copy.response or {}
        return cls(
            kept.get("local"),
            kept.get("remote", "none"),
            kept.get("here", {}),
            kept.get("single", {}),
            bool(kept),
        )

    def keep(self, copy) -> None:
        """Store it, where it is news."""
        values = {"local": self.local, "remote": self.remote}
        values |= {"here": dict(self.here)} if self.here else {}
        values |= {"single": dict(self.single)} if self.single else {}
        if copy.response != values:
            copy.response = values

    def state(self, slot: str) -> str | None:
        """Return what this side showed."""
        return self.here.get(slot, self.local)

    def response(self, slot: str) -> str:
        """Return what Outlook showed."""
        return self.single.get(slot, self.remote)

    def knows(self, slot: str, state: str) -> bool:
        """Tell whether either side showed that state of a date last."""
        return state in (self.state(slot), STATES[self.response(slot)])

    def showing(self, states: States) -> "Responses":
        """Return the same with what this side shows now."""
        most = next(iter(Counter(states.values()).most_common(1)), (None,))[0]
        here = {slot: state for slot, state in states.items() if state != most}
        return replace(self, local=most, here=here)

    def answered(self, slot: str, state: str, response: str | None) -> "Responses":
        """Return the same after one date was answered; None: it is not there to be answered."""
        single = self.single if response is None else {**self.single, slot: response}
        return replace(self, here={**self.here, slot: state}, single=single)


class Answered(NamedTuple):
    """An answer as it was decided: the state, and what this side shows once it is sent."""

    state: str
    states: States
