"""What Graph's JSON says, read from samples of its shape."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from graph.samples import NAMES, event_of, payload, utc
from hypothesis import given
from hypothesis import strategies as st

from core.engine.errors import Unmappable
from core.engine.fields import PRIVATE, SHARED, validate
from core.engine.snapshot import AllDay, Body, Keyed, Person, Timed
from core.graph.mapping import SELECT, calendar, from_graph, profile


def test_a_meeting_is_read_whole() -> None:
    """Each field of Graph stands in its place."""
    event = event_of("single")

    assert {
        "subject": "Planning",
        "body": Body.of("<p>Agenda</p>"),
        "when": Timed(utc(2026, 10, 5, 7), utc(2026, 10, 5, 8, 30)),
        "zone": "Europe/Paris",
        "location": "Room 1; Cafe",
        "sensitivity": "private",
        "people": Keyed(
            {
                "bert@fabrikam.example": Person("required"),
                "cleo@fabrikam.example": Person("optional"),
                "name:beamer": Person("resource"),
            }
        ),
        "rule": None,
        "occurrences": Keyed(),
    } == event.shared
    assert {
        "show_as": "workingElsewhere",
        "reminder": 15,
        "categories": frozenset({"Travel", "Blue"}),
    } == event.private
    assert utc(2026, 9, 28, 21, 17, 59, 44919) == event.modified_at
    assert (
        event.own_response,
        event.organizer and event.organizer.address,
    ) == ("organizer", "anna@contoso.example")
    assert event.responses == {
        "bert@fabrikam.example": "accepted",
        "cleo@fabrikam.example": "none",
    }
    assert event.transaction_id == "7E163156-7762-4BEB-A1C6-729EA81755A7"


@pytest.mark.parametrize("name", NAMES)
def test_what_is_read_fits_the_table_of_fields(name: str) -> None:
    """The engine takes every snapshot that a sample yields, and fields stand on their side."""
    event = event_of(name)

    validate({**event.shared, **event.private})
    assert event.shared.keys() <= SHARED.keys()
    assert event.private.keys() <= PRIVATE.keys()


@pytest.mark.parametrize("name", ["all_day", "all_day_shifted"])
def test_whole_days_are_dates_whatever_the_zone(name: str) -> None:
    """An all-day meeting floats; its exclusive end is the day before."""
    expected = {
        "all_day": AllDay(date(2026, 10, 24), date(2026, 10, 26)),
        "all_day_shifted": AllDay(date(2026, 10, 24), date(2026, 10, 25)),
    }[name]

    assert expected == event_of(name).shared["when"]


@pytest.mark.parametrize("zone", ["Tokyo Standard Time", "Asia/Tokyo", "America/New_York"])
def test_midnights_name_their_dates_in_any_zone(zone: str) -> None:
    """A whole day that is shown in another zone keeps its dates."""
    start = {"dateTime": "2026-10-24T00:00:00.0000000", "timeZone": zone}
    end = {"dateTime": "2026-10-25T00:00:00.0000000", "timeZone": zone}

    event = event_of("all_day", start=start, end=end)

    assert AllDay(date(2026, 10, 24), date(2026, 10, 24)) == event.shared["when"]


def test_times_in_another_zone_are_the_same_instants() -> None:
    """UTC is asked for; what comes in another zone is understood."""
    start = {"dateTime": "2026-10-05T09:00:00.0000000", "timeZone": "Romance Standard Time"}
    end = {"dateTime": "2026-10-05T08:30:00", "timeZone": None}

    event = event_of("single", start=start, end=end)

    assert Timed(utc(2026, 10, 5, 7), utc(2026, 10, 5, 8, 30)) == event.shared["when"]


def test_an_offset_in_a_time_counts() -> None:
    """Graph's form has none; where there is one, it is not ignored."""
    start = {"dateTime": "2026-10-05T09:00:00+02:00", "timeZone": "UTC"}
    end = {"dateTime": "2026-10-05T08:30:00Z", "timeZone": "UTC"}

    event = event_of("single", start=start, end=end)

    assert event.shared["when"] == Timed(utc(2026, 10, 5, 7), utc(2026, 10, 5, 8, 30))


