"""calendarView and its deltas: windows, pages, what a round says."""

from __future__ import annotations

import pytest
from wire import ANNA, BOB, WINDOW, Graph, at, meeting, series

from sandbox import Sandbox
from sandbox.control import Control

IMMUTABLE = {"Prefer": 'IdType="ImmutableId"'}


def test_a_round_tells_everything_then_only_what_changed(anna: Graph) -> None:
    """Twelve events on pages of ten; then one change, one deletion, one new."""
    made = [anna.create(meeting(f"Event {number}")) for number in range(12)]
    told, link = anna.delta()
    anna.change(made[0]["id"], {"subject": "Changed"})
    anna.send("DELETE", f"/me/events/{made[1]['id']}")
    new = anna.create(meeting("New"))
    changes, link = anna.delta(link)
    nothing, _ = anna.delta(link)

    assert {event["id"] for event in made} == {event["id"] for event in told}
    assert [made[0]["id"], made[1]["id"], new["id"]] == [event["id"] for event in changes]
    assert {"@odata.type", "id", "@removed"} == set(changes[1])
    assert [] == nothing


def test_pages_have_the_preferred_size(anna: Graph) -> None:
    """odata.maxpagesize."""
    for number in range(5):
        anna.create(meeting(f"Event {number}"))
    headers = {"Prefer": "odata.maxpagesize=2"}
    page = anna.send("GET", "/me/calendarView/delta", params=WINDOW, headers=headers)

    assert 2 == len(page.json()["value"])
    assert "odata.maxpagesize=2" == page.headers["Preference-Applied"]


def test_the_window_is_frozen_in_the_link(anna: Graph) -> None:
    """What moves out of it, and what changes outside of it, comes as removed."""
    inside = anna.create()
    _, link = anna.delta()
    moved = {"start": at("2027-01-20T09:00:00"), "end": at("2027-01-20T10:00:00")}
    anna.change(inside["id"], moved)
    outside = anna.create(meeting(day="2027-02-01"))
    told, _ = anna.delta(link)

    assert [(inside["id"], True), (outside["id"], True)] == [
        (one["id"], "@removed" in one) for one in told
    ]


def test_a_restored_mailbox_has_the_same_meetings_under_other_ids(
    microsoft: Sandbox, anna: Graph
) -> None:
    """What named them before is gone, their iCalUId is not (inferred)."""
    made = anna.create()
    _, link = anna.delta()
    Control(microsoft.http_url).restore_mailbox(ANNA)
    told, _ = anna.delta(link)

    there = [event for event in told if "@removed" not in event]
    assert [made["id"]] == [event["id"] for event in told if "@removed" in event]
    assert [made["iCalUId"]] == [event["iCalUId"] for event in there]
    assert made["id"] != there[0]["id"]


def test_changes_outside_may_be_silent(microsoft: Sandbox, anna: Graph) -> None:
    """A switch."""
    microsoft.options.set(delta_removed_for_outside=False)
    _, link = anna.delta()
    anna.create(meeting(day="2027-02-01"))

    assert [] == anna.delta(link)[0]


def test_ids_follow_the_preference_of_each_request(anna: Graph) -> None:
    """Removed ones too, and a link made without it works with it."""
    made = anna.create()
    lasting = anna.get(f"/me/events/{made['id']}", headers=IMMUTABLE)["id"]
    told, link = anna.delta(headers=IMMUTABLE)
    anna.send("DELETE", f"/me/events/{made['id']}")
    removed, _ = anna.delta(link, headers=IMMUTABLE)

    assert made["id"] != lasting
    assert [lasting] == [one["id"] for one in told] == [one["id"] for one in removed]


@pytest.mark.parametrize("name", ["$top", "$select", "$filter", "$orderby", "$expand", "$search"])
def test_query_options_are_refused_by_delta(anna: Graph, name: str) -> None:
    """400 ErrorInvalidUrlQuery, as on the wire."""
    options = WINDOW | {name: "5"}

    assert (400, "ErrorInvalidUrlQuery") == anna.refused(
        "GET", "/me/calendarView/delta", params=options
    )


