"""The sandbox, for tests that need a Microsoft."""

from __future__ import annotations

from collections.abc import Iterator

import microsoft as people
import pytest

from core.graph.transport import RequestsTransport
from sandbox import Sandbox


@pytest.fixture(scope="session")
def _sandbox() -> Iterator[Sandbox]:
    with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def microsoft(_sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Sandbox:
    """A fresh Microsoft with one application and two people; its certificate is trusted."""
    _sandbox.reset()
    people.furnish(_sandbox)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", _sandbox.ca_file)
    return _sandbox


@pytest.fixture
def transport() -> Iterator[RequestsTransport]:
    """The real transport."""
    transport = RequestsTransport()
    yield transport
    transport.close()
