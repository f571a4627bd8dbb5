"""Sending, and what is known after a failure. Over real sockets on 127.0.0.1."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from core.engine.errors import NotSent, OutcomeUnknown, TransportError
from core.graph.transport import (
    LEAST_SECONDS,
    OutOfTime,
    Request,
    RequestsTransport,
    Response,
    is_safe_endpoint,
)
from sandbox import Sandbox

Talk = Callable[[socket.socket], None]


@contextmanager
def _server(talk: Talk) -> Iterator[str]:
    """Serve one connection with raw bytes, for what no HTTP library would do."""
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(10)

    def serve() -> None:
        connection, _address = listener.accept()
        with connection:
            connection.settimeout(10)
            talk(connection)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
    finally:
        thread.join(10)
        listener.close()


def _send(url: str, **more: object) -> Response:
    transport = RequestsTransport(connect_timeout=2, read_timeout=0.2)
    try:
        return transport.send(Request("POST", url, **more))  # type: ignore[arg-type]
    finally:
        transport.close()


def _reply(text: bytes) -> Talk:
    def talk(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(text)

    return talk


def test_an_answer_is_given_whole() -> None:
    """Status, headers in lower case and body; an error status is an answer, too."""
    answer = b"HTTP/1.1 429 Too Many\r\nRetry-After: 3\r\nContent-Length: 2\r\n\r\n{}"

    with _server(_reply(answer)) as url:
        response = _send(url, json={"a": 1})

    assert (response.status, response.headers["retry-after"], response.json()) == (429, "3", {})


def test_a_refused_connection_was_not_sent() -> None:
    """Nobody listens: repeating is safe."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]

    with pytest.raises(NotSent):
        _send(f"http://127.0.0.1:{port}/")


def test_an_unknown_host_was_not_sent() -> None:
    """A name that leads nowhere (RFC 6761 keeps .invalid free)."""
    with pytest.raises(NotSent):
        _send("https://graph.invalid/")


def test_an_untrusted_certificate_was_not_sent() -> None:
    """Whoever cannot show a trusted certificate gets no byte of the request."""
    with Sandbox() as microsoft:
        with pytest.raises(NotSent):
            _send(f"{microsoft.https_url}/v1.0/me")
        assert list(microsoft.requests) == []


@pytest.mark.parametrize(
    "talk",
    [
        lambda connection: None,
        lambda connection: connection.recv(65536),
        _reply(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"),
        _reply(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab"),
        _reply(b"nonsense\r\n\r\n"),
    ],
    ids=["closed", "closed after reading", "cut body", "cut chunk", "no HTTP"],
)
def test_after_sending_the_outcome_is_unknown(talk: Talk) -> None:
    """The server had the connection: it may have acted."""
    with _server(talk) as url, pytest.raises(OutcomeUnknown):
        _send(url, json={"a": 1})


def test_a_silent_server_leaves_the_outcome_unknown() -> None:
    """A read timeout says nothing of what the server did."""
    done = threading.Event()

    def talk(connection: socket.socket) -> None:
        done.wait(5)

    with _server(talk) as url:
        with pytest.raises(OutcomeUnknown):
            _send(url)
        done.set()


def test_who_waits_is_not_kept_waiting() -> None:
    """A request is cut short when time is over; with too little left none is begun."""
    done = threading.Event()

    def talk(connection: socket.socket) -> None:
        done.wait(5)

    until = time.monotonic() + LEAST_SECONDS + 0.1
    transport = RequestsTransport(read_timeout=60, until=until)
    with _server(talk) as url:
        with pytest.raises(OutcomeUnknown):
            transport.send(Request("GET", url))
        with pytest.raises(OutOfTime):
            transport.send(Request("GET", url))
        done.set()
    transport.close()


def test_an_answer_that_trickles_ends() -> None:
    """A server that says a little all the time is never silent, and may not keep a worker."""
    done = threading.Event()

    def talk(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        while not done.wait(0.05):
            try:
                connection.sendall(b"1\r\nx\r\n")
            except OSError:
                return  # the client has gone, as it should

    with _server(talk) as url:
        with pytest.raises(OutcomeUnknown):
            _send(url)
        done.set()


def test_a_redirect_is_an_answer() -> None:
    """It is not followed: the token would go with it."""
    answer = b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n"

    with _server(_reply(answer)) as url:
        assert _send(url).status == 302


def test_netrc_does_not_replace_the_token(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """requests would put a login of ~/.netrc in the place of our Authorization header."""
    heard: list[bytes] = []
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password else\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))

    def talk(connection: socket.socket) -> None:
        heard.append(connection.recv(65536))
        connection.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")

    with _server(talk) as url:
        _send(url, headers={"Authorization": "Bearer t"})

    assert b"Authorization: Bearer t\r\n" in heard[0]


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://graph.microsoft.com", True),
        ("https://127.0.0.1:8443", True),
        ("http://127.0.0.1:8080", True),
        ("http://localhost:8080", True),
        ("http://[::1]:8080", True),
        ("http://graph.microsoft.com", False),
        ("http://127.0.0.1.example.com", False),
        ("https://graph.microsoft.com@evil.example", False),
        ("ftp://127.0.0.1", False),
        ("graph.microsoft.com", False),
        ("", False),
    ],
)
def test_tokens_go_to_https_or_this_machine(url: str, safe: bool) -> None:
    """Plain http is for the loopback only; names that look like it are not it."""
    assert safe is is_safe_endpoint(url)


@pytest.mark.parametrize("url", ["http://graph.example/", "nonsense", "http://u:p@127.0.0.1/"])
def test_an_unsafe_address_gets_nothing(url: str) -> None:
    """The transport checks by itself, whoever made the address."""
    with pytest.raises(NotSent):
        _send(url)


def test_nothing_secret_is_shown() -> None:
    """Requests, answers and errors can be logged as they are."""
    request = Request(
        "GET",
        "https://graph.invalid/secret",
        {"Authorization": "Bearer secret"},
        {"$filter": "secret"},
        {"subject": "secret"},
        {"client_secret": "secret"},
    )
    with pytest.raises(TransportError) as caught:
        RequestsTransport(connect_timeout=1).send(request)

    shown = [repr(request), str(caught.value), repr(caught.value)]
    shown.append(repr(Response(200, {"x": "secret"}, b"secret")))

    assert not [text for text in shown if "secret" in text]
