"""One cache folder: where it is, what is finished in it, and how it is emptied."""

from __future__ import annotations

from pathlib import Path

import pytest

from workbench.cache import Cache, digest
from workbench.console import Failure


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    """Give a cache folder that is ready."""
    cache = Cache(tmp_path / "cache")
    cache.prepare()
    return cache


def test_the_variable_wins_over_every_default() -> None:
    """Who names a folder gets it, root or not."""
    for uid in (0, 1000):
        found = Cache.locate({"OUTLOOK_CALENDAR_CACHE": "/srv/c", "HOME": "/home/x"}, uid=uid)

        assert found.root == Path("/srv/c")


def test_root_gets_a_folder_that_other_users_can_reach() -> None:
    """PostgreSQL does not run as root, and /root is closed to others."""
    assert Cache.locate({"HOME": "/root"}, uid=0).root == Path("/var/cache/outlook_calendar")


def test_other_users_get_their_cache_home() -> None:
    """XDG_CACHE_HOME, else ~/.cache."""
    home = {"HOME": "/home/x"}

    assert Cache.locate(home, uid=7).root == Path("/home/x/.cache/outlook_calendar")
    assert Cache.locate({**home, "XDG_CACHE_HOME": "/c"}, uid=7).root == Path("/c/outlook_calendar")


def test_a_part_is_finished_for_one_key_only(cache: Cache) -> None:
    """A stamp of another key, a forgotten one and a torn one all mean: make it again."""
    assert not cache.is_current("odoo", "one")
    cache.record("odoo", "one", version="19.0")

    assert cache.is_current("odoo", "one")
    assert cache.fact("odoo", "version") == "19.0"
    assert not cache.is_current("odoo", "two")

    (cache.root / "stamps" / "odoo.json").write_text("{")
    assert not cache.is_current("odoo", "one")
    assert cache.fact("odoo", "version") is None

    cache.forget("odoo")
    assert not cache.is_current("odoo", "one")


def test_a_digest_tells_where_a_part_ends() -> None:
    """Moving a character from one file to the next is a change."""
    assert digest(["ab", "c"]) != digest(["a", "bc"])
    assert digest(["ab"]) == digest([b"ab"])


def test_the_addon_is_linked_under_its_own_name(cache: Cache) -> None:
    """Odoo takes the name of the link for the name of the module."""
    assert (cache.addons / "outlook_calendar" / "workbench").is_dir()


def test_emptying_removes_everything_and_may_be_repeated(cache: Cache) -> None:
    """Files, folders and links go, what a link points at stays."""
    (cache.root / "venv").mkdir()
    (cache.root / "file").touch()
    cache.empty()

    assert list(cache.root.iterdir()) == []
    assert Path(__file__).is_file()
    Cache(cache.root / "absent").empty()


def test_a_folder_of_somebody_else_is_never_emptied(tmp_path: Path) -> None:
    """A mistyped variable must not cost anybody a folder."""
    (tmp_path / "precious").touch()

    with pytest.raises(Failure, match="was not made by this repository"):
        Cache(tmp_path).empty()
    assert (tmp_path / "precious").exists()


def test_a_cache_that_cannot_be_written_is_one_plain_sentence(tmp_path: Path) -> None:
    """The sentence names the folder and the variable."""
    (tmp_path / "file").touch()

    with pytest.raises(Failure, match="set OUTLOOK_CALENDAR_CACHE"):
        Cache(tmp_path / "file" / "cache").prepare()
