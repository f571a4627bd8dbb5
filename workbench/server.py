"""Real processes for live tests, the demo and development: Odoo servers and the sandbox.

    with running_odoo(cache, pg, database) as odoo:
        urllib.request.urlopen(odoo.url)
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from . import odoo_process
from .cache import CHECKOUT, Cache
from .console import Failure
from .postgres import Postgres

START_SECONDS = 120
STOP_SECONDS = 15
POLL_SECONDS = 0.1


@dataclass
class Process:
    """A child with a web address and a log; it can be killed and started again."""

    name: str
    url: str
    log: Path
    words: Sequence[str | Path]
    env: Mapping[str, str]
    cwd: Path
    is_ready: Callable[[], bool]
    child: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def port(self) -> int:
        return int(self.url.rsplit(":", 1)[1])

    def start(self) -> None:
        """Start the child in a session of its own and wait until it answers."""
        with self.log.open("ab") as log:
            self.child = subprocess.Popen(
                [str(word) for word in self.words],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=dict(self.env),
                cwd=self.cwd,
                start_new_session=True,
            )
        deadline = time.monotonic() + START_SECONDS
        while not self.is_ready():
            if self.child.poll() is not None:
                raise Failure(f"{self.name} stopped while starting: see {self.log}.")
            if time.monotonic() > deadline:
                self.kill()
                raise Failure(f"{self.name} did not answer in {START_SECONDS} s: see {self.log}.")
            time.sleep(POLL_SECONDS)

    def stop(self) -> None:
        """End the child politely; kill it when it does not listen."""
        if self.child is None or self.child.poll() is not None:
            return
        self.child.terminate()
        try:
            self.child.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        """End the child and all it started at once, as a crash would."""
        if self.child is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.child.pid, signal.SIGKILL)
        self.child.wait()

    def restart(self) -> None:
        """Stop and start on the same address."""
        self.stop()
        self.start()

    def text(self) -> str:
        """Return what the child has logged so far."""
        return self.log.read_text(errors="replace")


def answers(url: str) -> bool:
    """Tell whether an HTTP server at `url` answers at all."""
    try:
        with urllib.request.urlopen(url, timeout=5):
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False


@contextlib.contextmanager
def running(process: Process) -> Iterator[Process]:
    """Start a process and stop it at the end, whatever happens between."""
    try:
        process.start()
        yield process
    finally:
        process.stop()


def odoo(
    cache: Cache,
    pg: Postgres,
    database: str,
    *,
    port: int | None = None,
    env: Mapping[str, str] | None = None,
    options: Sequence[str] = (),
    log: Path | None = None,
) -> Process:
    """Describe an Odoo server on `database`: threaded, with cron and bus, on 127.0.0.1 only."""
    port = port or odoo_process.free_port()
    url = f"http://127.0.0.1:{port}"
    words = (
        *("server", f"--http-port={port}", "--http-interface=127.0.0.1"),
        *("--max-cron-threads=2", "--limit-time-real=600", "--limit-time-real-cron=600"),
        *options,
    )
    return Process(
        name="Odoo",
        url=url,
        log=log or cache.logs / f"odoo-{database}-{port}.log",
        words=odoo_process.command(cache, pg, database, *words),
        env=odoo_process.environment(cache, pg, env),
        cwd=odoo_process.working_folder(cache),
        is_ready=lambda: answers(f"{url}/web/health"),
    )


@contextlib.contextmanager
def running_odoo(
    cache: Cache,
    pg: Postgres,
    database: str,
    *,
    port: int | None = None,
    env: Mapping[str, str] | None = None,
    options: Sequence[str] = (),
    log: Path | None = None,
) -> Iterator[Process]:
    """Run an Odoo server for the time of a `with` block; its address is `.url`."""
    with running(odoo(cache, pg, database, port=port, env=env, options=options, log=log)) as server:
        yield server


def script(cache: Cache, *words: str | Path, env: Mapping[str, str] | None = None) -> list[str]:
    """Return the command line of a Python program of the checkout."""
    return [str(cache.python), *(str(word) for word in words)]


def checkout_environment(cache: Cache, extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the environment of programs that import this checkout's own packages."""
    env = odoo_process.environment(cache, extra=extra)
    env["PYTHONPATH"] = str(CHECKOUT)
    return env
