"""What counts as "the same" across two sides that spell things differently. One reason per rule.

Needed in three places only: to find the key of a person, to match meetings that have no link yet,
and to see that both sides made the same change. A side's own past is compared exactly.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from itertools import islice
from typing import Final, TypeAlias

from .markup import norm_html, text_of_html
from .recurrence import Rule
from .snapshot import Body, Person, Timed, Value, When
from .timezones import same_clock

__all__ = [
    "MatchKey",
    "equivalent",
    "match_key",
    "norm_address",
    "norm_html",
    "norm_subject",
    "person_key",
    "text_of_html",
]

MatchKey: TypeAlias = tuple[str, str, str, str]  # start, end, subject, organizer

_SPACE: Final = re.compile("[\\s\x00-\x20\x7f\xa0\u200b\u200e\u200f\u2060\ufeff]+")
_SCHEME: Final = re.compile("^(?:mailto|smtp):", re.IGNORECASE)
_ANGLED: Final = re.compile("<([^<>]+)>$")
_TELLING: Final = 100  # two patterns that agree on so many dates agree on all
_COLOURS: Final = re.compile("</?span[^>]*>")


def norm_address(address: str | None) -> str:
    """Return an address as it is compared: bare, without space, in lower case; "" for none.

    Exchange takes capitals as they were typed, in the domain and before it, and finds one mailbox.
    """
    bare = _SPACE.sub(" ", address or "").strip()
    angled = _ANGLED.search(bare)
    return _SCHEME.sub("", angled.group(1) if angled else bare).replace(" ", "").lower()


def person_key(name: str | None, address: str | None) -> str:
    """Return the key of a person among ``people``: the address, or ``name:`` and the name.

    Rooms, lists and guests may have no address (Graph leaves it out). ``name:`` never collides
    with an address, which holds no colon before the @ unless quoted.
    """
    return norm_address(address) or f"name:{norm_subject(name).casefold()}"


def norm_subject(subject: str | None) -> str:
    """Return a line of text with its space made plain: no-break, doubled, invisible, outer.

    Composed characters (NFC), because a Mac types é as two.
    """
    return _SPACE.sub(" ", unicodedata.normalize("NFC", subject or "")).strip()


def match_key(when: When, subject: str | None, organizer: str | None) -> MatchKey:
    """Return what a meeting is recognised by before it has a link; equal keys, same meeting.

    ``organizer`` is an address. Capitals of the subject do not count. Timed instants are in UTC,
    whole days are dates: an all-day meeting never matches one from midnight to midnight.
    """
    if isinstance(when, Timed):
        start, end = when.start.isoformat(), when.end.isoformat()
    else:
        start, end = when.first.isoformat(), when.last.isoformat()
    return start, end, norm_subject(subject).casefold(), norm_address(organizer)


def equivalent(field: str, a: Value, b: Value) -> bool:
    """Say whether two sides show the same thing in this field, each in its own spelling.

    Symmetric, never raises. ``field`` is the last name of a path; a key of a keyed value has no
    spelling of its own and is compared exactly, as are values that differ in type.
    """
    if a == b:
        return True
    if isinstance(a, Person) and isinstance(b, Person):
        return True  # under one key it is one person; the kind is lost where there are no kinds
    rule = _RULES.get(field)
    return rule is not None and rule(a, b)


def _same_line(a: Value, b: Value) -> bool:
    return isinstance(a, str) and isinstance(b, str) and norm_subject(a) == norm_subject(b)


def _same_zone(a: Value, b: Value) -> bool:
    return isinstance(a, str) and isinstance(b, str) and same_clock(a, b)


def _same_body(a: Value, b: Value) -> bool:
    """Compare without colours and fonts: each side has its own defaults and writes them in."""
    if not (isinstance(a, Body) and isinstance(b, Body)) or a.html is None or b.html is None:
        return False
    return _COLOURS.sub("", norm_html(a.html)) == _COLOURS.sub("", norm_html(b.html))


def _same_people(a: Value, b: Value) -> bool:
    return isinstance(a, Mapping) and isinstance(b, Mapping) and a.keys() == b.keys()


def _same_rule(a: Value, b: Value) -> bool:
    """Compare the dates: every 7 days is every week, every 12 months is every year."""
    if not (isinstance(a, Rule) and isinstance(b, Rule)) or (a.start, a.end) != (b.start, b.end):
        return False
    return list(islice(a.slots(), _TELLING)) == list(islice(b.slots(), _TELLING))


def _same_occurrences(a: Value, b: Value) -> bool:
    """Compare date by date, and there field by field."""
    if not (isinstance(a, Mapping) and isinstance(b, Mapping)) or a.keys() != b.keys():
        return False
    return all(a[slot] == b[slot] or _same_fields(a[slot], b[slot]) for slot in a)


def _same_fields(a: Value, b: Value) -> bool:
    if not (isinstance(a, Mapping) and isinstance(b, Mapping)) or a.keys() != b.keys():
        return False
    return all(equivalent(name, a[name], b[name]) for name in a)


_RULES: Final[Mapping[str, Callable[[Value, Value], bool]]] = {
    "subject": _same_line,
    "location": _same_line,
    "zone": _same_zone,
    "body": _same_body,
    "people": _same_people,
    "rule": _same_rule,
    "occurrences": _same_occurrences,
}
