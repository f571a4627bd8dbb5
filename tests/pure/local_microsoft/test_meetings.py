"""Several mailboxes: copies, answers, and every mail that Exchange would send."""

from __future__ import annotations

from typing import Any

import pytest
from wire import ANNA, BOB, CARL, TAG, Graph, at, meeting

from sandbox import ActionRefused, Sandbox


def only(sandbox: Sandbox, address: str) -> dict[str, Any]:
    """Return the one event of a mailbox."""
    (event,) = sandbox.events(address)
    return event


def mails(sandbox: Sandbox) -> list[tuple[str, tuple[str, ...]]]:
    """Return kind and recipients of the mails, and forget them."""
    found = [(mail.kind, mail.recipients) for mail in sandbox.mails]
    sandbox.mails.clear()
    return found


def test_an_invitation_makes_a_copy(microsoft: Sandbox, anna: Graph) -> None:
    """Own id, same iCalUId, unanswered, tentative; people outside are only mailed."""
    made = anna.create(meeting("Plan", BOB, "x@outside.example", categories=["Red"]))
    copy = only(microsoft, BOB)

    assert made["iCalUId"] == copy["iCalUId"]
    assert made["id"] != copy["id"]
    assert not copy["isOrganizer"]
    assert ANNA == copy["organizer"]["emailAddress"]["address"]
    assert ("notResponded", "tentative", []) == (
        copy["responseStatus"]["response"],
        copy["showAs"],
        copy["categories"],
    )
    assert [("invitation", (BOB, "x@outside.example"))] == mails(microsoft)


@pytest.mark.parametrize(
    "changes",
    [
        {"categories": ["Red"]},
        {"isReminderOn": False},
        {"showAs": "oof"},
        {"singleValueExtendedProperties": [{"id": TAG, "value": "1"}]},
    ],
)
def test_what_is_private_is_not_mailed(
    microsoft: Sandbox, anna: Graph, changes: dict[str, Any]
) -> None:
    """And leaves the copies alone."""
    made = anna.create(meeting("Plan", BOB))
    before = only(microsoft, BOB)
    mails(microsoft)
    anna.change(made["id"], changes)

    assert [] == mails(microsoft)
    assert before == only(microsoft, BOB)


def test_an_update_reaches_the_copies_and_keeps_what_is_theirs(
    microsoft: Sandbox, anna: Graph
) -> None:
    """Subject and time travel, the reminder stays."""
    made = anna.create(meeting("Plan", BOB))
    copy = only(microsoft, BOB)
    microsoft.change_event(BOB, copy["id"], {"reminderMinutesBeforeStart": 5, "subject": "Mine"})
    mails(microsoft)
    anna.change(made["id"], {"subject": "New"})
    after = only(microsoft, BOB)

    assert ("New", 5, copy["id"]) == (
        after["subject"],
        after["reminderMinutesBeforeStart"],
        after["id"],
    )
    assert [("update", (BOB,))] == mails(microsoft)


@pytest.mark.parametrize("strict", [True, False])
def test_naming_a_value_again_mails_where_the_switch_says_so(
    microsoft: Sandbox, anna: Graph, strict: bool
) -> None:
    """Whether Exchange compares is not known."""
    microsoft.options.set(mail_unchanged=strict)
    made = anna.create(meeting("Plan", BOB))
    mails(microsoft)
    anna.change(made["id"], {"subject": "Plan"})

    assert ([("update", (BOB,))] if strict else []) == mails(microsoft)


def test_only_those_added_or_removed_are_mailed(microsoft: Sandbox, anna: Graph) -> None:
    """A body with nothing but attendees."""
    microsoft.add_mailbox(CARL)
    made = anna.create(meeting("Plan", BOB, "x@outside.example"))
    mails(microsoft)
    people = [{"emailAddress": {"address": one}} for one in (CARL, "x@outside.example")]
    anna.change(made["id"], {"attendees": people})

    assert [("cancellation", (BOB,)), ("invitation", (CARL,))] == mails(microsoft)
    assert only(microsoft, BOB)["isCancelled"]
    assert made["iCalUId"] == only(microsoft, CARL)["iCalUId"]


