"""Fetch and unpack Debian packages without installing anything in the system.

apt runs on a state of its own (lists, cache, sources file) made from the mirror that this machine
is already set up with; its signatures are checked with the machine's own keyrings.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from .console import Failure, run

ETC_APT = Path("/etc/apt")
OS_RELEASE = Path("/etc/os-release")
ROLLING = ("stable", "testing", "unstable", "sid")


@dataclass(frozen=True)
class Source:
    """One entry of a sources list, whichever of the two formats it was written in."""

    types: tuple[str, ...]
    uris: tuple[str, ...]
    suites: tuple[str, ...]
    components: tuple[str, ...]
    options: Mapping[str, str] = field(default_factory=dict)

    def as_deb822(self) -> str:
        """Write the entry as a stanza of a `.sources` file, for binary packages only."""
        lines = [
            "Types: deb",
            f"URIs: {' '.join(self.uris)}",
            f"Suites: {' '.join(self.suites)}",
            f"Components: {' '.join(self.components)}",
        ]
        lines += [f"{name}: {value}" for name, value in self.options.items()]
        return "\n".join(lines) + "\n"


def parse_one_line(text: str) -> list[Source]:
    """Read the `deb [options] uri suite components...` format (sources.list)."""
    sources = []
    for raw in text.splitlines():
        line = raw.split("#", 1)[0].strip()
        found = re.match(r"(deb|deb-src)\s+(?:\[([^\]]*)\]\s+)?(\S+)\s+(\S+)\s*(.*)$", line)
        if not found:
            continue
        kind, options, uri, suite, components = found.groups()
        sources.append(
            Source((kind,), (uri,), (suite,), tuple(components.split()), _one_line_options(options))
        )
    return sources


def _one_line_options(text: str | None) -> dict[str, str]:
    """Turn `arch=amd64 signed-by=/x.gpg` into deb822 fields."""
    names = {
        "arch": "Architectures",
        "signed-by": "Signed-By",
        "trusted": "Trusted",
        "check-valid-until": "Check-Valid-Until",
    }
    pairs = (word.split("=", 1) for word in (text or "").split() if "=" in word)
    return {names[name]: value.replace(",", " ") for name, value in pairs if name in names}


def parse_deb822(text: str) -> list[Source]:
    """Read the stanza format (`.sources` files); multi-line values such as keys are kept."""
    uncommented = "\n".join(line for line in text.splitlines() if not line.startswith("#"))
    sources = []
    for stanza in re.split(r"\n\s*\n", uncommented):
        fields = _stanza_fields(stanza)
        if not {"types", "uris", "suites"} <= fields.keys():
            continue
        if fields.get("enabled", "yes").lower() in ("no", "false", "0"):
            continue
        keep = {"architectures": "Architectures", "signed-by": "Signed-By", "trusted": "Trusted"}
        keep["check-valid-until"] = "Check-Valid-Until"
        words = {
            name: tuple(fields.get(name, "").split())
            for name in ("types", "uris", "suites", "components")
        }
        options = {keep[name]: value for name, value in fields.items() if name in keep}
        sources.append(Source(**words, options=options))
    return sources


def _stanza_fields(stanza: str) -> dict[str, str]:
    fields: dict[str, str] = {}
    name = ""
    for line in stanza.splitlines():
        if line[:1].isspace() and name:
            fields[name] += "\n" + line
        elif ":" in line:
            name, value = line.split(":", 1)
            name = name.strip().lower()
            fields[name] = value.strip()
    return fields


def machine_sources(folder: Path = ETC_APT) -> list[Source]:
    """Read every source this machine is set up with, in both formats."""
    main = folder / "sources.list"
    parts = sorted((folder / "sources.list.d").glob("*"))
    sources = []
    for path in [main, *parts]:
        reader = {".list": parse_one_line, ".sources": parse_deb822}.get(path.suffix)
        if reader and path.is_file():
            sources += reader(path.read_text(errors="replace"))
    return [source for source in sources if "deb" in source.types]


def codename(os_release: Path = OS_RELEASE) -> str:
    """Return the name of the machine's suite, such as `bookworm`; empty when it has none."""
    try:
        text = os_release.read_text()
    except OSError:
        return ""
    fields = dict(word.split("=", 1) for word in shlex.split(text) if "=" in word)
    return fields.get("VERSION_CODENAME", "")


def debian_sources(sources: Iterable[Source], name: str) -> list[Source]:
    """Keep what serves Debian's own suites, the archive proper first.

    Other vendors' repositories reuse the suite's name, but not the component `main` together
    with a path that says `debian`; a mirror without that word is taken when nothing better is.
    """

    def is_own(suite: str) -> bool:
        stem = re.split(r"[-/]", suite)[0]
        return stem in ROLLING or (bool(name) and stem == name)

    own = [s for s in sources if "main" in s.components and any(map(is_own, s.suites))]
    named = [s for s in own if any("debian" in uri for uri in s.uris)]
    return sorted(named or own, key=lambda s: not _is_archive(s, name))


def _is_archive(source: Source, name: str) -> bool:
    return any(suite == name or suite in ROLLING for suite in source.suites)


