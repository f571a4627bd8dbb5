"""What a step found to be done in Outlook: what to ask there first, and what to write."""

from dataclasses import dataclass, field

from .wishes import Wish


@dataclass(frozen=True)
class Look:
    """What only Outlook can tell before anything is written: an event by id or by mark."""

    copy_id: int
    remote_id: str | None
    tag: str = ""
    #: The calendar to search for the mark; None: the default one.
    calendar_id: str | None = None
    rows: tuple[int, ...] = ()


@dataclass
class Plan:
    """What a step found: what to ask Outlook first, and how far the outbox was read."""

    looks: list[Look] = field(default_factory=list)
    wishes: list[Wish] = field(default_factory=list)
    #: Rows of the outbox that were read and are there until their effect is recorded.
    kept: set[int] = field(default_factory=set)
    last_row: int = 0
    more: bool = False

    def add(self, other: "Plan") -> None:
        """Add what was found about one meeting more."""
        self.looks += other.looks
        self.wishes += other.wishes
        self.kept |= other.kept
