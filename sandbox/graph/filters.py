"""``$filter`` on events: comparisons, and/or/not, and the search by extended property.

Filterable on events (seen in production and in the documentation's examples): subject,
start/dateTime, end/dateTime, created and last modified, iCalUId, isAllDay and a few flags; extended
properties through ``singleValueExtendedProperties/Any(ep: ep/id eq '…' and ep/value eq '…')``.
``uid`` is not.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ..errors import bad_request, invalid_query
from ..exchange.items import Entry, Json
from .call import instant

#: Every property of an event that ``$select`` may name (schema of v1.0).
PROPERTIES = frozenset(
    {
        "allowNewTimeProposals",
        "attendees",
        "body",
        "bodyPreview",
        "categories",
        "changeKey",
        "createdDateTime",
        "end",
        "hasAttachments",
        "hideAttendees",
        "iCalUId",
        "id",
        "importance",
        "isAllDay",
        "isCancelled",
        "isDraft",
        "isOnlineMeeting",
        "isOrganizer",
        "isReminderOn",
        "lastModifiedDateTime",
        "location",
        "locations",
        "onlineMeeting",
        "onlineMeetingProvider",
        "onlineMeetingUrl",
        "organizer",
        "originalEndTimeZone",
        "originalStartTimeZone",
        "recurrence",
        "reminderMinutesBeforeStart",
        "responseRequested",
        "responseStatus",
        "sensitivity",
        "seriesMasterId",
        "showAs",
        "start",
        "subject",
        "transactionId",
        "type",
        "webLink",
    }
)


@dataclass(frozen=True)
class Subject:
    """What a filter looks at: the event, and the event as Graph would write it."""

    entry: Entry
    write: Callable[[Entry], Json]

    @property
    def shown(self) -> Json:
        """Write the event; most filters never ask."""
        return self.write(self.entry)


Test = Callable[[Subject], bool]
Getter = Callable[[Subject], Any]

_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "eq": operator.eq,
    "ne": operator.ne,
    "ge": operator.ge,
    "gt": operator.gt,
    "le": operator.le,
    "lt": operator.lt,
}
_GETTERS: dict[str, Getter] = {
    "start/datetime": lambda subject: subject.entry.span[0],
    "end/datetime": lambda subject: subject.entry.span[1],
    "createddatetime": lambda subject: subject.entry.item.created,
    "lastmodifieddatetime": lambda subject: subject.entry.item.modified,
    "subject": lambda subject: subject.shown["subject"].casefold(),
    "icaluid": lambda subject: (subject.shown["iCalUId"] or "").casefold(),
    "isallday": lambda subject: subject.shown["isAllDay"],
    "iscancelled": lambda subject: subject.shown["isCancelled"],
    "isorganizer": lambda subject: subject.shown["isOrganizer"],
    "type": lambda subject: subject.shown["type"].casefold(),
    "sensitivity": lambda subject: subject.shown["sensitivity"].casefold(),
    "showas": lambda subject: subject.shown["showAs"].casefold(),
}
_DATES = frozenset({"start/datetime", "end/datetime", "createddatetime", "lastmodifieddatetime"})
_TOKEN = re.compile(
    r"\s*(?:(?P<text>'(?:[^']|'')*')|(?P<date>\d{4}-\d\d-\d\d(?:T[\d:.]+(?:Z|[+-][\d:]+)?)?)"
    r"|(?P<punct>[(),:])|(?P<word>[^\s(),:']+))"
)


def parse(text: str | None) -> Test:
    """Turn a filter into a test; without a filter everything passes."""
    if text is None:
        return lambda subject: True
    parser = _Parser(text)
    test = parser.alternatives()
    parser.end()
    return test


def sort_key(name: str) -> Callable[[Entry], Any]:
    """Return the key of an ``$orderby`` property."""
    getter = _GETTERS.get(name.casefold())
    if name.casefold() in _DATES and getter is not None:
        return lambda entry: getter(Subject(entry, lambda one: {}))
    if name.casefold() == "subject":
        return lambda entry: entry.content["subject"].casefold()
    raise invalid_query(f"The property '{name}' can't be sorted by.")


def property_ids(condition: str) -> list[str]:
    """Return the ids that the filter inside ``$expand=singleValueExtendedProperties`` names."""
    parts = re.split(r"\s+or\s+(?=id\s)", condition.strip(), flags=re.IGNORECASE)
    found = [re.fullmatch(r"\s*id\s+eq\s+'((?:[^']|'')*)'\s*", part) for part in parts]
    names = [match[1].replace("''", "'") for match in found if match]
    if len(names) != len(parts):
        raise invalid_query("singleValueExtendedProperties can be filtered by id only.")
    return names


def property_key(name: str) -> tuple[str, ...]:
    """Return what makes two ids of extended properties the same: only names are case-sensitive."""
    head, mark, tail = name.partition(" Name ")
    return (head.casefold(), mark, tail)


class _Parser:
    """Recursive descent over OData's small language."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = self._split(text)
        self._place = 0

    def alternatives(self) -> Test:
        tests = [self._all_of()]
        while self._accept("or"):
            tests.append(self._all_of())
        return lambda subject: any(test(subject) for test in tests)

    def end(self) -> None:
        if self._place < len(self._tokens):
            raise self._error()

    def _all_of(self) -> Test:
        tests = [self._single()]
        while self._accept("and"):
            tests.append(self._single())
        return lambda subject: all(test(subject) for test in tests)

    def _single(self) -> Test:
        if self._accept("not"):
            inner = self._single()
            return lambda subject: not inner(subject)
        if self._accept("("):
            inner = self.alternatives()
            self._expect(")")
            return inner
        word = self._next()
        if word.casefold() in ("startswith", "contains"):
            return self._function(word.casefold())
        if word.casefold() == "singlevalueextendedproperties/any":
            return self._any_property()
        return self._comparison(word)

    def _comparison(self, name: str) -> Test:
        getter = _GETTERS.get(name.casefold())
        if getter is None:
            raise invalid_query(f"The property '{name}' can't be filtered by.")
        compare = _COMPARE.get(self._next().casefold())
        if compare is None:
            raise self._error()
        value = self._literal(name.casefold() in _DATES)
        return lambda subject: compare(getter(subject), value)

    def _function(self, name: str) -> Test:
        self._expect("(")
        getter = _GETTERS.get(self._next().casefold())
        self._expect(",")
        value = self._literal(is_date=False)
        self._expect(")")
        if getter is None or not isinstance(value, str):
            raise self._error()
        if name == "startswith":
            return lambda subject: bool(getter(subject).startswith(value))
        return lambda subject: value in getter(subject)

    def _any_property(self) -> Test:
        self._expect("(")
        variable = self._next()
        self._expect(":")
        wanted: dict[str, tuple[str, str | None]] = {}
        while True:
            field = self._next()
            relation = self._next().casefold()
            wanted[field.casefold()] = (relation, self._raw_literal())
            if not self._accept("and"):
                break
        self._expect(")")
        identity = wanted.get(f"{variable}/id".casefold())
        value = wanted.get(f"{variable}/value".casefold(), ("ne", None))
        if identity is None or identity[0] != "eq" or identity[1] is None:
            raise self._error()
        return _property_test(identity[1], *value)

    def _literal(self, is_date: bool) -> Any:
        token = self._next()
        if is_date:
            return instant(token.strip("'"))
        if token.startswith("'"):
            return token[1:-1].replace("''", "'").casefold()
        if token in ("true", "false"):
            return token == "true"
        raise self._error()

    def _raw_literal(self) -> str | None:
        token = self._next()
        if token == "null":
            return None
        if not token.startswith("'"):
            raise self._error()
        return token[1:-1].replace("''", "'")

    def _accept(self, word: str) -> bool:
        if self._place < len(self._tokens) and self._tokens[self._place].casefold() == word:
            self._place += 1
            return True
        return False

    def _expect(self, word: str) -> None:
        if not self._accept(word):
            raise self._error()

    def _next(self) -> str:
        if self._place >= len(self._tokens):
            raise self._error()
        self._place += 1
        return self._tokens[self._place - 1]

    def _split(self, text: str) -> list[str]:
        tokens, place = [], 0
        stripped = text.rstrip()
        while place < len(stripped):
            match = _TOKEN.match(stripped, place)
            if match is None:
                raise self._error()
            tokens.append(match[0].strip())
            place = match.end()
        return tokens

    def _error(self) -> Exception:
        return bad_request(f"Invalid filter clause: syntax error in '{self._text}'.")


def _property_test(identity: str, relation: str, value: str | None) -> Test:
    """Test for an extended property: by value (case-insensitive) or for being there at all."""
    key = property_key(identity)

    def test(subject: Subject) -> bool:
        held = subject.entry.content["extended"]
        found = next((held[name] for name in held if property_key(name) == key), None)
        if value is None:
            return (found is None) == (relation == "eq")
        if found is None:
            return False
        return _COMPARE[relation](found.casefold(), value.casefold())

    return test