@pytest.mark.parametrize("path", ["/me/calendarView", "/me/calendarView/delta"])
def test_a_window_is_needed_and_limited(anna: Graph, path: str) -> None:
    """1825 days at most."""
    long = {"startDateTime": "2020-01-01T00:00:00Z", "endDateTime": "2026-01-01T00:00:00Z"}

    assert (400, "ErrorInvalidParameter") == anna.refused("GET", path)
    assert (400, "ErrorInvalidRequest") == anna.refused("GET", path, params=long)


@pytest.mark.parametrize(
    ("status", "code"),
    [(410, "SyncStateNotFound"), (410, "resyncRequired"), (400, "ErrorInvalidUrlQuery")],
)
def test_a_forgotten_state_sends_the_client_back(
    microsoft: Sandbox, anna: Graph, status: int, code: str
) -> None:
    """In every spelling seen; a new round works."""
    _, link = anna.delta()
    microsoft.state.expire_delta(ANNA, status=status, code=code)

    assert (status, code) == anna.refused("GET", link)
    assert [] == anna.delta()[0]


def test_a_link_is_good_for_its_mailbox_only(anna: Graph, bob: Graph) -> None:
    """Another's token cannot use it."""
    _, link = anna.delta()

    assert 400 == bob.send("GET", link).status_code


def test_a_series_is_told_as_master_and_stubs(anna: Graph) -> None:
    """Exceptions whole, a cancelled date by its absence, the series on one page."""
    master = anna.create(series("daily"))
    prefer = {"Prefer": "odata.maxpagesize=1"}
    told, link = anna.delta(headers=prefer)
    slots = anna.get(f"/me/events/{master['id']}/instances", params=WINDOW)["value"]
    anna.change(slots[1]["id"], {"subject": "Other"})
    anna.send("DELETE", f"/me/events/{slots[2]['id']}")
    again, _ = anna.delta(link)

    assert ["seriesMaster", *["occurrence"] * 5] == [one["type"] for one in told]
    stub = {"@odata.type", "@odata.etag", "id", "seriesMasterId", "type", "start", "end"}
    assert stub == set(told[1])
    assert ["seriesMaster", "occurrence", "exception", "occurrence", "occurrence"] == [
        one["type"] for one in again
    ]
    assert "Other" == again[2]["subject"]
    assert slots[2]["id"] not in {one["id"] for one in again}


def test_a_cancelled_date_may_be_told_as_removed(microsoft: Sandbox, anna: Graph) -> None:
    """Perhaps the newer behaviour: a switch."""
    microsoft.options.set(delta_removed_for_cancelled_occurrence=True)
    master = anna.create(series("daily"))
    _, link = anna.delta()
    slot = anna.get(f"/me/events/{master['id']}/instances", params=WINDOW)["value"][2]
    anna.send("DELETE", f"/me/events/{slot['id']}")

    assert [slot["id"]] == [one["id"] for one in anna.delta(link)[0] if "@removed" in one]


@pytest.mark.parametrize(("each", "count"), [(False, 1), (True, 6)])
def test_a_deleted_series_is_told_by_its_master(
    microsoft: Sandbox, anna: Graph, each: bool, count: int
) -> None:
    """Whether its occurrences are named too is a switch."""
    microsoft.options.set(delta_removed_for_occurrences=each)
    master = anna.create(series("daily"))
    _, link = anna.delta()
    anna.send("DELETE", f"/me/events/{master['id']}")
    told, _ = anna.delta(link)

    assert master["id"] == told[0]["id"]
    assert count == len([one for one in told if "@removed" in one])


def test_a_calendar_of_its_own_has_deltas_where_the_switch_is_on(
    microsoft: Sandbox, anna: Graph
) -> None:
    """Documented on the beta page only."""
    second = anna.send("POST", "/me/calendars", json={"name": "Second"}).json()
    path = f"/me/calendars/{second['id']}/calendarView/delta"
    made = microsoft.create_event(ANNA, meeting(), second["id"])

    assert [made["id"]] == [one["id"] for one in anna.get(path, params=WINDOW)["value"]]
    assert [] == anna.delta()[0]
    microsoft.options.set(calendar_delta=False)
    assert 400 == anna.send("GET", path, params=WINDOW).status_code


def test_a_moved_event_leaves_its_calendars_delta(microsoft: Sandbox, anna: Graph) -> None:
    """Told as removed where it was."""
    made = anna.create()
    _, link = anna.delta()
    second = microsoft.graph(ANNA, "POST", "/me/calendars", {"name": "Second"})["id"]
    Control(microsoft.http_url).move_event(ANNA, made["id"], second)

    assert [(made["id"], True)] == [(one["id"], "@removed" in one) for one in anna.delta(link)[0]]


