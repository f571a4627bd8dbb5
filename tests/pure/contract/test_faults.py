"""The client when Microsoft has a bad day: on the sandbox, since nobody can switch a tenant."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from contract.places import SandboxPlace, creation, failed
from contract.samples import INVITED, NOON, VALUES, WINDOW, subjects
from microsoft import ANNA

from core.engine.errors import (
    NotSent,
    OutcomeUnknown,
    Refused,
    SyncError,
    Throttled,
    TokenExpired,
    Unavailable,
)
from core.graph.client import GraphClient
from core.graph.remote import RemoteEvent
from core.graph.transport import RequestsTransport

# What answers a request badly, and what the caller is told of a read and of a write.
FAULTS: dict[str, tuple[dict[str, Any], type[SyncError], type[SyncError]]] = {
    "throttled": (
        {"kind": "throttle", "retry_after": "2.128", "status": 429},
        Throttled,
        Throttled,
    ),
    "throttled as 503": (
        {"kind": "throttle", "retry_after": "3", "status": 503},
        Throttled,
        Throttled,
    ),
    "500": ({"kind": "server_error", "status": 500}, Unavailable, Unavailable),
    "503": ({"kind": "server_error", "status": 503}, Unavailable, Unavailable),
    "504": ({"kind": "server_error", "status": 504}, Unavailable, Unavailable),
    "a page of HTML": ({"kind": "html_page"}, Unavailable, OutcomeUnknown),
    "half an answer": ({"kind": "truncate"}, Unavailable, OutcomeUnknown),
    "lost before": ({"kind": "drop_before", "times": 2}, OutcomeUnknown, OutcomeUnknown),
    "lost after": ({"kind": "drop_after", "times": 2}, OutcomeUnknown, OutcomeUnknown),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_bad_day_has_a_name(microsoft: SandboxPlace, name: str) -> None:
    """Reads raise it, writes return it, batches return it for each part."""
    fault, of_read, of_write = FAULTS[name]
    client = microsoft.client

    microsoft.sandbox.faults.add(**fault)
    with pytest.raises(of_read):
        client.delta_page(None, window=WINDOW)
    microsoft.sandbox.faults.clear()

    microsoft.sandbox.faults.add(**fault)
    failed(client.perform([creation(VALUES)])[0], of_write)
    microsoft.sandbox.faults.clear()

    microsoft.sandbox.faults.add(**fault, path=r"/\$batch")
    for result in client.perform([creation(VALUES), creation(VALUES)]):
        failed(result, of_write)


def test_the_time_to_wait_is_told(microsoft: SandboxPlace) -> None:
    """In seconds and as a moment, in whatever form the header came."""
    microsoft.sandbox.faults.throttle("2.128")
    with pytest.raises(Throttled) as caught:
        microsoft.client.me()
    assert caught.value.retry_after == 2.128

    microsoft.sandbox.faults.throttle(datetime.now(timezone.utc) + timedelta(seconds=60))
    with pytest.raises(Throttled) as caught:
        microsoft.client.me()
    assert 50 < (caught.value.retry_after or 0) <= 60

    microsoft.sandbox.faults.throttle(None)
    with pytest.raises(Throttled) as caught:
        microsoft.client.me()
    assert caught.value.until is None


@pytest.mark.parametrize("kind", ["drop_before", "drop_after"])
def test_a_lost_read_is_read_again(microsoft: SandboxPlace, kind: str) -> None:
    """Once; nobody notices."""
    microsoft.sandbox.faults.add(kind)

    assert microsoft.client.me().address == ANNA


def test_a_lost_creation_is_found_by_its_tag(microsoft: SandboxPlace) -> None:
    """The event is there once, and nobody is invited twice."""
    operation = creation(INVITED)
    microsoft.sandbox.faults.drop_after(method="POST", path="/events$")

    failed(microsoft.client.perform([operation])[0], OutcomeUnknown)

    assert microsoft.client.find_tagged(operation.tag) is not None
    assert subjects(microsoft) == ["a"]
    assert len(microsoft.sandbox.mails) == 1


def test_a_lost_creation_that_did_not_arrive_is_not_found(microsoft: SandboxPlace) -> None:
    """Looking tells the two apart."""
    operation = creation(VALUES)
    microsoft.sandbox.faults.drop_before(method="POST", path="/events$")

    failed(microsoft.client.perform([operation])[0], OutcomeUnknown)

    assert microsoft.client.find_tagged(operation.tag) is None


def test_a_lost_batch_did_all_or_nothing_more(microsoft: SandboxPlace) -> None:
    """Each part of a batch whose answer is lost is unknown; none is sent again."""
    microsoft.sandbox.faults.drop_after(path=r"/\$batch")

    results = microsoft.client.perform([creation(VALUES), creation(VALUES)])

    assert [type(result) for result in results] == [OutcomeUnknown, OutcomeUnknown]
    assert subjects(microsoft) == ["a", "a"]


def test_a_server_that_is_gone_was_never_reached(transport: RequestsTransport) -> None:
    """Everything can be repeated."""
    client = GraphClient(
        transport,
        "https://127.0.0.1:9",
        lambda _force: "t",
        now=lambda: NOON,
        wait=lambda _seconds: None,
    )

    failed(client.perform([creation(VALUES)])[0], NotSent)


def test_a_throttled_part_ends_the_turn(microsoft: SandboxPlace) -> None:
    """What comes after it was not done; what came before it was."""
    microsoft.sandbox.faults.throttle(5, method="POST", path="/events$", skip=1)

    results = microsoft.client.perform([creation({**VALUES, "subject": n}) for n in "abc"])

    assert [type(result) for result in results] == [RemoteEvent, Throttled, Throttled]
    assert subjects(microsoft) == ["a"]


@pytest.mark.parametrize("status", [500, 504])
def test_a_part_that_breaks_stops_no_other(microsoft: SandboxPlace, status: int) -> None:
    """One item that Exchange cannot handle is that item's trouble."""
    microsoft.sandbox.faults.server_error(status, method="POST", path="/events$", skip=1)

    results = microsoft.client.perform([creation({**VALUES, "subject": n}) for n in "abc"])

    assert [type(result) for result in results] == [RemoteEvent, Unavailable, RemoteEvent]
    assert subjects(microsoft) == ["a", "c"]


