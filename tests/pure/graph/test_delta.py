"""Pages of changes."""

from __future__ import annotations

from typing import Any

from core.graph import delta
from core.graph.remote import DeltaPage, RemoteEvent, Unreadable


def _item(remote_id: str, modified: str = "2026-10-01T00:00:00Z", **more: Any) -> dict[str, Any]:
    return {
        "id": remote_id,
        "type": "singleInstance",
        "subject": modified,
        "lastModifiedDateTime": modified,
        **more,
    }


def _subjects(page: DeltaPage) -> list[object]:
    return [event.shared["subject"] for event in page.events if isinstance(event, RemoteEvent)]


def test_of_duplicates_the_one_changed_last_counts() -> None:
    """Pages repeat items in any order (delta query overview)."""
    newer, older = "2026-10-02T00:00:00.1234567Z", "2026-10-01T23:59:59Z"

    for items in ([_item("a", newer), _item("a", older)], [_item("a", older), _item("a", newer)]):
        assert [newer] == _subjects(delta.page_of({"value": items}))


def test_duplicates_over_several_pages_are_one() -> None:
    """A round is the sum of its pages; only the last one's links count."""
    first = delta.page_of(
        {"value": [_item("a", "2026-10-02T00:00:00Z"), _item("b")], "@odata.nextLink": "n"}
    )
    last = delta.page_of({"value": [_item("a")], "@odata.deltaLink": "d"})

    whole = delta.together([first, last])

    assert _subjects(whole) == ["2026-10-02T00:00:00Z", "2026-10-01T00:00:00Z"]
    assert (whole.next_link, whole.delta_link) == (None, "d")


def test_a_stub_does_not_hide_the_whole_event() -> None:
    """A stub says nothing of when it changed, and less than the event."""
    stub = {"id": "a", "type": "occurrence", "seriesMasterId": "m"}

    for items in ([_item("a"), stub], [stub, _item("a")]):
        assert _subjects(delta.page_of({"value": items})) == ["2026-10-01T00:00:00Z"]


def test_an_unreadable_item_stops_nothing() -> None:
    """One broken event is named, the others are read."""
    broken = {"id": "x", "type": "singleInstance", "start": {"dateTime": "soon"}, "end": None}

    page = delta.page_of({"value": [broken, _item("a")]})

    assert [Unreadable("x", "when: not a time")] == page.events[:1]
    assert _subjects(page) == ["2026-10-01T00:00:00Z"]


def test_items_without_an_id_are_left_out() -> None:
    """What cannot be addressed can be neither kept nor looked up."""
    items: list[Any] = [None, "text", {}, {"id": None}, {"id": ""}, {"@removed": {}}]

    assert DeltaPage() == delta.page_of({"value": items})


def test_an_id_that_is_shown_and_removed_is_to_be_looked_up() -> None:
    """There is no order to trust: it is named once, as removed, which callers ask about."""
    removed = {"id": "a", "@removed": {"reason": "deleted"}}

    for items in ([_item("a"), removed], [removed, _item("a")]):
        page = delta.page_of({"value": items})
        assert (page.events, page.removed) == ([], ["a"])


def test_an_empty_page_may_go_on() -> None:
    """An empty value with a next link is legal."""
    page = delta.page_of({"value": [], "@odata.nextLink": "n"})

    assert page.next_link == "n"
    assert page.delta_link is None


def test_every_kind_passes() -> None:
    """Series are told apart by the caller, not dropped here."""
    kinds = ["singleInstance", "seriesMaster", "occurrence", "exception"]
    items = [{"id": kind, "type": kind} for kind in kinds]

    page = delta.page_of({"value": items})

    assert kinds == [event.kind for event in page.events if isinstance(event, RemoteEvent)]
