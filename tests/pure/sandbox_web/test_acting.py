"""Making, changing, answering and deleting on the page: what Graph, copies and mails then say."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from sandbox_web.outlook import LINH, MARIE, Outlook


def kinds(outlook: Outlook) -> list[str]:
    """Return the kinds of the mails sent, oldest first."""
    return [mail.kind for mail in outlook.sandbox.mails]


def test_a_timed_event_is_stored_in_the_zone_of_its_form(outlook: Outlook) -> None:
    """A person's wall clock and zone are what is stored; the page then shows the event."""
    week = outlook.make(subject="Call", zone="Eastern Standard Time", location="Room 4")

    stored = outlook.stored("Call")
    assert stored["start"]["dateTime"].startswith("2026-11-26T20:00")
    assert stored["originalStartTimeZone"] == "Eastern Standard Time"
    assert stored["location"]["displayName"] == "Room 4"
    assert week.text("notice") == "The event was made."
    # 20:00 UTC is three in the morning of the 27th in Vietnam, where the mailbox's owner is.
    assert "03:00 – 03:30" in week.events("Call")[0].get("title")


def test_an_all_day_event_ends_the_day_after_its_last_day(outlook: Outlook) -> None:
    """The form's last day is inclusive, Graph's end is not."""
    week = outlook.make(subject="Trip", all_day="1", end_date="2026-11-28")

    stored = outlook.stored("Trip")
    assert stored["isAllDay"] is True
    assert stored["start"]["dateTime"].startswith("2026-11-26T00:00")
    assert stored["end"]["dateTime"].startswith("2026-11-29T00:00")
    assert "Thu 26 Nov – Sat 28 Nov" in week.events("Trip")[0].get("title")


def test_every_choice_of_the_form_is_stored(outlook: Outlook) -> None:
    """Show as, sensitivity, reminder, categories and text reach the event."""
    outlook.make(
        subject="All",
        show_as="workingElsewhere",
        sensitivity="confidential",
        reminder="",
        categories="Customer, Travel, Customer",
        body="First line\nSecond line",
    )

    stored = outlook.stored("All")
    assert stored["showAs"] == "workingElsewhere"
    assert stored["sensitivity"] == "confidential"
    assert stored["isReminderOn"] is False
    assert stored["categories"] == ["Customer", "Travel"]
    assert stored["bodyPreview"] == "First line\r\nSecond line"


def test_guests_are_invited_with_copies_and_mails(outlook: Outlook) -> None:
    """A meeting made on the page reaches the others as one made through Graph would."""
    week = outlook.make(
        subject="Review",
        required=f"{MARIE}; Guest, Outside <guest@elsewhere.example>",
        optional="one@x.example, two@x.example",
        resource="Room 4 <room4@contoso.example>",
    )

    people = outlook.stored("Review")["attendees"]
    assert [(one["type"], one["emailAddress"]["address"]) for one in people] == [
        ("required", MARIE),
        ("required", "guest@elsewhere.example"),
        ("optional", "one@x.example"),
        ("optional", "two@x.example"),
        ("resource", "room4@contoso.example"),
    ]
    assert [one["emailAddress"]["name"] for one in people[:2]] == ["Marie Dupont", "Guest, Outside"]
    assert kinds(outlook) == ["invitation"]
    assert "one mail" in week.text("notice")
    copy = outlook.stored("Review", MARIE)
    assert copy["iCalUId"] == outlook.stored("Review")["iCalUId"]
    assert copy["responseStatus"]["response"] == "notResponded"


def test_only_what_was_changed_is_sent(outlook: Outlook) -> None:
    """A change of what is private to a mailbox mails nobody, though the form shows everything."""
    outlook.make(subject="Review", required=MARIE)
    event = outlook.week().open_event("Review")

    page = event.click("edit").send("event-form", reminder="60", categories="Mine")

    assert outlook.stored("Review")["reminderMinutesBeforeStart"] == 60
    assert page.text("notice") == "The event was changed."
    assert kinds(outlook) == ["invitation"]


