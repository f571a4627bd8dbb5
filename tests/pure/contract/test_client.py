"""What every Graph does for the client, ours and Microsoft's.

Runs on the sandbox, and on a real mailbox when ``GRAPH_LIVE=1`` (see ``places``), which a release
needs.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from typing import Any

import pytest
from contract.places import Place, create, creation, failed
from contract.samples import HOUR, NOON, WINDOW, whole_round

from core.engine.errors import Missing, Rejected, Stale, Unsupported
from core.engine.snapshot import AllDay, Body, Keyed, Person, Timed
from core.graph.client import GraphClient
from core.graph.operations import DeleteEvent, Respond, UpdateEvent
from core.graph.remote import DeltaPage, RemoteEvent

TIMES = {"when": Timed(NOON, NOON + HOUR), "zone": "Europe/Brussels"}


def _by_id(page: DeltaPage) -> dict[str, RemoteEvent]:
    return {event.id: event for event in page.events if isinstance(event, RemoteEvent)}


def test_a_profile_names_a_person_with_an_address(place: Place) -> None:
    """Who is signed in, and in which zone."""
    profile = place.client.me()

    assert profile.id
    assert "@" in (profile.address or "")
    assert profile.time_zone


def test_one_calendar_is_the_default_one(place: Place) -> None:
    """The list is whole, whatever its pages."""
    calendars = place.client.calendars()

    assert len([calendar for calendar in calendars if calendar.is_default]) == 1
    assert all(calendar.id and calendar.name for calendar in calendars)


@pytest.mark.parametrize(
    "values",
    [
        {"subject": "Contract", "location": "Room 1", "sensitivity": "private"},
        {"subject": "", "body": Body.of("<p>one &amp; two</p>")},
        {"subject": "Ünï 😀 'quoted'", "show_as": "oof", "reminder": None},
        {"subject": "x", "show_as": "workingElsewhere", "reminder": 0},
        {"subject": "x", "categories": frozenset({"Blue", "Ünï"}), "reminder": 1440},
        {"subject": "x", "when": AllDay(date(2026, 12, 24), date(2026, 12, 26))},
        {"subject": "x", "zone": "America/New_York"},
        {"subject": "x", "zone": "Australia/Lord_Howe"},
    ],
)
def test_what_is_created_is_shown(place: Place, values: dict[str, Any]) -> None:
    """The answer shows each value, and reading the event again shows the same."""
    made = create(place, {**TIMES, **values})

    again = place.client.get_event(made.id)

    for shown in ({**made.shared, **made.private}, {**again.shared, **again.private}):
        assert {name: shown[name] for name in values} == values
    assert (made.kind, made.is_organizer) == ("singleInstance", True)
    assert made.ical_uid
    assert again.id == made.id


def test_what_was_changed_just_now_bears_the_time_of_its_answers(place: Place) -> None:
    """Who changed something last is told by the `Date` of answers: one clock for both."""
    made = create(place, {**TIMES, "subject": "a"})
    ahead = place.client.stats.clock.seconds_ahead

    assert ahead is not None
    assert made.modified_at is not None
    there = datetime.now(timezone.utc) + timedelta(seconds=ahead)
    assert abs(there - made.modified_at) < timedelta(seconds=30)


def test_a_change_touches_what_it_names(place: Place) -> None:
    """Only the named fields change; the change key does as well."""
    made = create(place, {**TIMES, "subject": "a", "location": "Room 1"})
    changes: dict[str, Any] = {"subject": "b", "when": Timed(NOON + HOUR, NOON + 2 * HOUR)}

    [changed] = place.client.perform([UpdateEvent(made.id, changes, {**made.shared, **changes})])

    assert isinstance(changed, RemoteEvent)
    assert changed.id == made.id
    assert {**made.shared, **changes} == dict(changed.shared)
    assert made.private == changed.private


@pytest.mark.parametrize(
    "changes",
    [{"location": ""}, {"reminder": None}, {"categories": frozenset()}, {"body": Body.of("")}],
)
def test_empty_values_clear(place: Place, changes: dict[str, Any]) -> None:
    """What is emptied is empty, not left as it was."""
    full = {
        "location": "Room 1",
        "reminder": 15,
        "categories": frozenset({"Blue"}),
        "body": Body.of("<p>x</p>"),
    }
    made = create(place, {**TIMES, "subject": "a", **full})

    [changed] = place.client.perform([UpdateEvent(made.id, changes, made.shared)])

    assert isinstance(changed, RemoteEvent)
    shown = {**changed.shared, **changed.private}
    assert {name: shown[name] for name in changes} == changes


def test_a_timed_meeting_becomes_whole_days_and_back(place: Place) -> None:
    """Both forms of time can be written over the other."""
    made = create(place, {**TIMES, "subject": "a"})
    days = AllDay(date(2026, 12, 8), date(2026, 12, 9))

    for when in (days, Timed(NOON, NOON + HOUR)):
        target = {**made.shared, "when": when}
        [changed] = place.client.perform([UpdateEvent(made.id, {"when": when}, target)])
        assert isinstance(changed, RemoteEvent)
        assert changed.shared["when"] == when


def test_a_stale_change_is_refused(place: Place) -> None:
    """With a change key, somebody's newer edit is not overwritten."""
    made = create(place, {**TIMES, "subject": "a"})
    first = UpdateEvent(made.id, {"subject": "b"}, {}, change_key=_key_now(place, made))
    [changed] = place.client.perform([first])
    assert isinstance(changed, RemoteEvent)

    [refused] = place.client.perform(
        [UpdateEvent(made.id, {"subject": "c"}, {}, change_key=first.change_key)]
    )

    failed(refused, Stale)
    assert place.client.get_event(made.id).shared["subject"] == "b"


