"""Read an Odoo log: which warnings and errors are there that nobody has explained?"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

ALLOWED = Path(__file__).with_name("odoo_log_allowed.json")
_HEAD = re.compile(
    r"^\d{4}-\d\d-\d\d [\d:,]+ \d+ (?P<level>[A-Z]+) \S+ (?P<logger>\S+?): (?P<message>.*)$"
)
SERIOUS = frozenset({"WARNING", "ERROR", "CRITICAL"})


@dataclass(frozen=True)
class Record:
    """One message of the log, the lines of its traceback included."""

    level: str
    logger: str
    message: str

    def __str__(self) -> str:
        return f"{self.level} {self.logger}: {self.message}"


@dataclass(frozen=True)
class Allowance:
    """A warning that is known: whose it is, how it reads, and why it is none of ours."""

    logger: str
    message: str
    reason: str

    def covers(self, record: Record) -> bool:
        """Tell whether this is the record meant; `message` is a regular expression."""
        return record.logger == self.logger and bool(re.search(self.message, record.message))


def load_allowances(path: Path = ALLOWED) -> list[Allowance]:
    """Read the list of known warnings."""
    return [Allowance(**entry) for entry in json.loads(path.read_text())["log"]]


def load_allowed_skips(path: Path = ALLOWED) -> list[tuple[str, str]]:
    """Read which tests may be skipped in CI: a regular expression and the reason."""
    return [(entry["test"], entry["reason"]) for entry in json.loads(path.read_text())["skips"]]


def records(log: str) -> Iterator[Record]:
    """Cut a log into its messages; a line without a head belongs to the message before it."""
    head: re.Match[str] | None = None
    lines: list[str] = []
    for line in log.splitlines():
        found = _HEAD.match(line)
        if not found:
            lines.append(line)
            continue
        if head:
            yield Record(head["level"], head["logger"], "\n".join(lines))
        head, lines = found, [found["message"]]
    if head:
        yield Record(head["level"], head["logger"], "\n".join(lines))


def unexplained(log: str, allowances: Sequence[Allowance]) -> list[Record]:
    """Return the warnings and errors that the list of known ones does not cover."""
    return [
        record
        for record in records(log)
        if record.level in SERIOUS and not any(known.covers(record) for known in allowances)
    ]
