"""The virtual environments: Odoo's needs with the addon's and the tools', and foreign clients."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from .cache import CHECKOUT, Cache, digest
from .console import Failure, run, step

LISTS = ("odoo", "addon", "tools")
OLDEST, NEWEST = (3, 10), (3, 13)


def check_version(version: tuple[int, int] | None = None) -> None:
    """Refuse a Python that Odoo 19 does not run on."""
    version = version or (sys.version_info[0], sys.version_info[1])
    if not OLDEST <= version <= NEWEST:
        raise Failure(
            f"Python {version[0]}.{version[1]} cannot run Odoo 19: "
            "install Python 3.10 to 3.13 and run `make PYTHON=python3.11 ...` with its name."
        )


def requirement_file(name: str) -> Path:
    """Return the pinned list called `name`."""
    return CHECKOUT / "requirements" / f"{name}.txt"


def ensure(cache: Cache) -> None:
    """Make the environment, or leave it be when the pinned lists have not changed."""
    key = digest([sys.version, str(cache.venv), *(_read(name) for name in LISTS)])
    if cache.is_current("venv", key):
        return
    cache.forget("venv")
    if not cache.is_current("venv-made", made := digest([sys.version, str(cache.venv)])):
        make_venv(cache.venv)
        cache.record("venv-made", made)
    with step("Python packages (about 150 MB)"):
        install(cache, cache.venv, [requirement_file(name) for name in LISTS])
    cache.record("venv", key, python=sys.version.split()[0])


def ensure_foreign(cache: Cache) -> Path:
    """Make the environment of the foreign clients, if it is not there, and return its Python.

    It is apart because they want other versions than Odoo, and made only when they are run.
    """
    key = digest([sys.version, str(cache.foreign), _read("foreign")])
    with cache.lock("foreign"):
        if not cache.is_current("foreign", key):
            cache.forget("foreign")
            make_venv(cache.foreign)
            with step("Microsoft's own and other clients (about 60 MB)"):
                install(cache, cache.foreign, [requirement_file("foreign")])
            cache.record("foreign", key)
    return cache.foreign / "bin" / "python"


def make_venv(folder: Path) -> None:
    """Make an empty virtual environment, replacing what was there."""
    shutil.rmtree(folder, ignore_errors=True)
    run(
        [sys.executable, "-m", "venv", folder],
        failure="Python's module venv does not work here: "
        f"install the package python{sys.version_info[0]}.{sys.version_info[1]}-venv "
        "and run this again.",
    )


def install(cache: Cache, venv: Path, lists: list[Path]) -> None:
    """Install pinned lists into `venv`, wheels only, so that no compiler is needed."""
    requirements = [word for path in lists for word in ("-r", path)]
    run(
        [
            venv / "bin" / "python",
            *("-m", "pip", "install", "--no-input", "--only-binary=:all:", "--no-warn-conflicts"),
            # Children keep compiled files elsewhere (PYTHONPYCACHEPREFIX).
            "--no-compile",
            *requirements,
        ],
        failure="The Python packages could not be downloaded: "
        "check the network and run this again.",
        log=cache.logs / "pip.log",
    )


def _read(name: str) -> bytes:
    return requirement_file(name).read_bytes()
