"""What `make test` runs: lint and the layers of tests, each with its time and its counts."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from . import counts, lint, odoo_log, odoo_process, odoo_tests, python_env
from .cache import CHECKOUT, Cache
from .children import foreground
from .console import say, told
from .counts import Count
from .database import Databases


@dataclass(frozen=True)
class Result:
    """What one layer came to."""

    name: str
    count: Count
    seconds: float


def run(found: Databases, names: Sequence[str] = ()) -> int:
    """Run the layers (all, or those named) and close with one line that sums them up."""
    results = [_timed(name, LAYERS[name], found) for name in names or LAYERS]
    say("\nlayer       passed  failed skipped  seconds")
    for result in results:
        count = result.count
        say(
            f"{result.name:<10} {count.passed:>7} {count.failed:>7} {count.skipped:>7}"
            f" {result.seconds:>8.0f}"
        )
    closing = counts.total(result.count for result in results)
    say(f"\n{closing.line()}")
    return 1 if closing.failed else 0


def _timed(name: str, layer: Callable[[Databases], Count], found: Databases) -> Result:
    say(f"\n{name}")
    began = time.monotonic()
    count = layer(found)
    return Result(name, count, time.monotonic() - began)


def _lint(found: Databases) -> Count:
    """Lint counts no tests; what it finds counts as failed."""
    return Count(failed=lint.run(found.cache))


def _pytest_layer(
    folder: str, python: Callable[[Cache], Path] = lambda cache: cache.python
) -> Callable[[Databases], Count]:
    """Make a layer of the pytest tests in a folder that has a `pytest.ini` of its own."""

    def run_layer(found: Databases) -> Count:
        place = CHECKOUT / folder
        if not (place / "pytest.ini").is_file():
            say(f"  {folder}/pytest.ini is missing: this checkout is not complete")
            return Count(failed=1)
        words = [
            str(python(found.cache)),
            "-m",
            "pytest",
            "-c",
            str(place / "pytest.ini"),
            "-q",
            "-rs",
        ]
        words += ["-o", f"cache_dir={found.cache.root / 'tools' / 'pytest'}", str(place)]
        env = {
            **odoo_process.checkout_environment(found.cache, found.pg),
            **_test_settings(found.cache),
        }
        code, output = _stream(words, env=env, cwd=CHECKOUT)
        return _judge(counts.of_pytest(output), code=code, output=output)

    return run_layer


def _test_settings(cache: Cache) -> dict[str, str]:
    """Make the same commit give the same verdict, and keep the tools' files out of the checkout."""
    return {
        "HYPOTHESIS_PROFILE": os.environ.get("HYPOTHESIS_PROFILE", "deterministic"),
        "HYPOTHESIS_STORAGE_DIRECTORY": str(cache.root / "tools" / "hypothesis"),
    }


def _judge(count: Count, *, code: int, output: str) -> Count:
    """Count as failed what a runner's own numbers do not show."""
    if count.total == 0:
        say("  no test ran")
        return Count(failed=1)
    if code and not count.failed:
        say(f"  the runner ended with code {code}")
        count += Count(failed=1)
    forbidden = _forbidden_skips(output) if os.environ.get("CI") else []
    for text in forbidden:
        say(f"  skipped in CI: {text}")
    return count + Count(failed=len(forbidden))


def _forbidden_skips(output: str) -> list[str]:
    """Return the skipped tests that nobody has allowed to be."""
    allowed = [pattern for pattern, _ in odoo_log.load_allowed_skips()]
    return [
        text for text in counts.skipped_tests(output) if not any(word in text for word in allowed)
    ]


def _odoo(found: Databases) -> Count:
    """Run the addon's tests in Odoo."""
    return odoo_tests.run(
        found, lambda count, code, output: _judge(count, code=code, output=output)
    )


def _stream(words: Sequence[str], *, env: Mapping[str, str], cwd: Path) -> tuple[int, str]:
    """Run a program, show its lines as they come, and return all of them."""
    with foreground(
        words,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=env,
        cwd=cwd,
        text=True,
        errors="replace",
    ) as child:
        assert child.stdout is not None
        lines = list(told(child.stdout))
    return child.returncode, "".join(lines)


LAYERS: dict[str, Callable[[Databases], Count]] = {
    "lint": _lint,
    "workbench": _pytest_layer("tests/workbench"),
    "pure": _pytest_layer("tests/pure"),
    "foreign": _pytest_layer("tests/foreign", python_env.ensure_foreign),
    "odoo": _odoo,
    "live": _pytest_layer("tests/live"),
}
