"""The table of fields that are kept in step: name, who owns it, which values it takes.

*Shared* fields belong to the meeting and come from the organizer's copy. *Private* ones belong to
one mailbox and never reach the shared event through anybody else's copy. Answers are not merged by
fields: each attendee's mailbox owns its own.

A series is one meeting. Its fields are what its pattern says, ``when`` is the span on the rule's
first date, and ``occurrences`` holds what is otherwise on one date: the date on which the pattern
has it, in the series' zone (``2026-03-30``) → ``CANCELLED``, or the fields that differ there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final

from .errors import InvariantBroken
from .recurrence import Rule
from .snapshot import AllDay, Body, Keyed, Person, Snapshot, Timed, Value

KINDS = ("required", "optional", "resource")
SENSITIVITIES = ("normal", "personal", "private", "confidential")
SHOW_AS = ("free", "tentative", "busy", "oof", "workingElsewhere", "unknown")
#: What stands for an occurrence that does not take place.
CANCELLED: Final = "cancelled"
ANSWERS = ("none", "organizer", "tentativelyAccepted", "accepted", "declined", "notResponded")


@dataclass(frozen=True)
class Field:
    """One row of the table: the types of its values and, where there are few, the values."""

    name: str
    types: tuple[type, ...]
    choices: tuple[str, ...] = ()

    def admits(self, value: Value) -> bool:
        """Say whether this value may stand in this field."""
        if isinstance(value, bool) and bool not in self.types:
            return False
        if not isinstance(value, self.types):
            return False
        if isinstance(value, Keyed):
            return all(map(_is_known_person, value.values()))
        return not self.choices or value in self.choices


class Occurrences(Field):
    """The row of the table that holds rows again: one for each occurrence that differs."""

    def admits(self, value: Value) -> bool:
        """Say whether these may be the exceptions of a series."""
        return isinstance(value, Keyed) and all(
            _is_date(slot) and (shown == CANCELLED or _is_override(shown))
            for slot, shown in value.items()
        )


def _is_known_person(value: Value) -> bool:
    return isinstance(value, Person) and value.kind in KINDS


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _is_override(shown: Value) -> bool:
    """Say whether these are fields that one occurrence may have for itself."""
    return (
        isinstance(shown, Keyed)
        and bool(shown)
        and all(
            name in FIELDS and name not in OF_THE_SERIES and FIELDS[name].admits(value)
            for name, value in shown.items()
        )
    )


def _table(*rows: Field) -> Mapping[str, Field]:
    return MappingProxyType({row.name: row for row in rows})


SHARED = _table(
    Field("subject", (str,)),
    Field("body", (Body,)),
    Field("when", (Timed, AllDay)),
    Field("zone", (str,)),  # IANA name
    Field("location", (str,)),
    Field("sensitivity", (str,), SENSITIVITIES),
    Field("people", (Keyed,)),  # normalize.person_key → Person
    Field("rule", (Rule, type(None))),  # None = takes place once
    Occurrences("occurrences", (Keyed,)),  # ISO date → CANCELLED or Keyed of other fields
)
PRIVATE = _table(
    Field("show_as", (str,), SHOW_AS),
    Field("reminder", (int, type(None))),  # minutes before the start, None = no reminder
    Field("categories", (frozenset,)),
)
FIELDS: Mapping[str, Field] = MappingProxyType({**SHARED, **PRIVATE})
#: What Exchange tells nobody about when the organizer changes it, alone or with others of these.
#: Microsoft names no list (event-update says only that a PATCH of `attendees` alone mails those who
#: were added, removed or changed, and any other mails all). Inferred from where Outlook keeps them:
#: status, reminder and categories are the mailbox's own, and Outlook saves a meeting without an
#: update to send when only they, or its privacy, changed. So they never travel with other fields.
UNANNOUNCED: Final = frozenset({"show_as", "reminder", "categories", "sensitivity"})
#: What no occurrence has for itself.
OF_THE_SERIES: Final = frozenset({"rule", "occurrences", "zone"})


def validate(snapshot: Snapshot) -> None:
    """Refuse a snapshot that the table does not know, before it can do harm.

    Raises InvariantBroken, with the name of the field and never its content.
    """
    for name, value in snapshot.items():
        if name not in FIELDS:
            raise InvariantBroken(f"no such field: {name}")
        if not FIELDS[name].admits(value):
            raise InvariantBroken(f"field {name} does not take this {type(value).__name__}")
