"""The mark of a mailbox's database: every Graph keeps it, and it is nobody's news.

Runs on a real mailbox, too (see ``places``): that calendars take extended properties is documented,
and nobody here has seen it.
"""

from __future__ import annotations

from contract.places import Place, SandboxPlace
from contract.samples import whole_round

from core.graph.marks import mark_of


def test_a_mark_is_read_as_it_was_kept(place: Place) -> None:
    """The last one stays; the calendar is named as before."""
    before = [(one.id, one.name) for one in place.client.calendars()]
    place.client.keep_owner_mark("one database")
    place.client.keep_owner_mark("another's word")

    assert place.client.owner_mark() == "another's word"
    assert [(one.id, one.name) for one in place.client.calendars()] == before


def test_a_mark_is_no_change_of_the_calendar(microsoft: SandboxPlace) -> None:
    """A delta that was read before shows nothing new."""
    link = whole_round(microsoft.client).delta_link
    microsoft.client.keep_owner_mark("a database")

    page = whole_round(microsoft.client, link)
    assert not page.events
    assert not page.removed


def test_a_mailbox_begins_without_a_mark(microsoft: SandboxPlace) -> None:
    """Nobody has claimed it yet."""
    assert microsoft.client.owner_mark() is None


def test_an_answer_of_another_form_has_no_mark() -> None:
    """Nothing in it can make a round fail."""
    for value in (None, "x", {}, [None], ["x"], [{"id": None}], [{"id": "String {x} Name y"}]):
        assert mark_of({"singleValueExtendedProperties": value}) is None