def test_the_organizer_is_nobody_s_guest() -> None:
    """Copies that list the organizer among the attendees show the same people."""
    event = event_of("attendee_copy")

    assert Keyed({"bert@fabrikam.example": Person("required")}) == event.shared["people"]
    assert event.responses == {"bert@fabrikam.example": "none"}
    assert (event.is_organizer, event.own_response) == (False, "notResponded")


def test_the_organizer_is_known_by_the_answer_as_well() -> None:
    """The organizer may be missing, or listed under another address."""
    event = event_of("attendee_copy", organizer=None)

    assert event.shared["people"] == Keyed({"bert@fabrikam.example": Person("required")})


def test_a_person_stands_once() -> None:
    """The same address twice is one person, as first listed."""
    twice = [
        {"type": kind, "emailAddress": {"address": address}}
        for kind, address in (("optional", "Bert@x.example"), ("required", "bert@x.example"))
    ]

    event = event_of("single", attendees=twice)

    assert event.shared["people"] == Keyed({"bert@x.example": Person("optional")})


@pytest.mark.parametrize("nothing", ["mailto:", " ", "< >", "\u200b", ""])
def test_an_address_that_names_nobody_is_none(nothing: str) -> None:
    """Such a person is known by name alone, and has no answer that could be told of anybody."""
    person = {
        "type": "required",
        "emailAddress": {"address": nothing, "name": "Bert"},
        "status": {"response": "accepted"},
    }
    event = event_of("single", attendees=[person], organizer=person)
    people = event.shared["people"]

    assert Keyed({"name:bert": Person("required")}) == people
    assert event.organizer is not None
    assert event.organizer.address is None
    assert {} == event.responses


def test_a_category_without_a_name_is_none() -> None:
    """It would become a tag that nobody can see."""
    event = event_of("single", categories=["Blue", "", " "])

    assert frozenset({"Blue"}) == event.private["categories"]


def test_null_is_empty() -> None:
    """null where an object or a text was means that nothing is there."""
    event = event_of("nulls", **{"@odata.etag": None})

    assert ("", "", Keyed(), Body.of("")) == tuple(
        event.shared[name] for name in ("subject", "location", "people", "body")
    )
    assert "zone" not in event.shared
    assert frozenset() == event.private["categories"]
    assert (
        event.organizer,
        event.ical_uid,
        event.modified_at,
        event.change_key,
    ) == (None, None, None, None)


def test_what_is_not_known_is_not_said() -> None:
    """A value of a later Graph is left out: what is not compared is not overwritten."""
    event = event_of("later_graph")

    assert "show_as" not in event.private
    assert "sensitivity" not in event.shared
    assert event.own_response == "none"
    assert event.responses == {"bert@fabrikam.example": "none"}
    assert Keyed({"bert@fabrikam.example": Person("required")}) == event.shared["people"]


def test_a_custom_zone_says_nothing() -> None:
    """Rules that Graph does not show cannot be kept; the instants are right."""
    event = event_of("custom_zone")

    assert "zone" not in event.shared
    assert Timed(utc(2026, 10, 5, 7), utc(2026, 10, 5, 8, 30)) == event.shared["when"]


def test_the_ends_of_the_calendar_are_read() -> None:
    """Years 1, 4500 and 9999 exist in mailboxes."""
    assert Timed(utc(1, 1, 1), utc(1, 1, 1, 0, 30)) == event_of("year_one").shared["when"]
    assert (
        Timed(utc(4500, 8, 31, 23, 59), utc(9999, 12, 31, 23, 59, 59))
        == (event_of("year_9999").shared["when"])
    )


def test_a_text_body_becomes_html() -> None:
    """Bodies are compared as HTML: signs are escaped, lines kept."""
    expected = Body.of("1 &lt; 2 &amp; so on<br>second line")

    assert expected == event_of("text_body").shared["body"]


