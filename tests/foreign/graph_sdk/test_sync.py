"""Series, changes, batches and refusals through Microsoft's own Graph SDK."""

from __future__ import annotations

import pytest
from graph_sdk.sdk import WINDOW, People, daily, delta, event, view
from kiota_abstractions.base_request_configuration import RequestConfiguration
from microsoft import ANNA
from msgraph.generated.models.day_of_week import DayOfWeek
from msgraph.generated.models.event import Event
from msgraph.generated.models.event_type import EventType
from msgraph.generated.models.o_data_errors.o_data_error import ODataError
from msgraph.generated.models.recurrence_pattern import RecurrencePattern
from msgraph.generated.models.recurrence_pattern_type import RecurrencePatternType
from msgraph.generated.models.single_value_legacy_extended_property import (
    SingleValueLegacyExtendedProperty,
)
from msgraph.generated.users.item.events.events_request_builder import EventsRequestBuilder
from msgraph.generated.users.item.events.item.instances.instances_request_builder import (
    InstancesRequestBuilder,
)
from msgraph_core.requests.batch_request_content import BatchRequestContent
from msgraph_core.requests.batch_request_item import BatchRequestItem

from sandbox import Sandbox

pytestmark = pytest.mark.anyio
TAG = "String {6b3a5c0e-6a1e-4c6e-9d7d-0c8b3a1f2e4d} Name OtherAppId"


async def test_a_series_is_expanded_changed_and_cut(people: People) -> None:
    """Instances of a series, one changed, one deleted, and the master as it was."""
    client = people.client()
    master = await client.me.events.post(event("Stand-up", recurrence=daily(4)))
    assert master is not None
    assert master.id is not None
    assert master.type is EventType.SeriesMaster
    query = InstancesRequestBuilder.InstancesRequestBuilderGetQueryParameters(**WINDOW)
    found = await client.me.events.by_event_id(master.id).instances.get(
        RequestConfiguration(query_parameters=query)
    )
    assert found is not None
    ids = [one.id or "" for one in found.value or []]
    assert len(ids) == 4

    await client.me.events.by_event_id(ids[1]).patch(Event(subject="Moved"))
    await client.me.events.by_event_id(ids[2]).delete()

    shown = await view(client)
    assert [one.subject for one in shown] == ["Stand-up", "Moved", "Stand-up"]
    assert [one.type for one in shown] == [
        EventType.Occurrence,
        EventType.Exception,
        EventType.Occurrence,
    ]
    assert {one.series_master_id for one in shown} == {master.id}
    read = await client.me.events.by_event_id(master.id).get()
    assert read is not None
    assert read.recurrence is not None
    assert read.recurrence.range is not None
    assert read.recurrence.range.number_of_occurrences == 4


async def test_a_weekly_series_comes_back_with_its_days(people: People) -> None:
    """The pattern is read by Microsoft's enumerations."""
    client = people.client()
    rule = daily(3)
    rule.pattern = RecurrencePattern(
        type=RecurrencePatternType.Weekly,
        interval=2,
        days_of_week=[DayOfWeek.Monday, DayOfWeek.Thursday],
        first_day_of_week=DayOfWeek.Monday,
    )

    master = await client.me.events.post(event("Fortnightly", recurrence=rule))

    assert master is not None
    assert master.recurrence is not None
    pattern = master.recurrence.pattern
    assert pattern is not None
    assert pattern.type is RecurrencePatternType.Weekly
    assert pattern.days_of_week == [DayOfWeek.Monday, DayOfWeek.Thursday]
    days = [(one.start.date_time or "")[:10] for one in await view(client) if one.start]
    assert days == ["2026-11-23", "2026-11-26", "2026-12-07"]


async def test_changes_are_told_since_the_last_round(people: People, sandbox: Sandbox) -> None:
    """A first round tells all over several pages, the next only what changed and what went."""
    client = people.client()
    for number in range(13):
        await client.me.events.post(event(f"Event {number}", 23 + number % 5))

    first = await delta(client)
    assert len(first.value or []) == 13
    assert first.odata_delta_link
    nothing = await delta(client, first.odata_delta_link)
    assert nothing.value == []

    changed, removed = (first.value or [])[:2]
    await client.me.events.by_event_id(changed.id or "").patch(Event(subject="Changed"))
    await client.me.events.by_event_id(removed.id or "").delete()
    second = await delta(client, nothing.odata_delta_link)

    told = {one.id: one for one in second.value or []}
    assert told.keys() == {changed.id, removed.id}
    assert told[changed.id].subject == "Changed"
    assert told[removed.id].additional_data["@removed"] == {"reason": "deleted"}


async def test_a_forgotten_delta_is_gone(people: People, sandbox: Sandbox) -> None:
    """An expired link is 410, as a code the SDK shows."""
    client = people.client()
    first = await delta(client)
    sandbox.state.expire_delta(ANNA)

    with pytest.raises(ODataError) as refused:
        await delta(client, first.odata_delta_link)

    assert refused.value.response_status_code == 410


async def test_an_own_property_is_found_again(people: People) -> None:
    """An extended property written with an event finds it by filter and is shown when expanded."""
    client = people.client()
    tagged = event(
        "Tagged",
        single_value_extended_properties=[SingleValueLegacyExtendedProperty(id=TAG, value="42")],
    )
    await client.me.events.post(tagged)
    await client.me.events.post(event("Other"))
    query = EventsRequestBuilder.EventsRequestBuilderGetQueryParameters(
        filter=f"singleValueExtendedProperties/Any(ep: ep/id eq '{TAG}' and ep/value eq '42')",
        expand=[f"singleValueExtendedProperties($filter=id eq '{TAG}')"],
    )

    found = await client.me.events.get(RequestConfiguration(query_parameters=query))

    assert found is not None
    (one,) = found.value or []
    assert one.subject == "Tagged"
    (held,) = one.single_value_extended_properties or []
    assert (held.id, held.value) == (TAG, "42")


async def test_a_batch_answers_each_part(people: People, sandbox: Sandbox) -> None:
    """Two requests in one: both answers, each under its own id."""
    # A client that has sent something writes whole addresses into batches, which are to be relative
    # (its own slip): so this one has not.
    client = people.client()
    content = BatchRequestContent()
    for request in (
        client.me.events.to_get_request_information(),
        client.me.events.by_event_id("nonsense").to_get_request_information(),
    ):
        request.headers.add("Accept", "application/json")
        content.add_request_information(request)
    events, nonsense = content.requests

    answers = await client.batch.post(content)

    assert answers is not None
    statuses = answers.get_response_status_codes()
    assert (statuses[events], statuses[nonsense]) == (200, 400)


async def test_a_batch_carries_bodies(people: People, sandbox: Sandbox) -> None:
    """A part may make an event."""
    client = people.client()
    content = BatchRequestContent()
    request = client.me.events.to_post_request_information(event("From a batch"))
    content.add_request(None, BatchRequestItem(request))

    await client.batch.post(content)

    assert [one["subject"] for one in sandbox.events(ANNA)] == ["From a batch"]


async def test_throttling_is_waited_out(people: People, sandbox: Sandbox) -> None:
    """The SDK's own retry reads Retry-After and succeeds the second time."""
    client = people.client()
    sandbox.faults.throttle(retry_after=1, path="/me/events")

    found = await client.me.events.get()

    assert found is not None
    statuses = [one.status for one in sandbox.requests if one.path.endswith("/me/events")]
    assert statuses == [429, 200]
