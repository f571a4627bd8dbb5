"""Microsoft's own Graph SDK for the tests: signed-in clients, events to send, calendars to read."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlencode

import httpx
from azure.identity import AuthorizationCodeCredential
from kiota_abstractions.base_request_configuration import RequestConfiguration
from kiota_authentication_azure.azure_identity_authentication_provider import (
    AzureIdentityAuthenticationProvider,
)
from microsoft import ANNA, BRAM, MICROSOFT, AsyncDetour, Registration, SignIn, query_of
from msgraph import GraphRequestAdapter, GraphServiceClient
from msgraph.generated.models.attendee import Attendee
from msgraph.generated.models.attendee_type import AttendeeType
from msgraph.generated.models.date_time_time_zone import DateTimeTimeZone
from msgraph.generated.models.email_address import EmailAddress
from msgraph.generated.models.event import Event
from msgraph.generated.models.patterned_recurrence import PatternedRecurrence
from msgraph.generated.models.recurrence_pattern import RecurrencePattern
from msgraph.generated.models.recurrence_pattern_type import RecurrencePatternType
from msgraph.generated.models.recurrence_range import RecurrenceRange
from msgraph.generated.models.recurrence_range_type import RecurrenceRangeType
from msgraph.generated.users.item.calendar_view.calendar_view_request_builder import (
    CalendarViewRequestBuilder,
)
from msgraph.generated.users.item.calendar_view.delta.delta_get_response import DeltaGetResponse
from msgraph.generated.users.item.calendar_view.delta.delta_request_builder import (
    DeltaRequestBuilder,
)
from msgraph.graph_request_adapter import options
from msgraph_core import GraphClientFactory

from sandbox import Sandbox

SCOPES = [
    "https://graph.microsoft.com/Calendars.ReadWrite",
    "https://graph.microsoft.com/User.Read",
]
WINDOW = {"start_date_time": "2026-11-23T00:00:00Z", "end_date_time": "2026-12-21T00:00:00Z"}


class People:
    """Signs people in and gives each a client."""

    def __init__(self, sandbox: Sandbox, app: Registration, sign_in: SignIn) -> None:
        self._sandbox, self._app, self._sign_in = sandbox, app, sign_in
        self._open: list[httpx.AsyncClient] = []

    def client(self, address: str = ANNA) -> GraphServiceClient:
        """Return the client of a person who has signed in."""
        wanted = {
            "client_id": self._app.client_id,
            "response_type": "code",
            "redirect_uri": self._app.redirect,
            "scope": " ".join([*SCOPES, "offline_access", "openid", "profile"]),
        }
        authorize = "https://login.microsoftonline.com/common/oauth2/v2.0/authorize"
        back = self._sign_in(f"{authorize}?{urlencode(wanted)}", address)
        credential = AuthorizationCodeCredential(
            "common",
            self._app.client_id,
            query_of(back)["code"],
            self._app.redirect,
            client_secret=self._app.secret,
        )
        # The links to next pages name the sandbox, so the token has to go there too.
        hosts = [*MICROSOFT, "127.0.0.1"]
        provider = AzureIdentityAuthenticationProvider(
            credential, scopes=SCOPES, allowed_hosts=hosts
        )
        transport = AsyncDetour(self._sandbox.https_url, self._sandbox.ca_file)
        http = httpx.AsyncClient(
            transport=transport, base_url="https://graph.microsoft.com/v1.0", timeout=10
        )
        self._open.append(http)
        http = GraphClientFactory.create_with_default_middleware(client=http, options=options)
        return GraphServiceClient(request_adapter=GraphRequestAdapter(provider, http))

    async def close(self) -> None:
        """Hang up."""
        for http in self._open:
            await http.aclose()


def at(day: int, hour: int = 9, zone: str = "Romance Standard Time") -> DateTimeTimeZone:
    """Return a wall-clock time of November 2026, in the week that begins on Monday the 23rd."""
    return DateTimeTimeZone(date_time=f"2026-11-{day}T{hour:02}:00:00", time_zone=zone)


def event(subject: str, day: int = 23, **values: object) -> Event:
    """Begin an event of an hour."""
    return Event(subject=subject, start=at(day), end=at(day, 10), **values)


def bram(kind: AttendeeType = AttendeeType.Required) -> Attendee:
    """Return Bram as a guest."""
    return Attendee(type=kind, email_address=EmailAddress(address=BRAM, name="Bram Claes"))


def daily(times: int) -> PatternedRecurrence:
    """Return the rule of a daily series that starts on Monday the 23rd."""
    return PatternedRecurrence(
        pattern=RecurrencePattern(type=RecurrencePatternType.Daily, interval=1),
        range=RecurrenceRange(
            type=RecurrenceRangeType.Numbered,
            start_date=date(2026, 11, 23),
            number_of_occurrences=times,
        ),
    )


async def view(client: GraphServiceClient) -> list[Event]:
    """Return what the calendar shows in four weeks, in order of time."""
    query = CalendarViewRequestBuilder.CalendarViewRequestBuilderGetQueryParameters(
        **WINDOW, orderby=["start/dateTime"], top=50
    )
    found = await client.me.calendar_view.get(RequestConfiguration(query_parameters=query))
    assert found is not None
    return found.value or []


async def delta(client: GraphServiceClient, link: str | None = None) -> DeltaGetResponse:
    """Run one round of changes to its end and return its items with the last link."""
    query = DeltaRequestBuilder.DeltaRequestBuilderGetQueryParameters(**WINDOW)
    configuration = RequestConfiguration(query_parameters=query)
    builder = client.me.calendar_view.delta
    if link is None:
        page = await builder.get(configuration)
    else:
        page = await builder.with_url(link).get()
    assert page is not None
    items = list(page.value or [])
    while page.odata_next_link:
        page = await builder.with_url(page.odata_next_link).get()
        assert page is not None
        items += page.value or []
    page.value = items
    return page
