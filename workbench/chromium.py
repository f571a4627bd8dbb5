"""A browser for Odoo's tours and the live tests: Debian's Chromium unpacked into the cache."""

from __future__ import annotations

import shlex
import shutil
from pathlib import Path

from . import apt
from .cache import Cache
from .console import step

PACKAGES = ("chromium", "fonts-dejavu-core")
FLAGS = (
    "--headless",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>{root}/usr/share/fonts</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir>{root}/font-cache</cachedir>
  <include ignore_missing="yes">{root}/etc/fonts/conf.d</include>
</fontconfig>
"""
# The packaged start script is passed by: it looks for its parts below /usr.
WRAPPER = """#!/bin/sh
# Run the unpacked Chromium with its own libraries and fonts.
export LD_LIBRARY_PATH={libraries}
export FONTCONFIG_FILE={fonts}
export CHROME_DEVEL_SANDBOX=
flags={flags}
[ "$(id -u)" = 0 ] && flags="$flags --no-sandbox"
exec {program} $flags "$@"
"""


def folder(cache: Cache) -> Path:
    """Return the folder to put first on PATH; Odoo looks for `chromium` there."""
    return cache.chromium / "bin"


def ensure(cache: Cache) -> None:
    """Make `chromium` in the cache: the machine's own where there is one, else unpacked."""
    key = f"{' '.join(PACKAGES)} {WRAPPER} {FONTS} {FLAGS}"
    if cache.is_current("chromium", key):
        return
    cache.forget("chromium")
    shutil.rmtree(cache.chromium, ignore_errors=True)
    installed = shutil.which("chromium") or shutil.which("google-chrome")
    with step("Chromium" if installed else "Chromium (about 130 MB)"):
        program = Path(installed) if installed else _unpack(cache)
        _write_wrapper(cache.chromium, program)
    cache.record("chromium", key, program=str(program))


def _unpack(cache: Cache) -> Path:
    private = apt.PrivateApt(
        cache.root / "apt-chromium",
        apt.debian_sources(apt.machine_sources(), apt.codename()),
        log=cache.logs / "apt-chromium.log",
    )
    private.update()
    private.unpack(private.with_missing_dependencies(PACKAGES), cache.chromium)
    private.discard()
    return cache.chromium / "usr/lib/chromium/chromium"


def _write_wrapper(root: Path, program: Path) -> None:
    libraries = sorted({path.parent for path in root.glob("**/lib*.so*")})
    fonts = root / "fonts.conf"
    (root / "bin").mkdir(parents=True, exist_ok=True)
    fonts.write_text(FONTS.format(root=root))
    wrapper = root / "bin" / "chromium"
    wrapper.write_text(
        WRAPPER.format(
            libraries=shlex.quote(":".join(map(str, libraries))),
            fonts=shlex.quote(str(fonts)),
            flags=shlex.quote(" ".join(FLAGS)),
            program=shlex.quote(str(program)),
        )
    )
    wrapper.chmod(0o755)
    chrome = root / "bin" / "google-chrome"
    chrome.unlink(missing_ok=True)
    chrome.symlink_to("chromium")
