"""Programs in the foreground: whoever stops the workbench stops what it runs, politely.

A child that is asked with SIGINT (Ctrl-C) tidies up: pytest ends its fixtures, Odoo its browsers.
Killing it at once would leave what it started behind.
"""

from __future__ import annotations

import contextlib
import signal
import subprocess
from collections.abc import Iterator, Sequence
from types import FrameType
from typing import Any, Final

# Ctrl-C in a terminal reaches the child, too; a second one would interrupt its tidying up.
BY_ITSELF: Final = (None, 15)
# What is waited for after a signal: the last server of a live test, a database that is dropped.
POLITELY: Final = (signal.SIGINT, 60)
AT_LAST: Final = (signal.SIGKILL, None)


class Terminated(KeyboardInterrupt):
    """We are to end by a signal that our child did not get."""


def obey_signals() -> None:
    """Let SIGTERM and SIGINT interrupt us, so that children stop and clones are dropped.

    A shell that starts us in the background has SIGINT ignored, and children would inherit that.
    """
    signal.signal(signal.SIGTERM, _terminate)
    signal.signal(signal.SIGINT, signal.default_int_handler)


def _terminate(number: int, frame: FrameType | None) -> None:
    raise Terminated


def call(words: Sequence[str], **options: Any) -> int:
    """Run a program in the foreground and return its exit code."""
    with foreground(words, **options) as child:
        return child.wait()


@contextlib.contextmanager
def foreground(words: Sequence[str], **options: Any) -> Iterator[subprocess.Popen[Any]]:
    """Give a running program; however the block is left, it has ended afterwards."""
    child = subprocess.Popen(words, **options)
    try:
        yield child
    except BaseException as err:
        has_heard = isinstance(err, KeyboardInterrupt) and not isinstance(err, Terminated)
        _end(child, [BY_ITSELF, POLITELY, AT_LAST] if has_heard else [POLITELY, AT_LAST])
        raise
    child.communicate()


def _end(child: subprocess.Popen[Any], steps: Sequence[tuple[int | None, int | None]]) -> None:
    """Ask more firmly from step to step; read on meanwhile, or the child could wait for us."""
    for number, seconds in steps:
        if number is not None:
            child.send_signal(number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.communicate(timeout=seconds)
            return
