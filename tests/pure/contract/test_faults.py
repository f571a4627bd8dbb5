"""The client when Microsoft has a bad day, or behaves in the other way that is thinkable.

On the sandbox only: nobody can switch a real tenant.
"""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from contract.places import SandboxPlace, create, creation, failed
from microsoft import ANNA, BERT

from core.engine.errors import (
    DeltaExpired,
    Missing,
    NotSent,
    OutcomeUnknown,
    Refused,
    Rejected,
    SyncError,
    Throttled,
    TokenExpired,
    Unavailable,
    Unsupported,
)
from core.engine.snapshot import Keyed, Person, Timed
from core.graph.client import GraphClient
from core.graph.delta import together
from core.graph.operations import Answer, DeleteEvent, Respond, UpdateEvent
from core.graph.remote import DeltaPage, RemoteEvent
from core.graph.transport import RequestsTransport

NOON = datetime(2026, 12, 7, 12, tzinfo=timezone.utc)
HOUR = timedelta(hours=1)
WINDOW = (NOON - timedelta(days=30), NOON + timedelta(days=60))
VALUES: dict[str, Any] = {
    "subject": "a",
    "when": Timed(NOON, NOON + HOUR),
    "zone": "Europe/Brussels",
}
INVITED = {**VALUES, "people": Keyed({BERT: Person("required", "Bert", BERT)})}
WEEKLY: dict[str, Any] = {
    "subject": "weekly",
    "start": {"dateTime": "2026-12-07T12:00:00", "timeZone": "UTC"},
    "end": {"dateTime": "2026-12-07T13:00:00", "timeZone": "UTC"},
    "recurrence": {
        "pattern": {"type": "weekly", "interval": 1, "daysOfWeek": ["monday"]},
        "range": {"type": "numbered", "startDate": "2026-12-07", "numberOfOccurrences": 3},
    },
}


def _subjects(microsoft: SandboxPlace, address: str = ANNA) -> list[str]:
    return sorted(event["subject"] for event in microsoft.sandbox.events(address))


