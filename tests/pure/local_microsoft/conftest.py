"""The sandbox, emptied before each test; everything goes through real HTTPS."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import requests
from local_microsoft.visitor import BACK
from wire import ANNA, BOB, Graph

from sandbox import Sandbox


@pytest.fixture
def microsoft(one_sandbox: Sandbox) -> Sandbox:
    """Give a Microsoft with two people and nothing else."""
    one_sandbox.reset()
    one_sandbox.add_mailbox(ANNA, name="Anna Peeters", time_zone="Europe/Brussels")
    one_sandbox.add_mailbox(BOB, name="Bob Nguyen", time_zone="Asia/Ho_Chi_Minh")
    return one_sandbox


@pytest.fixture
def anna(microsoft: Sandbox) -> Iterator[Graph]:
    """Give Anna's Graph."""
    with Graph(microsoft, ANNA) as graph:
        yield graph


@pytest.fixture
def bob(microsoft: Sandbox) -> Iterator[Graph]:
    """Give Bob's Graph."""
    with Graph(microsoft, BOB) as graph:
        yield graph


@pytest.fixture
def browser(microsoft: Sandbox) -> Iterator[requests.Session]:
    """Give something that follows no redirects and trusts the sandbox."""
    microsoft.add_app(client_id="app", secret="s3cret", redirect_uris=[BACK])
    with requests.Session() as session:
        session.trust_env = False
        session.verify = microsoft.ca_file
        yield session
