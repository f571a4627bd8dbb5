"""The one folder outside the repository that holds everything the workbench makes."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from .console import Failure

CHECKOUT = Path(__file__).resolve().parent.parent
ADDON = "outlook_calendar"
VARIABLE = "OUTLOOK_CALENDAR_CACHE"
LEAST_FREE_BYTES = 20_000_000
MARK = ".outlook_calendar_cache"


@dataclass(frozen=True)
class Cache:
    """Where each part lives below the cache's root."""

    root: Path

    @classmethod
    def locate(cls, environ: Mapping[str, str] | None = None, *, uid: int | None = None) -> Cache:
        """Choose the folder: the variable, else for root one that others can reach, else XDG."""
        environ = os.environ if environ is None else environ
        uid = os.geteuid() if uid is None else uid
        if chosen := environ.get(VARIABLE):
            return cls(Path(chosen).expanduser().absolute())
        if uid == 0:
            return cls(Path("/var/cache") / ADDON)
        home = environ.get("XDG_CACHE_HOME") or str(Path(environ.get("HOME", "~"), ".cache"))
        return cls(Path(home).expanduser().absolute() / ADDON)

    @property
    def odoo(self) -> Path:
        return self.root / "odoo"

    @property
    def venv(self) -> Path:
        return self.root / "venv"

    @property
    def python(self) -> Path:
        return self.venv / "bin" / "python"

    @property
    def foreign(self) -> Path:
        """The environment of the clients of Microsoft Graph that nobody here wrote."""
        return self.root / "foreign"

    @property
    def postgres(self) -> Path:
        return self.root / "postgres"

    @property
    def chromium(self) -> Path:
        return self.root / "chromium"

    @property
    def data(self) -> Path:
        """Odoo's data_dir: filestores and sessions."""
        return self.root / "data"

    @property
    def logs(self) -> Path:
        return self.root / "logs"

    @property
    def addons(self) -> Path:
        """The addons folder of this checkout; others have their own beside it."""
        return self.root / "addons" / checkout_key()

    def prepare(self) -> None:
        """Make the folder, marked as ours, and the link by which Odoo finds the addon."""
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            (self.root / MARK).touch()
            self.logs.mkdir(exist_ok=True)
            self.addons.mkdir(parents=True, exist_ok=True)
            link = self.addons / ADDON
            if not link.is_symlink():
                with contextlib.suppress(FileExistsError):
                    link.symlink_to(CHECKOUT, target_is_directory=True)
        except OSError as err:
            raise Failure(
                f"The cache folder {self.root} cannot be written ({err.strerror}): "
                f"set {VARIABLE} to a folder that can."
            ) from err

    def is_full(self) -> bool:
        """Tell whether the disk below the cache has no room left to speak of."""
        try:
            return shutil.disk_usage(self.root).free < LEAST_FREE_BYTES
        except OSError:
            return False

    @contextlib.contextmanager
    def lock(self, name: str) -> Iterator[None]:
        """Let one process at a time through; the system frees it when a process dies."""
        with (self.root / f"{name}.lock").open("w") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield

    def is_current(self, name: str, key: str) -> bool:
        """Tell whether the part `name` was finished for exactly this `key`."""
        try:
            return bool(json.loads(self._stamp(name).read_text())["key"] == key)
        except (OSError, ValueError, KeyError):
            return False

    def record(self, name: str, key: str, **facts: str) -> None:
        """Note that the part `name` is finished for `key`, with facts worth telling."""
        stamp = self._stamp(name)
        stamp.parent.mkdir(exist_ok=True)
        fresh = stamp.with_suffix(f".{os.getpid()}")
        fresh.write_text(json.dumps({"key": key, **facts}, indent=1))
        fresh.replace(stamp)

    def fact(self, name: str, fact: str) -> str | None:
        """Return a fact recorded with the part `name`, if there is one."""
        try:
            facts: dict[str, str] = json.loads(self._stamp(name).read_text())
        except (OSError, ValueError):
            return None
        return facts.get(fact)

    def forget(self, name: str) -> None:
        """Drop the stamp of a part that is about to be made anew."""
        self._stamp(name).unlink(missing_ok=True)

    def _stamp(self, name: str) -> Path:
        return self.root / "stamps" / f"{name}.json"

    def empty(self) -> None:
        """Remove all that is inside; refuse a folder that the workbench did not make."""
        if not self.root.exists():
            return
        if not (self.root / MARK).exists():
            raise Failure(f"{self.root} was not made by this repository: remove it by hand.")
        for child in self.root.iterdir():
            if child.is_dir() and not child.is_symlink():
                shutil.rmtree(child)
            elif child.name != MARK:
                child.unlink()
        (self.root / MARK).unlink()


def checkout_key() -> str:
    """Name this checkout in the cache, so that several can share it."""
    return digest([str(CHECKOUT)])[:8]


def digest(parts: Iterable[str | bytes]) -> str:
    """Hash a list of texts; where one ends and the next begins counts."""
    total = hashlib.sha256()
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        total.update(len(data).to_bytes(8, "big") + data)
    return total.hexdigest()
