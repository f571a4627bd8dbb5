"""The checks that read the sources: style, types, import contracts, Odoo's own lint."""

from __future__ import annotations

import ast
import os
import re
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

from .cache import ADDON, CHECKOUT, Cache
from .console import say
from .odoo_process import checkout_environment


def programs(cache: Cache) -> dict[str, tuple[Sequence[str], Path]]:
    """Return each check's command line and the folder it runs in.

    mypy is given packages, not folders: a folder would make it import the repository's root,
    which is an Odoo addon. pylint is given the addon under its own name, by the link.
    """
    tools = cache.venv / "bin"
    rules = f"--rcfile={CHECKOUT / '.pylintrc'}"
    return {
        "style": ([f"{tools}/ruff", "check", "--quiet", "."], CHECKOUT),
        "format": ([f"{tools}/ruff", "format", "--check", "--quiet", "."], CHECKOUT),
        "types": ([f"{tools}/mypy", "--strict", "-p", "core", "-p", "sandbox"], CHECKOUT),
        "types of the workbench": ([f"{tools}/mypy", "--strict", "-p", "workbench"], CHECKOUT),
        "imports": ([f"{tools}/lint-imports", "--no-cache"], CHECKOUT),
        "odoo lint": (
            [f"{tools}/pylint", rules, ADDON],
            cache.addons,
        ),
    }


def environment(cache: Cache) -> dict[str, str]:
    """Return an environment in which no tool leaves a folder of its own in the checkout."""
    return {
        **checkout_environment(cache),
        "MYPY_CACHE_DIR": str(cache.root / "tools" / "mypy"),
        "RUFF_CACHE_DIR": str(cache.root / "tools" / "ruff"),
        "PYLINTHOME": str(cache.root / "tools" / "pylint"),
    }


def run(cache: Cache, *, only: str | None = None) -> int:
    """Run the checks (or one of them) and return how many found something."""
    failed = 0
    for name, (words, folder) in programs(cache).items():
        if only in (None, name):
            failed += _report(name, *_output(words, folder, environment(cache)))
    for name, check in OWN_CHECKS.items():
        if only in (None, name):
            found = check(CHECKOUT)
            failed += _report(name, bool(found), "\n".join(found))
    return failed


def _output(words: Sequence[str], folder: Path, env: dict[str, str]) -> tuple[bool, str]:
    done = subprocess.run(words, cwd=folder, env=env, capture_output=True, text=True, check=False)
    return done.returncode != 0, done.stdout + done.stderr


def _report(name: str, is_bad: bool, output: str) -> int:
    say(f"  {name}: {'FAILED' if is_bad else 'ok'}")
    if is_bad:
        say(output.rstrip())
    return int(is_bad)


def forgotten_tests(checkout: Path) -> list[str]:
    """Name the Odoo test files that `tests/__init__.py` does not import: Odoo would skip them."""
    init = checkout / "tests" / "__init__.py"
    imported = {
        alias.name
        for node in ast.walk(ast.parse(init.read_text() if init.is_file() else ""))
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    return [
        f"{path.relative_to(checkout)} is not imported in tests/__init__.py, so it never runs"
        for path in sorted((checkout / "tests").glob("test_*.py"))
        if path.stem not in imported
    ]


# Odoo's files that hold a long table or one long form are counted like all others.
LONGEST_FILE = 400


def long_files(checkout: Path) -> list[str]:
    """Name the Python files that have outgrown one reader's head."""
    found = []
    for folder, folders, files in os.walk(checkout):
        folders[:] = [name for name in folders if not name.startswith((".", "__"))]
        for name in files:
            path = Path(folder, name)
            if path.suffix == ".py" and (lines := path.read_text().count("\n")) > LONGEST_FILE:
                found.append(f"{path.relative_to(checkout)} has {lines} lines: split it")
    return sorted(found)


_TEST_NAME = re.compile(r"`(test_\w+|Test\w+)(\.py)?`")


def missing_tests(checkout: Path) -> list[str]:
    """Name the tests that the documents promise and nobody wrote."""
    sources = [path for path in (checkout / "tests").rglob("*.py") if path.is_file()]
    files = {path.stem for path in sources}
    text = "\n".join(path.read_text() for path in sources)
    names = set(re.findall(r"^\s*(?:def |class )?(\w+)(?:\(| =)", text, re.MULTILINE))
    return [
        f"{document.relative_to(checkout)} names {name}, which is nowhere in tests/"
        for document in sorted((checkout / "docs").rglob("*.md"))
        for name, is_file in dict.fromkeys(_TEST_NAME.findall(document.read_text()))
        if name not in (files if is_file else names | files)
    ]


OWN_CHECKS: dict[str, Callable[[Path], list[str]]] = {
    "every Odoo test file is imported": forgotten_tests,
    "the tests that the documents name exist": missing_tests,
    f"no file is longer than {LONGEST_FILE} lines": long_files,
}
