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
    # `make` keeps its own Python from writing into the checkout; children write into the cache.
    inherited = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    return {
        **inherited,
        **database,
        "PATH": os.pathsep.join(path),
        "PYTHONPATH": str(odoo_tree.python_path(cache)),
        "PYTHONPYCACHEPREFIX": str(cache.root / "pycache"),
        "OUTLOOK_CALENDAR_CACHE": str(cache.root),
        "ODOO_RC": str(configuration(cache)),
        "TZ": "UTC",
        **(extra or {}),
    }


def checkout_environment(
    cache: Cache, pg: Postgres | None = None, extra: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Return the environment of programs that import this checkout's own packages."""
    return {**environment(cache, pg, extra), "PYTHONPATH": str(CHECKOUT)}


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


def command(cache: Cache, database: str, subcommand: str, *words: str) -> list[str]:
    """Return a command line of `odoo` on one database; libpq's variables say on which server."""
    program = [str(cache.python), "-m", "odoo", *subcommand.split()]
    return [*program, "-c", str(configuration(cache)), "-d", database, *words]


def free_port() -> int:
    """Return a port of 127.0.0.1 that nothing listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def is_free(port: int) -> bool:
    """Tell whether nothing listens on a port of 127.0.0.1."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0
