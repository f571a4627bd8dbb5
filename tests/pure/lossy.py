"""What two lossy sides make of what they are told, and what they have in common.

Values are held against each other in the spelling of both (``common``), as paths:
``("subject",)``, ``("people", "ann@example.com")``, ``("occurrences", "2026-01-05", "subject")``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final, TypeAlias

from core.engine.fields import CANCELLED
from core.engine.markup import text_of_html
from core.engine.normalize import norm_subject
from core.engine.snapshot import Body, Keyed, Person, Side, Snapshot, Value
from core.engine.timezones import iana_to_windows, windows_to_iana

Path: TypeAlias = tuple[str, ...]
#: What somebody typed: path → value; None where he took something away.
Typed: TypeAlias = dict[Path, object]
Spelling: TypeAlias = Callable[[Value], object]


def as_local(name: str, value: Value) -> Value:
    """Keep what Odoo could: two kinds of busy, no kinds of people, its own names for them."""
    if name == "occurrences" and isinstance(value, Keyed):
        return _in_each(value, as_local)
    if isinstance(value, Keyed):
        return Keyed((key, Person("required", "local", key)) for key in value)
    if name == "show_as":
        return "free" if value == "free" else "busy"
    return value


def as_remote(name: str, value: Value) -> Value:
    """Keep what Exchange could: bodies in a document, one zone per clock, no guest by name only."""
    if name == "occurrences" and isinstance(value, Keyed):
        return _in_each(value, as_remote)
    if isinstance(value, Body):
        text = text_of_html(value.html)
        return Body.of(f"<html>\r\n<head><meta x=y></head><body><div>{text}</div></body></html>")
    if isinstance(value, Keyed):
        return Keyed((key, one) for key, one in value.items() if not key.startswith("name:"))
    if name == "zone" and isinstance(value, str):
        return windows_to_iana(iana_to_windows(value))
    if name == "location" and isinstance(value, str):
        return value.strip()
    return value


STORES: Final = {Side.LOCAL: as_local, Side.REMOTE: as_remote}


def as_typed(value: Value) -> object:
    """Spell a value as it is: another space is an edit."""
    return value


def _plain(value: Value) -> object:
    """Spell a value as both sides can."""
    if isinstance(value, Person):
        return True
    if isinstance(value, Body):
        return text_of_html(value.html)
    return norm_subject(value) if isinstance(value, str) else value


def _in_each(occurrences: Keyed, store: object) -> Keyed:
    assert callable(store)
    return Keyed(
        (
            slot,
            one if one == CANCELLED else Keyed((key, store(key, part)) for key, part in _of(one)),
        )
        for slot, one in occurrences.items()
    )


def _of(one: Value) -> Iterator[tuple[str, Value]]:
    assert isinstance(one, Keyed)
    yield from one.items()


def common(snapshot: Snapshot | None, spell: Spelling = _plain) -> Typed:
    """Return what a meeting shows, by path, in the spelling of both; nothing where it is not."""
    found: Typed = {}
    for name, value in (snapshot or {}).items():
        found |= _paths((name,), as_remote(name, as_local(name, value)), spell)
    return found


def _paths(path: Path, value: Value, spell: Spelling) -> Typed:
    if isinstance(value, Keyed):
        parts = (_paths((*path, key), one, spell) for key, one in value.items())
        return {deep: one for part in parts for deep, one in part.items()}
    if isinstance(value, frozenset):
        return {(*path, member): True for member in value}
    return {path: spell(value)}


def differences(one: Typed, other: Typed) -> str:
    differing = sorted(
        path for path in one.keys() | other.keys() if one.get(path) != other.get(path)
    )
    return "; ".join(f"{path}: {one.get(path)!r} and {other.get(path)!r}" for path in differing)
