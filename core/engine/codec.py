"""Snapshots to JSON and back, for the base that is stored with each meeting.

Shape: plain JSON for text, numbers, truth and nothing; every other value is an object with its type
in ``"is"``. Bodies keep their digest only. Text that PostgreSQL's ``jsonb`` refuses (NUL, half
surrogates) is kept as hexadecimal UTF-16, so that ``load(dump(x)) == x`` for every snapshot.

``FORMAT`` must be raised when this shape changes, when the table of fields does, and when the
normal form of HTML does (the digests change with it). A base of another format is no base: the
meeting is joined anew from what both sides show, without a write.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, Final, TypeAlias

from .decision import Base
from .errors import SyncError, UnreadableBase
from .recurrence import Rule
from .snapshot import AllDay, Body, Keyed, Person, Snapshot, Timed, Value

FORMAT: Final = 2

Json: TypeAlias = Any  # what the json module reads and writes

_NOT_IN_JSONB = re.compile("[\x00\ud800-\udfff]")


def dump_base(base: Base) -> dict[str, Json]:
    """Turn a base into what the column holds."""
    return {"format": FORMAT, "local": dump(base.local), "remote": dump(base.remote)}


def load_base(stored: Json) -> Base:
    """Read a base back.

    Raises UnreadableBase for another format and for damage: go on as if there were no base.
    """
    found = stored.get("format") if isinstance(stored, Mapping) else None
    if found != FORMAT or isinstance(found, bool):
        raise UnreadableBase(f"the base has format {found!r}, this version reads {FORMAT}")
    return Base(local=load(stored.get("local")), remote=load(stored.get("remote")))


def dump(snapshot: Snapshot) -> dict[str, Json]:
    """Turn one snapshot into JSON, keys sorted. Raises TypeError for what is no Value."""
    return {name: _dump_value(snapshot[name]) for name in sorted(snapshot)}


def load(stored: Json) -> Snapshot:
    """Read one snapshot back. Raises UnreadableBase for anything that ``dump`` does not write."""
    if not isinstance(stored, Mapping):
        raise UnreadableBase("a snapshot is not an object")
    try:
        return Keyed({name: _load_value(value) for name, value in stored.items()})
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as err:
        raise UnreadableBase(f"a value cannot be read: {type(err).__name__}") from err
    except UnreadableBase:
        raise
    except SyncError as err:  # a span that ends before it starts
        raise UnreadableBase(f"a value cannot be read: {type(err).__name__}") from err


def _dump_value(value: Value) -> Json:
    if value is None or isinstance(value, int):
        return value
    if isinstance(value, str):
        return _dump_text(value)
    for name, (kind, dumper, _loader) in _SHAPES.items():
        if isinstance(value, kind):
            return {"is": name, **dumper(value)}
    raise TypeError(f"no value of a snapshot: {type(value).__name__}")


def _load_value(stored: Json) -> Value:
    if stored is None or isinstance(stored, (str, bool, int)):
        return stored
    if stored["is"] == "text":
        return bytes.fromhex(stored["utf16"]).decode("utf-16-le", "surrogatepass")
    _kind, _dumper, loader = _SHAPES[stored["is"]]
    return loader(stored)


def _dump_text(text: str) -> Json:
    if _NOT_IN_JSONB.search(text):
        return {"is": "text", "utf16": text.encode("utf-16-le", "surrogatepass").hex()}
    return text


def _load_text(stored: Json) -> str:
    text = _load_value(stored)
    if not isinstance(text, str):
        raise UnreadableBase("a text is no text")
    return text


def _load_person(stored: Json) -> Person:
    address = stored["address"]
    return Person(
        _load_text(stored["kind"]),
        _load_text(stored["name"]),
        None if address is None else _load_text(address),
    )


def _dump_rule(rule: Rule) -> Json:
    return {
        "kind": rule.kind,
        "interval": rule.interval,
        "start": rule.start.isoformat(),
        "end": rule.end and rule.end.isoformat(),
        "weekdays": sorted(rule.weekdays),
        "day": rule.day,
        "month": rule.month,
        "index": rule.index,
        "first_day": rule.first_day,
        "count": rule.count,
    }


def _load_rule(stored: Json) -> Rule:
    numbers = {name: stored[name] for name in ("interval", "day", "month", "count")}
    if not all(number is None or type(number) is int for number in numbers.values()):
        raise UnreadableBase("a number is no number")
    end = stored["end"]
    return Rule(
        kind=_load_text(stored["kind"]),
        start=date.fromisoformat(stored["start"]),
        end=None if end is None else date.fromisoformat(end),
        weekdays=frozenset(_load_text(day) for day in stored["weekdays"]),
        index=_load_text(stored["index"]),
        first_day=_load_text(stored["first_day"]),
        **numbers,
    )


_SHAPES: Final[Mapping[str, tuple[type, Callable[[Any], Json], Callable[[Json], Value]]]] = {
    "timed": (
        Timed,
        lambda value: {"start": value.start.isoformat(), "end": value.end.isoformat()},
        lambda stored: Timed(
            datetime.fromisoformat(stored["start"]), datetime.fromisoformat(stored["end"])
        ),
    ),
    "days": (
        AllDay,
        lambda value: {"first": value.first.isoformat(), "last": value.last.isoformat()},
        lambda stored: AllDay(
            date.fromisoformat(stored["first"]), date.fromisoformat(stored["last"])
        ),
    ),
    "body": (
        Body,
        lambda value: {"digest": value.digest},
        lambda stored: Body(None, _load_text(stored["digest"])),
    ),
    "person": (
        Person,
        lambda value: {
            "kind": _dump_text(value.kind),
            "name": _dump_text(value.name),
            "address": None if value.address is None else _dump_text(value.address),
        },
        _load_person,
    ),
    "rule": (Rule, _dump_rule, _load_rule),
    "set": (
        frozenset,
        lambda value: {"members": [_dump_text(member) for member in sorted(value)]},
        lambda stored: frozenset(_load_text(member) for member in stored["members"]),
    ),
    "keyed": (
        Keyed,
        lambda value: {
            "items": [[_dump_text(key), _dump_value(value[key])] for key in sorted(value)]
        },
        lambda stored: Keyed((_load_text(key), _load_value(one)) for key, one in stored["items"]),
    ),
}
