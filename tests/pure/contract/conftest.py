"""Each test gets a fresh mailbox in each place that is asked for."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from contract.places import NAMES, Place, SandboxPlace, opened

from core.graph.transport import RequestsTransport
from sandbox import Sandbox


@pytest.fixture(params=NAMES)
def place(
    request: pytest.FixtureRequest,
    one_sandbox: Sandbox,
    transport: RequestsTransport,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Place]:
    """A mailbox of somebody signed in."""
    if request.param == "sandbox":
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", one_sandbox.ca_file)
    with opened(request.param, one_sandbox, transport) as place:
        yield place


@pytest.fixture
def microsoft(
    one_sandbox: Sandbox, transport: RequestsTransport, monkeypatch: pytest.MonkeyPatch
) -> Iterator[SandboxPlace]:
    """A mailbox of the sandbox, for what can be switched there only."""
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", one_sandbox.ca_file)
    with opened("sandbox", one_sandbox, transport) as place:
        assert isinstance(place, SandboxPlace)
        yield place
