"""Decide what must happen to one meeting: a three-way merge, per field, with a base per side.

The policy in prose (as a table: ``docs/sync-rules.md``):

* A side changed if its snapshot differs from *its own* half of the base. Sides are lossy, so
  nothing is compared across, with one exception: where both changed the same field to equivalent
  values they agree, and nothing is written.
* What one side changed goes to the other. What both changed is decided by ``winner``, and the value
  that lost is reported. An edit beats a deletion, whoever wins.
* Keyed values (people, the occurrences of a series) are merged key by key, and inside of a key
  again; sets are merged member by member (``merge``). So each side is written its own present value
  with the other's changes applied: what only one side can hold survives there.
* When a series takes place is merged as one thing, and its exceptions with it (``timing``).
* A field that one side does not show cannot be compared: it is written on neither side and keeps
  its past in the base, so that a change made meanwhile is found once both show it again.
* Without a base two present sides are joined: nothing is written, differences are listed.

Pure, total and blind to sides: swapping them (and ``winner``) swaps the decision and nothing else.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import Final

from .decision import (
    Base,
    Create,
    Decision,
    Delete,
    Forget,
    Join,
    Merge,
    Nothing,
    Overruled,
)
from .merge import Absent, Merged, Pair, merge
from .normalize import equivalent
from .snapshot import EMPTY, Keyed, Side, Snapshot
from .timing import COUPLED, merge_timing

__all__ = [
    "Base",
    "Create",
    "Decision",
    "Delete",
    "Forget",
    "Join",
    "Merge",
    "Nothing",
    "Overruled",
    "reconcile",
    "record",
]


def reconcile(
    base: Base | None,
    local: Snapshot | None,
    remote: Snapshot | None,
    *,
    winner: Side,
    on_dates: Mapping[str, Side] = MappingProxyType({}),
) -> Decision:
    """Decide from what both sides showed last (``base``) and show now; None = not there.

    ``winner`` is the side that prevails where both changed one thing differently; ``on_dates`` the
    one that does so on single dates of a series (slot → side) where it is another. Never raises,
    writes nothing, knows no clock.
    """
    if local is not None and remote is not None:
        return _both(base, local, remote, winner, on_dates)
    if local is not None:
        return _one(base, Side.LOCAL, local)
    if remote is not None:
        return _one(base, Side.REMOTE, remote)
    return Forget()


def record(
    base: Base | None,
    local: Snapshot,
    remote: Snapshot,
    *,
    pending: Collection[str] = (),
) -> Base:
    """Return the base to store after writes, from what each side shows then.

    ``pending`` names fields whose write is still to come on one side: store the base with them
    pending in the transaction of the local writes, and without them once the remote side is
    written. So a crash in between repeats the missing write and nothing else.

    The snapshots must be of the very states that were compared and written (read in the same
    transaction; the answer to the PATCH). One that was read later may hold an edit nobody has
    carried over yet, and recording it would hide that edit for good.

    Fields that are pending, or shown by one side only, keep their past in both halves.
    """
    done = (local.keys() & remote.keys()).difference(pending)
    old = base or _NO_PAST
    return Base(
        local=Keyed({**old.local, **{name: local[name] for name in done}}),
        remote=Keyed({**old.remote, **{name: remote[name] for name in done}}),
    )


_NO_PAST: Final = Base(EMPTY, EMPTY)


def _one(base: Base | None, side: Side, present: Snapshot) -> Decision:
    """Decide where a meeting is on ``side`` only."""
    if base is not None and _is_untouched(base.half(side), present):
        return Delete(side)
    return Create(side.other, Keyed(present))


def _is_untouched(half: Snapshot, present: Snapshot) -> bool:
    """Say whether this side shows what it showed. An empty half knows nothing: then it does not."""
    known = half.keys() & present.keys()
    return bool(known) and all(half[name] == present[name] for name in known)


def _both(
    base: Base | None,
    local: Snapshot,
    remote: Snapshot,
    winner: Side,
    on_dates: Mapping[str, Side],
) -> Decision:
    """Decide where a meeting is on both sides."""
    shown = sorted(local.keys() & remote.keys())
    if base is None:
        return Join(
            tuple(name for name in shown if not equivalent(name, local[name], remote[name]))
        )
    if record(base, local, remote) == base:
        return Nothing()
    now = {name: Pair(local[name], remote[name]) for name in shown}
    was = {
        name: Pair(base.local.get(name, pair.local), base.remote.get(name, pair.remote))
        for name, pair in now.items()
    }
    merged = {**_one_by_one(was, now, winner), **merge_timing(was, now, winner, on_dates)}
    return Merge(
        _to_write(Side.LOCAL, now, merged),
        _to_write(Side.REMOTE, now, merged),
        tuple(one for name in shown for one in merged[name].overruled),
    )


def _one_by_one(
    was: Mapping[str, Pair], now: Mapping[str, Pair], winner: Side
) -> dict[str, Merged]:
    """Merge the fields that do not depend on each other."""
    return {
        name: merge((name,), was[name], now[name], winner) for name in now if name not in COUPLED
    }


def _to_write(side: Side, now: Mapping[str, Pair], merged: Mapping[str, Merged]) -> Keyed:
    """Return the values that a side should show and does not."""
    wanted = {name: one.now.of(side) for name, one in merged.items()}
    return Keyed(
        (name, value)
        for name, value in sorted(wanted.items())
        if value != now[name].of(side) and not isinstance(value, Absent)
    )
