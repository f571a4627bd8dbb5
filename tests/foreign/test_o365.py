"""The client library O365, as its users write with it, against the sandbox."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import requests
from microsoft import ANNA, BRAM, Registration, SignIn
from O365 import Account
from O365.calendar import Calendar, Event
from O365.utils.token import MemoryTokenBackend

from sandbox import Sandbox

BRUSSELS = ZoneInfo("Europe/Brussels")
#: A Monday well away from a DST change.
START = datetime(2026, 11, 23, 9, 30, tzinfo=BRUSSELS)


class People:
    """Signs people in with O365's own flow."""

    def __init__(self, sandbox: Sandbox, app: Registration, sign_in: SignIn) -> None:
        self._sandbox, self._app, self._sign_in = sandbox, app, sign_in

    def account(self, address: str = ANNA) -> Account:
        """Return the account of a person who has signed in."""
        account = Account(
            (self._app.client_id, self._app.secret),
            token_backend=MemoryTokenBackend(),
            timezone=BRUSSELS,
            verify_ssl=self._sandbox.ca_file,
            timeout=10,
            raise_http_errors=True,
        )
        scopes = account.protocol.get_scopes_for(["Calendars.ReadWrite", "User.Read"])
        url, flow = account.con.get_authorization_url(scopes, redirect_uri=self._app.redirect)
        back = self._sign_in(url, address)
        assert account.con.request_token(back, flow=flow)
        return account

    def calendar(self, address: str = ANNA) -> Calendar:
        """Return a person's default calendar."""
        calendar = self.account(address).schedule().get_default_calendar()
        assert calendar is not None
        return calendar


@pytest.fixture
def people(sandbox: Sandbox, app: Registration, sign_in: SignIn, detour: None) -> People:
    return People(sandbox, app, sign_in)


pytestmark = pytest.mark.filterwarnings("ignore:.*response_mode.*")


def new_event(calendar: Calendar, subject: str, start: datetime = START) -> Event:
    """Begin an event of an hour."""
    event = calendar.new_event(subject)
    event.start, event.end = start, start + timedelta(hours=1)
    return event


def week(calendar: Calendar, weeks: int = 1) -> list[Event]:
    """Return what the calendar shows from START's Monday on."""
    begin = START.replace(hour=0, minute=0)
    found = calendar.get_events(
        start_recurring=begin,
        end_recurring=begin + timedelta(weeks=weeks),
        order_by="start/dateTime",
    )
    return list(found)


def test_a_person_signs_in(people: People) -> None:
    """The library knows who signed in, and Graph tells it the same."""
    account = people.account()

    assert account.is_authenticated
    assert account.get_current_user_data().mail == ANNA


def test_calendars_are_listed(people: People) -> None:
    """A mailbox has its default calendar, and those that are made."""
    schedule = people.account().schedule()
    made = schedule.new_calendar("Projects")

    names = {calendar.name for calendar in schedule.list_calendars()}

    assert names == {"Calendar", "Projects"}
    assert schedule.get_calendar(calendar_name="Projects").calendar_id == made.calendar_id


def test_an_event_is_made_and_read_back(people: People, sandbox: Sandbox) -> None:
    """What the library wrote is what it reads, in its own zone."""
    calendar = people.calendar()
    event = new_event(calendar, "Review")
    event.body, event.location = "<p>Agenda</p>", "Room 4"
    event.remind_before_minutes = 30
    event.categories = "Customer"

    assert event.save()
    again = calendar.get_event(event.object_id)

    assert (again.subject, again.location["displayName"]) == ("Review", "Room 4")
    assert (again.start, again.end) == (START, START + timedelta(hours=1))
    assert "Agenda" in again.get_body_text()
    assert (again.remind_before_minutes, again.categories) == (30, ["Customer"])
    assert again.event_type.value == "single_instance"
    assert sandbox.find_events(ANNA, "Review")[0]["start"]["timeZone"] == "UTC"


def test_an_all_day_event_keeps_its_days(people: People) -> None:
    """Days are days, whatever the zone."""
    calendar = people.calendar()
    event = calendar.new_event("Trip")
    event.start, event.end = date(2026, 11, 24), date(2026, 11, 27)
    event.is_all_day = True

    assert event.save()
    (again,) = week(calendar)

    assert again.is_all_day
    assert (again.start.date(), again.end.date()) == (date(2026, 11, 24), date(2026, 11, 27))


def test_only_the_changed_fields_are_sent(people: People, sandbox: Sandbox) -> None:
    """The library patches what was touched; the rest stays."""
    calendar = people.calendar()
    event = new_event(calendar, "Review")
    event.location = "Room 4"
    event.save()

    event.subject = "Second review"
    assert event.save()

    (stored,) = sandbox.find_events(ANNA, "Second review")
    assert stored["location"]["displayName"] == "Room 4"
    assert [one.method for one in sandbox.requests if "/events" in one.path] == ["POST", "PATCH"]


