"""Series: patterns, exceptions, cancelled dates, and what a new pattern does to them."""

from __future__ import annotations

from typing import Any

import pytest
from wire import ANNA, BOB, CARL, TAG, WINDOW, Graph, at, series

from sandbox import Sandbox

YEARS = {"startDateTime": "2026-01-01T00:00:00Z", "endDateTime": "2030-12-30T00:00:00Z"}


def dates(graph: Graph, master: dict[str, Any], window: dict[str, str] = YEARS) -> list[str]:
    """Return the days on which a series' occurrences are, in Brussels."""
    prefer = {"Prefer": 'outlook.timezone="Europe/Brussels"'}
    options = window | {"$orderby": "start/dateTime", "$top": "500"}
    path = f"/me/events/{master['id']}/instances"
    found = graph.get(path, params=options, headers=prefer)["value"]
    assert {"09:00:00.0000000"} == {one["start"]["dateTime"][11:] for one in found}
    return [one["start"]["dateTime"][:10] for one in found]


def instances(graph: Graph, master: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the occurrences in order."""
    options = YEARS | {"$orderby": "start/dateTime", "$top": "500"}
    found: list[dict[str, Any]] = graph.get(f"/me/events/{master['id']}/instances", params=options)[
        "value"
    ]
    return found


@pytest.mark.parametrize(
    ("kind", "start", "pattern", "expected"),
    [
        ("daily", "2026-10-24", {"interval": 2}, "10-24 10-26 10-28 10-30 11-01"),
        (
            "weekly",
            "2026-10-05",
            {"daysOfWeek": ["monday", "wednesday"]},
            "10-05 10-07 10-12 10-14 10-19",
        ),
        (
            "weekly",
            "2026-10-04",
            {"interval": 2, "daysOfWeek": ["sunday", "monday"], "firstDayOfWeek": "sunday"},
            "10-04 10-05 10-18 10-19 11-01",
        ),
        (
            "weekly",
            "2026-10-04",
            {"interval": 2, "daysOfWeek": ["sunday", "monday"], "firstDayOfWeek": "monday"},
            "10-04 10-12 10-18 10-26 11-01",
        ),
        ("absoluteMonthly", "2026-08-31", {"dayOfMonth": 31}, "08-31 09-30 10-31 11-30 12-31"),
        (
            "relativeMonthly",
            "2026-08-11",
            {"daysOfWeek": ["tuesday"], "index": "second"},
            "08-11 09-08 10-13 11-10 12-08",
        ),
        (
            "relativeMonthly",
            "2026-08-31",
            {
                "daysOfWeek": ["monday", "tuesday", "wednesday", "thursday", "friday"],
                "index": "last",
            },
            "08-31 09-30 10-30 11-30 12-31",
        ),
    ],
)
def test_patterns_expand(
    anna: Graph, kind: str, start: str, pattern: dict[str, Any], expected: str
) -> None:
    """Five times each, by the wall clock in Brussels, over the end of summer time."""
    master = anna.create(series(kind, start=start, **pattern))

    assert [f"2026-{day}" for day in expected.split()] == dates(anna, master)


@pytest.mark.parametrize(
    ("kind", "start", "pattern", "expected"),
    [
        (
            "absoluteYearly",
            "2024-02-29",
            {"month": 2, "dayOfMonth": 29},
            ["2026-02-28", "2027-02-28", "2028-02-29"],
        ),
        (
            "relativeYearly",
            "2026-03-29",
            {"month": 3, "daysOfWeek": ["sunday"], "index": "last"},
            ["2026-03-29", "2027-03-28", "2028-03-26", "2029-03-25", "2030-03-31"],
        ),
    ],
)
def test_yearly_patterns_expand(
    anna: Graph, kind: str, start: str, pattern: dict[str, Any], expected: list[str]
) -> None:
    """The 29th of February falls on the month's last day."""
    assert expected == dates(anna, anna.create(series(kind, start=start, **pattern)))


def test_an_end_date_is_inclusive(anna: Graph) -> None:
    """And is a local date."""
    until = {"type": "endDate", "endDate": "2026-10-07"}
    master = anna.create(series("daily", until=until | {"numberOfOccurrences": 0}))

    assert ["2026-10-05", "2026-10-06", "2026-10-07"] == dates(anna, master)


def test_a_series_without_end_goes_on(anna: Graph) -> None:
    """As far as one looks."""
    until = {"type": "noEnd", "numberOfOccurrences": 0}
    master = anna.create(series("weekly", daysOfWeek=["monday"], until=until))

    assert 221 == len(dates(anna, master))
    assert "0001-01-01" == master["recurrence"]["range"]["endDate"]


def test_the_first_occurrence_may_be_later_than_the_start(anna: Graph) -> None:
    """The master's start moves there."""
    made = anna.create(series("weekly", daysOfWeek=["thursday"]))

    assert "2026-10-08T07:00:00.0000000" == made["start"]["dateTime"]
    assert "2026-10-08" == made["recurrence"]["range"]["startDate"]


def test_every_field_of_a_pattern_comes_back(anna: Graph) -> None:
    """Unused ones hold zero or their first value; the zone is filled in under its Windows name."""
    made = anna.create(series("daily"))

    pattern = {
        "type": "daily",
        "interval": 1,
        "month": 0,
        "dayOfMonth": 0,
        "daysOfWeek": [],
        "firstDayOfWeek": "sunday",
        "index": "first",
    }
    assert pattern == made["recurrence"]["pattern"]
    assert "Romance Standard Time" == made["recurrence"]["range"]["recurrenceTimeZone"]


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("daily", {"interval": 0}),
        ("daily", {"until": {"numberOfOccurrences": 0}}),
        ("daily", {"until": {"type": "endDate", "endDate": "2026-10-01"}}),
        ("daily", {"until": {"startDate": "2026-10-06"}}),
        ("daily", {"until": {"recurrenceTimeZone": "Nowhere"}}),
        ("daily", {"index": "fifth"}),
        ("hourly", {}),
        ("weekly", {}),
        ("absoluteMonthly", {"dayOfMonth": 32}),
        ("absoluteYearly", {"dayOfMonth": 3}),
        ("relativeMonthly", {"daysOfWeek": ["someday"]}),
    ],
)
def test_a_wrong_pattern_is_refused(anna: Graph, kind: str, values: dict[str, Any]) -> None:
    """Ignored fields are checked too."""
    body = series(kind, **values)

    assert 400 == anna.send("POST", "/me/events", json=body).status_code
    assert [] == anna.get("/me/events")["value"]


