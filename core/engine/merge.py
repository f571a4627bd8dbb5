"""Merge one value of two sides, three ways and by its kind: the rules of ``reconcile``, within."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final, TypeAlias

from .decision import Overruled
from .normalize import equivalent
from .snapshot import Keyed, Person, Side, Value


class Absent(Enum):
    """Stand for a key that is not there, which is no value at all."""

    ABSENT = "absent"


ABSENT: Final = Absent.ABSENT
Maybe: TypeAlias = Value | Absent


@dataclass(frozen=True)
class Pair:
    """One thing as both sides have it."""

    local: Maybe
    remote: Maybe

    @classmethod
    def of_keys(cls, pairs: Mapping[str, Pair]) -> Pair:
        """Make a pair of keyed values out of the pairs under their keys."""
        local = Keyed((key, one.local) for key, one in pairs.items() if one.local is not ABSENT)
        remote = Keyed((key, one.remote) for key, one in pairs.items() if one.remote is not ABSENT)
        return cls(local, remote)

    def of(self, side: Side) -> Maybe:
        """Return what that side has."""
        return self.local if side is Side.LOCAL else self.remote

    def at(self, key: str) -> Pair:
        """Return the pair one step further in."""
        return self.mapped(lambda value: _get(value, key))

    def keys(self) -> frozenset[str]:
        """Return the keys that either side has."""
        return _keys(self.local) | _keys(self.remote)

    def mapped(self, change: Callable[[Maybe], Maybe]) -> Pair:
        """Return the pair with both changed in the same way."""
        return Pair(change(self.local), change(self.remote))


@dataclass(frozen=True)
class Merged:
    """What both sides should show, and who lost what."""

    now: Pair
    overruled: tuple[Overruled, ...] = ()


def merge(path: tuple[str, ...], was: Pair, now: Pair, winner: Side) -> Merged:
    """Merge one value, whatever its kind."""
    if isinstance(now.local, Keyed) and isinstance(now.remote, Keyed):
        return merge_keyed(path, was, now, winner)
    if isinstance(now.local, frozenset) and isinstance(now.remote, frozenset):
        merged = merge_keyed(path, _as_keyed(was), _as_keyed(now), winner)
        return Merged(_as_sets(merged.now), merged.overruled)
    return merge_single(path, was, now, winner)


def merge_single(path: tuple[str, ...], was: Pair, now: Pair, winner: Side) -> Merged:
    """Merge a value that has no parts: it changed as a whole or not at all."""
    if now == was or _is_invited_anyway(was, now):
        return Merged(now)
    if now.remote == was.remote:
        return Merged(Pair(now.local, now.local))
    if now.local == was.local:
        return Merged(Pair(now.remote, now.remote))
    if agree(path[-1], now):
        return Merged(now)
    return _settle(path, now, winner)


def _is_invited_anyway(was: Pair, now: Pair) -> bool:
    """Say whether somebody was invited on one side whom the other has too.

    That is one invitation, and the newcomer's kind is no news: a side without kinds invites
    everybody as required.
    """
    both = isinstance(now.local, Person) and isinstance(now.remote, Person)
    return both and ABSENT in (was.local, was.remote)


def agree(name: str, now: Pair) -> bool:
    """Say whether both sides made the same change, each in its own spelling."""
    if isinstance(now.local, Absent) or isinstance(now.remote, Absent):
        return now.local is now.remote
    if isinstance(now.local, Person):
        return now.local == now.remote  # both changed the kind, and both meant it
    return equivalent(name, now.local, now.remote)


def _settle(path: tuple[str, ...], now: Pair, winner: Side) -> Merged:
    """Let one of two changes win, and report the other. An edit beats a deletion."""
    if isinstance(now.local, Absent):
        winner = Side.REMOTE
    elif isinstance(now.remote, Absent):
        winner = Side.LOCAL
    kept, lost = now.local, now.remote
    if winner is Side.REMOTE:
        kept, lost = lost, kept
    return Merged(Pair(kept, kept), (Overruled(path, shown(kept), shown(lost), winner),))


def merge_keyed(path: tuple[str, ...], was: Pair, now: Pair, winner: Side) -> Merged:
    """Merge key by key: each side keeps its own and takes the other's changes."""
    pairs: dict[str, Pair] = {}
    overruled: list[Overruled] = []
    for key in sorted(was.keys() | now.keys()):
        merged = merge((*path, key), was.at(key), now.at(key), winner)
        pairs[key] = merged.now
        overruled += merged.overruled
    return Merged(Pair.of_keys(pairs), tuple(overruled))


def _keys(value: Maybe) -> frozenset[str]:
    return frozenset(value) if isinstance(value, Keyed) else frozenset()


def _get(value: Maybe, key: str) -> Maybe:
    return value.get(key, ABSENT) if isinstance(value, Mapping) else ABSENT


def _as_keyed(pair: Pair) -> Pair:
    """Read sets as keyed values whose keys are the members."""
    local, remote = (
        Keyed((member, True) for member in value) if isinstance(value, frozenset) else value
        for value in (pair.local, pair.remote)
    )
    return Pair(local, remote)


def _as_sets(pair: Pair) -> Pair:
    return Pair(_keys(pair.local), _keys(pair.remote))


def shown(value: Maybe) -> Value:
    return None if isinstance(value, Absent) else value
