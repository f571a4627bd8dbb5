"""Real processes for live tests, the demo and development: Odoo servers and the sandbox.

with running_sandbox(cache, seed) as sandbox, running(odoo(cache, pg, name)) as server:
    urllib.request.urlopen(server.url)
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from . import odoo_process
from .cache import CHECKOUT, Cache
from .console import Failure
from .odoo_process import checkout_environment
from .postgres import Postgres

__all__ = [
    "Process",
    "Sandbox",
    "answers",
    "checkout_environment",
    "odoo",
    "running",
    "running_sandbox",
    "script",
]

START_SECONDS = 120
STOP_SECONDS = 15
POLL_SECONDS = 0.1
# A server must not outlive a test run that was killed (setpriv belongs to every Debian).
ENDS_WITH_US = ("setpriv", "--pdeathsig", "TERM")


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
        """Start the child in a process group of its own and wait until it answers."""
        with self.log.open("ab") as log:
            self.child = subprocess.Popen(
                [*ENDS_WITH_US, *(str(word) for word in self.words)],
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

    def wait(self) -> int:
        """Wait until the child ends by itself; return its exit code."""
        assert self.child is not None
        return self.child.wait()

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
        log=cache.logs / f"odoo-{database}-{port}.log",
        words=odoo_process.command(cache, database, *words),
        env=odoo_process.environment(cache, pg, env),
        cwd=cache.root,
        is_ready=lambda: answers(f"{url}/web/health"),
    )


def script(cache: Cache, *words: str | Path) -> list[str]:
    """Return the command line of a Python program of the checkout."""
    return [str(cache.python), *(str(word) for word in words)]


@dataclass(frozen=True)
class Sandbox:
    """A running sandbox: where Entra and Graph answer, the pages for people, and its CA."""

    process: Process
    https_url: str
    http_url: str
    ca_file: str

    @property
    def client_environment(self) -> dict[str, str]:
        """Return what makes `requests` in another process trust this sandbox."""
        return {"REQUESTS_CA_BUNDLE": self.ca_file, "SSL_CERT_FILE": self.ca_file}


@contextlib.contextmanager
def running_sandbox(cache: Cache, seed: Mapping[str, Any] | None = None) -> Iterator[Sandbox]:
    """Run the sandbox, filled with `seed` (apps, mailboxes, options), for a `with` block."""
    https, http = odoo_process.free_port(), odoo_process.free_port()
    url = f"http://127.0.0.1:{http}"
    written = cache.logs / f"sandbox-{https}.log"
    written.write_bytes(b"")
    # A sandbox that is started again has the same ports and the same authority.
    with tempfile.TemporaryDirectory(prefix="sandbox-", dir=cache.logs) as folder:
        state = Path(folder, "state.json")
        state.write_text(json.dumps(seed or {}))
        words = script(cache, "-m", "sandbox", "--port", str(https), "--web-port", str(http))
        process = Process(
            name="The sandbox",
            url=url,
            log=written,
            words=[*words, "--ca-dir", folder, "--state", state],
            env=checkout_environment(cache),
            cwd=CHECKOUT,
            is_ready=lambda: bool(_announced(written)) and answers(f"{url}/_sandbox"),
        )
        with running(process):
            said = _announced(written)
            yield Sandbox(process, said["https_url"], said["http_url"], said["ca_file"])


def _announced(log: Path) -> dict[str, str]:
    """Return the line of JSON that the sandbox prints when it is ready; nothing before that."""
    for line in log.read_text(errors="replace").splitlines():
        if line.startswith("{") and line.endswith("}"):
            return dict(json.loads(line))
    return {}
