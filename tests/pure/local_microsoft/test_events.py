"""Events: what is stored, how it comes back, what is refused."""

from __future__ import annotations

import pytest
from wire import ANNA, BOB, TAG, Graph, at, meeting

from sandbox import Sandbox


def test_a_text_body_comes_back_as_html(anna: Graph) -> None:
    """Exchange stores HTML; text is given on request."""
    made = anna.create(meeting(body={"contentType": "text", "content": "a < b\nc"}))

    assert "html" == made["body"]["contentType"]
    assert made["body"]["content"].startswith("<html>\r\n<head>")
    assert "a < b\r\nc" == made["bodyPreview"]
    text = anna.get(
        f"/me/events/{made['id']}", headers={"Prefer": 'outlook.body-content-type="text"'}
    )
    assert {"contentType": "text", "content": "a < b\r\nc"} == text["body"]


def test_scripts_are_stripped_from_a_body(anna: Graph) -> None:
    """What can run does not survive."""
    html = '<p onclick="x()">Hi <a href="javascript:x()">you</a></p><script>x()</script>'
    made = anna.create(meeting(body={"contentType": "html", "content": html}))

    assert "<p>Hi <a>you</a></p>" in made["body"]["content"]
    assert "x()" not in made["body"]["content"]


def test_times_come_in_the_preferred_zone(anna: Graph) -> None:
    """UTC unless asked otherwise; the authoring zone is kept under its Windows name."""
    made = anna.create()
    prefer = {"Prefer": 'outlook.timezone="Asia/Ho_Chi_Minh"'}
    there = anna.send("GET", f"/me/events/{made['id']}", headers=prefer)

    assert {"dateTime": "2026-10-20T07:00:00.0000000", "timeZone": "UTC"} == made["start"]
    assert {
        "dateTime": "2026-10-20T14:00:00.0000000",
        "timeZone": "Asia/Ho_Chi_Minh",
    } == there.json()["start"]
    assert 'outlook.timezone="Asia/Ho_Chi_Minh"' == there.headers["Preference-Applied"]
    assert "Romance Standard Time" == made["originalStartTimeZone"]


def test_all_day_events_float(anna: Graph) -> None:
    """Their dates are the same in every zone."""
    day = {"isAllDay": True, "start": at("2026-10-20T00:00:00"), "end": at("2026-10-22T00:00:00")}
    made = anna.create(meeting(**day))
    seen = anna.get(
        f"/me/events/{made['id']}", headers={"Prefer": 'outlook.timezone="Tokyo Standard Time"'}
    )

    assert "2026-10-20T00:00:00.0000000" == made["start"]["dateTime"] == seen["start"]["dateTime"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"start": at("2026-10-20T11:00:00")}, "ErrorPropertyValidationFailure"),
        ({"start": at("2026-10-20T08:00:00", "Nowhere/City")}, "TimeZoneNotSupportedException"),
        ({"isAllDay": True}, "ErrorInvalidRequest"),
        ({"colour": "red"}, "RequestBodyRead"),
        ({"subject": 7}, "RequestBodyRead"),
        ({"showAs": "away"}, "RequestBodyRead"),
        ({"isReminderOn": "yes"}, "RequestBodyRead"),
        ({"start": {"dateTime": "tomorrow", "timeZone": "UTC"}}, "ErrorPropertyValidationFailure"),
        ({"attendees": [{"emailAddress": {"address": "nobody"}}]}, "ErrorInvalidRecipients"),
        (
            {"attendees": [{"emailAddress": {"address": f"p{n}@x.example"}} for n in range(501)]},
            "ErrorInvalidRequest",
        ),
    ],
)
def test_a_wrong_body_is_refused(anna: Graph, changes: dict[str, object], code: str) -> None:
    """Graph's parser or the calendar says no, and nothing is made."""
    body = meeting() | changes

    assert (400, code) == anna.refused("POST", "/me/events", json=body)
    assert [] == anna.get("/me/events")["value"]


def test_a_missing_time_is_refused(anna: Graph) -> None:
    """An event needs start and end."""
    assert 400 == anna.send("POST", "/me/events", json={"subject": "No time"}).status_code


def test_enumerations_are_case_insensitive_on_input(anna: Graph) -> None:
    """The documentation's samples write them both ways."""
    assert "workingElsewhere" == anna.create(meeting(showAs="workingElsewhere"))["showAs"]
    response = anna.send("POST", "/me/events", json=meeting(importance="HIGH"))
    assert "high" == response.json()["importance"]


