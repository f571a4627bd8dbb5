"""Where the contract is tested: the sandbox, or a real mailbox.

The real one needs ``GRAPH_LIVE=1`` and an access token in ``GRAPH_LIVE_TOKEN`` (scopes
Calendars.ReadWrite, User.Read, MailboxSettings.Read; Graph Explorer gives one out for an hour). A
test mailbox, please: events are made and deleted in it, none has guests but the one named in
``GRAPH_LIVE_GUEST``, who gets mail; without that variable the tests with guests fail.
"""

from __future__ import annotations

import os
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timezone
from typing import Any, Protocol, TypeVar

from microsoft import ANNA, BERT, furnish

from core.engine.errors import SyncError
from core.graph.client import GraphClient
from core.graph.operations import CreateEvent, DeleteEvent
from core.graph.remote import RemoteEvent
from core.graph.transport import RequestsTransport, Transport
from sandbox import Sandbox

T = TypeVar("T")
SCOPES = ("Calendars.ReadWrite", "User.Read", "MailboxSettings.Read")


class Place(Protocol):
    """A mailbox to test in."""

    client: GraphClient

    @property
    def guest(self) -> str:
        """The address of somebody else, who may be invited."""
        ...

    def eventually(self, look: Callable[[], T | None]) -> T:
        """Return what `look` finds, as soon as the place shows it."""
        ...


def utc_now() -> datetime:
    """Tell the time for Retry-After headers."""
    return datetime.now(timezone.utc)


class SandboxPlace:
    """A mailbox of the sandbox: shows everything at once."""

    guest = BERT

    def __init__(self, sandbox: Sandbox, transport: Transport) -> None:
        self.sandbox = sandbox
        self.client = self.client_of(ANNA, transport)
        self.guest_client = self.client_of(BERT, transport)

    def client_of(
        self, address: str, transport: Transport, *, owner_zone: str | None = None
    ) -> GraphClient:
        """Return a client for one of the mailboxes."""

        def token(force: bool) -> str:
            return self.sandbox.token(address, scopes=SCOPES)

        held = [token(False)]

        def renewing(force: bool) -> str:
            if force:
                held[0] = token(True)
            return held[0]

        return GraphClient(
            transport,
            self.sandbox.https_url,
            renewing,
            now=utc_now,
            wait=lambda _seconds: None,
            owner_zone=owner_zone,
        )

    def eventually(self, look: Callable[[], T | None]) -> T:
        """Look once: the sandbox has no delay."""
        found = look()
        assert found is not None
        return found


class LivePlace:
    """A real mailbox: shows things after a while."""

    def __init__(self, transport: Transport) -> None:
        self._token = _required("GRAPH_LIVE_TOKEN")
        url = os.environ.get("GRAPH_LIVE_URL", "https://graph.microsoft.com")
        self.client = GraphClient(transport, url, lambda _force: self._token, now=utc_now)

    @property
    def guest(self) -> str:
        """Return who may be invited for real."""
        return _required("GRAPH_LIVE_GUEST")

    def eventually(self, look: Callable[[], T | None]) -> T:
        """Look again every two seconds, for a minute: Exchange shows changes late."""
        for _ in range(30):
            found = look()
            if found is not None:
                return found
            time.sleep(2)
        raise AssertionError("the mailbox does not show it within a minute")


def _required(name: str) -> str:
    """Return a variable; its absence fails loudly, since somebody asked for the live run."""
    value = os.environ.get(name)
    if not value:
        raise AssertionError(f"GRAPH_LIVE=1 needs {name}: see tests/pure/contract/places.py")
    return value


#: The live run is not collected unless asked for: a skipped test would look like a tested one.
NAMES = ("sandbox", "live") if os.environ.get("GRAPH_LIVE") == "1" else ("sandbox",)


@contextmanager
def opened(name: str, sandbox: Sandbox, transport: RequestsTransport) -> Iterator[Place]:
    """Give a place out, and delete what the test left in it."""
    if name == "live":
        place: Place = LivePlace(transport)
    else:
        sandbox.reset()
        furnish(sandbox)
        place = SandboxPlace(sandbox, transport)
    yield place
    if name == "live":
        _tidy(place.client)


def _tidy(client: GraphClient) -> None:
    left = [event.id for tag, event in client.tagged() if tag.startswith("contract:")]
    client.perform([DeleteEvent(remote_id) for remote_id in left])


def create(place: Place, values: dict[str, Any], *, calendar_id: str | None = None) -> RemoteEvent:
    """Make an event, marked as the contract's own."""
    [made] = place.client.perform([creation(values, calendar_id=calendar_id)])
    assert isinstance(made, RemoteEvent), made
    return made


def creation(values: dict[str, Any], *, calendar_id: str | None = None) -> CreateEvent:
    """Return the operation that makes a marked event."""
    return CreateEvent(calendar_id, values, str(uuid.uuid4()), f"contract:{uuid.uuid4()}")


def failed(result: object, kind: type[SyncError]) -> SyncError:
    """Expect an error of a kind among results."""
    assert isinstance(result, kind), result
    return result
