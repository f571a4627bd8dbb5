"""What each command does, and its options; `__main__.py` turns the tables into a command line."""

from __future__ import annotations

import argparse
import contextlib
import importlib.util
import os
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from . import (
    checks,
    development,
    lint,
    odoo_process,
    odoo_tests,
    odoo_tree,
    postgres,
    server,
    setup,
)
from .cache import ADDON, CHECKOUT, Cache
from .children import call
from .console import Failure, say
from .database import Databases


@contextlib.contextmanager
def databases(cache: Cache) -> Iterator[Databases]:
    """Give the databases of a running server, everything installed."""
    setup.ensure(cache)
    with postgres.running(cache) as pg:
        yield Databases(cache, pg)


def _clone(found: Databases, options: argparse.Namespace) -> contextlib.AbstractContextManager[str]:
    return found.clone(of=found.base() if options.plain else None)


def _call_odoo(found: Databases, words: Sequence[str]) -> int:
    """Run a command of Odoo in the foreground."""
    env = odoo_process.environment(found.cache, found.pg)
    return call(words, cwd=found.cache.root, env=env)


def set_up(cache: Cache, options: argparse.Namespace) -> int:
    """Install what is missing and make the template database."""
    with databases(cache) as found:
        say(f"Odoo {odoo_tree.version(cache)}, template database {found.template()}.")
    return 0


def test(cache: Cache, options: argparse.Namespace) -> int:
    """Run the layers of checks and close with the line that sums them up."""
    with databases(cache) as found:
        return checks.run(found, options.layers)


def lint_only(cache: Cache, options: argparse.Namespace) -> int:
    """Run the checks that read the sources, or the one named."""
    setup.ensure(cache)
    return 1 if lint.run(cache, only=options.only) else 0


def odoo_test(cache: Cache, options: argparse.Namespace) -> int:
    """Run Odoo tests of some tags on a clone of the template."""
    with databases(cache) as found, _clone(found, options) as name:
        words = [*odoo_tests.options(options.tags), *options.rest]
        words += ["-u", ADDON] if options.update else []
        return _call_odoo(found, odoo_process.command(cache, name, "server", *words))


def pytest(cache: Cache, options: argparse.Namespace) -> int:
    """Run pytest with the environment's Python; PostgreSQL is up meanwhile."""
    with databases(cache) as found:
        env = odoo_process.checkout_environment(cache, found.pg)
        return call([str(cache.python), "-m", "pytest", *options.rest], cwd=CHECKOUT, env=env)


def python(cache: Cache, options: argparse.Namespace) -> int:
    """Run the environment's Python in the checkout."""
    setup.ensure(cache)
    env = odoo_process.checkout_environment(cache)
    return call([str(cache.python), *options.rest], cwd=CHECKOUT, env=env)


def shell(cache: Cache, options: argparse.Namespace) -> int:
    """Open Odoo's shell on a clone (or run what is piped in); the clone is dropped afterwards."""
    with databases(cache) as found, _clone(found, options) as name:
        words = ("--no-http", "--log-level=warn", *options.rest)
        return _call_odoo(found, odoo_process.command(cache, name, "shell", *words))


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
            return odoo.wait()


def odoo(cache: Cache, options: argparse.Namespace) -> int:
    """Run Odoo on a lasting development database, with the sandbox."""
    development.check_port(options.port)
    with databases(cache) as found:
        return development.run(found, port=options.port)


def pot(cache: Cache, options: argparse.Namespace) -> int:
    """Export the texts to translate into i18n/, and carry them over into the translations."""
    target = CHECKOUT / "i18n" / f"{ADDON}.pot"
    with databases(cache) as found, found.clone() as name, tempfile.TemporaryDirectory() as folder:
        fresh = Path(folder, target.name)
        exporting = odoo_process.command(cache, name, "i18n export")
        code = _call_odoo(found, [*exporting, "-o", str(fresh), ADDON])
        if code == 0:
            words = ["-m", "workbench.translations", str(fresh), str(target)]
            code = python(cache, argparse.Namespace(rest=words))
    return code


def clean(cache: Cache, options: argparse.Namespace) -> int:
    """Empty the cache."""
    postgres.stop(cache)
    cache.empty()
    say(f"{cache.root} is empty.")
    return 0


def _program(cache: Cache, module: str, rest: Sequence[str]) -> int:
    """Run a larger job of its own, which needs the environment's Python and finds all installed."""
    if importlib.util.find_spec(module) is None:
        raise Failure(f"This checkout has no {module}: fetch a complete one.")
    return python(cache, argparse.Namespace(rest=["-m", module, *rest]))


def demo(cache: Cache, options: argparse.Namespace) -> int:
    """Run the main job and show its result."""
    return _program(cache, "workbench.demo", options.rest)


def bench(cache: Cache, options: argparse.Namespace) -> int:
    """Measure how long rounds take."""
    return _program(cache, "workbench.bench", options.rest)


def soak(cache: Cache, options: argparse.Namespace) -> int:
    """Play random lives of meetings."""
    return _program(cache, "workbench.soak", options.rest)


def mutants(cache: Cache, options: argparse.Namespace) -> int:
    """Break the sync on purpose, and show that the tests notice."""
    return _program(cache, "workbench.mutation", options.rest)


COMMANDS = {
    "setup": (set_up, "install what is missing and make the template database"),
    "demo": (demo, "run the main job and show its result"),
    "test": (test, "run every check, or the layers named"),
    "lint": (lint_only, "run the checks that read the sources"),
    "odoo": (odoo, "run Odoo and the sandbox for development"),
    "odoo-test": (odoo_test, "run Odoo tests of some tags on a clone of the template"),
    "pytest": (pytest, "run pytest in the checkout"),
    "python": (python, "run the environment's Python in the checkout"),
    "shell": (shell, "open Odoo's shell on a clone; a script can be piped in"),
    "psql": (psql, "open psql, for example `psql -d NAME`"),
    "serve": (serve, "run an Odoo server on a clone until it is interrupted"),
    "pot": (pot, "export the texts to translate"),
    "bench": (bench, "measure how long rounds take"),
    "soak": (soak, "play random lives of meetings, with faults and kills"),
    "mutants": (mutants, "break the sync on purpose, and show that the tests notice"),
    "clean": (clean, "empty the cache"),
}

PLAIN = (
    ("--plain",),
    {"action": "store_true", "help": "a database with Odoo's calendar, without the addon"},
)

OPTIONS: dict[str, tuple[tuple[tuple[str, ...], dict[str, Any]], ...]] = {
    "test": (
        (
            ("layers",),
            {
                "nargs": "*",
                "help": f"of {', '.join([*checks.LAYERS, *checks.BESIDE])}; default: all",
            },
        ),
    ),
    "lint": ((("--only",), {"metavar": "CHECK", "help": "for example style"}),),
    "odoo": ((("--port",), {"type": int, "default": 8069}),),
    "odoo-test": (
        (("--tags",), {"required": True, "help": "for example /outlook_calendar:TestRound"}),
        (("--update",), {"action": "store_true", "help": "update the addon first (at_install)"}),
        PLAIN,
    ),
    "shell": (PLAIN,),
    "serve": (PLAIN, (("--port",), {"type": int, "default": None, "help": "default: a free one"})),
}

# These hand every other word on to the program they run.
PASS_ON = (
    "demo", "bench", "soak", "mutants", "odoo-test", "pytest", "python", "shell", "psql", "serve",
)  # fmt: skip