def subjects(graph: Graph, start: str, end: str) -> list[str]:
    """Return what a view of a window shows."""
    window = {"startDateTime": start, "endDateTime": end}
    return [one["subject"] for one in graph.get("/me/calendarView", params=window)["value"]]


def test_the_view_counts_all_day_events_by_utc_dates(anna: Graph) -> None:
    """Although the day in Brussels is from 22:00 to 22:00 UTC."""
    day = {"isAllDay": True, "start": at("2026-10-20T00:00:00"), "end": at("2026-10-21T00:00:00")}
    anna.create(meeting("Day", **day))

    assert ["Day"] == subjects(anna, "2026-10-20T22:30:00Z", "2026-10-20T23:30:00Z")
    assert [] == subjects(anna, "2026-10-19T22:30:00Z", "2026-10-19T23:30:00Z")


def test_a_window_has_edges(anna: Graph) -> None:
    """What ends just at its start is in (seen), what starts just at its end is out."""
    anna.create(meeting("Timed"))

    assert ["Timed"] == subjects(anna, "2026-10-20T10:00:00+02:00", "2026-10-20T12:00:00+02:00")
    assert [] == subjects(anna, "2026-10-20T08:00:00+02:00", "2026-10-20T09:00:00+02:00")
    assert ["Timed"] == subjects(anna, "2026-10-20T07:30:00", "2026-10-20T07:31:00")


def test_a_deletion_is_told_once(anna: Graph) -> None:
    """The next round has nothing to say."""
    made = anna.create()
    _, link = anna.delta()
    anna.send("DELETE", f"/me/events/{made['id']}")
    first, link = anna.delta(link)

    assert [made["id"]] == [one["id"] for one in first]
    assert [] == anna.delta(link)[0]


def test_changes_during_a_round_are_told_by_the_next(anna: Graph) -> None:
    """A delta link stands for the beginning of its round."""
    made = [anna.create(meeting(f"Event {number}")) for number in range(11)]
    first = anna.get("/me/calendarView/delta", params=WINDOW)
    anna.change(made[0]["id"], {"subject": "Meanwhile"})
    last = anna.get(first["@odata.nextLink"])

    told, _ = anna.delta(last["@odata.deltaLink"])
    assert ["Meanwhile"] == [one["subject"] for one in told]


def test_an_invitation_appears_in_the_guests_delta(microsoft: Sandbox, bob: Graph) -> None:
    """As a copy."""
    _, link = bob.delta()
    microsoft.create_event(ANNA, meeting("Plan", BOB))

    assert ["Plan"] == [one["subject"] for one in bob.delta(link)[0]]


def test_the_newest_changes_may_come_later(microsoft: Sandbox, anna: Graph) -> None:
    """Documented: recent changes may be missing, the next link brings them."""
    anna.create(meeting("First"))
    microsoft.options.set(delta_lag=1)
    anna.create(meeting("Second"))
    told, link = anna.delta()
    microsoft.options.set(delta_lag=0)

    assert ["First"] == [one["subject"] for one in told]
    assert ["Second"] == [one["subject"] for one in anna.delta(link)[0]]


def test_a_series_may_be_cut_by_a_page(microsoft: Sandbox, anna: Graph) -> None:
    """A switch: then the page size counts."""
    microsoft.options.set(delta_splits_series=True)
    anna.create(series("daily"))
    prefer = {"Prefer": "odata.maxpagesize=2"}
    page = anna.get("/me/calendarView/delta", params=WINDOW, headers=prefer)
    told, _ = anna.delta(headers=prefer)

    assert 2 == len(page["value"])
    assert 6 == len({one["id"] for one in told}) == len(told)


def test_the_master_may_be_missing_from_a_change(microsoft: Sandbox, anna: Graph) -> None:
    """Seen by a published client."""
    master = anna.create(series("daily"))
    _, link = anna.delta()
    microsoft.options.set(delta_without_master=True)
    anna.change(master["id"], {"subject": "Renamed"})

    told, _ = anna.delta(link)
    assert {("occurrence", master["id"])} == {(one["type"], one["seriesMasterId"]) for one in told}
