"""Whoever stops the workbench stops what it runs, and what that has started."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from workbench import children
from workbench.cache import CHECKOUT

PATIENCE_SECONDS = 30
# A program as pytest is one: it tidies up when it is interrupted. The pipe fills up meanwhile.
TIDY = """
import pathlib, signal, sys
try:
    print("up", flush=True)
    signal.pause()
finally:
    print("x" * 200_000, flush=True)
    pathlib.Path(sys.argv[1]).write_text("tidied up")
"""
CALLS = """
import sys
from workbench import children
children.obey_signals()
children.call([sys.executable, "-c", *sys.argv[1:]])
"""
STREAMS = """
import subprocess, sys
from workbench import children
children.obey_signals()
words = [sys.executable, "-c", *sys.argv[1:]]
with children.foreground(words, stdout=subprocess.PIPE, text=True) as child:
    for line in child.stdout:
        print(line, end="", flush=True)
"""
# A server holds the pipe open for as long as it lives.
SERVER = """
import os, signal, sys
os.write(os.open(sys.argv[1], os.O_WRONLY), b"up")
signal.pause()
"""
SERVES = """
import pathlib, signal, sys
from workbench.server import Process
code, pipe, log = sys.argv[1:]
Process("It", "http://127.0.0.1:1", pathlib.Path(log), [sys.executable, "-c", code, pipe], {},
        pathlib.Path.cwd(), lambda: True).start()
signal.pause()
"""


def _start(script: str, *words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", script, *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        cwd=CHECKOUT,
        env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
    )


@pytest.mark.parametrize("script", [CALLS, STREAMS])
def test_a_child_tidies_up_before_the_workbench_ends(script: str, tmp_path: Path) -> None:
    """SIGTERM reaches the workbench alone: it interrupts its child and waits for it."""
    done = tmp_path / "done"
    with _start(script, TIDY, str(done)) as workbench:
        assert workbench.stdout is not None
        assert workbench.stdout.readline() == "up\n"

        workbench.send_signal(signal.SIGTERM)
        workbench.communicate(timeout=PATIENCE_SECONDS)

    assert done.read_text() == "tidied up"


def _press_ctrl_c(done: Path) -> None:
    """Interrupt a child and ourselves, as a terminal does."""
    words = [sys.executable, "-c", TIDY, str(done)]
    with children.foreground(words, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout.readline() == "up\n"
        child.send_signal(signal.SIGINT)
        raise KeyboardInterrupt


def test_a_child_that_was_interrupted_too_is_left_to_itself(tmp_path: Path) -> None:
    """Ctrl-C reaches both: a second signal would break off what the first one began."""
    done = tmp_path / "done"
    with pytest.raises(KeyboardInterrupt):
        _press_ctrl_c(done)

    assert done.read_text() == "tidied up"


@pytest.fixture
def pipe(tmp_path: Path) -> Iterator[tuple[str, int]]:
    """Give a named pipe, and the end of it that tells when nobody writes any more."""
    path = tmp_path / "pipe"
    os.mkfifo(path)
    reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    yield str(path), reader
    os.close(reader)


def test_a_server_ends_with_the_run_that_started_it(pipe: tuple[str, int], tmp_path: Path) -> None:
    """Also when that run is killed and can do nothing about it."""
    path, reader = pipe
    with _start(SERVES, SERVER, path, str(tmp_path / "log")) as run:
        assert select.select([reader], [], [], PATIENCE_SECONDS)[0]
        assert os.read(reader, 2) == b"up"

        run.kill()

    assert select.select([reader], [], [], PATIENCE_SECONDS)[0]
    assert os.read(reader, 1) == b""
