"""Tests are counted from what the runners print, and the closing line sums them up."""

from __future__ import annotations

import pytest

from workbench import counts
from workbench.counts import Count

ODOO = """\
2026-11-22 12:53:25,100 11 INFO db odoo.addons.x.tests.test_a: Starting TestA.test_one ...
2026-11-22 12:53:25,200 11 INFO db odoo.addons.x.tests.test_a: skipped TestA.test_two : no browser
2026-11-22 12:53:25,783 11 INFO db odoo.tests.stats: calendar: 18 tests 4.57s 2313 queries
2026-11-22 12:53:25,783 11 {level} db odoo.tests.result: {result} when loading database 'db'
"""


@pytest.mark.parametrize(
    ("closing", "expected"),
    [
        ("12 passed in 0.52s", Count(12)),
        ("= 1 failed, 12 passed, 2 skipped, 1 error in 61.20s (0:01:01) =", Count(12, 2, 2)),
        ("== 3 passed, 1 xfailed, 1 xpassed, 4 deselected, 2 warnings in 3s ==", Count(4, 1, 0)),
        ("no tests ran in 0.01s", Count()),
        ("Traceback (most recent call last):", Count()),
    ],
)
def test_pytests_closing_line_is_read(closing: str, expected: Count) -> None:
    """Errors count as failed; what did not run does not count."""
    assert expected == counts.of_pytest(f"...\nFAILED 7 passed in the past\n{closing}\n")


@pytest.mark.parametrize(
    ("result", "expected"),
    [
        ("0 failed, 0 error(s) of 16 tests", Count(15, 0, 1)),
        ("2 failed, 1 error(s) of 16 tests", Count(12, 3, 1)),
        ("0 failed, 3 error(s) of 1 tests", Count(0, 3, 1)),
    ],
)
def test_odoos_result_line_is_read(result: str, expected: Count) -> None:
    """Skipped tests are among those that Odoo says it ran; class set-up errors are not."""
    assert expected == counts.of_odoo(ODOO.format(level="INFO", result=result))


def test_an_odoo_that_died_ran_nothing() -> None:
    """Without a result line there is no count."""
    assert Count() == counts.of_odoo("2026-11-22 12:53:25,100 11 CRITICAL db odoo: no\n")


def test_skipped_tests_are_named_with_their_reasons() -> None:
    """CI decides by name and reason which of them are allowed."""
    output = "SKIPPED [2] test_x.py:7: needs GRAPH_LIVE=1\n" + ODOO

    assert counts.skipped_tests(output) == [
        "test_x.py:7: needs GRAPH_LIVE=1",
        "TestA.test_two : no browser",
    ]


def test_the_closing_line_sums_the_layers() -> None:
    """Its form is fixed: programs read it."""
    total = counts.total([Count(1, 2, 3), Count(10), Count(failed=1)])

    assert total.line() == "11 passed, 3 failed, 3 skipped"
