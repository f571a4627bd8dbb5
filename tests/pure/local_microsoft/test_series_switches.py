"""Series where nobody knows what Microsoft does: each switch, thrown both ways."""

from __future__ import annotations

from typing import Any

import pytest
from wire import ANNA, BOB, CARL, WINDOW, Graph, at, meeting, series

from sandbox import Sandbox

OPTIONS = {
    "$select": "subject,originalStart,cancelledOccurrences,exceptionOccurrences",
    "$expand": "exceptionOccurrences",
}
INVITED = {"attendees": [{"emailAddress": {"address": BOB}}]}


def instances(graph: Graph, master: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the occurrences in order."""
    options = WINDOW | {"$orderby": "start/dateTime", "$top": "500"}
    found = graph.get(f"/me/events/{master['id']}/instances", params=options)["value"]
    return [*found]


def renamed(graph: Graph, count: int = 3, **values: Any) -> dict[str, Any]:
    """Make a daily series whose first dates have a subject of their own."""
    master = graph.create(series("daily") | values)
    for number, slot in enumerate(instances(graph, master)[:count]):
        graph.change(slot["id"], {"subject": f"Other {number}"})
    return master


@pytest.mark.parametrize(("where", "statuses"), [("masters", (200, 400)), ("nowhere", (400, 400))])
def test_an_expansion_may_be_refused(
    microsoft: Sandbox, anna: Graph, where: str, statuses: tuple[int, int]
) -> None:
    """For events that are no masters, or for all; what is not expanded is shown all the same."""
    master, single = renamed(anna), anna.create(meeting())
    microsoft.options.set(expand_exceptions=where)
    paths = [f"/me/events/{one['id']}" for one in (master, single)]

    assert statuses == tuple(anna.send("GET", path, params=OPTIONS).status_code for path in paths)
    plain = {"$select": OPTIONS["$select"]}
    assert [] == anna.get(paths[0], params=plain)["cancelledOccurrences"]


def test_a_list_of_exceptions_has_pages(microsoft: Sandbox, anna: Graph) -> None:
    """The link leads to the others, with the same fields."""
    microsoft.options.set(expanded_page_size=2)
    master = renamed(anna, 5)

    page = anna.get(f"/me/events/{master['id']}", params=OPTIONS)
    told = page["exceptionOccurrences"]
    link = page["exceptionOccurrences@odata.nextLink"]
    sizes = [len(told)]
    while link:
        page = anna.get(link)
        told += page["value"]
        sizes.append(len(page["value"]))
        link = page.get("@odata.nextLink")

    assert [2, 2, 1] == sizes
    assert [f"Other {number}" for number in range(5)] == [one["subject"] for one in told]
    assert all("originalStart" in one and "start" not in one for one in told)


@pytest.mark.parametrize("shown", ["selected", "unselected"])
def test_an_expansion_heeds_the_selection_or_not(
    microsoft: Sandbox, anna: Graph, shown: str
) -> None:
    """The documentation's sample shows the selected fields; nobody says so."""
    microsoft.options.set(expanded_exceptions_show=shown)
    master = renamed(anna, 1)

    [told] = anna.get(f"/me/events/{master['id']}", params=OPTIONS)["exceptionOccurrences"]

    assert ("originalStart" in told, "start" in told) == (
        shown == "selected",
        shown == "unselected",
    )


def test_only_a_master_has_exceptions(anna: Graph) -> None:
    """Their list is no list of a single event."""
    single = anna.create(meeting())

    assert 400 == anna.send("GET", f"/me/events/{single['id']}/exceptionOccurrences").status_code


def test_a_window_of_instances_has_a_limit(anna: Graph) -> None:
    """The one that is known of calendarView."""
    master = anna.create(series("daily"))
    window = {"startDateTime": "2026-01-01T00:00:00Z", "endDateTime": "2031-06-01T00:00:00Z"}

    assert (400, "ErrorInvalidRequest") == anna.refused(
        "GET", f"/me/events/{master['id']}/instances", params=window
    )


@pytest.mark.parametrize("drops", [True, False])
def test_another_end_drops_exceptions_or_not(microsoft: Sandbox, anna: Graph, drops: bool) -> None:
    """Another pattern does in any case, and a single event has none."""
    microsoft.options.set(new_end_drops_exceptions=drops)
    master = renamed(anna)
    rule = master["recurrence"]
    longer = rule | {"range": rule["range"] | {"numberOfOccurrences": 4}}
    anna.change(master["id"], {"recurrence": longer})
    kept = [one["subject"] for one in instances(anna, master)]
    other = longer | {"pattern": rule["pattern"] | {"interval": 2}}
    anna.change(master["id"], {"recurrence": other})

    changed = ["Other 0", "Other 1", "Other 2", "Series"]
    assert kept == (["Series"] * 4 if drops else changed)
    assert ["Series"] * 4 == [one["subject"] for one in instances(anna, master)]


def test_a_copy_keeps_its_owner_s_answer_where_exceptions_are_kept(
    microsoft: Sandbox, anna: Graph, bob: Graph
) -> None:
    """Only the end is new: the answer to one date stays, unless a new time makes answers void."""
    microsoft.options.set(new_end_drops_exceptions=False, new_time_resets_answers=False)
    master = anna.create(series("daily") | INVITED)
    [copy] = microsoft.events(BOB)
    slot = instances(bob, copy)[1]
    bob.send("POST", f"/me/events/{slot['id']}/accept", json={})
    rule = master["recurrence"]
    longer = rule | {"range": rule["range"] | {"numberOfOccurrences": 7}}
    anna.change(master["id"], {"recurrence": longer})

    answers = [one["responseStatus"]["response"] for one in instances(bob, copy)]
    assert ["notResponded", "accepted", *["notResponded"] * 5] == answers


@pytest.mark.parametrize("shared", [True, False])
def test_sensitivity_belongs_to_the_series_or_not(
    microsoft: Sandbox, anna: Graph, shared: bool
) -> None:
    """An occurrence's own may be ignored."""
    microsoft.options.set(occurrences_share_sensitivity=shared)
    slot = instances(anna, anna.create(series("daily")))[0]

    changed = anna.change(slot["id"], {"sensitivity": "private", "subject": "Other"})

    assert ("normal" if shared else "private", "Other") == (
        changed["sensitivity"],
        changed["subject"],
    )


@pytest.mark.parametrize(
    ("shown", "kind", "has_master"),
    [
        ("exception", "exception", False),
        ("orphan", "exception", True),
        ("single", "singleInstance", False),
    ],
)
def test_one_occurrence_arrives_in_one_of_three_shapes(
    microsoft: Sandbox, anna: Graph, shown: str, kind: str, has_master: bool
) -> None:
    """It tells when it would have been; a master that it names cannot be read."""
    microsoft.options.set(lone_occurrence=shown)
    microsoft.add_mailbox(CARL)
    slot = instances(anna, anna.create(series("daily")))[1]
    people = [{"emailAddress": {"address": CARL}}]
    moved = {"start": at("2026-10-06T15:00:00"), "end": at("2026-10-06T16:00:00")}
    anna.change(slot["id"], {"attendees": people} | moved)

    with Graph(microsoft, CARL) as carl:
        [told], _ = carl.delta()
        read = carl.get(f"/me/events/{told['id']}", params={"$select": "originalStart"})
        assert "2026-10-06T07:00:00.0000000Z" == read["originalStart"]
        assert (kind, has_master) == (told["type"], told["seriesMasterId"] is not None)
        if has_master:
            path = f"/me/events/{told['seriesMasterId']}"
            assert (404, "ErrorItemNotFound") == carl.refused("GET", path)


def test_the_whole_series_takes_in_what_came_of_it_before(microsoft: Sandbox, anna: Graph) -> None:
    """Orphan instances of MS-OXOCAL: one copy is left, and the first is told as removed."""
    microsoft.add_mailbox(CARL)
    master = anna.create(series("daily"))
    people = {"attendees": [{"emailAddress": {"address": CARL}}]}
    anna.change(instances(anna, master)[1]["id"], people)
    with Graph(microsoft, CARL) as carl:
        [lone], link = carl.delta()
        anna.change(master["id"], people)
        told, _ = carl.delta(link)

    assert [lone["id"]] == [one["id"] for one in told if "@removed" in one]
    assert ["seriesMaster"] == [one["type"] for one in microsoft.events(CARL)]
    assert ANNA == microsoft.events(CARL)[0]["organizer"]["emailAddress"]["address"]


@pytest.mark.parametrize(("days", "is_fine"), [(1, True), (2, False)])
def test_the_shortest_distance_of_a_pattern_counts(anna: Graph, days: int, is_fine: bool) -> None:
    """Monday, Friday and Saturday are a day apart, wherever the series begins."""
    body = series("weekly", daysOfWeek=["monday", "friday", "saturday"])
    body["end"] = at(f"2026-10-{5 + days:02}T09:00:00")

    assert anna.send("POST", "/me/events", json=body).ok is is_fine


def test_a_series_that_is_sent_as_it_is_shown_stays_as_it_is(anna: Graph) -> None:
    """Made in Brussels, shown in Romance Standard Time: the same clock, no new pattern."""
    master = renamed(anna)
    same = {name: master[name] for name in ("start", "end", "recurrence")}
    prefer = {"Prefer": f'outlook.timezone="{master["originalStartTimeZone"]}"'}
    shown = anna.get(f"/me/events/{master['id']}", headers=prefer)
    anna.change(master["id"], same | {name: shown[name] for name in ("start", "end")})

    assert "Other 0" == instances(anna, master)[0]["subject"]
