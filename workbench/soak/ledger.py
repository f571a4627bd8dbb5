"""What people typed into one meeting, and what must come of it: the rules, without any calendar.

A *mark* names what was typed: ``("name",)``, ``("place", 2)`` of the third date, ``("there", 2)``
(False: that date was cancelled), ``("guest", "ann@…")`` (whether he is invited).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

Mark: TypeAlias = tuple[Any, ...]
#: Which dates a side shows: date -> name, place and hour; and who is invited.
Dates: TypeAlias = dict[int, tuple[str, str, int]]

#: Acts that are told to all guests; those that invite, and those that call off.
_TOLD: Final = frozenset({"rename", "place", "hour"})
_INVITING: Final = frozenset({"invite", "delete"})  # what is edited elsewhere is made anew
_CALLING_OFF: Final = frozenset({"uninvite", "cancel", "delete"})


@dataclass(frozen=True)
class Shown:
    """One meeting as one side shows it; no dates: it is not there."""

    dates: Dates
    guests: frozenset[str] = frozenset()

    def value(self, mark: Mark) -> Any:
        """Return what stands where something was typed; None where there is no such date."""
        what, *at = mark
        if what == "guest":
            return at[0] in self.guests
        if what == "there":
            return at[0] in self.dates
        if what == "name":
            return next(iter(self.dates.values()))[0] if self.dates else None
        found = self.dates.get(at[0])
        return found and found[{"place": 1, "hour": 2}[what]]


@dataclass
class Ledger:
    """All that was done to a meeting since it was made."""

    dates: int
    typed: dict[str, dict[Mark, Any]] = field(default_factory=lambda: {"here": {}, "there": {}})
    deleted: set[str] = field(default_factory=set)
    #: Sides on which it was edited, ever.
    edited: set[str] = field(default_factory=set)
    acts: Counter[str] = field(default_factory=Counter)

    def note(self, side: str, what: str, mark: Mark, value: Any) -> None:
        """Note what somebody typed."""
        self.acts[what] += 1
        self.edited.add(side)
        self.typed[side][mark] = value

    def note_deletion(self, side: str) -> None:
        """Note that somebody deleted it: what was typed before does not count any more."""
        self.acts["delete"] += 1
        self.deleted.add(side)
        for typed in self.typed.values():
            typed.clear()

    def troubles(self, here: Shown, there: Shown) -> Iterable[str]:
        """Return what is not as it must be."""
        if here != there:
            yield f"the sides differ: {here} here, {there} there"
        if not here.dates:
            if not self.deleted:
                yield "it vanished, and nobody deleted it"
            return
        both = {"here", "there"}
        if self.deleted and not ((both - self.deleted or both) & self.edited):
            yield "it was deleted, nobody edited it elsewhere, and it is there"
        if not self.deleted:
            yield from self._vanished(here)
        yield from self._lost(here)

    def _vanished(self, shown: Shown) -> Iterable[str]:
        for date in range(self.dates):
            cancelled = any(("there", date) in typed for typed in self.typed.values())
            if date not in shown.dates and not cancelled:
                yield f"date {date} vanished, and nobody cancelled it"

    def _lost(self, shown: Shown) -> Iterable[str]:
        for mark in {mark for typed in self.typed.values() for mark in typed}:
            wanted = [typed[mark] for typed in self.typed.values() if mark in typed]
            if shown.value(mark) not in wanted and not self._is_moot(mark, shown):
                yield f"{mark}: {wanted} was typed, {shown.value(mark)!r} is there"

    def _is_moot(self, mark: Mark, shown: Shown) -> bool:
        """Say whether a date was edited by the one and cancelled by the other: either may stand."""
        if mark[0] == "there":
            others = (("place", mark[1]), ("hour", mark[1]))
            return any(one in typed for typed in self.typed.values() for one in others)
        return mark[0] in ("place", "hour") and mark[1] not in shown.dates

    def contested(self) -> set[Mark]:
        """Return what both sides typed: which of the two stands is a matter of moments."""
        return self.typed["here"].keys() & self.typed["there"].keys()

    def mailed_too_often(self, mails: Mapping[tuple[str, str], int]) -> Iterable[str]:
        """Return who got more mails (kind, recipient) than anybody gave reason for."""
        # Of a series Outlook tells of each date that differs, too.
        each = 1 if self.dates == 1 else 1 + self.dates
        allowed = {
            "invitation": 1 + self._count(_INVITING),
            "update": self._count(_TOLD) * each,
            "cancellation": self._count(_CALLING_OFF) * each,
            "response": self.acts["answer"] + self.acts["delete"],
        }
        for (kind, to), times in sorted(mails.items()):
            if times > allowed.get(kind, times):
                yield f"{to} got {times} mails of the kind {kind}, at most {allowed[kind]} expected"

    def _count(self, kinds: frozenset[str]) -> int:
        return sum(self.acts[kind] for kind in kinds)