def test_an_answer_reaches_the_organizer_and_survives_a_resent_list(
    microsoft: Sandbox, anna: Graph
) -> None:
    """By mail, in the status of the attendee; other attendees do not see it."""
    microsoft.add_mailbox(CARL)
    made = anna.create(meeting("Plan", BOB, CARL))
    mails(microsoft)
    microsoft.answer_event(BOB, only(microsoft, BOB)["id"], "accept", comment="Fine")
    people = anna.get(f"/me/events/{made['id']}")["attendees"]
    again = anna.change(made["id"], {"attendees": people})

    assert [("response", (ANNA,))] == mails(microsoft)
    assert "accepted" == again["attendees"][0]["status"]["response"]
    assert ("accepted", "busy") == (
        only(microsoft, BOB)["responseStatus"]["response"],
        only(microsoft, BOB)["showAs"],
    )
    assert {"none"} == {one["status"]["response"] for one in only(microsoft, CARL)["attendees"]}


def test_an_answer_that_is_not_sent_stays_private(microsoft: Sandbox, anna: Graph) -> None:
    """sendResponse false: no mail, and the organizer's copy does not know."""
    made = anna.create(meeting("Plan", BOB))
    mails(microsoft)
    microsoft.answer_event(BOB, only(microsoft, BOB)["id"], "accept", send_response=False)

    assert [] == mails(microsoft)
    person = anna.get(f"/me/events/{made['id']}")["attendees"][0]
    assert "none" == person["status"]["response"]


@pytest.mark.parametrize("removes", [True, False])
def test_declining_removes_the_copy(microsoft: Sandbox, bob: Graph, removes: bool) -> None:
    """As seen live; the switch keeps it, declined."""
    microsoft.options.set(decline_removes=removes)
    microsoft.create_event(ANNA, meeting("Plan", BOB))
    _, link = bob.delta()
    copy = only(microsoft, BOB)
    bob.send("POST", f"/me/events/{copy['id']}/decline", json={"Comment": "No"})
    told, _ = bob.delta(link)

    if removes:
        assert [] == microsoft.events(BOB)
        assert [{"reason": "deleted"}] == [one["@removed"] for one in told]
    else:
        assert "declined" == only(microsoft, BOB)["responseStatus"]["response"]
    assert "declined" == only(microsoft, ANNA)["attendees"][0]["status"]["response"]


def test_a_new_time_makes_answers_void(microsoft: Sandbox, anna: Graph) -> None:
    """Everybody has to answer again."""
    made = anna.create(meeting("Plan", BOB))
    microsoft.answer_event(BOB, only(microsoft, BOB)["id"], "accept")
    later = {"start": at("2026-10-20T11:00:00"), "end": at("2026-10-20T12:00:00")}
    changed = anna.change(made["id"], later)

    assert "none" == changed["attendees"][0]["status"]["response"]
    assert "notResponded" == only(microsoft, BOB)["responseStatus"]["response"]


@pytest.mark.parametrize("stays", [True, False])
def test_a_deleted_meeting_is_cancelled_for_its_people(
    microsoft: Sandbox, anna: Graph, stays: bool
) -> None:
    """The copy stays as "Canceled: …", or goes at once (switch)."""
    microsoft.options.set(cancelled_copy="stays" if stays else "removed")
    made = anna.create(meeting("Plan", BOB))
    mails(microsoft)
    assert 204 == anna.send("DELETE", f"/me/events/{made['id']}").status_code

    assert [("cancellation", (BOB,))] == mails(microsoft)
    if stays:
        copy = only(microsoft, BOB)
        assert ("Canceled: Plan", True, "free") == (
            copy["subject"],
            copy["isCancelled"],
            copy["showAs"],
        )
    else:
        assert [] == microsoft.events(BOB)


def test_an_attendee_who_deletes_tells_nobody(microsoft: Sandbox, bob: Graph) -> None:
    """Only his copy goes."""
    microsoft.create_event(ANNA, meeting("Plan", BOB))
    mails(microsoft)
    bob.send("DELETE", f"/me/events/{only(microsoft, BOB)['id']}")

    assert [] == mails(microsoft)
    assert [] == microsoft.events(BOB)
    assert not only(microsoft, ANNA)["isCancelled"]


