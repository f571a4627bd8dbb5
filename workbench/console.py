"""What a person sees: progress of long steps, and one plain sentence when something fails."""

from __future__ import annotations

import contextlib
import pwd
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

HEARTBEAT_SECONDS = 20
DISK_FULL = "The disk is full: free about 6 GiB, or set OUTLOOK_CALENDAR_CACHE to another disk."
DISK_FULL_SIGNS = ("No space left on device", "Disk quota exceeded", "could not extend file")


class Failure(Exception):
    """Something a person must act on; its text is one plain sentence that says what to do."""


def say(text: str) -> None:
    """Print one line at once, also into a pipe."""
    print(text, flush=True)


@contextlib.contextmanager
def step(text: str) -> Iterator[None]:
    """Announce a long step, show that it is alive, and say how long it took."""
    began = time.monotonic()
    finished = threading.Event()

    def beat() -> None:
        while not finished.wait(HEARTBEAT_SECONDS):
            say(f"  {text}: still working ({time.monotonic() - began:.0f} s)")

    say(f"  {text} ...")
    heart = threading.Thread(target=beat, daemon=True)
    heart.start()
    try:
        yield
    finally:
        finished.set()
    say(f"  {text}: done ({time.monotonic() - began:.0f} s)")


def run(
    command: Sequence[str | Path],
    *,
    failure: str,
    log: Path | None = None,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    user: str | None = None,
    typed: str = "",
) -> str:
    """Run a command quietly and return what it printed.

    `failure` is the sentence for a person when it does not succeed; `log` is where the whole
    output goes then. `user` runs it as that user (needs root). `typed` is its standard input.
    """
    try:
        done = subprocess.run(
            [str(part) for part in command],
            check=False,
            input=typed,
            capture_output=True,
            text=True,
            errors="replace",
            cwd=cwd,
            env=env,
            **as_user(user),
        )
    except FileNotFoundError as err:
        raise Failure(f"{failure} (the program {command[0]} is not on this machine)") from err
    if done.returncode == 0:
        return str(done.stdout)
    raise Failure(explain(failure, output=done.stdout + done.stderr, log=log))


def as_user(user: str | None) -> dict[str, Any]:
    """Return what makes `subprocess` run a program as that user, with his own group only."""
    if user is None:
        return {}
    return {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []}


def explain(failure: str, *, output: str, log: Path | None) -> str:
    """Turn a failed command's output into one sentence; keep the output in `log`."""
    if any(sign in output for sign in DISK_FULL_SIGNS):
        return DISK_FULL
    if log is None:
        return failure
    try:
        log.parent.mkdir(parents=True, exist_ok=True)
        log.write_text(output)
    except OSError:
        return failure
    return f"{failure.rstrip('.')} (the whole story: {log})."


def complain(text: str) -> None:
    """Print the one sentence of a failure where errors go."""
    print(f"\nmake: {text}", file=sys.stderr, flush=True)


def told(
    lines: Iterable[str], *, shows: Callable[[str], bool] = lambda line: True
) -> Iterator[str]:
    """Pass lines on, saying those that `shows` picks; now and then say that there were others."""
    spoke = time.monotonic()
    for number, line in enumerate(lines):
        if shows(line):
            say(line.rstrip("\n"))
            spoke = time.monotonic()
        elif time.monotonic() - spoke > HEARTBEAT_SECONDS:
            say(f"  still running ({number} lines of log)")
            spoke = time.monotonic()
        yield line
