"""What is known of a meeting that Outlook was written, where nobody saw the answer to that.

What was about to be sent is noted before. When Outlook shows something new there, that write has
arrived (nobody else writes the same by chance): it is this side's own and no news. It matters where
somebody here has changed the same since, above all where he took it back: this side then shows its
old past again, and that would be no change at all.
"""

from __future__ import annotations

from collections.abc import Collection

from .decision import Base
from .merge import ABSENT, Absent, Maybe, Pair
from .normalize import equivalent
from .recurrence import Rule
from .snapshot import Keyed, Snapshot, Value
from .timing import EXCEPTIONS, TIMING, forgetting_drops


def as_written(base: Base, sent: Base, *, local: Snapshot | None, shown: Snapshot) -> Base:
    """Return the base with those of the sent values that Outlook has got.

    ``sent`` holds what Outlook was to be written (``remote``) and what this side showed then, of
    the same fields (``local``). ``local`` and ``shown`` are what both sides show now; None: it was
    deleted here since.

    Only what differs here by now is looked at: the rest agrees by itself (``merge.agree``). Where
    Outlook shows something else than it did and than it was sent, somebody edited it there since:
    then both have changed it, and one of them is told of.
    """
    known, remote = dict(base.local), dict(base.remote)
    names = {name for name in sent.remote if name in base.remote and name in shown}
    timing = names.intersection(TIMING)
    if _is_series(base, sent) and timing:
        # It hangs together, and a new timing may have dropped exceptions.
        names -= {*TIMING, EXCEPTIONS}
        if _is_changed(timing, sent.local, local) and _is_changed(timing, base.remote, shown):
            for name in timing:
                known[name], remote[name] = sent.local[name], _first(name, sent.remote, shown)
            known, remote = _without_drops(known, remote, local, shown)
    for name in names:
        here: Maybe = ABSENT if local is None else local.get(name, ABSENT)
        was = Pair(base.local.get(name, ABSENT), base.remote[name])
        then = Pair(sent.local.get(name, ABSENT), sent.remote[name])
        pair = _written(name, was, then, Pair(here, shown[name]))
        if not isinstance(pair.local, Absent) and not isinstance(pair.remote, Absent):
            known[name], remote[name] = pair.local, pair.remote
    return Base(Keyed(known), Keyed(remote))


def _written(name: str, was: Pair, sent: Pair, now: Pair) -> Pair:
    """Return the past of one value, or of a part of it: what was, or what was sent."""
    if _has_parts(was.remote, sent.remote, now.remote):
        # What is keyed was sent as a whole; who was on the list before, or came since, is as ever.
        keys = was.keys() | sent.keys() | now.keys()
        return Pair.of_keys({k: _written(k, was.at(k), sent.at(k), now.at(k)) for k in keys})
    if isinstance(sent.remote, frozenset) and isinstance(now.remote, frozenset):
        keyed = _written(name, *(pair.mapped(_members) for pair in (was, sent, now)))
        return keyed.mapped(lambda value: frozenset(value) if isinstance(value, Keyed) else value)
    is_open = was.remote != sent.remote and sent.local != now.local and was.remote != now.remote
    if not is_open:
        return was
    return Pair(sent.local, now.remote if _is_same(name, sent.remote, now.remote) else sent.remote)


def _has_parts(*values: Maybe) -> bool:
    """Say whether values are keyed; absence stands for nothing otherwise, beside such a one."""
    return any(isinstance(value, Keyed) for value in values) and all(
        isinstance(value, Keyed) or value is ABSENT for value in values
    )


def _members(value: Maybe) -> Maybe:
    return Keyed((member, True) for member in value) if isinstance(value, frozenset) else value


def _is_same(name: str, sent: Maybe, shown: Maybe) -> bool:
    if isinstance(sent, Absent) or isinstance(shown, Absent):
        return sent is shown
    return equivalent(name, sent, shown)


def _first(name: str, sent: Snapshot, shown: Snapshot) -> Value:
    return shown[name] if equivalent(name, sent[name], shown[name]) else sent[name]


def _is_series(*bases: Base) -> bool:
    return any(isinstance(one.remote.get("rule"), Rule) for one in bases)


def _is_changed(names: Collection[str], past: Snapshot, now: Snapshot | None) -> bool:
    return now is None or any(past.get(name) != now.get(name) for name in names)


def _without_drops(
    known: dict[str, Value], remote: dict[str, Value], local: Snapshot | None, shown: Snapshot
) -> tuple[dict[str, Value], dict[str, Value]]:
    """Return both halves without the exceptions that a new timing dropped on one side."""
    if local is None or any(EXCEPTIONS not in one for one in (known, remote, local, shown)):
        return known, remote
    was = Pair(known[EXCEPTIONS], remote[EXCEPTIONS])
    left = forgetting_drops(was, Pair(local[EXCEPTIONS], shown[EXCEPTIONS]))
    halves = (dict(known), dict(remote))
    for half, value in zip(halves, (left.local, left.remote), strict=True):
        if isinstance(value, Keyed):
            half[EXCEPTIONS] = value
    return halves
