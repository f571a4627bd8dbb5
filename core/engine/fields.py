"""The table of fields that are kept in step: name, who owns it, which values it takes.

*Shared* fields belong to the meeting and come from the organizer's copy. *Private* ones belong to
one mailbox and never reach the shared event through anybody else's copy. Answers are not merged by
fields: each attendee's mailbox owns its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from .errors import InvariantBroken
from .snapshot import AllDay, Body, Keyed, Person, Snapshot, Timed, Value

KINDS = ("required", "optional", "resource")
SENSITIVITIES = ("normal", "personal", "private", "confidential")
SHOW_AS = ("free", "tentative", "busy", "oof", "workingElsewhere", "unknown")
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
            return all(isinstance(each, Person) and each.kind in KINDS for each in value.values())
        return not self.choices or value in self.choices


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
)
PRIVATE = _table(
    Field("show_as", (str,), SHOW_AS),
    Field("reminder", (int, type(None))),  # minutes before the start, None = no reminder
    Field("categories", (frozenset,)),
)
FIELDS: Mapping[str, Field] = MappingProxyType({**SHARED, **PRIVATE})


def validate(snapshot: Snapshot) -> None:
    """Refuse a snapshot that the table does not know, before it can do harm.

    Raises InvariantBroken, with the name of the field and never its content.
    """
    for name, value in snapshot.items():
        if name not in FIELDS:
            raise InvariantBroken(f"no such field: {name}")
        if not FIELDS[name].admits(value):
            raise InvariantBroken(f"field {name} does not take this {type(value).__name__}")