def test_location_and_locations_correspond(anna: Graph) -> None:
    """Each is made from the other."""
    made = anna.create(meeting(location={"displayName": "Room 1"}))
    both = anna.change(made["id"], {"locations": [{"displayName": "A"}, {"displayName": "B"}]})

    assert "Room 1" == made["locations"][0]["displayName"]
    assert "A; B" == both["location"]["displayName"]
    assert [] == anna.change(made["id"], {"location": {"displayName": ""}})["locations"]


def test_every_change_gives_a_new_change_key(anna: Graph) -> None:
    """And a stale If-Match is refused on PATCH, ignored on DELETE."""
    made = anna.create()
    changed = anna.change(made["id"], {"subject": "Other"})
    stale = {"If-Match": made["@odata.etag"]}
    path = f"/me/events/{made['id']}"

    assert made["changeKey"] != changed["changeKey"]
    assert (412, "ErrorIrresolvableConflict") == anna.refused(
        "PATCH", path, json={"subject": "x"}, headers=stale
    )
    assert "Other" == anna.get(path)["subject"]
    assert 204 == anna.send("DELETE", path, headers=stale).status_code
    assert (404, "ErrorItemNotFound") == anna.refused("DELETE", path)


def test_a_garbage_id_is_malformed(anna: Graph) -> None:
    """400, not 404."""
    assert (400, "ErrorInvalidIdMalformed") == anna.refused("GET", "/me/events/garbage")


def test_an_immutable_id_survives_a_move(microsoft: Sandbox, anna: Graph) -> None:
    """The default id changes with the calendar."""
    made = anna.create()
    prefer = {"Prefer": 'IdType="ImmutableId"'}
    lasting = anna.get(f"/me/events/{made['id']}", headers=prefer)["id"]
    other = microsoft.graph(ANNA, "POST", "/me/calendars", {"name": "Other"})["id"]
    moved = microsoft.move_event(ANNA, made["id"], other)

    assert lasting == anna.get(f"/me/events/{lasting}", headers=prefer)["id"]
    assert (404, "ErrorItemNotFound") == anna.refused("GET", f"/me/events/{made['id']}")
    assert made["iCalUId"] == anna.get(f"/me/events/{moved}")["iCalUId"]


@pytest.mark.parametrize(
    ("switch", "same_body", "answer"),
    [
        ("same", True, 201),
        ("same", False, 400),
        ("400", True, 400),
        ("409", True, 409),
    ],
)
def test_a_transaction_id_makes_one_event(
    microsoft: Sandbox, anna: Graph, switch: str, same_body: bool, answer: int
) -> None:
    """However the repetition is answered."""
    microsoft.options.set(duplicate_transaction=switch)
    made = anna.create(meeting(transactionId="t-1"))
    again = anna.send(
        "POST", "/me/events", json=meeting("Plan" if same_body else "Other", transactionId="t-1")
    )

    assert answer == again.status_code
    assert 1 == len(anna.get("/me/events")["value"])
    if answer == 201:
        assert made["id"] == again.json()["id"]
    else:
        assert "ErrorDuplicateTransactionId" == again.json()["error"]["code"]
        found = anna.get(f"/me/events/{again.json()['error']['@event.existingEventId']}")
        assert made["iCalUId"] == found["iCalUId"]


def test_a_tag_is_found_by_listing_and_never_shown_unasked(anna: Graph) -> None:
    """Extended properties: filter and expand see them, delta and plain reads do not."""
    made = anna.create(meeting(singleValueExtendedProperties=[{"id": TAG, "value": "Ab:1"}]))
    anna.create(meeting("Other"))
    where = f"singleValueExtendedProperties/Any(ep: ep/id eq '{TAG}' and ep/value eq 'ab:1')"
    there = f"singleValueExtendedProperties/any(ep:ep/id eq '{TAG}' and ep/value ne null)"
    shown = f"singleValueExtendedProperties($filter=id eq '{TAG}')"

    assert "singleValueExtendedProperties" not in made
    for condition in (where, there):
        found = anna.get("/me/events", params={"$filter": condition, "$expand": shown})["value"]
        assert [made["id"]] == [event["id"] for event in found]
        assert [{"id": TAG, "value": "Ab:1"}] == found[0]["singleValueExtendedProperties"]
    assert all("singleValueExtendedProperties" not in event for event in anna.delta()[0])


