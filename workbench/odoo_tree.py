"""Odoo 19 itself: Debian's package unpacked into the cache, or the checkout ODOO_HOME names."""

from __future__ import annotations

import os
from pathlib import Path

from . import apt
from .cache import Cache
from .console import Failure, say, step

PACKAGE = "odoo-19"
SUITE = "sid"
TRIED_VERSION = "19.0.0+dfsg-1"
# Odoo's tree has links into these; without them the login page answers 500.
LINKED = (
    "libjs-jquery",
    "libjs-underscore",
    "libjs-jquery-form",
    "fonts-font-awesome",
    "fonts-roboto-unhinted",
    "fonts-montserrat",
    "fonts-inconsolata",
    "fonts-ocr-b",
)


def ensure(cache: Cache) -> None:
    """Bring Odoo into the cache, unless ODOO_HOME names a checkout."""
    if os.environ.get("ODOO_HOME"):
        python_path(cache)
        return
    key = f"{SUITE} {PACKAGE} {' '.join(LINKED)}"
    if cache.is_current("odoo", key):
        return
    cache.forget("odoo")
    sources = apt.debian_sources(apt.machine_sources(), apt.codename())
    private = apt.PrivateApt(
        cache.root / "apt-odoo",
        apt.suite_of_archive(sources, SUITE),
        log=cache.logs / "apt-odoo.log",
    )
    with step("Odoo 19 (133 MB)"):
        private.update()
        version = private.version(PACKAGE)
        private.unpack([PACKAGE, *LINKED], cache.odoo)
        private.discard()
    if version != TRIED_VERSION:
        say(f"  Note: Odoo {version} is used; {TRIED_VERSION} is what was tried.")
    cache.record("odoo", key, version=version)


def version(cache: Cache) -> str:
    """Return which Odoo is in use, for stamps and for the reader."""
    home = os.environ.get("ODOO_HOME")
    return f"checkout {home}" if home else cache.fact("odoo", "version") or "unknown"


def python_path(cache: Cache) -> Path:
    """Return the folder that holds the Python package `odoo`."""
    home = os.environ.get("ODOO_HOME")
    folder = Path(home).expanduser() if home else cache.odoo / "usr/lib/python3/dist-packages"
    if home and not (folder / "odoo" / "release.py").is_file():
        raise Failure(f"ODOO_HOME={home} is no checkout of Odoo 19: name its top folder.")
    return folder


def addons_path(cache: Cache) -> str:
    """Return Odoo's addons folders and the one with the link to this checkout."""
    tree = python_path(cache)
    folders = [tree / "odoo" / "addons", tree / "addons", cache.addons]
    return ",".join(str(folder) for folder in folders if any(folder.glob("*/__manifest__.py")))