def _key_now(place: Place, event: RemoteEvent) -> str | None:
    """Return the change key of now: Exchange may change it once more right after creating."""
    return place.client.get_event(event.id).change_key


def test_a_deleted_event_is_missing(place: Place) -> None:
    """A second deletion, a change and a look say so as well."""
    made = create(place, {**TIMES, "subject": "a"})

    assert place.client.perform([DeleteEvent(made.id)]) == [None]

    failed(place.client.perform([DeleteEvent(made.id)])[0], Missing)
    failed(place.client.perform([UpdateEvent(made.id, {"subject": "b"}, {})])[0], Missing)
    with pytest.raises(Missing):
        place.client.get_event(made.id)


def test_an_id_that_is_none_is_our_mistake(place: Place) -> None:
    """A malformed id is not a missing event: nothing is concluded from it."""
    with pytest.raises(Rejected):
        place.client.get_event("nonsense")


def test_many_operations_have_their_own_outcomes(place: Place) -> None:
    """A failure in the middle stops nothing, and the order is kept."""
    made = create(place, {**TIMES, "subject": "a"})
    gone = create(place, {**TIMES, "subject": "gone"})
    place.client.perform([DeleteEvent(gone.id)])

    new, missing, changed, deleted = place.client.perform(
        [
            creation({**TIMES, "subject": "new"}),
            DeleteEvent(gone.id),
            UpdateEvent(made.id, {"subject": "b"}, made.shared),
            DeleteEvent(made.id),
        ]
    )

    assert isinstance(new, RemoteEvent)
    assert isinstance(changed, RemoteEvent)
    failed(missing, Missing)
    assert deleted is None
    assert (new.shared["subject"], changed.shared["subject"]) == ("new", "b")


def test_parts_show_the_same_ids_as_requests(place: Place) -> None:
    """Immutable ids are asked for in every part (outlook-immutable-id)."""
    made = place.client.perform([creation({**TIMES, "subject": str(n)}) for n in range(2)])

    for event in made:
        assert isinstance(event, RemoteEvent)
        assert place.client.get_event(event.id).id == event.id