def test_lists_filter_order_select_and_page(anna: Graph) -> None:
    """The documented options work, small pages by default."""
    for day in range(10, 22):
        anna.create(meeting(f"Day {day}", day=f"2026-10-{day}"))
    options = {
        "$filter": "start/dateTime ge '2026-10-12T00:00' and "
        "(subject ne 'Day 13' or isAllDay eq true)",
        "$orderby": "start/dateTime desc",
        "$select": "subject",
        "$count": "true",
        "$top": "4",
    }
    page = anna.get("/me/events", params=options)
    subjects = [event["subject"] for event in page["value"]]
    while "@odata.nextLink" in page:
        page = anna.get(page["@odata.nextLink"])
        subjects += [event["subject"] for event in page["value"]]

    assert [f"Day {day}" for day in range(21, 11, -1) if day != 13] == subjects
    assert {"@odata.etag", "id", "subject"} == set(page["value"][0])
    assert 10 == len(anna.get("/me/events")["value"])


@pytest.mark.parametrize(
    "options",
    [
        {"$filter": "uid eq 'x'"},
        {"$filter": "subject eq"},
        {"$select": "occurrenceId"},
        {"$expand": "attachments"},
        {"$orderby": "importance"},
        {"$search": "x"},
        {"$top": "1001"},
    ],
)
def test_an_unknown_query_option_is_refused(anna: Graph, options: dict[str, str]) -> None:
    """What Graph does not know, or is not known to know, is not guessed."""
    assert 400 == anna.send("GET", "/me/events", params=options).status_code


def test_the_last_modification_can_be_asked_for(anna: Graph) -> None:
    """A change feed of the poor."""
    before = anna.create()
    stamp = before["lastModifiedDateTime"]
    later = anna.create(meeting("Later"))
    found = anna.get("/me/events", params={"$filter": f"lastModifiedDateTime gt {stamp}"})["value"]

    assert [later["id"]] == [event["id"] for event in found]
    assert [before["id"]] == [
        event["id"]
        for event in anna.get(
            "/me/events", params={"$filter": f"iCalUId eq '{before['iCalUId']}'"}
        )["value"]
    ]


def test_an_online_meeting_is_a_latch(anna: Graph) -> None:
    """Once on it stays on, until its block is taken from the body."""
    made = anna.create(meeting(isOnlineMeeting=True, onlineMeetingProvider="teamsForBusiness"))
    still = anna.change(made["id"], {"isOnlineMeeting": False})
    gone = anna.change(made["id"], {"body": {"contentType": "html", "content": "<p>bare</p>"}})

    assert made["onlineMeeting"]["joinUrl"] in made["body"]["content"]
    assert still["isOnlineMeeting"]
    assert not gone["isOnlineMeeting"]


def test_a_scope_that_is_missing_denies(microsoft: Sandbox) -> None:
    """Reading is not writing."""
    with Graph(microsoft, ANNA, "Calendars.Read") as reader:
        assert (403, "ErrorAccessDenied") == reader.refused("POST", "/me/events", json=meeting())
        assert (403, "ErrorAccessDenied") == reader.refused("GET", "/me")


def test_other_peoples_mailboxes_are_closed(anna: Graph) -> None:
    """Known: 403; unknown: 404."""
    assert (403, "ErrorAccessDenied") == anna.refused("GET", f"/users/{BOB}/events")
    assert (404, "ErrorInvalidUser") == anna.refused("GET", "/users/x@nowhere.example/events")
    assert [] == anna.get(f"/users/{ANNA}/events")["value"]


def test_without_a_token_one_is_unauthorized(anna: Graph) -> None:
    """401 with a challenge."""
    answer = anna.send("GET", "/me", headers={"Authorization": "Bearer nonsense"})

    assert (401, "InvalidAuthenticationToken") == (
        answer.status_code,
        answer.json()["error"]["code"],
    )
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_calendars_are_found_by_name(anna: Graph) -> None:
    """What else one may ask of the list is refused."""
    for name in ("Projects", "Bob's"):
        anna.send("POST", "/me/calendars", json={"name": name})

    def names(condition: str) -> list[str]:
        found = anna.get("/me/calendars", params={"$filter": condition, "$top": "1"})["value"]
        return [one["name"] for one in found]

    assert ["Projects"] == names("name eq 'projects'")
    assert ["Bob's"] == names("name eq 'Bob''s'")
    assert 400 == anna.send("GET", "/me/calendars", params={"$orderby": "name"}).status_code
    assert 400 == anna.send("GET", "/me/calendars", params={"$filter": "id eq '1'"}).status_code
    assert 409 == anna.send("POST", "/me/calendars", json={"name": "PROJECTS"}).status_code


def test_a_boolean_may_be_a_word(anna: Graph) -> None:
    """A widely used client writes it as a string."""
    body = meeting() | {"isOnlineMeeting": "False", "isReminderOn": "true"}

    made = anna.send("POST", "/me/events", json=body).json()
    assert (False, True) == (made["isOnlineMeeting"], made["isReminderOn"])