def test_fifty_writes_are_three_requests(microsoft: SandboxPlace) -> None:
    """Twenty parts to a batch, one after the other, whatever the mailbox' limit at a time."""
    microsoft.sandbox.options.set(batch_throttles_parallel=True)
    before = microsoft.client.stats.requests

    results = microsoft.client.perform([creation({**VALUES, "subject": "x"}) for _ in range(50)])

    assert {type(result) for result in results} == {RemoteEvent}
    assert microsoft.client.stats.requests - before == 3
    assert microsoft.client.stats.parts == 50


def test_an_expired_token_is_renewed(microsoft: SandboxPlace) -> None:
    """A read, a write and a batch go on with a new token."""
    expire = microsoft.sandbox.state.directory.expire_access

    expire(ANNA)
    assert microsoft.client.me().address == ANNA
    expire(ANNA)
    assert isinstance(microsoft.client.perform([creation(VALUES)])[0], RemoteEvent)
    expire(ANNA)
    results = microsoft.client.perform([creation(VALUES), creation(VALUES)])
    assert [type(result) for result in results] == [RemoteEvent, RemoteEvent]
    assert len(subjects(microsoft)) == 3


def test_a_token_that_stays_refused_is_told(
    microsoft: SandboxPlace, transport: RequestsTransport
) -> None:
    """The account cannot go on."""
    client = GraphClient(
        transport,
        microsoft.sandbox.https_url,
        lambda _force: "worthless",
        now=lambda: NOON,
    )

    with pytest.raises(TokenExpired):
        client.me()


def test_a_missing_scope_is_refused(microsoft: SandboxPlace, transport: RequestsTransport) -> None:
    """403 concerns the account, not the meeting."""
    token = microsoft.sandbox.token(ANNA, scopes=["User.Read"])
    client = GraphClient(
        transport,
        microsoft.sandbox.https_url,
        lambda _force: token,
        now=lambda: NOON,
    )

    assert client.me().time_zone is None
    with pytest.raises(Refused):
        client.calendars()
