"""What is to be written in Outlook once the transaction that found it has committed."""

from dataclasses import dataclass, field
from typing import Literal

from ..core.engine.snapshot import Snapshot
from ..core.graph.operations import Operation

Kind = Literal["create", "change", "remove", "answer"]


@dataclass(frozen=True)
class Wish:
    """One operation, what it is for, and what this database showed when it was decided."""

    kind: Kind
    operation: Operation = field(repr=False)
    meeting_id: int
    copy_id: int
    #: The snapshot that was compared (for an answer: the state), to become the base's local half.
    local: Snapshot | str | None = field(default=None, repr=False)
    #: The outbox is done with these rows once the effect is recorded.
    rows: tuple[int, ...] = ()
