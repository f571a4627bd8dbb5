"""Writes that Microsoft takes, refuses or has had before, in each known way: on the sandbox."""

from __future__ import annotations

import pytest
from contract.places import SandboxPlace, create, creation, failed
from contract.samples import INVITED, VALUES
from microsoft import ANNA

from core.engine.errors import (
    Refused,
    Rejected,
)
from core.engine.snapshot import Keyed, Person
from core.graph.operations import DeleteEvent, UpdateEvent
from core.graph.remote import RemoteEvent


@pytest.mark.parametrize("answer", ["same", "400", "409"])
def test_a_repeated_transaction_is_answered_with_its_event(
    microsoft: SandboxPlace, answer: str
) -> None:
    """Whichever way Exchange says it (all three are reported): one event, one mail."""
    microsoft.sandbox.options.set(duplicate_transaction=answer)
    operation = creation(INVITED)

    [first] = microsoft.client.perform([operation])
    alone = microsoft.client.perform([operation])
    batched = microsoft.client.perform([operation, DeleteEvent("AAMkAGI1")])

    assert isinstance(first, RemoteEvent)
    for again in (alone[0], batched[0]):
        assert isinstance(again, RemoteEvent)
        assert again.id == first.id
    assert len(microsoft.sandbox.mails) == 1


@pytest.mark.parametrize("zones_out", ["windows", "as_sent"])
def test_a_zone_comes_back_as_one_of_the_same_clock(
    microsoft: SandboxPlace, zones_out: str
) -> None:
    """Under its Windows name or as it was sent; the instants are the same."""
    microsoft.sandbox.options.set(zones_out=zones_out)

    made = create(microsoft, {**VALUES, "zone": "Asia/Ho_Chi_Minh"})

    assert made.shared["zone"] == "Asia/Bangkok"
    assert made.shared["when"] == VALUES["when"]


def test_a_refused_meeting_is_our_mistake(microsoft: SandboxPlace) -> None:
    """A person without a valid address: that one is parked, the others go on."""
    nobody = Keyed({"name:nobody": Person("required", "Nobody")})

    bad, good = microsoft.client.perform([creation({**VALUES, "people": nobody}), creation(VALUES)])

    failed(bad, Rejected)
    assert isinstance(good, RemoteEvent)


def test_a_read_only_calendar_refuses_writes(microsoft: SandboxPlace) -> None:
    """canEdit says so beforehand, 403 afterwards."""
    calendar = microsoft.sandbox.graph(ANNA, "POST", "/me/calendars", {"name": "Holidays"})
    microsoft.sandbox.state.mailbox(ANNA).calendar(calendar["id"]).can_edit = False

    shown = {one.id: one.can_edit for one in microsoft.client.calendars()}
    [result] = microsoft.client.perform([creation(VALUES, calendar_id=calendar["id"])])

    assert shown[calendar["id"]] is False
    failed(result, Refused)


def test_a_tag_is_found_in_its_calendar(microsoft: SandboxPlace) -> None:
    """Lists are per calendar: the tag is looked for where the event was made."""
    calendar = microsoft.sandbox.graph(ANNA, "POST", "/me/calendars", {"name": "Other"})
    operation = creation(VALUES, calendar_id=calendar["id"])
    [made] = microsoft.client.perform([operation])
    assert isinstance(made, RemoteEvent)

    assert microsoft.client.find_tagged(operation.tag) is None
    found = microsoft.client.find_tagged(operation.tag, calendar_id=calendar["id"])
    assert found is not None
    assert found.id == made.id


def test_an_update_names_only_what_changed(microsoft: SandboxPlace) -> None:
    """Exchange mails the guests of PATCHes that name a shared field; private ones are silent."""
    made = create(microsoft, INVITED)
    microsoft.sandbox.state.mails.clear()

    microsoft.client.perform([UpdateEvent(made.id, {"reminder": 5, "show_as": "oof"}, {})])
    assert not microsoft.sandbox.mails

    microsoft.client.perform([UpdateEvent(made.id, {"subject": "b"}, {})])
    assert [mail.kind for mail in microsoft.sandbox.mails] == ["update"]
