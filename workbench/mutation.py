"""Break the sync in one place after the other, in a copy: `python -m workbench.mutation [WORD]`.

Each mutant (`mutants.py`) must make tests fail that pass without it. With WORD only those that have
it in their name.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from .cache import ADDON, CHECKOUT, Cache
from .console import complain, say
from .mutants import MUTANTS, Mutant

#: What is no part of the addon, or made again by whoever needs it.
LEFT_OUT: Final = shutil.ignore_patterns(".git", "__pycache__", ".*_cache", ".hypothesis")

Runs = Callable[[tuple[str, ...]], bool]


def main(words: list[str]) -> int:
    """Try all mutants; return 1 where one lives."""
    chosen = [one for one in MUTANTS if all(word in one.what for word in words)]
    with tempfile.TemporaryDirectory(prefix="mutants-", dir=Cache.locate().logs) as folder:
        copy = Path(folder, ADDON)
        shutil.copytree(CHECKOUT, copy, ignore=LEFT_OUT)
        survivors = _survivors(copy, chosen, lambda tests: _pass(copy, tests))
    say(f"{len(chosen)} mutants, {len(survivors)} not noticed")
    for one in survivors:
        complain(f"nobody noticed: {one.what} ({one.file})")
    return 1 if survivors else 0


def _survivors(copy: Path, mutants: list[Mutant], passing: Runs) -> list[Mutant]:
    """Return the mutants that no test noticed."""
    healthy: dict[tuple[str, ...], bool] = {}
    living = []
    for one in mutants:
        if one.tests not in healthy:
            healthy[one.tests] = passing(one.tests)
        began = time.monotonic()
        is_noticed = healthy[one.tests] and not _tried(copy, one, passing)
        verdict = "noticed" if is_noticed else "NOT NOTICED"
        if not healthy[one.tests]:
            verdict = "its tests fail without it"
        say(f"{verdict:<12} {one.what} ({time.monotonic() - began:.0f} s)")
        living += [] if is_noticed else [one]
    return living


def _tried(copy: Path, one: Mutant, passing: Runs) -> bool:
    """Say whether its tests pass with a mutant."""
    file = copy / one.file
    text = file.read_text()
    file.write_text(mutated(one, text))
    try:
        return passing(one.tests)
    finally:
        file.write_text(text)


def mutated(one: Mutant, text: str) -> str:
    """Return the file's text with the mutant in it; raise ValueError where it fits no more."""
    if text.count(one.old) != 1:
        raise ValueError(f"{one.file} has not exactly one place for: {one.what}")
    return text.replace(one.old, one.new)


def _pass(copy: Path, tests: tuple[str, ...]) -> bool:
    """Run tests of the copy; say whether they pass."""
    workbench = [sys.executable, "-m", "workbench"]
    if tests[0].startswith(":"):
        tags = ",".join(f"/{ADDON}{test}" for test in tests)
        words = [*workbench, "odoo-test", "--tags", tags]
    else:
        quick = ["-q", "-x", "-p", "no:cacheprovider"]
        words = [*workbench, "pytest", "-c", "tests/pure/pytest.ini", *quick, *tests]
    # Always the same examples, and no long search for the smallest: one failure says enough.
    env = {**os.environ, "PYTHONPATH": str(copy), "HYPOTHESIS_PROFILE": "mutants"}
    done = subprocess.run(words, cwd=copy, env=env, capture_output=True, check=False)
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
