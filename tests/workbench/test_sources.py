"""What makes the template database stale, and which tests nobody would run."""

from __future__ import annotations

from pathlib import Path

import pytest

from workbench import lint
from workbench.database import installed_digest


@pytest.fixture
def addon(tmp_path: Path) -> Path:
    """Lay out a small addon."""
    for name in ("models/a.py", "views/a.xml", "core/engine/x.py", "tests/test_a.py"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("one")
    (tmp_path / "__manifest__.py").write_text("{}")
    return tmp_path


@pytest.mark.parametrize("name", ["models/a.py", "views/a.xml", "__manifest__.py", "data/new.xml"])
def test_what_decides_the_database_makes_the_template_stale(addon: Path, name: str) -> None:
    """Fields, views, data and the manifest are stored when the addon is installed."""
    before = installed_digest(addon)
    (addon / name).parent.mkdir(exist_ok=True)
    (addon / name).write_text("two")

    assert installed_digest(addon) != before


@pytest.mark.parametrize(
    "name", ["core/engine/x.py", "tests/test_a.py", "models/__pycache__/a.pyc"]
)
def test_what_each_server_reads_anew_does_not(addon: Path, name: str) -> None:
    """Pure code and tests are not in the database."""
    before = installed_digest(addon)
    (addon / name).parent.mkdir(exist_ok=True)
    (addon / name).write_text("two")

    assert installed_digest(addon) == before


def test_a_test_file_that_is_not_imported_is_named(addon: Path) -> None:
    """Odoo runs only what tests/__init__.py imports, and says nothing about the rest."""
    (addon / "tests" / "test_b.py").touch()
    (addon / "tests" / "__init__.py").write_text("from . import test_a\n")

    assert lint.forgotten_tests(addon) == [
        "tests/test_b.py is not imported in tests/__init__.py, so it never runs"
    ]


def test_a_test_that_only_a_document_knows_is_named(addon: Path) -> None:
    """Each row of the rules names its test: a test that was renamed leaves no promise behind."""
    (addon / "docs").mkdir()
    (addon / "docs" / "rules.md").write_text("`test_kept` (`test_a.py`), `test_lost`, `test_b.py`")
    (addon / "tests" / "test_a.py").write_text("def test_kept():\n    pass\n")

    assert lint.missing_tests(addon) == [
        "docs/rules.md names test_lost, which is nowhere in tests/",
        "docs/rules.md names test_b, which is nowhere in tests/",
    ]
