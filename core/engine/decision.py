"""What reconciling can come to: the base it starts from and the decisions it ends in.

Plain values, all frozen. Snapshots in them are full new values per field; what each decision asks
of the caller stands with it. Whatever was decided, the round then records (``reconcile.record``)
what each side shows *after* the writes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from .snapshot import EMPTY, Side, Snapshot, Value


@dataclass(frozen=True)
class Base:
    """What each side showed when both were last in step: one half per side.

    Two halves, because sides are lossy: Exchange wraps a body, Odoo has no kind of attendee. Each
    side is compared with its own half, never across.
    """

    local: Snapshot
    remote: Snapshot

    def half(self, side: Side) -> Snapshot:
        """Return the half of that side."""
        return self.local if side is Side.LOCAL else self.remote


@dataclass(frozen=True)
class Overruled:
    """One value that lost against another, for people to find it again.

    ``path`` is the field and, inside of a keyed value, the keys that lead on: ``("subject",)``,
    ``("people", "ann@example.com")``. ``kept`` is the value of the side ``winner``, ``lost`` that
    of the other; None stands for "deleted" too.
    """

    path: tuple[str, ...]
    kept: Value
    lost: Value
    winner: Side

    @property
    def field(self) -> str:
        """Return the name of the field."""
        return self.path[0]


@dataclass(frozen=True)
class Nothing:
    """Do nothing: no side changed, and the base is as it should be."""


@dataclass(frozen=True)
class Join:
    """Write on no side; take the present states as the base, and list ``differences`` (fields)."""

    differences: tuple[str, ...]


@dataclass(frozen=True)
class Create:
    """Make the meeting on ``side``, where it is absent, with all of ``values``."""

    side: Side
    values: Snapshot


@dataclass(frozen=True)
class Delete:
    """Delete the meeting on ``side``, as it was deleted on the other."""

    side: Side


@dataclass(frozen=True)
class Forget:
    """Drop the link: the meeting is on neither side."""


@dataclass(frozen=True)
class Merge:
    """Write these fields, and only these, on each side; then record the base.

    Both may be empty: then both sides already agree, and only the base is behind.
    """

    to_local: Snapshot = EMPTY
    to_remote: Snapshot = EMPTY
    overruled: tuple[Overruled, ...] = ()

    def to(self, side: Side) -> Snapshot:
        """Return what is to be written on that side."""
        return self.to_local if side is Side.LOCAL else self.to_remote


Decision: TypeAlias = Nothing | Join | Create | Delete | Forget | Merge