def suite_of_archive(sources: Sequence[Source], suite: str) -> list[Source]:
    """Point the machine's own archive mirror at another suite, such as `sid`."""
    return [replace(sources[0], suites=(suite,), components=("main",))] if sources else []


class PrivateApt:
    """apt on its own state in `folder`, reading `sources` and nothing else."""

    def __init__(self, folder: Path, sources: Sequence[Source], *, log: Path) -> None:
        self.folder = folder
        self.log = log
        self._options: list[str] = []
        self._sources = sources

    def update(self) -> None:
        """Make the state and fetch the package lists."""
        if not self._sources:
            raise Failure(
                "This machine has no Debian mirror in /etc/apt: set ODOO_HOME to a checkout of "
                "Odoo 19 and install Chromium, then run this again."
            )
        for part in ("state/lists/partial", "cache/archives/partial", "debs"):
            (self.folder / part).mkdir(parents=True, exist_ok=True)
        sources = self.folder / "private.sources"
        sources.write_text("\n".join(source.as_deb822() for source in self._sources))
        (self.folder / "apt.conf").write_text(self._configuration(sources))
        self._apt(
            "apt-get",
            "update",
            "-o",
            "APT::Update::Error-Mode=any",
            failure="The Debian mirror of this machine did not answer: "
            "check the network and run this again.",
        )

    def _configuration(self, sources: Path) -> str:
        """Keep how this machine reaches its mirrors; leave out its hooks and its own state."""
        dump = run(
            ["apt-config", "dump"],
            failure="apt is not on this machine: set ODOO_HOME to a checkout of Odoo 19 "
            "and install Chromium, then run this again.",
        )
        kept = [
            line
            for line in dump.splitlines()
            if line.startswith("Acquire::") and not line.startswith("Acquire::IndexTargets")
        ]
        own = {
            "Dir::State": self.folder / "state",
            "Dir::Cache": self.folder / "cache",
            "Dir::Etc::SourceList": sources,
            "Dir::Etc::SourceParts": "/dev/null",
            "Dir::Etc::Main": "/dev/null",
            "Dir::Etc::Parts": "/dev/null",
            "Dir::State::status": "/var/lib/dpkg/status",
            # As root apt would become the user _apt, who need not be able to reach the cache.
            "APT::Sandbox::User": "root",
        }
        return "\n".join([*kept, *(f'{name} "{value}";' for name, value in own.items())]) + "\n"

    def _apt(self, *command: str, failure: str, cwd: Path | None = None) -> str:
        env = {
            **os.environ,
            "APT_CONFIG": str(self.folder / "apt.conf"),
            "DEBIAN_FRONTEND": "noninteractive",
            "LC_ALL": "C",
        }
        return run(command, failure=failure, env=env, cwd=cwd, log=self.log)

    def version(self, package: str) -> str:
        """Return the version that would be fetched."""
        failure = f"apt could not look up the package {package}: run this again."
        policy = self._apt("apt-cache", "policy", package, failure=failure)
        found = re.search(r"Candidate: (\S+)", policy)
        if not found or found[1] == "(none)":
            raise Failure(
                f"The Debian mirror of this machine has no package {package}: "
                "choose another mirror in /etc/apt and run this again."
            )
        return found[1]

    def with_missing_dependencies(self, packages: Sequence[str]) -> list[str]:
        """Name `packages` and those dependencies that this machine lacks; change nothing."""
        plan = self._apt(
            "apt-get",
            *("--simulate", "--no-install-recommends", "-o", "Debug::NoLocking=1", "install"),
            *packages,
            failure=f"apt found no way to provide {packages[0]}: "
            "repair this machine's packages with `apt-get -f install` and run this again.",
        )
        needed = re.findall(r"^Inst (\S+)", plan, flags=re.MULTILINE)
        return sorted({*packages, *needed})

    def unpack(self, packages: Sequence[str], root: Path) -> None:
        """Download `packages` and unpack them below `root`, links kept inside it."""
        debs = self.folder / "debs"
        self._apt(
            "apt-get",
            "download",
            *packages,
            cwd=debs,
            failure=f"The package {packages[0]} could not be downloaded: "
            "check the network and run this again.",
        )
        root.mkdir(parents=True, exist_ok=True)
        for deb in sorted(debs.glob("*.deb")):
            run(
                ["dpkg-deb", "-x", deb, root],
                failure=f"{deb.name} could not be unpacked: run this again.",
                log=self.log,
            )
        keep_links_inside(root)

    def discard(self) -> None:
        """Remove lists and downloads, which are of no more use."""
        shutil.rmtree(self.folder, ignore_errors=True)


def keep_links_inside(root: Path) -> None:
    """Rewrite absolute links so that they point below `root`, where the packages meant them to."""
    for folder, folders, files in os.walk(root):
        for name in [*folders, *files]:
            link = Path(folder, name)
            if not link.is_symlink():
                continue
            target = os.readlink(link)
            inside = root / target.lstrip("/")
            if target.startswith("/") and inside.exists():
                link.unlink()
                link.symlink_to(os.path.relpath(inside, folder))
