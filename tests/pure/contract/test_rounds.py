"""Delta and lists where Microsoft behaves in the other way that is thinkable: on the sandbox."""

from __future__ import annotations

import pytest
from contract.places import SandboxPlace, create
from contract.samples import NOON, VALUES, WEEKLY, WINDOW, whole_round
from microsoft import ANNA

from core.engine.errors import (
    DeltaExpired,
    Missing,
    Unsupported,
)
from core.graph.client import GraphClient
from core.graph.remote import RemoteEvent
from core.graph.transport import RequestsTransport


@pytest.mark.parametrize(
    ("status", "code"),
    [(410, "SyncStateNotFound"), (410, "resyncRequired"), (400, "syncStateNotFound"), (400, "X")],
)
def test_an_expired_delta_is_told(microsoft: SandboxPlace, status: int, code: str) -> None:
    """However it is spelled; a new round then works."""
    link = microsoft.client.delta_page(None, window=WINDOW).delta_link
    microsoft.sandbox.state.expire_delta(ANNA, status=status, code=code)

    with pytest.raises(DeltaExpired):
        microsoft.client.delta_page(None, link=link)
    assert microsoft.client.delta_page(None, window=WINDOW).delta_link


def test_delta_of_a_named_calendar_may_be_refused(microsoft: SandboxPlace) -> None:
    """Documented for the default one only: its list is the other way."""
    [calendar] = microsoft.client.calendars()
    made = create(microsoft, VALUES)
    microsoft.sandbox.options.set(calendar_delta=False)

    with pytest.raises(Unsupported):
        microsoft.client.delta_page(calendar.id, window=WINDOW)

    [listed] = microsoft.client.list_view(calendar.id, WINDOW)
    assert isinstance(listed, RemoteEvent)
    assert (listed.id, listed.shared) == (made.id, made.shared)


def test_a_calendar_that_is_gone_is_missing(microsoft: SandboxPlace) -> None:
    """Not unsupported: its connection is to be forgotten."""
    calendar = microsoft.sandbox.graph(ANNA, "POST", "/me/calendars", {"name": "Other"})
    assert microsoft.client.delta_page(calendar["id"], window=WINDOW).delta_link
    microsoft.sandbox.graph(ANNA, "DELETE", f"/me/calendars/{calendar['id']}")

    with pytest.raises(Missing):
        microsoft.client.delta_page(calendar["id"], window=WINDOW)


def test_duplicates_and_disorder_change_nothing(microsoft: SandboxPlace) -> None:
    """Both are documented: pages may repeat items in any order."""
    expected = {create(microsoft, {**VALUES, "subject": name}).id for name in "abc"}
    microsoft.sandbox.faults.duplicate_delta(times=None)
    microsoft.sandbox.faults.reorder_delta(times=None)

    page = whole_round(microsoft.client)

    assert len(page.events) == 3
    assert {event.id for event in page.events if isinstance(event, RemoteEvent)} == expected


def test_the_page_size_is_asked_for_on_every_page(microsoft: SandboxPlace) -> None:
    """It is no part of the link: without it pages would be small again."""
    for name in "abcdefghijklmnopqrstuvwxyzabc":
        create(microsoft, {**VALUES, "subject": name})

    assert len(microsoft.client.delta_page(None, window=WINDOW).events) == 29


def test_the_parts_of_a_series_pass_with_their_kinds(microsoft: SandboxPlace) -> None:
    """Master, exception and stubs, in delta; occurrences in a list."""
    master = microsoft.sandbox.create_event(ANNA, WEEKLY)
    view = microsoft.sandbox.view(ANNA, "2026-12-01", "2027-01-01")
    microsoft.sandbox.change_event(ANNA, view[1]["id"], {"subject": "moved"})

    page = whole_round(microsoft.client)

    kinds = sorted(event.kind for event in page.events if isinstance(event, RemoteEvent))
    assert kinds == ["exception", "occurrence", "occurrence", "seriesMaster"]
    listed = [
        event.kind
        for event in microsoft.client.list_view(None, WINDOW)
        if isinstance(event, RemoteEvent)
    ]
    assert sorted(listed) == ["exception", "occurrence", "occurrence"]
    assert master["type"] == "seriesMaster"


def test_a_list_goes_over_its_pages(microsoft: SandboxPlace, transport: RequestsTransport) -> None:
    """Small pages are followed to the end."""
    for name in "abcdefg":
        create(microsoft, {**VALUES, "subject": name})
    small = GraphClient(
        transport,
        microsoft.sandbox.https_url,
        lambda _force: microsoft.sandbox.token(ANNA),
        now=lambda: NOON,
        page_size=2,
    )

    assert len(list(small.list_view(None, WINDOW))) == 7
    assert small.stats.requests == 4