def test_a_tagged_event_is_found(place: Place) -> None:
    """Our mark finds what was created though the answer was lost; nothing else does."""
    operation = creation({**TIMES, "subject": "a"})
    [made] = place.client.perform([operation])
    assert isinstance(made, RemoteEvent)

    found = place.eventually(lambda: place.client.find_tagged(operation.tag))

    assert (found.id, found.tag) == (made.id, operation.tag)
    assert place.client.find_tagged("contract:nobody") is None
    assert (operation.tag, made.id) in [(tag, event.id) for tag, event in place.client.tagged()]


def test_an_event_is_found_by_its_ical_uid(place: Place) -> None:
    """The id that all copies of a meeting share."""
    made = create(place, {**TIMES, "subject": "a"})
    uid = made.ical_uid or ""

    found = place.eventually(lambda: place.client.find_by_ical_uid(uid))

    assert found.id == made.id
    assert place.client.find_by_ical_uid("040000008200E00074C5B7101A82E008FFFF") is None


def test_the_same_transaction_makes_one_event(place: Place) -> None:
    """A repeated POST is answered with the event of the first."""
    operation = creation({**TIMES, "subject": "a"})

    [first] = place.client.perform([operation])
    [again] = place.client.perform([operation])

    assert isinstance(first, RemoteEvent)
    assert isinstance(again, RemoteEvent)
    assert again.id == first.id


def test_a_round_shows_the_window_and_then_what_changed(place: Place) -> None:
    """First everything, then only news; removed ones by id."""
    kept = create(place, {**TIMES, "subject": "kept"})
    gone = create(place, {**TIMES, "subject": "gone"})
    first = place.eventually(lambda: _round_with(place.client, None, kept.id, gone.id))
    assert first.delta_link
    assert _by_id(first)[kept.id].shared == kept.shared
    assert _by_id(first)[kept.id].private == kept.private

    place.client.perform([UpdateEvent(kept.id, {"subject": "new"}, {}), DeleteEvent(gone.id)])

    def news() -> DeltaPage | None:
        page = whole_round(place.client, first.delta_link)
        complete = kept.id in _by_id(page) and gone.id in page.removed
        return page if complete else None

    second = place.eventually(news)
    assert _by_id(second)[kept.id].shared["subject"] == "new"
    assert gone.id not in _by_id(second)


def _round_with(client: GraphClient, calendar_id: str | None, *ids: str) -> DeltaPage | None:
    """Return a first round that shows these events, None while it does not."""
    page = whole_round(client, calendar_id=calendar_id)
    return page if set(ids) <= _by_id(page).keys() else None


def test_a_named_calendar_is_followed_by_delta_or_by_lists(place: Place) -> None:
    """Where delta is refused for a calendar, its list shows the same events."""
    [default] = [one for one in place.client.calendars() if one.is_default]
    made = create(place, {**TIMES, "subject": "a"}, calendar_id=default.id)

    try:
        page = place.eventually(lambda: _round_with(place.client, default.id, made.id))
    except Unsupported:
        page = DeltaPage()

    listed = {
        event.id: event
        for event in place.client.list_view(default.id, WINDOW)
        if isinstance(event, RemoteEvent)
    }
    assert listed[made.id].shared == made.shared
    assert not page.events or _by_id(page)[made.id].shared == made.shared


def test_people_are_invited_with_their_kinds(place: Place) -> None:
    """The organizer is not among them; nobody has answered yet."""
    people = Keyed({place.guest: Person("optional", "Guest", place.guest)})

    made = create(place, {**TIMES, "subject": "a", "people": people})

    assert made.shared["people"] == people
    assert made.responses == {place.guest: "none"}
    assert made.own_response == "organizer"


def test_the_organizer_cannot_answer(place: Place) -> None:
    """That is refused as our mistake, for this one meeting."""
    people = Keyed({place.guest: Person("required", "", place.guest)})
    made = create(place, {**TIMES, "subject": "a", "people": people})

    failed(place.client.perform([Respond(made.id, "accept")])[0], Rejected)


def test_a_window_that_is_too_long_is_refused(place: Place) -> None:
    """1825 days are the most that a view shows (seen live)."""
    with pytest.raises(Rejected):
        place.client.delta_page(None, window=(NOON, NOON + timedelta(days=1900)))
