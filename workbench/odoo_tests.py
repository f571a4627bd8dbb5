"""The addon's tests in Odoo: dealt out to processes of their own, each on a clone of its own.

One Odoo runs one test at a time and keeps one processor busy; two of them halve the wait.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from functools import reduce
from operator import add
from pathlib import Path
from subprocess import DEVNULL, PIPE, STDOUT, Popen
from typing import Any

from . import counts, odoo_log, odoo_process
from .cache import ADDON, CHECKOUT
from .children import foreground
from .console import say, told
from .counts import Count
from .database import Databases

PROCESSES = 2
#: These keep every processor busy; people and browsers that wait beside them come first.
POLITELY = ("nice", "-n", "5")
#: Files that take longer than their size says: Odoo's own suites run in two worlds, screens load
#: and series of seven hundred rows are written.
LONG = {"test_odoo_calendar": 70_000, "test_tours": 40_000, "test_reset_tour": 15_000}


@dataclass(frozen=True)
class Share:
    """What one Odoo ran."""

    code: int
    log: str
    #: When it was over, in the seconds of `time.monotonic`.
    ended: float


def options(tags: str) -> list[str]:
    """Return the options of an Odoo that runs tests and ends: no cron, a port of its own."""
    return [
        *("--test-tags", tags, "--stop-after-init", "--max-cron-threads=0"),
        *(f"--http-port={odoo_process.free_port()}", "--http-interface=127.0.0.1"),
    ]


@contextmanager
def begun(found: Databases) -> Iterator[Callable[[], list[Share]]]:
    """Let all tests run, the addon updated first; give what waits for their end.

    Whoever stops us stops them all.
    """
    warm = found.warm()
    hands = dealt(CHECKOUT.glob("tests/test_*.py"), PROCESSES)
    with ExitStack() as stack:
        # Left last: its threads read until the children have ended.
        readers = stack.enter_context(ThreadPoolExecutor(len(hands)))
        children = []
        for hand in hands:
            name = stack.enter_context(found.clone(of=warm))
            children.append(stack.enter_context(_started(found, name, tags(hand))))
        logs = [readers.submit(_read, child) for child in children]
        yield lambda: [
            Share(child.wait(), *log.result()) for child, log in zip(children, logs, strict=True)
        ]


def judged(
    found: Databases, shares: Sequence[Share], judge: Callable[[Count, int, str], Count]
) -> Count:
    """Count what the tests came to, and read their logs. `judge` sees to the fine print."""
    log = found.cache.logs / "odoo-tests.log"
    log.write_text("".join(share.log for share in shares))
    say(f"  Odoo's log: {log}")
    total = reduce(add, (judge(counts.of_odoo(one.log), one.code, one.log) for one in shares))
    allowances = odoo_log.load_allowances()
    unexplained = [one for share in shares for one in odoo_log.unexplained(share.log, allowances)]
    for record in unexplained:
        say(f"  unexplained in the log: {record}")
    return total + Count(failed=1) if unexplained and not total.failed else total


def dealt(files: Iterable[Path], processes: int) -> list[list[Path]]:
    """Deal test files out so that each process has about as much to do: the longest first."""
    hands: list[list[Path]] = [[] for _process in range(processes)]
    loads = [0] * processes
    for file in sorted(files, key=lambda one: (-_weight(one), one.name)):
        lightest = loads.index(min(loads))
        hands[lightest].append(file)
        loads[lightest] += _weight(file)
    return [hand for hand in hands if hand]


def tags(files: Sequence[Path]) -> str:
    """Return the test tags that select the tests of these files."""
    return ",".join(f"/{ADDON}/tests/{file.name}" for file in files)


def _weight(file: Path) -> int:
    return LONG.get(file.stem, file.stat().st_size)


def _started(found: Databases, name: str, wanted: str) -> AbstractContextManager[Popen[Any]]:
    words = odoo_process.command(found.cache, name, "server", "-u", ADDON, *options(wanted))
    return foreground(
        [*POLITELY, *words],
        stdin=DEVNULL,
        stdout=PIPE,
        stderr=STDOUT,
        env=odoo_process.environment(found.cache, found.pg),
        cwd=found.cache.root,
        text=True,
        errors="replace",
    )


def _read(child: Popen[Any]) -> tuple[str, float]:
    assert child.stdout is not None
    return "".join(told(child.stdout, shows=_is_worth_showing)), time.monotonic()


def _is_worth_showing(line: str) -> bool:
    return any(f" {level} " in line[:60] for level in odoo_log.SERIOUS)
