"""What the organizer and the guests see of each other: two mailboxes of the sandbox."""

from __future__ import annotations

from contract.places import SandboxPlace, create, failed
from contract.samples import INVITED, WEEKLY, whole_round
from microsoft import ANNA, BERT

from core.engine.errors import (
    Rejected,
)
from core.graph.operations import Answer, DeleteEvent, Respond
from core.graph.remote import RemoteEvent


def test_an_answer_reaches_the_organizer(microsoft: SandboxPlace) -> None:
    """The guest's copy shares the iCalUId and has an id of its own; each answer is seen there."""
    made = create(microsoft, INVITED)
    guest = microsoft.guest_client
    copy = guest.find_by_ical_uid(made.ical_uid or "")
    assert copy is not None
    assert (copy.id == made.id, copy.is_organizer, copy.own_response) == (
        False,
        False,
        "notResponded",
    )
    assert copy.organizer
    assert copy.organizer.address == ANNA
    assert copy.shared["people"] == made.shared["people"]

    answers: list[tuple[Answer, str]] = [
        ("accept", "accepted"),
        ("tentativelyAccept", "tentativelyAccepted"),
    ]
    for action, answer in answers:
        respond = Respond(copy.id, action, comment="fine")
        assert guest.perform([respond]) == [None]
        assert guest.get_event(copy.id).own_response == answer
        assert microsoft.client.get_event(made.id).responses == {BERT: answer}


def test_declining_takes_the_copy_away(microsoft: SandboxPlace) -> None:
    """It is moved to Deleted Items: removed in delta, the organizer sees the answer."""
    made = create(microsoft, INVITED)
    guest = microsoft.guest_client
    first = whole_round(guest)
    [copy] = first.events
    assert isinstance(copy, RemoteEvent)

    assert guest.perform([Respond(copy.id, "decline")]) == [None]

    assert whole_round(guest, first.delta_link).removed == [copy.id]
    assert microsoft.client.get_event(made.id).responses == {BERT: "declined"}


def test_a_comment_needs_to_be_sent(microsoft: SandboxPlace) -> None:
    """Graph refuses a comment that goes to nobody (seen live)."""
    create(microsoft, INVITED)
    guest = microsoft.guest_client
    [copy] = whole_round(guest).events
    assert isinstance(copy, RemoteEvent)

    [result] = guest.perform([Respond(copy.id, "accept", send_response=False, comment="x")])

    failed(result, Rejected)


def test_an_answer_that_nobody_wants_is_kept_silent(microsoft: SandboxPlace) -> None:
    """Where the organizer asked for no responses, sending one is refused (seen)."""
    guests = [{"type": "required", "emailAddress": {"address": BERT}}]
    times = {name: WEEKLY[name] for name in ("start", "end")}
    microsoft.sandbox.create_event(ANNA, {**times, "attendees": guests, "responseRequested": False})
    [copy] = whole_round(microsoft.guest_client).events
    assert isinstance(copy, RemoteEvent)
    assert not copy.wants_response

    [loud] = microsoft.guest_client.perform([Respond(copy.id, "accept")])
    silent = microsoft.guest_client.perform([Respond(copy.id, "accept", send_response=False)])

    failed(loud, Rejected)
    assert silent == [None]


def test_the_organizer_s_deletion_cancels(microsoft: SandboxPlace) -> None:
    """The copies stay, cancelled, until their owners remove them."""
    made = create(microsoft, INVITED)

    microsoft.client.perform([DeleteEvent(made.id)])

    [copy] = whole_round(microsoft.guest_client).events
    assert isinstance(copy, RemoteEvent)
    assert copy.is_cancelled


def test_an_organizer_listed_as_guest_is_none(microsoft: SandboxPlace) -> None:
    """Some servers list the organizer among the attendees of the copies."""
    microsoft.sandbox.options.set(organizer_among_attendees=True)
    made = create(microsoft, INVITED)

    [copy] = whole_round(microsoft.guest_client).events

    assert isinstance(copy, RemoteEvent)
    assert copy.shared["people"] == made.shared["people"]