def test_an_occurrence_longer_than_the_interval_is_refused(anna: Graph) -> None:
    """Outlook's restriction."""
    body = series("daily") | {"end": at("2026-10-06T10:00:00")}

    assert (400, "ErrorOccurrenceTimeSpanTooBig") == anna.refused("POST", "/me/events", json=body)


def test_the_list_shows_masters_and_the_view_occurrences(anna: Graph) -> None:
    """Never the other way round."""
    anna.create(series("daily"))

    assert ["seriesMaster"] == [one["type"] for one in anna.get("/me/events")["value"]]
    view = anna.get("/me/calendarView", params=WINDOW)["value"]
    assert ["occurrence"] * 5 == [one["type"] for one in view]
    assert all(one["recurrence"] is None for one in view)


def test_a_changed_occurrence_becomes_an_exception(anna: Graph) -> None:
    """Its original start stays its name; it is shown on request only."""
    master = anna.create(series("daily"))
    slot = instances(anna, master)[1]
    moved = {"start": at("2026-10-06T15:00:00"), "end": at("2026-10-06T16:00:00")}
    changed = anna.change(slot["id"], moved)
    shown = anna.get(f"/me/events/{changed['id']}", params={"$select": "originalStart,type"})

    assert ("exception", master["id"]) == (changed["type"], changed["seriesMasterId"])
    assert "originalStart" not in changed
    assert "2026-10-06T07:00:00.0000000Z" == shown["originalStart"]


def test_what_a_master_leaves_out_is_named_on_request(anna: Graph) -> None:
    """Cancelled dates and exceptions in one call."""
    master = anna.create(series("daily"))
    slots = instances(anna, master)
    anna.send("DELETE", f"/me/events/{slots[2]['id']}")
    anna.change(slots[3]["id"], {"subject": "Other"})
    options = {
        "$select": "subject,cancelledOccurrences,exceptionOccurrences",
        "$expand": "exceptionOccurrences",
    }
    shown = anna.get(f"/me/events/{master['id']}", params=options)

    assert [f"OID.{master['id']}.2026-10-07"] == shown["cancelledOccurrences"]
    assert [(slots[3]["id"], "Other")] == [
        (one["id"], one["subject"]) for one in shown["exceptionOccurrences"]
    ]
    assert "cancelledOccurrences" not in anna.get(f"/me/events/{master['id']}")
    assert 404 == anna.send("GET", f"/me/events/{slots[2]['id']}").status_code
    assert 4 == len(instances(anna, master))