def test_saving_an_untouched_form_changes_nothing(outlook: Outlook) -> None:
    """No difference, no request: the change key stays."""
    outlook.make(subject="Review", required=MARIE, body="Some\ntext", categories="A, B")
    before = outlook.stored("Review")["changeKey"]

    page = outlook.week().open_event("Review").click("edit").send("event-form")

    assert outlook.stored("Review")["changeKey"] == before
    assert "Nothing was different" in page.text("notice")


def test_a_form_opened_before_somebody_elses_change_keeps_that_change(outlook: Outlook) -> None:
    """What the person did not touch is not sent, even where it is another by now."""
    outlook.make(subject="Review")
    form = outlook.week().open_event("Review").click("edit")
    stored = outlook.stored("Review")
    outlook.sandbox.change_event(LINH, stored["id"], {"location": {"displayName": "Room 9"}})

    form.send("event-form", subject="Renamed")

    assert outlook.stored("Renamed")["location"]["displayName"] == "Room 9"


def test_moving_an_event_keeps_its_zone_and_all_day(outlook: Outlook) -> None:
    """The form of an event shows and keeps the zone in which it was made."""
    outlook.make(subject="Call", zone="Eastern Standard Time")
    form = outlook.week().open_event("Call").click("edit")

    form.send("event-form", start_time="16:00", end_time="17:00")

    stored = outlook.stored("Call")
    assert stored["originalStartTimeZone"] == "Eastern Standard Time"
    assert stored["start"]["dateTime"].startswith("2026-11-26T21:00")
    assert stored["isAllDay"] is False


def test_an_event_can_become_all_day(outlook: Outlook) -> None:
    """Ticking the box turns the times into days."""
    outlook.make(subject="Call")

    outlook.week().open_event("Call").click("edit").send("event-form", all_day="1")

    assert outlook.stored("Call")["isAllDay"] is True


def test_a_changed_meeting_mails_its_guests(outlook: Outlook) -> None:
    """The organizer's change of what is shared is told to everybody."""
    outlook.make(subject="Review", required=MARIE)

    page = outlook.week().open_event("Review").click("edit").send("event-form", location="Room 9")

    assert kinds(outlook) == ["invitation", "update"]
    assert "one mail" in page.text("notice")
    assert outlook.stored("Review", MARIE)["location"]["displayName"] == "Room 9"


@pytest.mark.parametrize(
    ("button", "answer"), [("accept", "accepted"), ("tentative", "tentativelyAccepted")]
)
def test_an_answer_reaches_the_organizer(outlook: Outlook, button: str, answer: str) -> None:
    """Answering mails the organizer, whose copy then shows the answer."""
    outlook.make(subject="Review", required=MARIE)

    event = outlook.week(MARIE).open_event("Review")
    event.send("answer-form", button=button, comment="Gladly")

    assert outlook.stored("Review")["attendees"][0]["status"]["response"] == answer
    assert outlook.sandbox.mails[-1].kind == "response"
    assert outlook.sandbox.mails[-1].comment == "Gladly"


def test_an_answer_can_be_given_without_telling_the_organizer(outlook: Outlook) -> None:
    """Unticked, the answer stays in the own copy and nobody is mailed."""
    outlook.make(subject="Review", required=MARIE)

    outlook.week(MARIE).open_event("Review").send("answer-form", button="accept", send=None)

    assert outlook.stored("Review", MARIE)["responseStatus"]["response"] == "accepted"
    assert outlook.stored("Review")["attendees"][0]["status"]["response"] == "none"
    assert kinds(outlook) == ["invitation"]


def test_declining_removes_the_copy(outlook: Outlook) -> None:
    """A declined meeting goes from the calendar; the organizer is told."""
    outlook.make(subject="Review", required=MARIE)

    week = outlook.week(MARIE).open_event("Review").send("answer-form", button="decline")

    assert week.subjects() == []
    assert outlook.stored("Review")["attendees"][0]["status"]["response"] == "declined"