# What answers a request badly, and what the caller is told of a read and of a write.
FAULTS: dict[str, tuple[dict[str, Any], type[SyncError], type[SyncError]]] = {
    "throttled": (
        {"kind": "throttle", "retry_after": "2.128", "status": 429},
        Throttled,
        Throttled,
    ),
    "throttled as 503": (
        {"kind": "throttle", "retry_after": "3", "status": 503},
        Throttled,
        Throttled,
    ),
    "500": ({"kind": "server_error", "status": 500}, Unavailable, Unavailable),
    "503": ({"kind": "server_error", "status": 503}, Unavailable, Unavailable),
    "504": ({"kind": "server_error", "status": 504}, Unavailable, Unavailable),
    "a page of HTML": ({"kind": "html_page"}, Unavailable, OutcomeUnknown),
    "half an answer": ({"kind": "truncate"}, Unavailable, OutcomeUnknown),
    "lost before": ({"kind": "drop_before", "times": 2}, OutcomeUnknown, OutcomeUnknown),
    "lost after": ({"kind": "drop_after", "times": 2}, OutcomeUnknown, OutcomeUnknown),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_bad_day_has_a_name(microsoft: SandboxPlace, name: str) -> None:
    """Reads raise it, writes return it, batches return it for each part."""
    fault, of_read, of_write = FAULTS[name]
    client = microsoft.client

    microsoft.sandbox.faults.add(**fault)
    with pytest.raises(of_read):
        client.delta_page(None, window=WINDOW)
    microsoft.sandbox.faults.clear()

    microsoft.sandbox.faults.add(**fault)
    failed(client.perform([creation(VALUES)])[0], of_write)
    microsoft.sandbox.faults.clear()

    microsoft.sandbox.faults.add(**fault, path=r"/\$batch")
    for result in client.perform([creation(VALUES), creation(VALUES)]):
        failed(result, of_write)


def test_the_time_to_wait_is_told(microsoft: SandboxPlace) -> None:
    """In seconds and as a moment, in whatever form the header came."""
    microsoft.sandbox.faults.throttle("2.128")
    with pytest.raises(Throttled) as caught:
        microsoft.client.me()
    assert caught.value.retry_after == 2.128

    microsoft.sandbox.faults.throttle(datetime.now(timezone.utc) + timedelta(seconds=60))
    with pytest.raises(Throttled) as caught:
        microsoft.client.me()
    assert 50 < (caught.value.retry_after or 0) <= 60

    microsoft.sandbox.faults.throttle(None)
    with pytest.raises(Throttled) as caught:
        microsoft.client.me()
    assert caught.value.until is None


@pytest.mark.parametrize("kind", ["drop_before", "drop_after"])
def test_a_lost_read_is_read_again(microsoft: SandboxPlace, kind: str) -> None:
    """Once; nobody notices."""
    microsoft.sandbox.faults.add(kind)

    assert microsoft.client.me().address == ANNA


def test_a_lost_creation_is_found_by_its_tag(microsoft: SandboxPlace) -> None:
    """The event is there once, and nobody is invited twice."""
    operation = creation(INVITED)
    microsoft.sandbox.faults.drop_after(method="POST", path="/events$")

    failed(microsoft.client.perform([operation])[0], OutcomeUnknown)

    assert microsoft.client.find_tagged(operation.tag) is not None
    assert _subjects(microsoft) == ["a"]
    assert len(microsoft.sandbox.mails) == 1


def test_a_lost_creation_that_did_not_arrive_is_not_found(microsoft: SandboxPlace) -> None:
    """Looking tells the two apart."""
    operation = creation(VALUES)
    microsoft.sandbox.faults.drop_before(method="POST", path="/events$")

    failed(microsoft.client.perform([operation])[0], OutcomeUnknown)

    assert microsoft.client.find_tagged(operation.tag) is None


def test_a_lost_batch_did_all_or_nothing_more(microsoft: SandboxPlace) -> None:
    """Each part of a batch whose answer is lost is unknown; none is sent again."""
    microsoft.sandbox.faults.drop_after(path=r"/\$batch")

    results = microsoft.client.perform([creation(VALUES), creation(VALUES)])

    assert [type(result) for result in results] == [OutcomeUnknown, OutcomeUnknown]
    assert _subjects(microsoft) == ["a", "a"]


def test_a_server_that_is_gone_was_never_reached(transport: RequestsTransport) -> None:
    """Everything can be repeated."""
    client = GraphClient(
        transport,
        "https://127.0.0.1:9",
        lambda _force: "t",
        now=lambda: NOON,
        wait=lambda _seconds: None,
    )

    failed(client.perform([creation(VALUES)])[0], NotSent)


def test_a_throttled_part_ends_the_turn(microsoft: SandboxPlace) -> None:
    """What comes after it was not done; what came before it was."""
    microsoft.sandbox.faults.throttle(5, method="POST", path="/events$", skip=1)

    results = microsoft.client.perform([creation({**VALUES, "subject": n}) for n in "abc"])

    assert [type(result) for result in results] == [RemoteEvent, Throttled, Throttled]
    assert _subjects(microsoft) == ["a"]


@pytest.mark.parametrize("status", [500, 504])
def test_a_part_that_breaks_stops_no_other(microsoft: SandboxPlace, status: int) -> None:
    """One item that Exchange cannot handle is that item's trouble."""
    microsoft.sandbox.faults.server_error(status, method="POST", path="/events$", skip=1)

    results = microsoft.client.perform([creation({**VALUES, "subject": n}) for n in "abc"])

    assert [type(result) for result in results] == [RemoteEvent, Unavailable, RemoteEvent]
    assert _subjects(microsoft) == ["a", "c"]


def test_fifty_writes_are_three_requests(microsoft: SandboxPlace) -> None:
    """Twenty parts to a batch, one after the other, whatever the mailbox' limit at a time."""
    microsoft.sandbox.options.set(batch_throttles_parallel=True)
    before = microsoft.client.stats.requests

    results = microsoft.client.perform([creation({**VALUES, "subject": "x"}) for _ in range(50)])

    assert {type(result) for result in results} == {RemoteEvent}
    assert microsoft.client.stats.requests - before == 3
    assert microsoft.client.stats.parts == 50


def test_an_expired_token_is_renewed(microsoft: SandboxPlace) -> None:
    """A read, a write and a batch go on with a new token."""
    expire = microsoft.sandbox.state.directory.expire_access

    expire(ANNA)
    assert microsoft.client.me().address == ANNA
    expire(ANNA)
    assert isinstance(microsoft.client.perform([creation(VALUES)])[0], RemoteEvent)
    expire(ANNA)
    results = microsoft.client.perform([creation(VALUES), creation(VALUES)])
    assert [type(result) for result in results] == [RemoteEvent, RemoteEvent]
    assert len(_subjects(microsoft)) == 3


def test_a_token_that_stays_refused_is_told(
    microsoft: SandboxPlace, transport: RequestsTransport
) -> None:
    """The account cannot go on."""
    client = GraphClient(
        transport,
        microsoft.sandbox.https_url,
        lambda _force: "worthless",
        now=lambda: NOON,
    )

    with pytest.raises(TokenExpired):
        client.me()


def test_a_missing_scope_is_refused(microsoft: SandboxPlace, transport: RequestsTransport) -> None:
    """403 concerns the account, not the meeting."""
    token = microsoft.sandbox.token(ANNA, scopes=["User.Read"])
    client = GraphClient(
        transport,
        microsoft.sandbox.https_url,
        lambda _force: token,
        now=lambda: NOON,
    )

    assert client.me().time_zone is None
    with pytest.raises(Refused):
        client.calendars()


@pytest.mark.parametrize(
    ("status", "code"),
    [(410, "SyncStateNotFound"), (410, "resyncRequired"), (400, "syncStateNotFound"), (400, "X")],
)
def test_an_expired_delta_is_told(microsoft: SandboxPlace, status: int, code: str) -> None:
    """However it is spelled; a new round then works."""
    link = microsoft.client.delta_page(None, window=WINDOW).delta_link
    microsoft.sandbox.state.expire_delta(ANNA, status=status, code=code)

    with pytest.raises(DeltaExpired):
        microsoft.client.delta_page(None, link=link)
    assert microsoft.client.delta_page(None, window=WINDOW).delta_link


def test_delta_of_a_named_calendar_may_be_refused(microsoft: SandboxPlace) -> None:
    """Documented for the default one only: its list is the other way."""
    [calendar] = microsoft.client.calendars()
    made = create(microsoft, VALUES)
    microsoft.sandbox.options.set(calendar_delta=False)

    with pytest.raises(Unsupported):
        microsoft.client.delta_page(calendar.id, window=WINDOW)

    [listed] = microsoft.client.list_view(calendar.id, WINDOW)
    assert isinstance(listed, RemoteEvent)
    assert (listed.id, listed.shared) == (made.id, made.shared)


def test_a_calendar_that_is_gone_is_missing(microsoft: SandboxPlace) -> None:
    """Not unsupported: its connection is to be forgotten."""
    calendar = microsoft.sandbox.graph(ANNA, "POST", "/me/calendars", {"name": "Other"})
    assert microsoft.client.delta_page(calendar["id"], window=WINDOW).delta_link
    microsoft.sandbox.graph(ANNA, "DELETE", f"/me/calendars/{calendar['id']}")

    with pytest.raises(Missing):
        microsoft.client.delta_page(calendar["id"], window=WINDOW)


def _whole_round(client: GraphClient, link: str | None = None) -> DeltaPage:
    pages = [client.delta_page(None, window=WINDOW, link=link)]
    while pages[-1].next_link:
        pages.append(client.delta_page(None, link=pages[-1].next_link))
    return together(pages)


def test_duplicates_and_disorder_change_nothing(microsoft: SandboxPlace) -> None:
    """Both are documented: pages may repeat items in any order."""
    expected = {create(microsoft, {**VALUES, "subject": name}).id for name in "abc"}
    microsoft.sandbox.faults.duplicate_delta(times=None)
    microsoft.sandbox.faults.reorder_delta(times=None)

    page = _whole_round(microsoft.client)

    assert len(page.events) == 3
    assert {event.id for event in page.events if isinstance(event, RemoteEvent)} == expected


def test_the_page_size_is_asked_for_on_every_page(microsoft: SandboxPlace) -> None:
    """It is no part of the link: without it pages would be small again."""
    for name in "abcdefghijklmnopqrstuvwxyzabc":
        create(microsoft, {**VALUES, "subject": name})

    assert len(microsoft.client.delta_page(None, window=WINDOW).events) == 29


def test_the_parts_of_a_series_pass_with_their_kinds(microsoft: SandboxPlace) -> None:
    """Master, exception and stubs, in delta; occurrences in a list."""
    master = microsoft.sandbox.create_event(ANNA, WEEKLY)
    view = microsoft.sandbox.view(ANNA, "2026-12-01", "2027-01-01")
    microsoft.sandbox.change_event(ANNA, view[1]["id"], {"subject": "moved"})

    page = _whole_round(microsoft.client)

    kinds = sorted(event.kind for event in page.events if isinstance(event, RemoteEvent))
    assert kinds == ["exception", "occurrence", "occurrence", "seriesMaster"]
    listed = [
        event.kind
        for event in microsoft.client.list_view(None, WINDOW)
        if isinstance(event, RemoteEvent)
    ]
    assert sorted(listed) == ["exception", "occurrence", "occurrence"]
    assert master["type"] == "seriesMaster"


def test_a_list_goes_over_its_pages(microsoft: SandboxPlace, transport: RequestsTransport) -> None:
    """Small pages are followed to the end."""
    for name in "abcdefg":
        create(microsoft, {**VALUES, "subject": name})
    small = GraphClient(
        transport,
        microsoft.sandbox.https_url,
        lambda _force: microsoft.sandbox.token(ANNA),
        now=lambda: NOON,
        page_size=2,
    )

    assert len(list(small.list_view(None, WINDOW))) == 7
    assert small.stats.requests == 4


@pytest.mark.parametrize("answer", ["same", "400", "409"])
def test_a_repeated_transaction_is_answered_with_its_event(
    microsoft: SandboxPlace, answer: str
) -> None:
    """Whichever way Exchange says it (all three are reported): one event, one mail."""
    microsoft.sandbox.options.set(duplicate_transaction=answer)
    operation = creation(INVITED)

    [first] = microsoft.client.perform([operation])
    alone = microsoft.client.perform([operation])
    batched = microsoft.client.perform([operation, DeleteEvent("AAMkAGI1")])

    assert isinstance(first, RemoteEvent)
    for again in (alone[0], batched[0]):
        assert isinstance(again, RemoteEvent)
        assert again.id == first.id
    assert len(microsoft.sandbox.mails) == 1


def test_an_answer_reaches_the_organizer(microsoft: SandboxPlace) -> None:
    """The guest's copy shares the iCalUId and has an id of its own; each answer is seen there."""
    made = create(microsoft, INVITED)
    guest = microsoft.guest_client
    copy = guest.find_by_ical_uid(made.ical_uid or "")
    assert copy is not None
    assert (copy.id == made.id, copy.is_organizer, copy.own_response) == (
        False,
        False,
        "notResponded",
    )
    assert copy.organizer
    assert copy.organizer.address == ANNA
    assert copy.shared["people"] == made.shared["people"]

    answers: list[tuple[Answer, str]] = [
        ("accept", "accepted"),
        ("tentativelyAccept", "tentativelyAccepted"),
    ]
    for action, answer in answers:
        respond = Respond(copy.id, action, comment="fine")
        assert guest.perform([respond]) == [None]
        assert guest.get_event(copy.id).own_response == answer
        assert microsoft.client.get_event(made.id).responses == {BERT: answer}


def test_declining_takes_the_copy_away(microsoft: SandboxPlace) -> None:
    """It is moved to Deleted Items: removed in delta, the organizer sees the answer."""
    made = create(microsoft, INVITED)
    guest = microsoft.guest_client
    first = _whole_round(guest)
    [copy] = first.events
    assert isinstance(copy, RemoteEvent)

    assert guest.perform([Respond(copy.id, "decline")]) == [None]

    assert _whole_round(guest, first.delta_link).removed == [copy.id]
    assert microsoft.client.get_event(made.id).responses == {BERT: "declined"}


def test_a_comment_needs_to_be_sent(microsoft: SandboxPlace) -> None:
    """Graph refuses a comment that goes to nobody (seen live)."""
    create(microsoft, INVITED)
    guest = microsoft.guest_client
    [copy] = _whole_round(guest).events
    assert isinstance(copy, RemoteEvent)

    [result] = guest.perform([Respond(copy.id, "accept", send_response=False, comment="x")])

    failed(result, Rejected)


def test_an_answer_that_nobody_wants_is_kept_silent(microsoft: SandboxPlace) -> None:
    """Where the organizer asked for no responses, sending one is refused (seen)."""
    guests = [{"type": "required", "emailAddress": {"address": BERT}}]
    times = {name: WEEKLY[name] for name in ("start", "end")}
    microsoft.sandbox.create_event(ANNA, {**times, "attendees": guests, "responseRequested": False})
    [copy] = _whole_round(microsoft.guest_client).events
    assert isinstance(copy, RemoteEvent)
    assert not copy.wants_response

    [loud] = microsoft.guest_client.perform([Respond(copy.id, "accept")])
    silent = microsoft.guest_client.perform([Respond(copy.id, "accept", send_response=False)])

    failed(loud, Rejected)
    assert silent == [None]


def test_the_organizer_s_deletion_cancels(microsoft: SandboxPlace) -> None:
    """The copies stay, cancelled, until their owners remove them."""
    made = create(microsoft, INVITED)

    microsoft.client.perform([DeleteEvent(made.id)])

    [copy] = _whole_round(microsoft.guest_client).events
    assert isinstance(copy, RemoteEvent)
    assert copy.is_cancelled


def test_an_organizer_listed_as_guest_is_none(microsoft: SandboxPlace) -> None:
    """Some servers list the organizer among the attendees of the copies."""
    microsoft.sandbox.options.set(organizer_among_attendees=True)
    made = create(microsoft, INVITED)

    [copy] = _whole_round(microsoft.guest_client).events

    assert isinstance(copy, RemoteEvent)
    assert copy.shared["people"] == made.shared["people"]


@pytest.mark.parametrize("zones_out", ["windows", "as_sent"])
def test_a_zone_comes_back_as_one_of_the_same_clock(
    microsoft: SandboxPlace, zones_out: str
) -> None:
    """Under its Windows name or as it was sent; the instants are the same."""
    microsoft.sandbox.options.set(zones_out=zones_out)

    made = create(microsoft, {**VALUES, "zone": "Asia/Ho_Chi_Minh"})

    assert made.shared["zone"] == "Asia/Bangkok"
    assert made.shared["when"] == VALUES["when"]


def test_a_refused_meeting_is_our_mistake(microsoft: SandboxPlace) -> None:
    """A person without a valid address: that one is parked, the others go on."""
    nobody = Keyed({"name:nobody": Person("required", "Nobody")})

    bad, good = microsoft.client.perform([creation({**VALUES, "people": nobody}), creation(VALUES)])

    failed(bad, Rejected)
    assert isinstance(good, RemoteEvent)


def test_a_read_only_calendar_refuses_writes(microsoft: SandboxPlace) -> None:
    """canEdit says so beforehand, 403 afterwards."""
    calendar = microsoft.sandbox.graph(ANNA, "POST", "/me/calendars", {"name": "Holidays"})
    microsoft.sandbox.state.mailbox(ANNA).calendar(calendar["id"]).can_edit = False

    shown = {one.id: one.can_edit for one in microsoft.client.calendars()}
    [result] = microsoft.client.perform([creation(VALUES, calendar_id=calendar["id"])])

    assert shown[calendar["id"]] is False
    failed(result, Refused)


def test_a_tag_is_found_in_its_calendar(microsoft: SandboxPlace) -> None:
    """Lists are per calendar: the tag is looked for where the event was made."""
    calendar = microsoft.sandbox.graph(ANNA, "POST", "/me/calendars", {"name": "Other"})
    operation = creation(VALUES, calendar_id=calendar["id"])
    [made] = microsoft.client.perform([operation])
    assert isinstance(made, RemoteEvent)

    assert microsoft.client.find_tagged(operation.tag) is None
    found = microsoft.client.find_tagged(operation.tag, calendar_id=calendar["id"])
    assert found is not None
    assert found.id == made.id


def test_an_update_names_only_what_changed(microsoft: SandboxPlace) -> None:
    """Exchange mails the guests of PATCHes that name a shared field; private ones are silent."""
    made = create(microsoft, INVITED)
    microsoft.sandbox.state.mails.clear()

    microsoft.client.perform([UpdateEvent(made.id, {"reminder": 5, "show_as": "oof"}, {})])
    assert not microsoft.sandbox.mails

    microsoft.client.perform([UpdateEvent(made.id, {"subject": "b"}, {})])
    assert [mail.kind for mail in microsoft.sandbox.mails] == ["update"]
