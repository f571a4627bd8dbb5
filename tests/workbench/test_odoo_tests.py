"""The addon's tests are dealt out to several Odoo processes: each once, none forgotten."""

from __future__ import annotations

from pathlib import Path

from workbench import odoo_tests


def _files(folder: Path, *sizes: int) -> list[Path]:
    files = [folder / f"test_{number}.py" for number in range(len(sizes))]
    for file, size in zip(files, sizes, strict=True):
        file.write_text("#" * size)
    return files


def test_each_file_is_dealt_once(tmp_path: Path) -> None:
    """What nobody runs would pass for ever."""
    files = _files(tmp_path, 50, 10, 30, 20, 40)

    hands = odoo_tests.dealt(files, 2)

    assert sorted(files) == sorted(file for hand in hands for file in hand)


def test_each_process_has_about_as_much_to_do(tmp_path: Path) -> None:
    """The longest files go first, each to whom has the least."""
    hands = odoo_tests.dealt(_files(tmp_path, 50, 10, 30, 20, 40), 2)

    assert [80, 70] == [sum(file.stat().st_size for file in hand) for hand in hands]


def test_nobody_runs_nothing(tmp_path: Path) -> None:
    """An Odoo without tags would run all of Odoo's tests."""
    assert [1] == [len(hand) for hand in odoo_tests.dealt(_files(tmp_path, 10), 2)]


def test_tests_are_named_by_their_files() -> None:
    """As Odoo takes them: the path from the addons folder on."""
    files = [Path("tests/test_round.py"), Path("tests/test_reset.py")]

    assert odoo_tests.tags(files) == (
        "/outlook_calendar/tests/test_round.py,/outlook_calendar/tests/test_reset.py"
    )
