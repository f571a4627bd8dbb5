"""The sandbox, for tests that need a Microsoft."""

from __future__ import annotations

import microsoft as people
import pytest

from sandbox import Sandbox


@pytest.fixture
def microsoft(one_sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Sandbox:
    """A fresh Microsoft with one application and two people; its certificate is trusted."""
    one_sandbox.reset()
    people.furnish(one_sandbox)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", one_sandbox.ca_file)
    return one_sandbox