def test_an_event_is_deleted(people: People) -> None:
    """A deleted event is gone, and asking for it is an error."""
    calendar = people.calendar()
    event = new_event(calendar, "Review")
    event.save()

    assert event.delete()

    assert week(calendar) == []
    with pytest.raises(requests.HTTPError, match="404"):
        calendar.get_event(event.object_id)


def test_an_invitation_is_answered(people: People) -> None:
    """An answer given in one mailbox is seen in the other."""
    mine, his = people.calendar(ANNA), people.calendar(BRAM)
    event = new_event(mine, "Review")
    event.attendees.add([("Bram Claes", BRAM)])
    event.save()

    (invited,) = week(his)
    assert invited.organizer.address == ANNA
    assert invited.response_status.status.value == "not_responded"
    assert invited.accept_event("Gladly")

    (attendee,) = mine.get_event(event.object_id).attendees
    assert attendee.response_status.status.value == "accepted"


def test_an_organizer_cannot_answer_himself(people: People) -> None:
    """Graph's refusal reaches the library's user in words."""
    event = new_event(people.calendar(), "Review")
    event.attendees.add([("Bram Claes", BRAM)])
    event.save()

    with pytest.raises(requests.HTTPError, match="you're the meeting organizer"):
        event.accept_event()


def test_a_meeting_is_canceled(people: People, sandbox: Sandbox) -> None:
    """Canceling tells the guests, whose copy then says so."""
    event = new_event(people.calendar(), "Review")
    event.attendees.add([("Bram Claes", BRAM)])
    event.save()

    assert event.cancel_event("Ill, sorry")

    (copy,) = sandbox.events(BRAM)
    assert copy["isCancelled"]
    assert [mail.kind for mail in sandbox.mails] == ["invitation", "cancellation"]
    assert sandbox.mails[-1].comment == "Ill, sorry"


def test_a_series_is_expanded(people: People) -> None:
    """A weekly series shows its dates in a view, and one master in the plain list."""
    calendar = people.calendar()
    event = new_event(calendar, "Stand-up")
    event.recurrence.set_weekly(
        1,
        days_of_week=["monday", "wednesday"],
        first_day_of_week="monday",
        start=START.date(),
        occurrences=5,
    )

    assert event.save()

    shown = week(calendar, weeks=4)
    assert [one.start.date().day for one in shown] == [23, 25, 30, 2, 7]
    assert {one.event_type.value for one in shown} == {"occurrence"}
    (master,) = calendar.get_events(include_recurring=False)
    assert master.event_type.value == "series_master"
    assert master.recurrence.occurrences == 5
    assert set(master.recurrence.days_of_week) == {"monday", "wednesday"}


def test_an_occurrence_is_changed_and_another_deleted(people: People) -> None:
    """What is done to one date leaves the others."""
    calendar = people.calendar()
    event = new_event(calendar, "Stand-up")
    event.recurrence.set_daily(1, start=START.date(), occurrences=3)
    event.save()
    begin = START.replace(hour=0)
    master = calendar.get_event(event.object_id)
    first, second, third = sorted(
        master.get_occurrences(begin, begin + timedelta(days=7)), key=lambda one: one.start
    )

    second.subject = "Moved"
    assert second.save()
    assert third.delete()

    shown = week(calendar)
    assert [one.subject for one in shown] == ["Stand-up", "Moved"]
    assert shown[1].event_type.value == "exception"
    assert first.object_id == shown[0].object_id


def test_events_are_filtered_and_paged(people: People) -> None:
    """The library follows the links to the next pages, and its filters are understood."""
    calendar = people.calendar()
    for number in range(12):
        new_event(calendar, f"Event {number:02}", START + timedelta(days=number)).save()

    query = calendar.q().startswith("subject", "Event 0")
    found = calendar.get_events(limit=20, batch=3, query=query, include_recurring=False)

    assert sorted(event.subject for event in found) == [
        f"Event {number:02}" for number in range(10)
    ]


def test_an_expired_token_is_refreshed_unseen(people: People, sandbox: Sandbox) -> None:
    """A token that ran out is renewed by the library, and the request succeeds."""
    calendar = people.calendar()
    sandbox.state.directory.expire_access(ANNA)
    # The library asks for a new token only where it too believes that the old one is over.
    backend = calendar.con.token_backend
    for token in backend._cache["AccessToken"].values():
        token["expires_on"] = "1"

    assert week(calendar) == []
