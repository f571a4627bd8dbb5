"""Settings of the pure tests: no Odoo, no network but 127.0.0.1.

Run one: ``pytest tests/pure/engine -k edit_beats``. Hypothesis' profile comes from the environment
variable ``HYPOTHESIS_PROFILE``:

* ``dev`` (default): 100 examples each, new ones every time, failures remembered.
* ``ci``: more examples, no database, a blob to replay a failure with.
* ``deterministic``: always the same examples, and fewer, for ``make test``.
* ``mutants``: the same, without a search for the smallest that fails.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, Phase, settings

from core.graph.transport import RequestsTransport
from sandbox import Sandbox

# Times differ by a factor of ten on shared machines: a deadline would test the machine.
settings.register_profile("dev", deadline=None)
settings.register_profile(
    "ci",
    deadline=None,
    max_examples=1000,
    database=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile(
    "deterministic",
    deadline=None,
    max_examples=25,  # drawing a series on two sides costs more than the test of it
    derandomize=True,
    database=None,
    print_blob=True,
)
settings.register_profile("mutants", settings.get_profile("deterministic"), phases=[Phase.generate])
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "dev"))


@pytest.fixture(scope="session")
def one_sandbox() -> Iterator[Sandbox]:
    """Serve once for all tests that empty the sandbox before they use it."""
    with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def transport() -> Iterator[RequestsTransport]:
    """The real transport; patient, as shared machines are slow."""
    transport = RequestsTransport()
    yield transport
    transport.close()
