"""What is to be written in Outlook once the transaction that found it has committed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from ..core.engine.snapshot import Keyed, Snapshot, Value
from ..core.graph.operations import Operation
from .responses import Answered

Kind = Literal["create", "change", "online", "occurrences", "remove", "answer", "date answers"]


@dataclass(frozen=True)
class Occurrences:
    """What single occurrences of a series are to become in Outlook.

    `parts` holds by slot what is to be written (as `Keyed` fields), or `CANCELLED`; `series` what
    the series around them is in Outlook by then, `digests` what stands for each part where it is
    refused. As an operation it is several: their ids must be asked for first.
    """

    remote_id: str
    parts: Mapping[str, Value] = field(repr=False)
    series: Snapshot = field(repr=False)
    digests: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class DateAnswers:
    """What the mailbox's owner answers to single dates of a series: slot -> state here.

    `series` is the series as Outlook shows it. Several operations, like `Occurrences`.
    """

    remote_id: str
    series: Snapshot = field(repr=False)
    states: Mapping[str, str] = field(repr=False)
    send_response: bool = True


@dataclass(frozen=True)
class Wish:
    """One operation, what it is for, and what this database showed when it was decided."""

    kind: Kind
    operation: Operation | Occurrences | DateAnswers = field(repr=False)
    meeting_id: int
    copy_id: int
    #: The snapshot that was compared, to become the base's local half; of an answer the states.
    local: Snapshot | Answered | None = field(default=None, repr=False)
    #: The outbox is done with these rows once the effect is recorded.
    rows: tuple[int, ...] = ()
    #: What is to be written once this is done; it shares the rows.
    then: "Wish | None" = None
    #: Fields that came before it and were refused, and why: it is tried all the same.
    refused: frozenset[str] = frozenset()
    trouble: str = ""

    def following(self) -> Iterator["Wish"]:
        """Yield what is to be written afterwards, in order."""
        wish = self.then
        while wish:
            yield wish
            wish = wish.then

    def pending(self) -> set[str]:
        """Return the fields of the meeting as a whole that are written only afterwards, or not."""
        later = (one.operation.values for one in self.following() if one.kind == "change")
        return {*self.refused, *(name for values in later for name in values)}

    def pending_on(self, slot: str) -> set[str]:
        """Return the fields of a single occurrence that are written only afterwards."""
        later = (one.operation.parts for one in self.following() if one.kind == "occurrences")
        found = (parts.get(slot) for parts in later)
        return {name for part in found if isinstance(part, Keyed) for name in part}
