"""Databases: a base with Odoo's calendar, a template with the addon, and quick clones of it.

A clone is `CREATE DATABASE ... TEMPLATE` together with the filestore; without its filestore a
database answers 404 for assets. Filestore files never change once written, so links will do.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from . import odoo_process, odoo_tree
from .cache import ADDON, CHECKOUT, Cache, checkout_key, digest
from .console import Failure, run, step
from .postgres import Postgres, is_foreign

PREFIX = "oc"
BASE_MODULES = ("calendar",)
BASE_FORMAT = "1"
# What decides how an installed database looks. The rest is read anew by each server.
INSTALLED_PARTS = (
    "__init__.py",
    "__manifest__.py",
    "hooks.py",
    "controllers",
    "data",
    "demo",
    "i18n",
    "migrations",
    "models",
    "report",
    "security",
    "views",
    "wizard",
)
# What the screens' bundles are made of.
SCREEN_PARTS = ("static",)
PREGENERATE_ASSETS = "env['ir.qweb']._pregenerate_assets_bundles(); env.cr.commit()\n"
_serial = itertools.count(1)


@dataclass(frozen=True)
class Databases:
    """The databases of one running server."""

    cache: Cache
    pg: Postgres

    def template(self) -> str:
        """Return a database with the addon installed, made when the addon's sources changed."""
        with self.cache.lock("databases"):
            return self._template()

    def warm(self, *, make: bool = True) -> str:
        """Return a copy of the template with the screens' bundles built, for browsers.

        Building them takes 25 s of a processor, Odoo's browser tests do it in each run, and the
        first page of a server takes 8 s. Without `make` the template stands in where there is none:
        somebody who opens one page only should not wait for all bundles.
        """
        with self.cache.lock("databases"):
            template = self._template()
            stem = f"{PREFIX}_warm_{checkout_key()}_"
            name = stem + digest([template, installed_digest(parts=SCREEN_PARTS)])[:10]
            if not self._is_ready(name):
                if not make:
                    return template
                self._sweep(f"{stem}%")
                with step("The screens' bundles"):
                    self._copy(template, name)
                    self._warm_assets(name)
                self.cache.record(f"db-{name}", name)
            return name

    def base(self) -> str:
        """Return a database with Odoo's calendar only."""
        with self.cache.lock("databases"):
            return self._base()

    def _template(self) -> str:
        base = self._base()
        if not is_installable():
            return base
        stem = f"{PREFIX}_tpl_{checkout_key()}_"
        name = stem + digest([base, installed_digest()])[:10]
        if not self._is_ready(name):
            self._sweep(f"{stem}%")
            with step("Template database with the addon"):
                self._copy(base, name)
                self._install(name, ADDON)
            self.cache.record(f"db-{name}", name)
        return name

    def _base(self) -> str:
        parts = [BASE_FORMAT, odoo_tree.version(self.cache), *BASE_MODULES]
        lists = [(CHECKOUT / "requirements" / f"{n}.txt").read_bytes() for n in ("odoo", "addon")]
        name = f"{PREFIX}_base_{digest([*parts, *lists])[:10]}"
        if not self._is_ready(name):
            with step("Template database with Odoo's calendar"):
                self.drop(name)
                self.pg.sql(f'CREATE DATABASE "{name}" TEMPLATE template0')
                self._install(name, *BASE_MODULES)
                self._warm_assets(name)
            self.cache.record(f"db-{name}", name)
        return name

    def _is_ready(self, name: str) -> bool:
        return self.cache.is_current(f"db-{name}", name) and name in self.names(name)

    def names(self, pattern: str) -> list[str]:
        """List the databases whose name is like the SQL pattern."""
        return self.pg.sql(f"SELECT datname FROM pg_database WHERE datname LIKE '{pattern}'")

    def _install(self, name: str, *modules: str) -> None:
        listed = ",".join(modules)
        words = ("server", "-i", listed, "--stop-after-init", "--no-http", "--log-level=warn")
        self._odoo(name, *words, failure=f"{listed} could not be installed in Odoo")

    def _odoo(self, name: str, *words: str, failure: str, typed: str = "") -> str:
        return run(
            odoo_process.command(self.cache, name, *words),
            failure=failure,
            cwd=self.cache.root,
            env=odoo_process.environment(self.cache, self.pg),
            log=self.cache.logs / f"{name}.log",
            typed=typed,
        )

    def _warm_assets(self, name: str) -> None:
        """Build the screens' bundles once, so that no clone has to."""
        self.script(name, PREGENERATE_ASSETS)

    def script(self, name: str, text: str) -> str:
        """Run Python in Odoo's shell on a database (`env` is there); return what it printed."""
        words = ("shell", "--no-http", "--log-level=error")
        return self._odoo(name, *words, failure="A script failed in Odoo's shell", typed=text)

    @contextlib.contextmanager
    def clone(self, *, of: str | None = None, name: str | None = None) -> Iterator[str]:
        """Give a fresh copy of the template (or of the database `of`), dropped at the end."""
        made = self.make_clone(of=of, name=name)
        try:
            yield made
        finally:
            self.drop(made)

    def make_clone(self, *, of: str | None = None, name: str | None = None) -> str:
        """Copy the template (or the database `of`) and leave the copy to the caller."""
        made = name or f"{PREFIX}_clone_{os.getpid()}_{next(_serial)}"
        with self.cache.lock("databases"):
            self._sweep_dead_clones()
            self._copy(of or self._template(), made)
        return made

    def _copy(self, source: str, target: str) -> None:
        self.drop(target)
        self.pg.sql(f'CREATE DATABASE "{target}" TEMPLATE "{source}" STRATEGY FILE_COPY')
        stored = self.filestore(source)
        if stored.is_dir():
            shutil.copytree(stored, self.filestore(target), copy_function=os.link)

    def filestore(self, name: str) -> Path:
        """Return where the attachments of a database lie."""
        return self.cache.data / "filestore" / name

    def drop(self, name: str) -> None:
        """Remove a database, whoever is connected to it, and its filestore."""
        self.pg.sql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        shutil.rmtree(self.filestore(name), ignore_errors=True)
        self.cache.forget(f"db-{name}")

    def _sweep(self, pattern: str) -> None:
        for name in self.names(pattern.replace("_", r"\_")):
            self.drop(name)

    def _sweep_dead_clones(self) -> None:
        """Drop what processes that were killed left behind (on our own server only)."""
        if is_foreign():
            return
        for name in self.names(rf"{PREFIX}\_clone\_%"):
            if not _is_alive(int(name.split("_")[2])):
                self.drop(name)

    def set_parameters(self, name: str, parameters: dict[str, str]) -> None:
        """Set system parameters of a database that no server runs on yet."""
        for key, value in parameters.items():
            self.pg.sql(
                "INSERT INTO ir_config_parameter (key, value, create_uid, write_uid, create_date, "
                f"write_date) VALUES ({_quote(key)}, {_quote(value)}, 1, 1, now(), now()) "
                "ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                database=name,
            )


def _quote(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def is_installable() -> bool:
    """Tell whether the checkout already is an addon."""
    return (CHECKOUT / "__manifest__.py").is_file()


def installed_digest(checkout: Path = CHECKOUT, parts: Sequence[str] = INSTALLED_PARTS) -> str:
    """Hash what decides how the addon's database looks."""
    return digest(
        word
        for path in _files(checkout / part for part in parts)
        for word in (str(path.relative_to(checkout)), path.read_bytes())
    )


def _files(roots: Iterable[Path]) -> Iterator[Path]:
    for root in roots:
        if root.is_file():
            yield root
        for path in sorted(root.rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                yield path


__all__ = ["Databases", "Failure", "installed_digest", "is_installable"]
