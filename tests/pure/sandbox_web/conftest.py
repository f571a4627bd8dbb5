"""A running sandbox with two people, on a Wednesday, and a browser at its plain address."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timezone

import pytest
from sandbox_web.browser import Browser
from sandbox_web.outlook import LINH, MARIE, Outlook

from sandbox import Sandbox

#: A Wednesday without a DST change near, in a week that has both months' ends far away.
NOW = datetime(2026, 11, 25, 3, 20, tzinfo=timezone.utc)


@pytest.fixture
def sandbox(one_sandbox: Sandbox) -> Sandbox:
    """Return the sandbox, fresh: Linh lives in Vietnam, Marie in Belgium."""
    one_sandbox.state.reset()
    one_sandbox.state.clock.freeze(NOW)
    one_sandbox.state.add_mailbox(LINH, name="Linh Trần", time_zone="SE Asia Standard Time")
    one_sandbox.state.add_mailbox(MARIE, name="Marie Dupont", time_zone="Romance Standard Time")
    return one_sandbox


@pytest.fixture
def browser(sandbox: Sandbox) -> Iterator[Browser]:
    one = Browser(sandbox.http_url)
    yield one
    one.close()


@pytest.fixture
def outlook(sandbox: Sandbox, browser: Browser) -> Outlook:
    return Outlook(sandbox, browser)
