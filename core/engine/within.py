"""One value inside of a snapshot, by the path that leads to it (``decision.Overruled.path``).

A path is the name of a field and, inside of keyed values and sets, the keys that lead on.
``ABSENT`` says that nothing is there: that person is not invited, that date is as the series says.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, TypeAlias

from .merge import ABSENT, Absent, Maybe
from .snapshot import EMPTY, Body, Keyed, Snapshot, Value

Path: TypeAlias = tuple[str, ...]

_OCCURRENCES: Final = "occurrences"
#: What a date of its own lists as a whole where it differs from its series at all.
_LISTED: Final = frozenset({"people", "categories"})


def at(snapshot: Snapshot, path: Path) -> Maybe:
    """Return the value that stands there."""
    found: Maybe = Keyed(snapshot)
    for key in path:
        if isinstance(found, frozenset):
            found = True if key in found else ABSENT
        else:
            found = found.get(key, ABSENT) if isinstance(found, Mapping) else ABSENT
    return found


def put(snapshot: Snapshot, path: Path, value: Maybe) -> Value:
    """Return the whole field that has ``value`` there, and all else of it as ``snapshot`` says.

    A date that has no guests or tags of its own has those of its series. Raises TypeError where the
    field itself would be absent.
    """
    if path[0] == _OCCURRENCES and len(path) > 3 and path[2] in _LISTED:
        own = at(snapshot, path[:3])
        usual = snapshot.get(path[2], EMPTY)
        inner = _put(usual if isinstance(own, Absent) else own, path[3:], value)
        path, value = path[:3], ABSENT if inner == usual else inner
    field = _put(snapshot.get(path[0], ABSENT), path[1:], value)
    if isinstance(field, Absent):
        raise TypeError("a field is always there")
    return field


def _put(now: Maybe, path: Path, value: Maybe) -> Maybe:
    if not path:
        return value
    key, *rest = path
    if isinstance(now, frozenset):
        return now - {key} if isinstance(value, Absent) else now | {key}
    kept = dict(now) if isinstance(now, Mapping) else {}
    inner = _put(kept.pop(key, ABSENT), tuple(rest), value)
    if isinstance(inner, Absent) or (rest and inner == EMPTY):
        return Keyed(kept)
    return Keyed({**kept, key: inner})


def texts(value: Maybe) -> Iterator[Body]:
    """Yield the bodies in a value."""
    if isinstance(value, Body):
        yield value
    elif isinstance(value, Keyed):
        for one in value.values():
            yield from texts(one)


def with_texts(value: Value, html: Mapping[str, Value]) -> Value:
    """Return a value whose bodies have their texts again: digest → raw HTML."""
    if isinstance(value, Body):
        text = html.get(value.digest, value.html)
        return Body(text if isinstance(text, str) else None, value.digest)
    if isinstance(value, Keyed):
        return Keyed((key, with_texts(one, html)) for key, one in value.items())
    return value
