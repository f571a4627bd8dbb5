"""Decide what must happen to one meeting: a three-way merge, per field, with a base per side.

The policy in prose (as a table: ``docs/sync-rules.md``):

* A side changed if its snapshot differs from *its own* half of the base. Sides are lossy, so
  nothing is compared across, with one exception: where both changed the same field to equivalent
  values they agree, and nothing is written.
* What one side changed goes to the other. What both changed is decided by ``winner``, and the value
  that lost is reported. An edit beats a deletion, whoever wins.
* Keyed values (people; later the occurrences of a series) are merged key by key, and inside of a
  key again; sets are merged member by member. So each side is written its own present value with
  the other's changes applied: what only one side can hold survives there.
* A field that one side does not show cannot be compared: it is written on neither side and keeps
  its past in the base, so that a change made meanwhile is found once both show it again.
* Without a base two present sides are joined: nothing is written, differences are listed.

Pure, total and blind to sides: swapping them (and ``winner``) swaps the decision and nothing else.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final, TypeAlias

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
from .normalize import equivalent
from .snapshot import EMPTY, Keyed, Person, Side, Snapshot, Value

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
) -> Decision:
    """Decide from what both sides showed last (``base``) and show now; None = not there.

    ``winner`` is the side that prevails where both changed one thing differently. Never raises,
    writes nothing, knows no clock.
    """
    if local is not None and remote is not None:
        return _both(base, local, remote, winner)
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


class _Absent(Enum):
    """Stand for a key that is not there, which is no value at all."""

    ABSENT = "absent"


_ABSENT: Final = _Absent.ABSENT
_NO_PAST: Final = Base(EMPTY, EMPTY)
_Maybe: TypeAlias = Value | _Absent


@dataclass(frozen=True)
class _Pair:
    """One thing as both sides have it."""

    local: _Maybe
    remote: _Maybe

    def at(self, key: str) -> _Pair:
        """Return the pair one step further in."""
        return _Pair(_get(self.local, key), _get(self.remote, key))


@dataclass(frozen=True)
class _Merged:
    """What both sides should show, and who lost what."""

    now: _Pair
    overruled: tuple[Overruled, ...] = ()


def _one(base: Base | None, side: Side, present: Snapshot) -> Decision:
    """Decide where a meeting is on ``side`` only."""
    if base is not None and _is_untouched(base.half(side), present):
        return Delete(side)
    return Create(side.other, Keyed(present))


def _is_untouched(half: Snapshot, present: Snapshot) -> bool:
    """Say whether this side shows what it showed. An empty half knows nothing: then it does not."""
    known = half.keys() & present.keys()
    return bool(known) and all(half[name] == present[name] for name in known)


def _both(base: Base | None, local: Snapshot, remote: Snapshot, winner: Side) -> Decision:
    """Decide where a meeting is on both sides."""
    shown = sorted(local.keys() & remote.keys())
    if base is None:
        return Join(
            tuple(name for name in shown if not equivalent(name, local[name], remote[name]))
        )
    if record(base, local, remote) == base:
        return Nothing()
    to_local: dict[str, Value] = {}
    to_remote: dict[str, Value] = {}
    overruled: list[Overruled] = []
    for name in shown:
        now = _Pair(local[name], remote[name])
        was = _Pair(base.local.get(name, now.local), base.remote.get(name, now.remote))
        merged = _merge((name,), was, now, winner)
        _add(to_local, name, now.local, merged.now.local)
        _add(to_remote, name, now.remote, merged.now.remote)
        overruled += merged.overruled
    return Merge(Keyed(to_local), Keyed(to_remote), tuple(overruled))


def _add(values: dict[str, Value], name: str, shown: _Maybe, wanted: _Maybe) -> None:
    """Put a value among those to write, unless the side shows it already."""
    if wanted != shown and not isinstance(wanted, _Absent):
        values[name] = wanted


def _merge(path: tuple[str, ...], was: _Pair, now: _Pair, winner: Side) -> _Merged:
    """Merge one value, whatever its kind."""
    if isinstance(now.local, Keyed) and isinstance(now.remote, Keyed):
        return _merge_keyed(path, was, now, winner)
    if isinstance(now.local, frozenset) and isinstance(now.remote, frozenset):
        merged = _merge_keyed(path, _as_keyed(was), _as_keyed(now), winner)
        return _Merged(_as_sets(merged.now), merged.overruled)
    return _merge_single(path, was, now, winner)


def _merge_single(path: tuple[str, ...], was: _Pair, now: _Pair, winner: Side) -> _Merged:
    """Merge a value that has no parts: it changed as a whole or not at all."""
    if now == was or _is_invited_anyway(was, now):
        return _Merged(now)
    if now.remote == was.remote:
        return _Merged(_Pair(now.local, now.local))
    if now.local == was.local:
        return _Merged(_Pair(now.remote, now.remote))
    if _agree(path[-1], now):
        return _Merged(now)
    return _settle(path, now, winner)


def _is_invited_anyway(was: _Pair, now: _Pair) -> bool:
    """Say whether somebody was invited on one side whom the other has too.

    That is one invitation, and the newcomer's kind is no news: a side without kinds invites
    everybody as required.
    """
    both = isinstance(now.local, Person) and isinstance(now.remote, Person)
    return both and _ABSENT in (was.local, was.remote)


def _agree(name: str, now: _Pair) -> bool:
    """Say whether both sides made the same change, each in its own spelling."""
    if isinstance(now.local, _Absent) or isinstance(now.remote, _Absent):
        return now.local is now.remote
    if isinstance(now.local, Person):
        return now.local == now.remote  # both changed the kind, and both meant it
    return equivalent(name, now.local, now.remote)


def _settle(path: tuple[str, ...], now: _Pair, winner: Side) -> _Merged:
    """Let one of two changes win, and report the other. An edit beats a deletion."""
    if isinstance(now.local, _Absent):
        winner = Side.REMOTE
    elif isinstance(now.remote, _Absent):
        winner = Side.LOCAL
    kept, lost = now.local, now.remote
    if winner is Side.REMOTE:
        kept, lost = lost, kept
    return _Merged(_Pair(kept, kept), (Overruled(path, _shown(kept), _shown(lost), winner),))


def _merge_keyed(path: tuple[str, ...], was: _Pair, now: _Pair, winner: Side) -> _Merged:
    """Merge key by key: each side keeps its own and takes the other's changes."""
    pairs: dict[str, _Pair] = {}
    overruled: list[Overruled] = []
    for key in sorted(_keys(was.local) | _keys(was.remote) | _keys(now.local) | _keys(now.remote)):
        merged = _merge((*path, key), was.at(key), now.at(key), winner)
        pairs[key] = merged.now
        overruled += merged.overruled
    local = Keyed((key, pair.local) for key, pair in pairs.items() if pair.local is not _ABSENT)
    remote = Keyed((key, pair.remote) for key, pair in pairs.items() if pair.remote is not _ABSENT)
    return _Merged(_Pair(local, remote), tuple(overruled))


def _keys(value: _Maybe) -> frozenset[str]:
    return frozenset(value) if isinstance(value, Keyed) else frozenset()


def _get(value: _Maybe, key: str) -> _Maybe:
    return value.get(key, _ABSENT) if isinstance(value, Mapping) else _ABSENT


def _as_keyed(pair: _Pair) -> _Pair:
    """Read sets as keyed values whose keys are the members."""
    local, remote = (
        Keyed((member, True) for member in value) if isinstance(value, frozenset) else value
        for value in (pair.local, pair.remote)
    )
    return _Pair(local, remote)


def _as_sets(pair: _Pair) -> _Pair:
    return _Pair(_keys(pair.local), _keys(pair.remote))


def _shown(value: _Maybe) -> Value:
    return None if isinstance(value, _Absent) else value
