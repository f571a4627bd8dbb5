"""What `make test` runs: lint and the layers of tests, each with its time and its counts.

The layers of Odoo take most of the time, and the live one mostly waits. So these two run beside the
others, and say what they found when those are done.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path

from . import counts, lint, odoo_log, odoo_process, odoo_tests, python_env
from .cache import CHECKOUT, Cache
from .children import foreground
from .console import HEARTBEAT_SECONDS, Failure, say, told
from .counts import Count
from .database import Databases

#: Waits for a layer; returns what it came to, and when it was over (`time.monotonic`).
End = Callable[[], tuple[Count, float]]


@dataclass(frozen=True)
class Result:
    """What one layer came to."""

    name: str
    count: Count
    seconds: float


def run(found: Databases, names: Sequence[str] = ()) -> int:
    """Run the layers (all, or those named) and close with one line that sums them up."""
    if unknown := sorted({*names} - {*NAMES}):
        raise Failure(f"There is no layer {unknown[0]}: {', '.join(NAMES)}.")
    names = names or NAMES
    began = time.monotonic()
    with contextlib.ExitStack() as stack:
        running = {
            name: stack.enter_context(begin(found))
            for name, begin in BESIDE.items()
            if name in names
        }
        results = [_timed(name, LAYERS[name], found) for name in names if name in LAYERS]
        for name, end in running.items():
            say(f"\n{name}, which ran beside the others")
            count, ended = end()
            results.append(Result(name, count, ended - began))
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


@dataclass(frozen=True)
class PytestLayer:
    """The pytest tests of a folder that has a `pytest.ini` of its own."""

    folder: str
    python: Callable[[Cache], Path] = lambda cache: cache.python

    def __call__(self, found: Databases) -> Count:
        """Run them and show their lines as they come."""
        with self.child(found) as child:
            assert child.stdout is not None
            output = "".join(told(child.stdout))
        return _judge(counts.of_pytest(output), code=child.returncode, output=output)

    def child(self, found: Databases) -> contextlib.AbstractContextManager[subprocess.Popen[str]]:
        """Return the running pytest; what it prints must be read."""
        place = CHECKOUT / self.folder
        words = [str(self.python(found.cache)), "-m", "pytest", "-c", str(place / "pytest.ini")]
        words += ["-q", "-rs", "-o", f"cache_dir={found.cache.root / 'tools' / 'pytest'}"]
        env = {
            **odoo_process.checkout_environment(found.cache, found.pg),
            **_test_settings(found.cache),
        }
        return foreground(
            [*words, str(place)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=env,
            cwd=CHECKOUT,
            text=True,
            errors="replace",
        )


@contextlib.contextmanager
def _odoo(found: Databases) -> Iterator[End]:
    """Let the addon's tests in Odoo run."""
    with odoo_tests.begun(found) as wait_for_shares:

        def end() -> tuple[Count, float]:
            shares = wait_for_shares()
            count = odoo_tests.judged(
                found, shares, lambda count, code, output: _judge(count, code=code, output=output)
            )
            return count, max(share.ended for share in shares)

        yield end


@contextlib.contextmanager
def _live(found: Databases) -> Iterator[End]:
    """Let the live layer run; what it printed is shown at its end."""
    # Left last: its thread reads until the child has ended.
    with ThreadPoolExecutor(1) as reader, PytestLayer("tests/live").child(found) as child:
        story = reader.submit(_read, child)

        def end() -> tuple[Count, float]:
            while wait([story], HEARTBEAT_SECONDS).not_done:
                say("  still running")
            output, ended = story.result()
            say(output.rstrip("\n"))
            return _judge(counts.of_pytest(output), code=child.wait(), output=output), ended

        yield end


def _read(child: subprocess.Popen[str]) -> tuple[str, float]:
    assert child.stdout is not None
    return child.stdout.read(), time.monotonic()


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


LAYERS: dict[str, Callable[[Databases], Count]] = {
    "lint": _lint,
    "workbench": PytestLayer("tests/workbench"),
    "pure": PytestLayer("tests/pure"),
    "foreign": PytestLayer("tests/foreign", python_env.ensure_foreign),
}
#: What begins first and runs beside the others.
BESIDE: dict[str, Callable[[Databases], contextlib.AbstractContextManager[End]]] = {
    "odoo": _odoo,
    "live": _live,
}
NAMES = (*LAYERS, *BESIDE)
