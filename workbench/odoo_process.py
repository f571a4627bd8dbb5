"""How an `odoo` process is started here: its command line, configuration and environment."""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping
from pathlib import Path

from . import chromium, odoo_tree
from .cache import CHECKOUT, Cache
from .postgres import Postgres


def environment(
    cache: Cache, pg: Postgres | None = None, extra: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Return the environment of every child: the cache's Python, browser and folders first."""
    path = [str(chromium.folder(cache)), str(cache.venv / "bin"), os.environ.get("PATH", "")]
    database = dict(pg.env) if pg else {}
    return {
        **os.environ,
        **database,
        "PATH": os.pathsep.join(path),
        "PYTHONPATH": str(odoo_tree.python_path(cache)),
        # Compiled files go to the cache, so that a checkout stays as it was.
        "PYTHONPYCACHEPREFIX": str(cache.root / "pycache"),
        "OUTLOOK_CALENDAR_CACHE": str(cache.root),
        "ODOO_RC": str(configuration(cache)),
        "TZ": "UTC",
        **(extra or {}),
    }


def configuration(cache: Cache) -> Path:
    """Write the configuration file of this checkout: folders only, the rest by flags."""
    path = cache.addons / "odoo.conf"
    text = (
        "[options]\n"
        f"addons_path = {odoo_tree.addons_path(cache)}\n"
        f"data_dir = {cache.data}\n"
        "admin_passwd = admin\n"
        "list_db = False\n"
        "server_wide_modules = base,rpc,web\n"
    )
    if not path.is_file() or path.read_text() != text:
        fresh = path.with_suffix(f".{os.getpid()}")
        fresh.write_text(text)
        fresh.replace(path)
    return path


def command(cache: Cache, pg: Postgres, database: str, *words: str) -> list[str]:
    """Return the command line of `odoo` on one database."""
    options = {
        "--config": str(configuration(cache)),
        "--db_host": pg.env.get("PGHOST", ""),
        "--db_port": pg.env.get("PGPORT", "5432"),
        "--db_user": pg.env["PGUSER"],
        "--database": database,
        "--db-filter": f"^{database}$",
    }
    flags = [f"{name}={value}" for name, value in options.items()]
    return [str(cache.python), "-m", "odoo", *words[:1], *flags, *words[1:]]


def free_port() -> int:
    """Return a port of 127.0.0.1 that nothing listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def working_folder(cache: Cache) -> Path:
    """Return where children run: not in the checkout, whose folders would shadow packages."""
    return cache.root


__all__ = ["CHECKOUT", "command", "configuration", "environment", "free_port", "working_folder"]
