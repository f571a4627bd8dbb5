"""Series on the page: made with the form, shown by occurrence, changed one by one or whole."""

from __future__ import annotations

from sandbox_web.outlook import Outlook


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