def test_an_attendees_change_is_local(microsoft: Sandbox, bob: Graph) -> None:
    """200, and overwritten by the organizer's next update."""
    made = microsoft.create_event(ANNA, meeting("Plan", BOB))
    copy = only(microsoft, BOB)
    mails(microsoft)
    assert "Mine" == bob.change(copy["id"], {"subject": "Mine"})["subject"]

    assert [] == mails(microsoft)
    assert "Plan" == only(microsoft, ANNA)["subject"]
    microsoft.change_event(ANNA, made["id"], {"location": {"displayName": "Here"}})
    assert "Plan" == only(microsoft, BOB)["subject"]


@pytest.mark.parametrize(
    ("who", "action", "body", "code"),
    [
        (ANNA, "accept", {}, "ErrorInvalidRequest"),
        (BOB, "cancel", {"comment": "x"}, "ErrorInvalidRequest"),
        (BOB, "accept", {"comment": "x", "sendResponse": False}, "ErrorInvalidParameter"),
        (
            BOB,
            "decline",
            {
                "sendResponse": False,
                "proposedNewTime": {
                    "start": at("2026-10-21T09:00:00"),
                    "end": at("2026-10-21T10:00:00"),
                },
            },
            "ErrorInvalidParameter",
        ),
        (BOB, "accept", {"why": "x"}, "RequestBodyRead"),
    ],
)
def test_actions_that_do_not_fit_the_role_are_refused(
    microsoft: Sandbox, who: str, action: str, body: dict[str, Any], code: str
) -> None:
    """Messages as seen live."""
    microsoft.create_event(ANNA, meeting("Plan", BOB))
    path = f"/me/events/{only(microsoft, who)['id']}/{action}"
    with Graph(microsoft, who) as graph:
        assert (400, code) == graph.refused("POST", path, json=body)


def test_no_response_is_accepted_where_none_was_requested(microsoft: Sandbox) -> None:
    """The answer may be kept silently."""
    microsoft.create_event(ANNA, meeting("Plan", BOB, responseRequested=False))
    copy = only(microsoft, BOB)["id"]

    with pytest.raises(ActionRefused):
        microsoft.answer_event(BOB, copy, "accept")
    microsoft.answer_event(BOB, copy, "accept", send_response=False)
    assert "accepted" == only(microsoft, BOB)["responseStatus"]["response"]


def test_a_proposed_time_shows_on_the_organizers_copy(microsoft: Sandbox, bob: Graph) -> None:
    """Until a plain answer replaces it."""
    microsoft.create_event(ANNA, meeting("Plan", BOB))
    slot = {"start": at("2026-10-21T09:00:00"), "end": at("2026-10-21T10:00:00")}
    path = f"/me/events/{only(microsoft, BOB)['id']}/tentativelyAccept"
    assert 202 == bob.send("POST", path, json={"proposedNewTime": slot}).status_code

    person = only(microsoft, ANNA)["attendees"][0]
    assert "2026-10-21T07:00:00.0000000" == person["proposedNewTime"]["start"]["dateTime"]


def test_hidden_attendees_see_only_themselves(microsoft: Sandbox, anna: Graph) -> None:
    """hideAttendees."""
    anna.create(meeting("Plan", BOB, "x@outside.example", hideAttendees=True))

    people = only(microsoft, BOB)["attendees"]
    assert [BOB] == [person["emailAddress"]["address"] for person in people]


def test_answers_count_in_the_primary_calendar_only(microsoft: Sandbox, anna: Graph) -> None:
    """isTallyingResponses."""
    second = anna.send("POST", "/me/calendars", json={"name": "Second"}).json()
    made = microsoft.create_event(ANNA, meeting("Plan", BOB), second["id"])
    microsoft.answer_event(BOB, only(microsoft, BOB)["id"], "accept")

    person = anna.get(f"/me/events/{made['id']}")["attendees"][0]
    assert "none" == person["status"]["response"]
