"""What each command does, and its options; `__main__.py` turns the tables into a command line."""

from __future__ import annotations

import argparse
import contextlib
import os
import subprocess
from collections.abc import Iterator, Sequence
from typing import Any

from . import odoo_process, odoo_tree, postgres, server, setup
from .cache import ADDON, CHECKOUT, Cache
from .console import say
from .database import Databases


@contextlib.contextmanager
def databases(cache: Cache) -> Iterator[Databases]:
    """Give the databases of a running server, everything installed."""
    setup.ensure(cache)
    with postgres.running(cache) as pg:
        yield Databases(cache, pg)


def _clone(found: Databases, options: argparse.Namespace) -> contextlib.AbstractContextManager[str]:
    return found.clone(of=found.base() if options.plain else None)


def call(words: Sequence[str], **options: Any) -> int:
    """Run a program in the foreground and return its exit code."""
    return subprocess.run(words, check=False, **options).returncode


def set_up(cache: Cache, options: argparse.Namespace) -> int:
    """Install what is missing and make the template database."""
    with databases(cache) as found:
        say(f"Odoo {odoo_tree.version(cache)}, template database {found.template()}.")
    return 0


def odoo_test(cache: Cache, options: argparse.Namespace) -> int:
    """Run Odoo tests of some tags on a clone of the template."""
    with databases(cache) as found, _clone(found, options) as name:
        port = odoo_process.free_port()
        words = ["server", "--test-tags", options.tags, "--stop-after-init"]
        words += [f"--http-port={port}", "--http-interface=127.0.0.1", "--max-cron-threads=0"]
        words += ["-u", ADDON] if options.update else []
        return call(
            odoo_process.command(cache, found.pg, name, *words, *options.rest),
            cwd=odoo_process.working_folder(cache),
            env=odoo_process.environment(cache, found.pg),
        )


def pytest(cache: Cache, options: argparse.Namespace) -> int:
    """Run pytest with the environment's Python; PostgreSQL is up meanwhile."""
    with databases(cache) as found:
        env = server.checkout_environment(cache, found.pg.env)
        return call([str(cache.python), "-m", "pytest", *options.rest], cwd=CHECKOUT, env=env)


def python(cache: Cache, options: argparse.Namespace) -> int:
    """Run the environment's Python in the checkout."""
    setup.ensure(cache)
    env = server.checkout_environment(cache)
    return call([str(cache.python), *options.rest], cwd=CHECKOUT, env=env)


def shell(cache: Cache, options: argparse.Namespace) -> int:
    """Open Odoo's shell on a clone (or run what is piped in); the clone is dropped afterwards."""
    with databases(cache) as found, _clone(found, options) as name:
        return call(
            odoo_process.command(
                cache, found.pg, name, "shell", "--no-http", "--log-level=warn", *options.rest
            ),
            cwd=odoo_process.working_folder(cache),
            env=odoo_process.environment(cache, found.pg),
        )


def psql(cache: Cache, options: argparse.Namespace) -> int:
    """Open psql on the server of the cache."""
    with databases(cache) as found:
        env = {**os.environ, **found.pg.env}
        return call([found.pg.program("psql"), *(options.rest or ["-l"])], env=env)


def serve(cache: Cache, options: argparse.Namespace) -> int:
    """Run Odoo on a clone until it is interrupted."""
    with databases(cache) as found, _clone(found, options) as name:
        process = server.odoo(cache, found.pg, name, port=options.port, options=options.rest)
        found.set_parameters(name, {"web.base.url": process.url})
        with server.running(process) as odoo:
            say(f"Odoo: {odoo.url}  login admin, password admin, database {name}, log {odoo.log}")
            assert odoo.child is not None
            return odoo.child.wait()


def clean(cache: Cache, options: argparse.Namespace) -> int:
    """Empty the cache."""
    if (cache.postgres / "data" / "postmaster.pid").exists():
        postgres.stop(cache)
    cache.empty()
    say(f"{cache.root} is empty.")
    return 0


def demo(cache: Cache, options: argparse.Namespace) -> int:
    """Run the main job and show its result; in a terminal, stay up afterwards."""
    setup.ensure(cache)
    env = server.checkout_environment(cache)
    return call([str(cache.python), "-m", "workbench.demo"], cwd=CHECKOUT, env=env)


PLAIN = (
    ("--plain",),
    {"action": "store_true", "help": "a database with Odoo's calendar, without the addon"},
)
COMMANDS = {
    "setup": (set_up, "install what is missing and make the template database"),
    "demo": (demo, "run the main job and show its result"),
    "odoo-test": (odoo_test, "run Odoo tests of some tags on a clone of the template"),
    "pytest": (pytest, "run pytest in the checkout"),
    "python": (python, "run the environment's Python in the checkout"),
    "shell": (shell, "open Odoo's shell on a clone; a script can be piped in"),
    "psql": (psql, "open psql, for example `psql -d NAME`"),
    "serve": (serve, "run an Odoo server on a clone until it is interrupted"),
    "clean": (clean, "empty the cache"),
}

OPTIONS: dict[str, tuple[tuple[tuple[str, ...], dict[str, Any]], ...]] = {
    "odoo-test": (
        (("--tags",), {"required": True, "help": "for example /outlook_calendar:TestRound"}),
        (("--update",), {"action": "store_true", "help": "update the addon first (at_install)"}),
        PLAIN,
    ),
    "shell": (PLAIN,),
    "serve": (PLAIN, (("--port",), {"type": int, "default": None, "help": "default: a free one"})),
}

# These hand every other word on to the program they run.
PASS_ON = ("odoo-test", "pytest", "python", "shell", "psql", "serve")
