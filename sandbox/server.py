"""The sandbox as a thing one starts: two ports, one state, threads that end with the process."""

from __future__ import annotations

import ssl
import tempfile
import threading
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, final

from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler

from .certificates import Authority, load_authority, process_authority
from .clock import Clock
from .entra.directory import App, Grant
from .exchange.mailbox import Mailbox
from .exchange.organization import Mail
from .faults import Faults
from .graph import person
from .options import Options
from .state import RequestRecord, State
from .verbs import ActionRefused, PersonVerbs
from .wsgi import Application

if TYPE_CHECKING:
    from socketserver import BaseServer

HOST = "127.0.0.1"


@final
class Sandbox(PersonVerbs):
    """A local Microsoft: ``with Sandbox() as sb: … sb.https_url …``.

    ``https_url`` serves Entra and Graph, ``http_url`` the pages for people; ``ca_file`` is what a
    client has to trust (``REQUESTS_CA_BUNDLE``). Everything listens on 127.0.0.1 only.
    """

    def __init__(
        self,
        *,
        port: int = 0,
        web_port: int = 0,
        ca_dir: Path | str | None = None,
        clock: Clock | None = None,
    ) -> None:
        self.state = State(clock or Clock())
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        authority = load_authority(Path(ca_dir)) if ca_dir else process_authority()
        self._files = self._write_files(authority, ca_dir)
        secure = Application(self.state, secure=True)
        plain = Application(self.state, secure=False)
        self._servers = [
            _Server(HOST, port, secure, self._tls_context()),
            _Server(HOST, web_port, plain, None),
        ]
        self.state.https_url = f"https://{HOST}:{self._servers[0].server_port}"
        self.state.http_url = f"http://{HOST}:{self._servers[1].server_port}"

    def __enter__(self) -> Sandbox:
        """Start serving."""
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop serving."""
        self.stop()

    def start(self) -> None:
        """Serve in background threads."""
        for server in self._servers:
            threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self) -> None:
        """Stop serving and let held requests go."""
        self.state.faults.clear()
        for server in self._servers:
            server.shutdown()
            server.server_close()
        if self._folder is not None:
            self._folder.cleanup()

    @property
    def https_url(self) -> str:
        """Return the address of Entra and Graph."""
        return self.state.https_url

    @property
    def http_url(self) -> str:
        """Return the address of the pages for people."""
        return self.state.http_url

    @property
    def ca_file(self) -> str:
        """Return the path of the authority's certificate (PEM)."""
        return str(self._files["ca"])

    @property
    def mails(self) -> list[Mail]:
        """Return the mails that Exchange sent."""
        return self.state.mails

    @property
    def requests(self) -> list[RequestRecord]:
        """Return the requests that came in, parts of batches too."""
        return list(self.state.requests)

    @property
    def faults(self) -> Faults:
        """Return the switchboard of faults."""
        return self.state.faults

    @property
    def options(self) -> Options:
        """Return the switches of what is not known for sure."""
        return self.state.options

    @property
    def clock(self) -> Clock:
        """Return the sandbox's clock."""
        return self.state.clock

    def add_app(self, **values: Any) -> App:
        """Register an application: client_id, secret, redirect_uris, tenant_only, certificate."""
        return self.state.add_app(**values)

    def add_mailbox(self, address: str, **values: Any) -> Mailbox:
        """Make a mailbox: name, time_zone, personal, tenant, alias."""
        return self.state.add_mailbox(address, **values)

    def reset(self) -> None:
        """Forget everything."""
        self.state.reset()

    def token(self, address: str, *, scopes: Iterable[str] = ("Calendars.ReadWrite",)) -> str:
        """Return a bearer token for a mailbox, where the sign-in is not what matters."""
        mailbox = self.state.mailbox(address)
        now = self.clock.now()
        grant = Grant("in-process", mailbox.address, tuple(scopes), now, mailbox.tenant)
        with self.state.lock:
            return self.state.directory.new_access(grant, scopes)

    def graph(
        self,
        address: str,
        method: str,
        path: str,
        body: Any = None,
        headers: dict[str, str] | None = None,
    ) -> Any:
        """Do one thing in a mailbox as its owner in Outlook."""
        answer = person.act(self.state, address, method, path, body, headers)
        if answer.status >= 400:
            raise ActionRefused(answer.status, answer.body)
        return answer.body

    def move_event(self, address: str, event_id: str, calendar_id: str) -> str:
        """Drag an event to another calendar and return its new id."""
        return person.move(self.state, address, event_id, calendar_id)

    def restore_mailbox(self, address: str) -> None:
        """Let a mailbox be restored from a backup: the same meetings, under other ids."""
        self.state.restore_mailbox(address)

    def _write_files(self, authority: Authority, ca_dir: Path | str | None) -> dict[str, Path]:
        self._folder = tempfile.TemporaryDirectory(prefix="outlook-sandbox-")
        private = Path(self._folder.name)
        files = {"ca": Path(ca_dir or private) / "ca.pem", "server": private / "server.pem"}
        files["ca"].write_bytes(authority.pem)
        files["server"].touch(mode=0o600)
        files["server"].write_bytes(authority.issue())
        return files

    def _tls_context(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self._files["server"])
        return context


class _Handler(WSGIRequestHandler):
    """Serve HTTP/1.1 without a word on the terminal (query strings hold codes)."""

    protocol_version = "HTTP/1.1"
    # Head and body are two writes: without this the second waits 40 ms for the first's ACK.
    disable_nagle_algorithm = True

    def date_time_string(self, timestamp: float | None = None) -> str:
        """Return what the sandbox's clock says, for the `Date` of every answer."""
        server: Any = self.server
        return super().date_time_string(server.app.now().timestamp())

    def log(self, type: str, message: str, *args: Any) -> None:
        """Log nothing: the state keeps its own log."""


class _Server(ThreadedWSGIServer):
    """A threaded server whose handshakes happen in the request's thread."""

    daemon_threads = True
    block_on_close = False

    def __init__(
        self, host: str, port: int, application: Application, tls: ssl.SSLContext | None
    ) -> None:
        super().__init__(host, port, application, handler=_Handler)
        self.ssl_context = tls
        if tls is not None:
            self.socket = tls.wrap_socket(
                self.socket, server_side=True, do_handshake_on_connect=False
            )

    def handle_error(self: BaseServer, request: Any, client_address: Any) -> None:
        """Say nothing of clients that hang up or do not trust us; others tell it themselves."""
