"""A running sandbox with two people and one app, for clients that nobody here wrote.

Run them with the layer's own environment: ``make test-foreign``.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from microsoft import ANNA, BRAM, Detour, Registration, SignIn, at_the_sign_in_page
from requests.adapters import HTTPAdapter
from requests.sessions import Session

from sandbox import Sandbox


@pytest.fixture(scope="session")
def running() -> Iterator[Sandbox]:
    with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(running: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Sandbox:
    """Return the sandbox, fresh: Anna and Bram, and an app registered for both."""
    # A machine's own setting would win over the ``verify`` of a session.
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", running.ca_file)
    running.reset()
    running.add_mailbox(ANNA, name="Anna Peeters", time_zone="Romance Standard Time")
    running.add_mailbox(BRAM, name="Bram Claes", time_zone="Romance Standard Time")
    app = Registration()
    running.add_app(client_id=app.client_id, secret=app.secret, redirect_uris=[app.redirect])
    return running


@pytest.fixture
def app(sandbox: Sandbox) -> Registration:
    return Registration()


@pytest.fixture
def detour(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lead every session of requests to the sandbox, those that clients make inside too."""
    adapter = Detour(sandbox.https_url, sandbox.ca_file)

    def get_adapter(session: Session, url: str) -> HTTPAdapter:
        return adapter

    monkeypatch.setattr(Session, "get_adapter", get_adapter)


@pytest.fixture
def sign_in(sandbox: Sandbox) -> SignIn:
    """Return what a person does at the sign-in page."""

    def choose(authorization_url: str, account: str = ANNA, decision: str = "accept") -> str:
        return at_the_sign_in_page(sandbox.https_url, authorization_url, account, decision)

    return choose
