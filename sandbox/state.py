"""Everything the sandbox remembers, behind one lock."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from .clock import Clock
from .entra.directory import CONSUMERS, WORK, App, Directory
from .exchange.mailbox import Mailbox
from .exchange.organization import Exchange, Mail
from .faults import Faults
from .options import Options

if TYPE_CHECKING:
    from .graph.views import Round

#: How many requests the log remembers.
LOG_LENGTH = 10_000


@dataclass(frozen=True)
class RequestRecord:
    """One request that came in; parts of a batch have their own records."""

    method: str
    path: str
    query: str
    status: int
    mailbox: str | None
    client_request_id: str
    in_batch: bool
    milliseconds: float

    def as_json(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return asdict(self)


class State:
    """A whole Microsoft: directory, mailboxes, mails, switches, faults and logs."""

    def __init__(self, clock: Clock) -> None:
        self.lock = threading.RLock()
        self.clock = clock
        self.options = Options()
        self.faults = Faults()
        self.https_url = ""
        self.http_url = ""
        self._start()

    def _start(self) -> None:
        self.exchange = Exchange(self.clock, self.options)
        self.directory = Directory(self.clock)
        self.requests: deque[RequestRecord] = deque(maxlen=LOG_LENGTH)
        self.rounds: dict[str, Round] = {}
        self.delta_generations: dict[str, int] = {}
        self.delta_expiry = (410, "SyncStateNotFound")
        self.in_flight: dict[str, int] = {}

    @property
    def mails(self) -> list[Mail]:
        """Return the mails that Exchange sent, oldest first."""
        return self.exchange.mails

    @property
    def mailboxes(self) -> list[Mailbox]:
        """Return the mailboxes in the order in which they were made."""
        return list(self.exchange.mailboxes.values())

    def add_app(
        self,
        *,
        client_id: str,
        secret: str | None = None,
        redirect_uris: Iterable[str] = (),
        tenant_only: str | None = None,
        certificate: bytes | None = None,
    ) -> App:
        """Register an application."""
        with self.lock:
            app = App(
                client_id,
                [secret] if secret else [],
                [certificate] if certificate else [],
                list(redirect_uris),
                tenant_only,
            )
            self.directory.apps[client_id] = app
            return app

    def add_mailbox(
        self,
        address: str,
        *,
        name: str | None = None,
        time_zone: str = "Europe/Brussels",
        personal: bool = False,
        tenant: str = WORK,
        alias: str | None = None,
    ) -> Mailbox:
        """Make a mailbox with its default calendar."""
        with self.lock:
            home = CONSUMERS if personal else tenant
            if not personal:
                self.directory.tenants.setdefault(tenant, f"{tenant}.example")
            shown = name or address.partition("@")[0].replace(".", " ").title()
            mailbox = Mailbox(address, shown, time_zone, home, self.clock, personal, alias)
            self.exchange.add(mailbox)
            return mailbox

    def mailbox(self, address: str) -> Mailbox:
        """Find a mailbox; KeyError if there is none."""
        return self.exchange.mailboxes[address.casefold()]

    def expire_delta(
        self, address: str, *, status: int = 410, code: str = "SyncStateNotFound"
    ) -> None:
        """Forget the delta state of a mailbox: its stored links get this answer from now on."""
        with self.lock:
            key = self.mailbox(address).id
            self.delta_generations[key] = self.delta_generations.get(key, 0) + 1
            self.delta_expiry = (status, code)

    def restore_mailbox(self, address: str) -> None:
        """Let a mailbox be restored from a backup."""
        with self.lock:
            self.mailbox(address).restore()

    def reset(self) -> None:
        """Forget apps, mailboxes, mails, switches, faults, logs and the clock's shift."""
        self.faults.clear()
        with self.lock:
            for name, value in vars(Options()).items():
                setattr(self.options, name, value)
            self.clock.reset()
            self._start()

    def seed(self, values: dict[str, Any]) -> None:
        """Fill from JSON: {"apps": [...], "mailboxes": [...], "options": {...}}."""
        for app in values.get("apps", ()):
            self.add_app(**app)
        for mailbox in values.get("mailboxes", ()):
            self.add_mailbox(**mailbox)
        self.options.set(**values.get("options", {}))