@pytest.mark.parametrize("day", ["2026-10-05", "2026-10-07", "2026-10-09"])
def test_an_occurrence_cannot_cross_its_neighbours(anna: Graph, day: str) -> None:
    """Nor lie on the same day."""
    slot = instances(anna, anna.create(series("daily")))[1]
    moved = {"start": at(f"{day}T15:00:00"), "end": at(f"{day}T16:00:00")}

    assert (400, "ErrorOccurrenceCrossingBoundary") == anna.refused(
        "PATCH", f"/me/events/{slot['id']}", json=moved
    )


def test_a_cancelled_neighbour_makes_room(anna: Graph) -> None:
    """Only what is there is in the way."""
    slots = instances(anna, anna.create(series("daily")))
    anna.send("DELETE", f"/me/events/{slots[2]['id']}")
    moved = {"start": at("2026-10-07T15:00:00"), "end": at("2026-10-07T16:00:00")}

    assert "exception" == anna.change(slots[1]["id"], moved)["type"]


@pytest.mark.parametrize("drops", [True, False])
def test_a_new_time_of_the_series_drops_exceptions(
    microsoft: Sandbox, anna: Graph, drops: bool
) -> None:
    """Inferred, so a switch; another subject never does."""
    microsoft.options.set(pattern_change_drops_exceptions=drops)
    master = anna.create(series("daily"))
    slots = instances(anna, master)
    anna.send("DELETE", f"/me/events/{slots[2]['id']}")
    anna.change(slots[1]["id"], {"location": {"displayName": "Elsewhere"}})
    anna.change(master["id"], {"subject": "Renamed"})
    kept = instances(anna, master)
    later = {"start": at("2026-10-05T11:00:00"), "end": at("2026-10-05T12:00:00")}
    anna.change(master["id"], later)

    assert ["Renamed"] * 4 == [one["subject"] for one in kept]
    assert "Elsewhere" == kept[1]["location"]["displayName"]
    assert (5 if drops else 4) == len(instances(anna, master))


def test_a_series_without_recurrence_is_a_single_event(anna: Graph) -> None:
    """PATCH recurrence: null."""
    master = anna.create(series("daily"))
    single = anna.change(master["id"], {"recurrence": None})

    assert ("singleInstance", None) == (single["type"], single["recurrence"])


def test_all_parts_share_one_change_key(anna: Graph) -> None:
    """They are one item in the store."""
    master = anna.create(series("daily"))
    anna.change(instances(anna, master)[0]["id"], {"subject": "Other"})

    keys = {one["changeKey"] for one in instances(anna, master)}
    assert {anna.get(f"/me/events/{master['id']}")["changeKey"]} == keys


def test_occurrences_have_dated_uids_and_inherit_tags(anna: Graph) -> None:
    """iCalUId differs per occurrence (documented); extended properties are inherited."""
    tag = [{"id": TAG, "value": "1"}]
    master = anna.create(series("daily") | {"singleValueExtendedProperties": tag})
    slots = instances(anna, master)
    shown = f"singleValueExtendedProperties($filter=id eq '{TAG}')"
    read = anna.get(f"/me/events/{slots[0]['id']}", params={"$expand": shown})

    assert 6 == len({one["iCalUId"] for one in [master, *slots]})
    assert tag == read["singleValueExtendedProperties"]


def test_a_series_reaches_its_guests(microsoft: Sandbox, anna: Graph, bob: Graph) -> None:
    """With its exceptions and cancelled dates, one mail each."""
    made = anna.create(series("daily") | {"attendees": [{"emailAddress": {"address": BOB}}]})
    slots = instances(anna, made)
    anna.change(slots[1]["id"], {"subject": "Other"})
    anna.send("DELETE", f"/me/events/{slots[2]['id']}")
    (copy,) = microsoft.events(BOB)
    view = bob.get("/me/calendarView", params=WINDOW | {"$orderby": "start/dateTime"})["value"]

    assert made["iCalUId"] == copy["iCalUId"]
    assert ["Series", "Other", "Canceled: Series", "Series", "Series"] == [
        one["subject"] for one in view
    ]
    assert [("invitation", None), ("update", "2026-10-06"), ("cancellation", "2026-10-07")] == [
        (mail.kind, mail.occurrence and mail.occurrence.isoformat()) for mail in microsoft.mails
    ]


