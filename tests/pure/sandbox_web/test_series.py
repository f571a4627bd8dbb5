"""Series on the page: made with the form, shown by occurrence, changed one by one or whole."""

from __future__ import annotations

import pytest
from sandbox_web.outlook import LINH, Outlook


def test_a_series_is_made_and_shown_by_occurrence(outlook: Outlook) -> None:
    """A weekly series from the form shows on each of its days."""
    week = outlook.make(
        subject="Stand-up",
        repeat="weekly",
        repeat_thursday="1",
        repeat_friday="1",
        repeat_ends="numbered",
        repeat_times="3",
    )

    assert outlook.stored("Stand-up")["recurrence"]["pattern"]["daysOfWeek"] == [
        "thursday",
        "friday",
    ]
    assert week.subjects() == ["Stand-up", "Stand-up"]
    words = week.open_event("Stand-up").text("recurrence")
    assert words == "Repeats every week on Thursday and Friday, 3 times"
    assert outlook.week(day="2026-12-03").subjects() == ["Stand-up"]


def test_one_occurrence_can_be_changed_alone(outlook: Outlook) -> None:
    """A change of one date leaves the others as they are."""
    outlook.make(subject="Stand-up", repeat="daily")

    event = outlook.week().open_event("Stand-up", which=1)
    event.click("edit").send("event-form", subject="Moved", start_time="16:00", end_time="16:30")

    assert outlook.week().subjects() == ["Stand-up", "Moved", "Stand-up", "Stand-up"]
    assert outlook.stored("Stand-up")["type"] == "seriesMaster"


def test_one_occurrence_can_be_deleted_alone(outlook: Outlook) -> None:
    """A deleted date is gone, the series stays."""
    outlook.make(subject="Stand-up", repeat="daily")

    week = outlook.week().open_event("Stand-up", which=1).send("delete-form")

    assert len(week.subjects()) == 3


def test_a_whole_series_can_be_changed_and_deleted(outlook: Outlook) -> None:
    """The way to the series is on each of its occurrences."""
    outlook.make(subject="Stand-up", repeat="daily")

    series = outlook.week().open_event("Stand-up").click("open-series")
    series = series.click("edit").send("event-form", subject="Check-in")

    assert set(outlook.week().subjects()) == {"Check-in"}
    series.send("delete-form")
    assert outlook.week().subjects() == []


def test_a_pattern_can_be_moved_to_another_day(outlook: Outlook) -> None:
    """The form shows the pattern as it is; a new one begins on its first day from the start on."""
    outlook.make(subject="Stand-up", repeat="weekly", repeat_ends="numbered", repeat_times="3")
    series = outlook.week().open_event("Stand-up").click("open-series").click("edit")
    assert series.one("field-repeat_thursday").get("checked") is not None

    series.send("event-form", repeat_thursday=None, repeat_friday="1")

    stored = outlook.stored("Stand-up")
    assert stored["recurrence"]["pattern"]["daysOfWeek"] == ["friday"]
    assert stored["recurrence"]["range"]["numberOfOccurrences"] == 3
    assert stored["start"]["dateTime"].startswith("2026-11-27")
    assert outlook.week(day="2026-12-02").open_event("Stand-up").text("when").startswith("Friday 4")


def test_a_new_time_of_a_series_keeps_its_pattern(outlook: Outlook) -> None:
    """Only what was changed is sent: the pattern is not, while its first day stays."""
    outlook.make(subject="Stand-up", repeat="daily", repeat_ends="numbered", repeat_times="3")
    before = outlook.stored("Stand-up")["recurrence"]
    series = outlook.week().open_event("Stand-up").click("open-series").click("edit")

    series.send("event-form", start_time="16:00", end_time="16:30")

    assert outlook.stored("Stand-up")["recurrence"] == before
    assert "16:00 – 16:30" in outlook.week().open_event("Stand-up", which=2).text("when")


def test_a_series_can_be_shortened_and_ended(outlook: Outlook) -> None:
    """Another end takes dates away at the end, no repetition leaves the first."""
    outlook.make(subject="Stand-up", repeat="daily")
    series = outlook.week().open_event("Stand-up").click("open-series").click("edit")

    series = series.send("event-form", repeat_ends="endDate", repeat_until="2026-11-27")

    assert outlook.week().subjects() == ["Stand-up"] * 2
    series.click("edit").send("event-form", repeat="")
    assert outlook.week().subjects() == ["Stand-up"]
    assert outlook.stored("Stand-up")["type"] == "singleInstance"


def test_a_single_event_can_be_made_a_series(outlook: Outlook) -> None:
    """The form of an event that does not repeat offers it."""
    outlook.make(subject="Stand-up")

    outlook.week().open_event("Stand-up").click("edit").send("event-form", repeat="daily")

    assert outlook.stored("Stand-up")["type"] == "seriesMaster"
    assert len(outlook.week().subjects()) == 4


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"repeat": "absoluteMonthly"}, "every month on day 26"),
        ({"repeat": "absoluteYearly"}, "every year on day 26 of November"),
        (
            {"repeat": "relativeMonthly", "repeat_index": "last", "repeat_every": "2"},
            "every 2 months on the last Thursday",
        ),
        (
            {"repeat": "relativeYearly", "repeat_index": "fourth"},
            "every year on the fourth Thursday of November",
        ),
    ],
)
def test_every_pattern_can_be_chosen_and_is_shown_again(
    outlook: Outlook, fields: dict[str, str], words: str
) -> None:
    """What the form made is what it shows: saved again, nothing is sent."""
    outlook.make(subject="Report", **fields)

    series = outlook.week().open_event("Report").click("open-series")

    assert series.text("recurrence") == f"Repeats {words}"
    again = series.click("edit").send("event-form")
    assert again.text("notice") == "Nothing was different, so nothing was sent."


def test_an_occurrence_has_no_pattern_of_its_own(outlook: Outlook) -> None:
    """The form of one date offers no repetition, and saves none."""
    outlook.make(subject="Stand-up", repeat="daily")

    form = outlook.week().open_event("Stand-up").click("edit")

    assert form.all("field-repeat") == []
    form.send("event-form", location="Room 2")
    assert [one["type"] for one in outlook.sandbox.events(LINH)] == ["seriesMaster"]
    assert outlook.week().open_event("Stand-up").text("location") == "Room 2"


def test_a_series_of_three_is_told_of_one_date_alone(outlook: Outlook) -> None:
    """A change, and a deletion, of one date of a meeting: one mail each to those invited."""
    outlook.make(subject="Review", required="guest@customer.example", repeat="daily")

    event = outlook.week().open_event("Review", which=1)
    event.click("edit").send("event-form", subject="Another review")
    outlook.week().open_event("Another review").send("cancel-form", comment="No room")

    kinds = [mail.kind for mail in outlook.sandbox.mails]
    assert kinds == ["invitation", "update", "cancellation"]
    assert len(outlook.week().subjects()) == 3