def test_an_attendee_is_offered_only_what_is_his(outlook: Outlook) -> None:
    """The form of a copy has no field of the organizer's, and changing it leaves those alone."""
    outlook.make(subject="Review", required=MARIE, location="Room 9", all_day="1")

    form = outlook.week(MARIE).open_event("Review").click("edit")
    form.send("event-form", show_as="oof", categories="Mine")

    assert form.all("field-subject") == []
    copy = outlook.stored("Review", MARIE)
    assert (copy["showAs"], copy["categories"]) == ("oof", ["Mine"])
    assert (copy["isAllDay"], copy["location"]["displayName"]) == (True, "Room 9")
    assert outlook.stored("Review")["categories"] == []


def test_deleting_a_meeting_cancels_it_for_its_guests(outlook: Outlook) -> None:
    """The organizer's deletion leaves a canceled copy and a mail."""
    outlook.make(subject="Review", required=MARIE)

    week = outlook.week().open_event("Review").send("delete-form")

    assert week.subjects() == []
    assert outlook.stored("Canceled: Review", MARIE)["isCancelled"] is True
    assert kinds(outlook) == ["invitation", "cancellation"]


def test_canceling_carries_the_organizers_word(outlook: Outlook) -> None:
    """A word given with the cancellation is in the mail."""
    outlook.make(subject="Review", required=MARIE)

    outlook.week().open_event("Review").send("cancel-form", comment="The room burnt down")

    assert outlook.sandbox.mails[-1].comment == "The room burnt down"


def test_removing_ones_own_copy_tells_nobody(outlook: Outlook) -> None:
    """An attendee's deletion is his alone."""
    outlook.make(subject="Review", required=MARIE)

    outlook.week(MARIE).open_event("Review").send("delete-form")

    assert outlook.sandbox.find_events(MARIE, "Review") == []
    assert kinds(outlook) == ["invitation"]
    assert outlook.stored("Review")["attendees"][0]["status"]["response"] == "none"


def test_an_event_can_be_moved_to_another_calendar(outlook: Outlook) -> None:
    """A moved event leaves one calendar for the other and stays what it is."""
    other = outlook.sandbox.graph(LINH, "POST", "/me/calendars", {"name": "Projects"})
    outlook.make(subject="Review")
    uid = outlook.stored("Review")["iCalUId"]

    page = outlook.week().open_event("Review").send("move-form", calendar=other["id"])

    assert outlook.sandbox.events(LINH) == []
    assert [one["iCalUId"] for one in outlook.sandbox.events(LINH, other["id"])] == [uid]
    assert page.text("notice") == "The event is in the other calendar now."
    assert outlook.week().subjects() == ["Review"]


def test_an_event_can_be_made_in_another_calendar(outlook: Outlook) -> None:
    """The form offers the calendars of the mailbox."""
    other = outlook.sandbox.graph(LINH, "POST", "/me/calendars", {"name": "Projects"})

    outlook.make(subject="Review", calendar=other["id"])

    assert [one["subject"] for one in outlook.sandbox.events(LINH, other["id"])] == ["Review"]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"start_time": "16:00", "end_time": "15:00"}, "ends before it starts"),
        ({"start_date": "soon"}, "Give the date"),
        ({"required": "nobody"}, "recipient"),
        ({"repeat": "daily", "repeat_every": "none"}, "failed validation"),
    ],
)
def test_a_refused_form_comes_back_filled(
    outlook: Outlook, fields: dict[str, str], words: str
) -> None:
    """What cannot be is said above the form, which still holds what was typed; nothing is made."""
    page = outlook.make(subject="Typed in", **fields)

    assert page.status == 422
    assert words in page.text("problem")
    assert page.one("field-subject").get("value") == "Typed in"
    assert outlook.sandbox.find_events(LINH, "Typed in") == []


def test_an_act_the_mail_system_refuses_says_why(outlook: Outlook) -> None:
    """A refusal is a page in words, with the refusal's status."""
    outlook.make(subject="Mine", required=MARIE)
    event_id = outlook.stored("Mine")["id"]

    page = outlook.browser.post(
        f"/outlook/{LINH}/events/{quote(event_id)}/answer", {"answer": "accept", "send": "1"}
    )

    assert page.status == 400
    assert "you're the meeting organizer" in page.text("problem")