def test_calendars_are_made_changed_and_deleted(anna: Graph) -> None:
    """All but the default one."""
    made = anna.send("POST", "/me/calendars", json={"name": "Second", "color": "lightRed"}).json()
    path = f"/me/calendars/{made['id']}"
    anna.send("POST", f"{path}/events", json=meeting())
    renamed = anna.send("PATCH", path, json={"name": "Third"}).json()

    assert "Third" == renamed["name"]
    assert 1 == len(anna.get(f"{path}/events")["value"])
    assert [] == anna.get("/me/calendar/events")["value"]
    assert 204 == anna.send("DELETE", path).status_code
    assert 400 == anna.send("DELETE", "/me/calendar").status_code


@pytest.mark.parametrize(
    ("switch", "zone"),
    [
        ("windows", "Romance Standard Time"),
        ("as_sent", "Europe/Brussels"),
        ("custom", "tzone://Microsoft/Custom"),
    ],
)
def test_the_authoring_zone_has_three_spellings(
    microsoft: Sandbox, anna: Graph, switch: str, zone: str
) -> None:
    """All were seen."""
    microsoft.options.set(zones_out=switch)

    assert zone == anna.create()["originalStartTimeZone"]


def test_the_ical_uid_may_be_missing(microsoft: Sandbox, anna: Graph) -> None:
    """Seen by published clients."""
    microsoft.options.set(ical_uid_missing=True)

    assert anna.create()["iCalUId"] is None


def test_a_personal_account_has_another_address_as_organizer(microsoft: Sandbox) -> None:
    """outlook_XXXX@outlook.com; mail to it arrives all the same."""
    alias = "outlook_1A2B3C@outlook.example"
    microsoft.add_mailbox("me@gmail.example", personal=True, alias=alias)
    with Graph(microsoft, "me@gmail.example") as own:
        made = own.create(meeting(isOnlineMeeting=True))
    microsoft.create_event(ANNA, meeting("Plan", alias))

    assert alias == made["organizer"]["emailAddress"]["address"]
    assert not made["isOnlineMeeting"]
    assert 2 == len(microsoft.events("me@gmail.example"))


@pytest.mark.parametrize(("switch", "status"), [(False, "busy"), (True, "free")])
def test_an_all_day_event_may_be_free_of_itself(
    microsoft: Sandbox, anna: Graph, switch: bool, status: str
) -> None:
    """Where nothing was said; inferred, so a switch."""
    microsoft.options.set(all_day_shows_free=switch)
    day = {"isAllDay": True, "start": at("2026-10-20T00:00:00"), "end": at("2026-10-21T00:00:00")}

    assert status == anna.create(meeting(**day))["showAs"]
    assert "oof" == anna.create(meeting(**day, showAs="oof"))["showAs"]


def test_people_may_lack_an_address(microsoft: Sandbox, anna: Graph) -> None:
    """Seen in production: no organizer, attendees with a name only."""
    microsoft.options.set(people_without_address=True)
    made = anna.create(meeting("Plan", BOB))

    assert made["organizer"] is None
    assert {"name"} == set(made["attendees"][0]["emailAddress"])


def test_the_code_of_a_stale_write_is_not_certain(microsoft: Sandbox, anna: Graph) -> None:
    """Only the status is."""
    microsoft.options.set(stale_code="PreconditionFailed")
    made = anna.create()
    answer = anna.refused(
        "PATCH", f"/me/events/{made['id']}", json={"subject": "x"}, headers={"If-Match": 'W/"old"'}
    )

    assert (412, "PreconditionFailed") == answer


def test_who_is_shown_without_an_address_is_taken_back(microsoft: Sandbox, anna: Graph) -> None:
    """Inferred: a list of attendees that was read can be written; nobody new has a name alone."""
    made = anna.create(meeting("Plan", BOB))
    microsoft.options.set(people_without_address=True)
    shown = anna.get(f"/me/events/{made['id']}")["attendees"]
    path = f"/me/events/{made['id']}"
    new = {"type": "required", "emailAddress": {"address": "new@x.example"}}
    changed = anna.send("PATCH", path, json={"attendees": [*shown, new]}).json()
    microsoft.options.set(people_without_address=False)
    addresses = [one["emailAddress"]["address"] for one in anna.get(path)["attendees"]]
    assert [BOB, "new@x.example"] == addresses
    assert 2 == len(changed["attendees"])
    stranger = {"type": "required", "emailAddress": {"name": "Somebody"}}
    refusal = anna.refused("PATCH", path, json={"attendees": [stranger]})
    assert (400, "ErrorInvalidRecipients") == refusal