def test_a_stub_says_its_times_only() -> None:
    """What an answer does not carry is missing, not empty."""
    event = event_of("stub")

    assert (event.kind, event.series_id) == ("occurrence", "AAMkAGI1AAAt9AHjAAA=")
    assert {"when"} == event.shared.keys()
    assert event.private == {}
    assert event.change_key == "x"


@pytest.mark.parametrize("name", NAMES)
def test_what_is_selected_is_all_that_is_read(name: str) -> None:
    """An event of which only the selected fields are asked for says the same."""
    named = {*SELECT.split(","), "@odata.etag", "singleValueExtendedProperties"}
    item = payload(name)

    assert from_graph({key: item[key] for key in item.keys() & named}) == from_graph(item)


def test_what_else_an_event_tells() -> None:
    """Join address, cancellation and our own mark are read where they are."""
    assert event_of("online").join_url == "https://teams.microsoft.com/l/meetup-join/0"
    assert event_of("cancelled").is_cancelled
    assert event_of("tagged").tag == "db-1:meeting-1"
    assert event_of("single").tag is None
    assert event_of("single").wants_response
    assert not event_of("single", responseRequested=False).wants_response


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"id": None}, "id"),
        ({"type": "somethingNew"}, "type"),
        ({"start": None}, "when"),
        ({"start": {"dateTime": "2026-02-30T00:00:00", "timeZone": "UTC"}}, "when"),
        ({"start": {"dateTime": "2026-10-06T00:00:00", "timeZone": "UTC"}}, "when"),
        ({"start": {"dateTime": "2026-10-05T00:00:00", "timeZone": "Mars"}}, "when"),
        ({"start": {"dateTime": "2026-10-05T00:00:00", "timeZone": 7}}, "when"),
        ({"subject": 5}, "subject"),
        ({"body": "text"}, "body"),
        ({"attendees": {}}, "attendees"),
        ({"attendees": ["x"]}, "people"),
        ({"attendees": [{"emailAddress": []}]}, "emailAddress"),
        ({"organizer": []}, "organizer"),
        ({"categories": "Red"}, "categories"),
    ],
)
def test_nonsense_is_named(changes: dict[str, Any], field: str) -> None:
    """What cannot be read is refused with the field's name, never with a crash."""
    with pytest.raises(Unmappable) as caught:
        event_of("single", **changes)

    assert field == caught.value.field


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner, max_size=2)
    ),
    max_leaves=4,
)


@given(st.sampled_from(NAMES), st.data())
def test_any_json_is_read_or_refused(name: str, data: st.DataObject) -> None:
    """Whatever stands in whichever field, the answer is an event or `Unmappable`."""
    item = payload(name)
    field = data.draw(st.sampled_from(sorted(item)))
    nested = item[field]
    if isinstance(nested, dict) and nested and data.draw(st.booleans()):
        item[field] = {**nested, data.draw(st.sampled_from(sorted(nested))): data.draw(_JSON)}
    else:
        item[field] = data.draw(_JSON)

    try:
        event = from_graph(item)
    except Unmappable:
        return

    validate({**event.shared, **event.private})


def test_a_profile_names_the_mailbox() -> None:
    """People without a mail address are known by their sign-in name; zones become IANA's."""
    person = {"id": "u-1", "displayName": None, "mail": None, "userPrincipalName": "a@b.example"}

    read = profile(person, "SE Asia Standard Time")

    assert (
        read.id,
        read.address,
        read.name,
        read.time_zone,
    ) == ("u-1", "a@b.example", "", "Asia/Bangkok")
    assert profile(person, None).time_zone is None


def test_a_calendar_is_read() -> None:
    """A colour of one's own stands before the named one."""
    item = {"id": "c", "name": "Work", "color": "lightRed", "hexColor": "", "canEdit": True}

    assert (
        calendar(item).color,
        calendar(item).is_default,
        calendar(item).can_edit,
        calendar(item).owner,
    ) == ("lightRed", False, True, None)
    assert calendar({**item, "hexColor": "#ff0000"}).color == "#ff0000"