def test_a_changed_series_mails_once_more_per_exception(microsoft: Sandbox, anna: Graph) -> None:
    """Documented in event-update."""
    made = anna.create(series("daily") | {"attendees": [{"emailAddress": {"address": BOB}}]})
    anna.change(instances(anna, made)[1]["id"], {"subject": "Other"})
    microsoft.mails.clear()
    anna.change(made["id"], {"location": {"displayName": "Here"}})

    assert [None, "2026-10-06"] == [
        mail.occurrence and mail.occurrence.isoformat() for mail in microsoft.mails
    ]


def test_one_occurrence_can_be_answered(microsoft: Sandbox, anna: Graph, bob: Graph) -> None:
    """The others stay unanswered; the organizer sees it on that date."""
    made = anna.create(series("daily") | {"attendees": [{"emailAddress": {"address": BOB}}]})
    slot = bob.get("/me/calendarView", params=WINDOW | {"$orderby": "start/dateTime"})["value"][1]
    assert 202 == bob.send("POST", f"/me/events/{slot['id']}/accept", json={}).status_code
    answers = [one["attendees"][0]["status"]["response"] for one in instances(anna, made)]

    assert ["none", "accepted", "none", "none", "none"] == answers
    microsoft.answer_event(BOB, microsoft.events(BOB)[0]["id"], "accept")
    answers = [one["attendees"][0]["status"]["response"] for one in instances(anna, made)]
    assert ["accepted"] * 5 == answers


def test_somebody_may_be_invited_to_one_occurrence(microsoft: Sandbox, anna: Graph) -> None:
    """He gets that date alone, without a master to look up."""
    microsoft.add_mailbox(CARL)
    made = anna.create(series("daily") | {"attendees": [{"emailAddress": {"address": BOB}}]})
    people = [{"emailAddress": {"address": one}} for one in (BOB, CARL)]
    slot = instances(anna, made)[1]
    anna.change(slot["id"], {"attendees": people})
    (lone,) = microsoft.events(CARL)
    microsoft.answer_event(CARL, lone["id"], "accept")

    assert ("exception", None) == (lone["type"], lone["seriesMasterId"])
    responses = [one["status"]["response"] for one in instances(anna, made)[1]["attendees"]]
    assert ["none", "accepted"] == responses
    anna.send("DELETE", f"/me/events/{made['id']}")
    assert microsoft.events(CARL)[0]["isCancelled"]


def test_a_series_in_another_zone_keeps_its_wall_clock(anna: Graph) -> None:
    """recurrenceTimeZone rules, even where the start is written in UTC."""
    body = series("weekly", daysOfWeek=["monday"], until={"recurrenceTimeZone": "America/New_York"})
    body |= {"start": at("2026-10-05T13:00:00", "UTC"), "end": at("2026-10-05T14:00:00", "UTC")}
    made = anna.create(body)
    starts = [one["start"]["dateTime"][5:16] for one in instances(anna, made)]

    assert ["10-05T13:00", "10-12T13:00", "10-19T13:00", "10-26T13:00", "11-02T14:00"] == starts


def test_an_all_day_series_has_dates(anna: Graph) -> None:
    """Whatever the zone of the reader."""
    body = series("daily") | {
        "isAllDay": True,
        "start": at("2026-10-05T00:00:00"),
        "end": at("2026-10-06T00:00:00"),
    }
    slots = instances(anna, anna.create(body))

    assert [f"2026-10-0{day}T00:00:00.0000000" for day in range(5, 10)] == [
        one["start"]["dateTime"] for one in slots
    ]


def test_a_declined_occurrence_leaves_the_series(microsoft: Sandbox, bob: Graph) -> None:
    """Only that date goes."""
    body = series("daily") | {"attendees": [{"emailAddress": {"address": BOB}}]}
    microsoft.create_event(ANNA, body)
    slot = bob.get("/me/calendarView", params=WINDOW)["value"][0]
    bob.send("POST", f"/me/events/{slot['id']}/decline", json={})

    assert 4 == len(bob.get("/me/calendarView", params=WINDOW)["value"])


def test_an_exception_may_get_a_new_id(microsoft: Sandbox, anna: Graph) -> None:
    """A switch: read the id from the answer, the old one is gone."""
    microsoft.options.set(exception_changes_id=True)
    slot = instances(anna, anna.create(series("daily")))[1]
    changed = anna.change(slot["id"], {"subject": "Other"})

    assert slot["id"] != changed["id"]
    assert "Other" == anna.get(f"/me/events/{changed['id']}")["subject"]
    assert 404 == anna.send("GET", f"/me/events/{slot['id']}").status_code
