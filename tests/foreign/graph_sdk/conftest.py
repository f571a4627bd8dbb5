"""People who work through Microsoft's own Graph SDK."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from graph_sdk.sdk import People
from microsoft import Registration, SignIn

from sandbox import Sandbox


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
async def people(
    sandbox: Sandbox, app: Registration, sign_in: SignIn, detour: None
) -> AsyncIterator[People]:
    one = People(sandbox, app, sign_in)
    yield one
    await one.close()
