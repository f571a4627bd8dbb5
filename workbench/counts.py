"""How many tests passed, failed and were skipped: read from what a runner printed, and summed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

_PYTEST_CLOSING = re.compile(r"^(?:=+ )?((?:\d+ [a-z]+,? ?)+)in [\d.]+s", re.MULTILINE)
_PYTEST_PART = re.compile(r"(\d+) ([a-z]+)")
# pytest's words for the three fates of a test; other words (deselected, warnings) say nothing.
_FATES = {
    "passed": "passed",
    "xfailed": "passed",
    "failed": "failed",
    "xpassed": "failed",
    "error": "failed",
    "errors": "failed",
    "skipped": "skipped",
}
_ODOO_CLOSING = re.compile(r"odoo\.tests\.result: (\d+) failed, (\d+) error\(s\) of (\d+) tests")
_ODOO_SKIPPED = re.compile(r": skipped (\S+ : .*)$", re.MULTILINE)
_PYTEST_SKIPPED = re.compile(r"^SKIPPED \[\d+\] (.*)$", re.MULTILINE)


@dataclass(frozen=True)
class Count:
    """Tests of one layer, or of several together."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def __add__(self, other: Count) -> Count:
        return Count(
            self.passed + other.passed, self.failed + other.failed, self.skipped + other.skipped
        )

    @property
    def total(self) -> int:
        return self.passed + self.failed + self.skipped

    def line(self) -> str:
        """Return the closing line, which is also read by programs: keep its form."""
        return f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped"


def of_pytest(output: str) -> Count:
    """Read pytest's closing line; no such line means that nothing ran."""
    closings = _PYTEST_CLOSING.findall(output)
    if not closings:
        return Count()
    sums = {"passed": 0, "failed": 0, "skipped": 0}
    for number, word in _PYTEST_PART.findall(closings[-1]):
        if word in _FATES:
            sums[_FATES[word]] += int(number)
    return Count(**sums)


def of_odoo(log: str) -> Count:
    """Read the result line of an Odoo test run, and its skipped tests.

    Odoo counts a test that was skipped as run, and an error while a class is set up as an error
    without a test.
    """
    found = _ODOO_CLOSING.search(log)
    if not found:
        return Count()
    failed = int(found[1]) + int(found[2])
    skipped = len(_ODOO_SKIPPED.findall(log))
    return Count(max(int(found[3]) - failed - skipped, 0), failed, skipped)


def skipped_tests(output: str) -> list[str]:
    """Name the skipped tests with their reasons, of either runner."""
    return _PYTEST_SKIPPED.findall(output) + _ODOO_SKIPPED.findall(output)


def total(counts: Iterable[Count]) -> Count:
    """Sum the counts of several layers."""
    return sum(counts, Count())
