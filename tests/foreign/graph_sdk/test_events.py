"""Single events and meetings through Microsoft's own Graph SDK, generated from its metadata.

What the sandbox answers is read by models that Microsoft made, so a wrong shape or a wrong spelling
shows as a missing value.
"""

from __future__ import annotations

import pytest
from graph_sdk.sdk import People, at, bram, event, view
from kiota_abstractions.base_request_configuration import RequestConfiguration
from microsoft import ANNA, BRAM
from msgraph.generated.models.attendee_type import AttendeeType
from msgraph.generated.models.body_type import BodyType
from msgraph.generated.models.event import Event
from msgraph.generated.models.event_type import EventType
from msgraph.generated.models.free_busy_status import FreeBusyStatus
from msgraph.generated.models.item_body import ItemBody
from msgraph.generated.models.location import Location
from msgraph.generated.models.o_data_errors.o_data_error import ODataError
from msgraph.generated.models.response_type import ResponseType
from msgraph.generated.models.sensitivity import Sensitivity
from msgraph.generated.users.item.events.events_request_builder import EventsRequestBuilder
from msgraph.generated.users.item.events.item.accept.accept_post_request_body import (
    AcceptPostRequestBody,
)
from msgraph.generated.users.item.events.item.cancel.cancel_post_request_body import (
    CancelPostRequestBody,
)

from sandbox import Sandbox

pytestmark = pytest.mark.anyio


async def test_a_person_is_known(people: People) -> None:
    """The SDK signs in with Microsoft's own credential and reads who it is."""
    me = await people.client().me.get()

    assert me is not None
    assert (me.mail, me.display_name) == (ANNA, "Anna Peeters")


async def test_calendars_are_listed(people: People) -> None:
    """The default calendar says what may be done with it."""
    found = await people.client().me.calendars.get()

    assert found is not None
    (calendar,) = found.value or []
    assert (calendar.is_default_calendar, calendar.can_edit) == (True, True)
    assert calendar.owner is not None
    assert calendar.owner.address == ANNA


async def test_an_event_is_made_and_read_back(people: People) -> None:
    """Every value goes through Microsoft's models and back."""
    client = people.client()
    wanted = event(
        "Review",
        body=ItemBody(content_type=BodyType.Text, content="Agenda"),
        location=Location(display_name="Room 4"),
        sensitivity=Sensitivity.Private,
        show_as=FreeBusyStatus.Oof,
        categories=["Customer"],
        reminder_minutes_before_start=30,
        attendees=[bram(AttendeeType.Optional)],
    )

    made = await client.me.events.post(wanted)
    assert made is not None
    assert made.id is not None
    read = await client.me.events.by_event_id(made.id).get()

    assert read is not None
    assert (read.subject, read.body_preview) == ("Review", "Agenda")
    assert read.body is not None
    assert read.body.content_type is BodyType.Html
    assert read.location is not None
    assert read.location.display_name == "Room 4"
    assert (read.sensitivity, read.show_as) == (Sensitivity.Private, FreeBusyStatus.Oof)
    assert (read.categories, read.reminder_minutes_before_start) == (["Customer"], 30)
    assert read.start is not None
    assert (read.start.date_time, read.start.time_zone) == ("2026-11-23T08:00:00.0000000", "UTC")
    assert read.original_start_time_zone == "Romance Standard Time"
    assert (read.type, read.is_organizer) == (EventType.SingleInstance, True)
    (guest,) = read.attendees or []
    assert guest.type is AttendeeType.Optional
    assert read.i_cal_u_id
    assert read.created_date_time is not None


async def test_a_time_zone_can_be_preferred(people: People) -> None:
    """With the header, times come in the zone that was asked for."""
    client = people.client()
    await client.me.events.post(event("Review"))
    configuration: RequestConfiguration[
        EventsRequestBuilder.EventsRequestBuilderGetQueryParameters
    ] = RequestConfiguration()
    configuration.headers.add("Prefer", 'outlook.timezone="Asia/Ho_Chi_Minh"')

    found = await client.me.events.get(configuration)

    assert found is not None
    (one,) = found.value or []
    assert one.start is not None
    assert one.start.date_time == "2026-11-23T15:00:00.0000000"


async def test_an_event_is_changed_and_deleted(people: People, sandbox: Sandbox) -> None:
    """A change leaves what it does not name; a deleted event is not found."""
    client = people.client()
    made = await client.me.events.post(event("Review", location=Location(display_name="Room 4")))
    assert made is not None
    assert made.id is not None
    one = client.me.events.by_event_id(made.id)

    changed = await one.patch(Event(subject="Second review"))

    assert changed is not None
    assert changed.location is not None
    assert (changed.subject, changed.location.display_name) == ("Second review", "Room 4")
    assert changed.change_key != made.change_key
    await one.delete()
    with pytest.raises(ODataError) as refused:
        await one.get()
    assert refused.value.response_status_code == 404
    assert refused.value.error is not None
    assert refused.value.error.code == "ErrorItemNotFound"


async def test_an_all_day_event_keeps_its_days(people: People) -> None:
    """Midnight to midnight, read back as sent."""
    client = people.client()
    trip = Event(subject="Trip", is_all_day=True, start=at(24, 0), end=at(27, 0))

    made = await client.me.events.post(trip)

    assert made is not None
    assert made.start is not None
    assert made.end is not None
    assert made.is_all_day
    assert made.start.date_time == "2026-11-24T00:00:00.0000000"
    assert made.end.date_time == "2026-11-27T00:00:00.0000000"


async def test_an_invitation_is_answered_and_canceled(people: People, sandbox: Sandbox) -> None:
    """Invite, accept, see the answer, cancel, see the cancellation: in two mailboxes."""
    anna, his = people.client(ANNA), people.client(BRAM)
    made = await anna.me.events.post(event("Review", attendees=[bram()]))
    assert made is not None
    assert made.id is not None
    (copy,) = await view(his)
    assert copy.id is not None
    assert copy.i_cal_u_id == made.i_cal_u_id
    assert copy.response_status is not None
    assert copy.response_status.response is ResponseType.NotResponded

    answer = AcceptPostRequestBody(comment="Gladly", send_response=True)
    await his.me.events.by_event_id(copy.id).accept.post(answer)

    read = await anna.me.events.by_event_id(made.id).get()
    assert read is not None
    (guest,) = read.attendees or []
    assert guest.status is not None
    assert guest.status.response is ResponseType.Accepted
    await anna.me.events.by_event_id(made.id).cancel.post(CancelPostRequestBody(comment="Ill"))
    (copy,) = await view(his)
    assert copy.is_cancelled
    assert [mail.kind for mail in sandbox.mails] == ["invitation", "response", "cancellation"]
