"""Whatever goes wrong ends in one plain sentence that says what to do."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from workbench import development, odoo_tree, postgres, python_env
from workbench.cache import CHECKOUT, Cache
from workbench.console import Failure, explain, run


def test_a_program_that_fails_gives_the_sentence_and_keeps_its_output(tmp_path: Path) -> None:
    """The person reads a sentence; who wants to know more finds the whole output."""
    log = tmp_path / "logs" / "x.log"

    with pytest.raises(Failure, match=r"^Look here \(the whole story: .*x\.log\)\.$"):
        run(
            [sys.executable, "-c", "print('why'); raise SystemExit(3)"],
            failure="Look here.",
            log=log,
        )
    assert log.read_text() == "why\n"


def test_a_program_that_is_missing_is_named() -> None:
    """No traceback for a machine without apt."""
    with pytest.raises(Failure, match="the program no-such-program is not on this machine"):
        run(["no-such-program"], failure="It did not work")


def test_a_full_disk_is_recognised_in_any_programs_output() -> None:
    """apt, pip and PostgreSQL all say it in the system's words."""
    text = explain("pip failed.", output="OSError: [Errno 28] No space left on device", log=None)

    assert text.startswith("The disk is full: free about")


def test_a_program_gets_what_is_typed_and_its_output_is_returned() -> None:
    """Odoo's shell reads scripts from its input."""
    words = [sys.executable, "-c", "print(input().upper())"]

    assert run(words, failure="no", typed="abc\n") == "ABC\n"


@pytest.mark.parametrize("version", [(3, 9), (3, 14)])
def test_an_unsupported_python_is_refused_by_name(version: tuple[int, int]) -> None:
    """Odoo 19 runs on Python 3.10 to 3.13."""
    with pytest.raises(Failure, match=rf"Python 3\.{version[1]} cannot run Odoo 19: install"):
        python_env.check_version(version)


@pytest.mark.parametrize("version", [(3, 10), (3, 13)])
def test_supported_pythons_pass(version: tuple[int, int]) -> None:
    """The oldest and the newest are included."""
    python_env.check_version(version)


def test_a_wrong_odoo_home_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """ODOO_HOME must name the top folder of a checkout."""
    monkeypatch.setenv("ODOO_HOME", str(tmp_path))

    with pytest.raises(Failure, match="is no checkout of Odoo 19"):
        odoo_tree.python_path(Cache(tmp_path))


def test_the_database_user_postgres_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Odoo itself refuses it, later and less clearly."""
    monkeypatch.setenv("PGHOST", "127.0.0.1")
    monkeypatch.setenv("PGUSER", "postgres")

    with (
        pytest.raises(Failure, match="set PGUSER to another role"),
        postgres.running(Cache(tmp_path)),
    ):
        pass


def test_a_path_too_long_for_a_socket_is_said_before_anything_is_fetched(tmp_path: Path) -> None:
    """The system allows about a hundred characters."""
    cache = Cache(tmp_path / ("x" * 100))
    with pytest.raises(Failure, match="too long for a socket"):
        postgres.check_reachable(cache)


def test_a_taken_port_is_said_before_anything_is_installed() -> None:
    """The sentence offers another port."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        with pytest.raises(Failure, match=rf"Port {port} is taken: .*PORT={port + 1}"):
            development.check_port(port)


def test_a_failure_leaves_no_traceback_and_exits_with_one(tmp_path: Path) -> None:
    """The command line shows one sentence, whatever the command."""
    (tmp_path / "file").touch()
    env = {**os.environ, "OUTLOOK_CALENDAR_CACHE": str(tmp_path / "file" / "cache")}

    done = subprocess.run(
        [sys.executable, "-m", "workbench", "setup"],
        cwd=CHECKOUT,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert done.stderr.startswith("\nmake: The cache folder")
    assert "Traceback" not in done.stderr
