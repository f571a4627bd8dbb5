"""One thing that Graph or Entra does and that one would not expect."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Standing(Enum):
    """How sure it is."""

    DOCUMENTED = "documented"
    SEEN = "seen"
    INFERRED = "inferred"


@dataclass(frozen=True)
class Quirk:
    """One oddity. `test` names the test that holds our answer to it."""

    area: str
    what: str
    answer: str
    standing: Standing
    source: str
    seen: str
    test: str
