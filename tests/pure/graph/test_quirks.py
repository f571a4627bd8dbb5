"""The list of quirks is true to itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.graph.quirks import QUIRKS
from workbench.quirks_page import PAGE, as_markdown

PURE = Path(__file__).parents[1]


def test_the_document_shows_the_list() -> None:
    """docs/graph-quirks.md is what `python -m workbench.quirks_page` makes of the list."""
    assert as_markdown() == PAGE.read_text()


@pytest.mark.parametrize("name", sorted({quirk.test for quirk in QUIRKS}))
def test_every_quirk_is_held_by_a_test(name: str) -> None:
    """The test that an entry names exists."""
    sources = [
        path.read_text()
        for folder in ("graph", "contract")
        for path in (PURE / folder).glob("*.py")
    ]

    assert any(f"def {name}(" in source for source in sources)
