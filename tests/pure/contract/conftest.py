"""One sandbox for all; each test gets a fresh mailbox in each place that is asked for."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from contract.places import NAMES, Place, SandboxPlace, opened

from core.graph.transport import RequestsTransport
from sandbox import Sandbox


@pytest.fixture(scope="session")
def _sandbox() -> Iterator[Sandbox]:
    with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def transport() -> Iterator[RequestsTransport]:
    """The real transport; patient, as shared machines are slow."""
    transport = RequestsTransport()
    yield transport
    transport.close()


@pytest.fixture(params=NAMES)
def place(
    request: pytest.FixtureRequest,
    _sandbox: Sandbox,
    transport: RequestsTransport,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Place]:
    """A mailbox of somebody signed in."""
    if request.param == "sandbox":
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", _sandbox.ca_file)
    with opened(request.param, _sandbox, transport) as place:
        yield place


@pytest.fixture
def microsoft(
    _sandbox: Sandbox, transport: RequestsTransport, monkeypatch: pytest.MonkeyPatch
) -> Iterator[SandboxPlace]:
    """A mailbox of the sandbox, for what can be switched there only."""
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", _sandbox.ca_file)
    with opened("sandbox", _sandbox, transport) as place:
        assert isinstance(place, SandboxPlace)
        yield place
