"""Two lossy calendars in memory, what people type into them, and the rounds that join them.

The model of the convergence machine. A round is taken apart into the steps between which a process
can die and people can act: it *fetches* what Outlook shows, *applies* here (with the base, in one
transaction), *sends*, and *records*. The database survives everything, the round nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from lossy import STORES, Path, Typed, as_typed, common, differences

from core.engine.codec import dump_base, load_base
from core.engine.creation import first_shown
from core.engine.fields import CANCELLED
from core.engine.reconcile import (
    Base,
    Create,
    Decision,
    Delete,
    Forget,
    Merge,
    Overruled,
    reconcile,
    record,
)
from core.engine.recurrence import Rule
from core.engine.snapshot import EMPTY, Keyed, Side, Snapshot, Value
from core.engine.unrecorded import as_written

#: What hangs together in a series: of two changes one may give way to the other, and is reported.
TIMING: Final = frozenset({"rule", "when", "zone", "occurrences"})
#: Undisturbed rounds after which nothing is left to write, at most.
ROUNDS: Final = 3


class Vanished(AssertionError):
    """A round took something away that nobody had given up."""


@dataclass
class Flight:
    """A round on its way: what it fetched, what it decided, what it has still to do."""

    shown: Snapshot | None
    version: int
    #: After ``apply``: what goes to Outlook, and what this side shows with it.
    decision: Decision | None = None
    local: Snapshot | None = None
    #: After ``send``: what Outlook answered.
    answer: Snapshot | None = None
    is_sent: bool = False
    is_refused: bool = False


@dataclass
class Meeting:
    """One meeting on both sides, the database's row about it, and the round that is at it."""

    shows: dict[Side, Snapshot | None]
    stored: object = None
    #: What a round is about to send, or was when it died: kept until an effect is recorded.
    noted: object = None
    #: Moves with each change in Outlook: a write expects the one that was fetched.
    version: int = 0
    flight: Flight | None = None
    #: Whether it was anywhere since both were in step.
    is_begun: bool = False
    #: By side: what was typed there since both were in step, and what of it went over already.
    typed: dict[Side, Typed] = field(default_factory=lambda: {side: {} for side in Side})
    waiting: dict[Side, Typed] = field(default_factory=lambda: {side: {} for side in Side})
    deleted: set[Side] = field(default_factory=set)
    #: What was set back here to what both sides had showed, when Outlook may have been written.
    going_back: set[Path] = field(default_factory=set)
    reported: list[Overruled] = field(default_factory=list)
    #: Requests that announce something, and how many people gave reason for.
    invited: int = 0
    allowed: int = 1
    announced: Counter[tuple[Path, object]] = field(default_factory=Counter)
    reasons: Counter[tuple[Path, object]] = field(default_factory=Counter)
    writes: int = 0

    @property
    def base(self) -> Base | None:
        """Return the base as the database has it."""
        return load_base(self.stored) if self.stored is not None else None

    @property
    def sent(self) -> Base | None:
        """Return what may have been written without a trace, as the database has it."""
        return load_base(self.noted) if self.noted is not None else None

    # People --------------------------------------------------------------------------------------

    def edit(self, side: Side, values: Snapshot) -> None:
        """Let a person change fields of the meeting, where it is."""
        before, self.is_begun = common(self.shows[side], as_typed), True
        self._store(side, values)
        after, plain = common(self.shows[side], as_typed), common(self.shows[side])
        for path in before.keys() | after.keys():
            if before.get(path) != after.get(path):
                self._note(side, path, plain.get(path), after.get(path))

    def _note(self, side: Side, path: Path, news: object, literally: object) -> None:
        self.reasons[path, news] += 1
        self.typed[side][path] = self.waiting[side][path] = news
        self.going_back.discard(path)
        if self.base is None:
            return
        if side is Side.REMOTE and self._is_sent(path) and self._sent_value(path) == news:
            # What a round was sending, typed there in the same moment, is that round's.
            del self.typed[side][path], self.waiting[side][path]
        elif common(self.base.half(side), as_typed).get(path) == literally:
            if side is Side.LOCAL and self._is_sent(path):
                self.going_back.add(path)
                return
            # Taken back before any round saw it: as if nobody had typed anything.
            del self.typed[side][path], self.waiting[side][path]

    def _is_sent(self, path: Path) -> bool:
        """Say whether a round that is not over may have written something there."""
        if self.sent is None or self.base is None or path[0] not in self.sent.remote:
            return False
        return self._sent_value(path) != common(self.base.remote).get(path)

    def _sent_value(self, path: Path) -> object:
        return common(self.sent.remote).get(path) if self.sent else None

    def delete(self, side: Side) -> None:
        """Let a person delete it: what he typed before is given up with it."""
        self.shows[side] = None
        self.deleted.add(side)
        self.waiting[side].clear()
        for typed in self.typed.values():
            typed.clear()
        self.allowed += 1  # whoever keeps it on the other side has it made anew
        self.version += side is Side.REMOTE

    # A round -------------------------------------------------------------------------------------

    def fetch(self) -> None:
        """Begin: read what Outlook shows now."""
        self.flight = Flight(self.shows[Side.REMOTE], self.version)

    def apply(self, winner: Side) -> None:
        """Decide and write here, with the base of it: one transaction."""
        flight = self.flight
        assert flight is not None
        base, local, shown = self.base, self.shows[Side.LOCAL], flight.shown
        if base is not None and not base.remote:
            base = _of_a_creation(base, shown)
        elif base is not None and self.sent is not None and shown is not None:
            base = as_written(base, self.sent, local=local, shown=shown)
            self._keep(base)
        flight.decision = decision = reconcile(base, local, shown, winner=winner)
        self.reported += decision.overruled if isinstance(decision, Merge) else ()
        if isinstance(decision, Merge) and decision.to_local:
            self._write(Side.LOCAL, decision.to_local)
        elif isinstance(decision, Create) and decision.side is Side.LOCAL:
            self._write(Side.LOCAL, decision.values)
            self.waiting[Side.REMOTE].clear()
        elif isinstance(decision, Delete) and decision.side is Side.LOCAL:
            self._take_away(Side.LOCAL)
        elif isinstance(decision, Forget):
            self.stored = None
        self._see_agreement(flight)
        self._keep_applied(flight)

    def _see_agreement(self, flight: Flight) -> None:
        """What was typed and both sides show has arrived."""
        local, remote = common(self.shows[Side.LOCAL]), common(flight.shown)
        if flight.shown is None or self.shows[Side.LOCAL] is None:
            return
        for waiting in self.waiting.values():
            for path in [one for one in waiting if local.get(one) == remote.get(one)]:
                del waiting[path]

    def _keep_applied(self, flight: Flight) -> None:
        """Record what was applied here; what is to be sent stays pending."""
        decision, flight.local, self.noted = flight.decision, self.shows[Side.LOCAL], None
        if isinstance(decision, Create) and decision.side is Side.REMOTE:
            # Before the request leaves: what is edited meanwhile is then found as a change.
            self._keep(Base(decision.values, EMPTY))
        elif isinstance(decision, (Create, Merge)) and flight.local and flight.shown:
            pending = decision.to_remote if isinstance(decision, Merge) else ()
            if pending:
                before = {name: flight.local[name] for name in pending}
                self.noted = dump_base(Base(Keyed(before), pending))
            self._keep(record(self.base, flight.local, flight.shown, pending=pending))

    def send(self) -> None:
        """Do in Outlook what was decided, unless somebody was there meanwhile."""
        flight = self.flight
        assert flight is not None
        decision, flight.is_sent = flight.decision, True
        values: Snapshot = {}
        if isinstance(decision, Merge):
            values = decision.to_remote
        elif isinstance(decision, Create) and decision.side is Side.REMOTE:
            values = decision.values
        is_removal = isinstance(decision, Delete) and decision.side is Side.REMOTE
        if not values and not is_removal:
            return
        if flight.version != self.version:
            flight.is_refused = True
        elif is_removal:
            self._take_away(Side.REMOTE)
        else:
            self.invited += isinstance(decision, Create)
            self._announce(values)
            self._write(Side.REMOTE, values)
            flight.answer = self.shows[Side.REMOTE]

    def finish(self) -> None:
        """Record what was sent; the round is over."""
        flight, self.flight = self.flight, None
        assert flight is not None
        if flight.answer is not None and flight.local is not None:
            self._keep(record(self.base, flight.local, flight.answer))
            self.noted = None
        elif isinstance(flight.decision, Delete) and not flight.is_refused:
            self.stored = None

    def go_on(self, winner: Side) -> None:
        """Do the steps of a round that are left."""
        flight = self.flight
        assert flight is not None
        if flight.decision is None:
            self.apply(winner)
        if not flight.is_sent:
            self.send()
        self.finish()

    def die(self) -> None:
        """End the round where it is: the process was killed."""
        self.flight = None

    def round(self, winner: Side = Side.LOCAL) -> bool:
        """Run a whole round; say whether it wrote anything on either side."""
        before = self.writes
        self.fetch()
        self.apply(winner)
        self.send()
        self.finish()
        return self.writes > before

    def is_gone(self) -> bool:
        """Say whether it is on neither side."""
        return set(self.shows.values()) == {None}

    # What must hold ------------------------------------------------------------------------------

    def settle(self) -> None:
        """Let undisturbed rounds run: soon the last one writes nothing, and both sides agree."""
        self.flight = None
        rounds = next((n for n in range(ROUNDS + 1) if not self.round()), None)
        assert rounds is not None, f"still writing after {ROUNDS} rounds"
        assert not self.round(Side.REMOTE), "a further round wrote"
        local, remote = (common(self.shows[side]) for side in Side)
        assert local == remote, differences(local, remote)
        if self.is_gone():
            assert self.deleted or not self.is_begun, "nobody deleted it"
            assert self.stored is None
        self._hold_what_was_typed(local)
        assert self.invited <= self.allowed, "invited twice"
        for (path, value), times in self.announced.items():
            # With the timing of a series go dates that nobody touched; once, as well.
            reasons = max(self.reasons[path, value], path[0] in TIMING)
            assert times <= reasons, f"announced {times} times: {path} {value}"
        self._begin_anew()

    def _hold_what_was_typed(self, shown: Typed) -> None:
        """What one side alone typed is there; of two one is, and the other is told of."""
        for path in (
            () if self.is_gone() else self.typed[Side.LOCAL].keys() | self.typed[Side.REMOTE]
        ):
            wanted = [typed[path] for typed in self.typed.values() if path in typed]
            is_excused = path[0] in TIMING and self.is_reported(path)
            if not is_excused and not all(self._is_moot(path, one, Side.LOCAL) for one in wanted):
                assert shown.get(path) in wanted, f"{path}: {shown.get(path)!r} is not in {wanted}"

    def _begin_anew(self) -> None:
        for side in Side:
            self.typed[side].clear()
            self.waiting[side].clear()
        self.deleted.clear()
        self.going_back.clear()
        self.is_begun = not self.is_gone()
        self.reported.clear()
        self.invited, self.allowed = 0, 1
        self.announced.clear()
        self.reasons.clear()

    # Storing -------------------------------------------------------------------------------------

    def _keep(self, base: Base) -> None:
        self.stored = dump_base(base)

    def _store(self, side: Side, values: Mapping[str, Value]) -> None:
        kept = {name: STORES[side](name, value) for name, value in values.items()}
        self.shows[side] = Keyed({**(self.shows[side] or {}), **kept})
        self.version += side is Side.REMOTE

    def _write(self, side: Side, values: Snapshot) -> None:
        """Write as a round does; what somebody typed there and nobody saw must be reported."""
        self.writes += 1
        self._store(side, values)
        shown = common(self.shows[side])
        for path, value in list(self.waiting[side].items()):
            if path[0] in values and shown.get(path) != value:
                if not self.is_reported(path) and not self._is_moot(path, value, side):
                    raise Vanished(path)
                del self.waiting[side][path]
        for path in [one for one in self.waiting[side.other] if one[0] in values]:
            del self.waiting[side.other][path]

    def _take_away(self, side: Side) -> None:
        self.writes += 1
        if side.other not in self.deleted or self.waiting[side].keys() - self.going_back:
            raise Vanished(side)
        self.shows[side] = None
        self.version += side is Side.REMOTE

    def is_reported(self, path: Path) -> bool:
        """Say whether somebody is told that a value of this path lost."""
        return any(
            one.path[: len(path)] == path[: len(one.path)] or ({one.path[0], path[0]} <= TIMING)
            for one in self.reported
        )

    def _is_moot(self, path: Path, value: object, side: Side) -> bool:
        """Say whether a date was taken out, or back, that the series has not any more."""
        rule = (self.shows[side] or {}).get("rule")
        is_date = path[0] == "occurrences" and value in (CANCELLED, None)
        return is_date and not (isinstance(rule, Rule) and rule.hits(date.fromisoformat(path[1])))

    def _announce(self, values: Snapshot) -> None:
        """Count what Outlook mails about: each path and value that it did not show."""
        if self.shows[Side.REMOTE] is None:
            return  # an invitation, which is counted as one
        shown = common(self.shows[Side.REMOTE])
        news = common(values)
        for path in news.keys() | {one for one in shown if one[0] in values}:
            if shown.get(path) != news.get(path):
                self.announced[path, news.get(path)] += 1


def _of_a_creation(base: Base, shown: Snapshot | None) -> Base | None:
    """Return what is known of a meeting whose creation got no answer (see ``bridge``).

    Where Outlook has none of it, it is still to be made.
    """
    return None if shown is None else Base(base.local, first_shown(base.local, shown))
