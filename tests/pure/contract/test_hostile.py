"""Answers that lie: whatever comes, the client says one of its errors, or what can be read."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from contract.places import SandboxPlace, creation, failed
from contract.samples import VALUES, WINDOW, subjects, whole_round
from graph.played import ORIGIN, Played, create, deletes, event
from microsoft import ANNA
from scripted import answer, batch_answer, refusal

from core.engine.errors import (
    DeltaExpired,
    MailboxClosed,
    MailboxFull,
    Missing,
    OutcomeUnknown,
    Refused,
    Rejected,
    Stale,
    SyncError,
    Throttled,
    Unavailable,
    Unmappable,
)
from core.graph.client import GraphClient
from core.graph.delta import read
from core.graph.failures import concerns_mailbox
from core.graph.reading import from_graph
from core.graph.remote import RemoteEvent, Unreadable
from core.graph.transport import RequestsTransport, Response

TIME = {"dateTime": "2026-01-01T09:00:00", "timeZone": "UTC"}
PERSON = {"name": "n", "address": "a@b.example"}
SINGLE: dict[str, Any] = {
    "id": "e", "type": "singleInstance", "iCalUId": "u", "changeKey": "k",
    "lastModifiedDateTime": "2026-01-01T00:00:00Z", "subject": "s",
    "body": {"contentType": "html", "content": "<p>x</p>"}, "start": TIME, "end": TIME,
    "isAllDay": False, "originalStartTimeZone": "UTC", "location": {"displayName": "l"},
    "locations": [{"displayName": "l"}], "sensitivity": "normal",
    "attendees": [{"type": "required", "status": {"response": "none"}, "emailAddress": PERSON,
                   "proposedNewTime": {"start": TIME, "end": TIME}}],
    "showAs": "busy", "isReminderOn": True, "reminderMinutesBeforeStart": 15,
    "categories": ["c"], "organizer": {"emailAddress": PERSON}, "isOnlineMeeting": True,
    "responseStatus": {"response": "organizer"}, "originalStart": "2026-01-01T00:00:00Z",
    "onlineMeeting": {"joinUrl": "https://teams.example/x"}, "recurrence": None,
}  # fmt: skip
SERIES: dict[str, Any] = {
    **SINGLE,
    "type": "seriesMaster",
    "recurrence": {
        "pattern": {"type": "weekly", "interval": 1, "daysOfWeek": ["thursday"],
                    "firstDayOfWeek": "sunday", "dayOfMonth": 0, "month": 0, "index": "first"},
        "range": {"type": "numbered", "startDate": "2026-01-01", "endDate": "0001-01-01",
                  "numberOfOccurrences": 3, "recurrenceTimeZone": "UTC"},
    },
}  # fmt: skip
#: What Graph never showed, and what it did show where nobody expected it.
HOSTILE: tuple[Any, ...] = (
    None, 5, -1, 10**30, 1.5, True, "", "x", "\0", "\ud800", "x" * 10_000, [], [None], ["x"], [[]],
    {}, {"a": 1}, [{}], "0001-01-01T00:00:00", "9999-12-31T23:59:59", "4500-09-01T00:00:00Z",
    "9999-12-31", "2026-13-45T99:00:00", "Mars Standard Time", "tzone://Microsoft/Custom",
    "../etc/passwd", "Line Islands Standard Time", "absoluteYearly", "noEnd",
)  # fmt: skip


def _places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield where something stands in a JSON value, at every depth."""
    inner = value.items() if isinstance(value, dict) else enumerate(value)
    for key, one in inner:
        yield (*path, key)
        if isinstance(one, (dict, list)):
            yield from _places(one, (*path, key))


def _with(value: Any, path: tuple[Any, ...], one: Any) -> Any:
    changed = copy.deepcopy(value)
    holder = changed
    for key in path[:-1]:
        holder = holder[key]
    holder[path[-1]] = one
    return changed


@pytest.mark.parametrize(("item", "where"), [(SINGLE, ""), (SERIES, "recurrence")])
def test_whatever_stands_anywhere_an_event_is_read_or_refused_by_name(
    item: Any, where: str
) -> None:
    """Every hostile value at every place: never another error, and no text that cannot be kept."""
    for path in _places(item):
        for hostile in HOSTILE if where in ("", path[0]) else ():
            spoilt = _with(item, path, hostile)
            found = read(spoilt, owner_zone="Europe/Brussels")
            assert found.item == spoilt
            if isinstance(found, Unreadable):
                assert "x" * 100 not in found.reason
            else:
                assert "\0" not in repr((found.shared, found.private, found.organizer))
                repr(found.shared).encode()


@pytest.mark.parametrize("zone", ["UTC", "Line Islands Standard Time", "Dateline Standard Time"])
@pytest.mark.parametrize("stamp", ["0001-01-01T00:00:00", "9999-12-31T23:59:59", "4500-09-01"])
def test_the_edge_of_the_calendar_is_no_accident(stamp: str, zone: str) -> None:
    """Years 1, 4500 and 9999, in zones that lead beyond: read or refused."""
    time = {"dateTime": stamp if "T" in stamp else f"{stamp}T00:00:00", "timeZone": zone}
    for item in (SINGLE, SERIES):
        for all_day in (False, True):
            spoilt = {**item, "start": time, "end": time, "isAllDay": all_day}
            found = read({**spoilt, "originalStartTimeZone": zone}, owner_zone="Pacific/Kiritimati")
            assert isinstance(found, (RemoteEvent, Unreadable))


def test_texts_lose_what_no_database_keeps() -> None:
    """NUL and half a character go; emoji and the marks of right to left stay."""
    shown = from_graph({**SINGLE, "subject": "\u202eA\0\ud83c\U0001f389", "categories": ["a\0"]})

    assert (shown.shared["subject"], shown.private["categories"]) == (
        "\u202eA\U0001f389",
        frozenset({"a"}),
    )


#: Successes that are none. Deep: Python's own parser gives up. NaN: no JSON, and no database's.
LIES: dict[str, Response] = {
    "a page of HTML": Response(200, {}, b"<html>Sign in</html>"),
    "half of it": Response(200, {}, b'{"value": [{"id'),
    "nothing": Response(200),
    "a list": Response(200, {}, b"[]"),
    "null": Response(200, {}, b"null"),
    "nested too deep": Response(200, {}, b"[" * 200_000),
    "NaN": Response(200, {}, b'{"value": [], "x": NaN}'),
    "not UTF-8": Response(200, {}, b'{"value": "\xff\xfe"}'),
    "no list": answer(body={"value": {"id": "e"}}),
    "a number": answer(body={"value": 5}),
    "a link that is a number": answer(body={"value": [], "@odata.nextLink": 5}),
    "a link elsewhere": answer(body={"value": [], "@odata.nextLink": "https://evil.test/"}),
}
READS: dict[str, Callable[[GraphClient], Any]] = {
    "a page of changes": lambda client: client.delta_page(None, window=WINDOW),
    "calendars": lambda client: client.calendars(),
    "a list": lambda client: list(client.list_view(None, WINDOW)),
    "marked ones": lambda client: list(client.tagged()),
}


@pytest.mark.parametrize("kind", READS)
@pytest.mark.parametrize("lie", LIES)
def test_a_success_that_is_none_is_a_bad_day(lie: str, kind: str) -> None:
    """To what asks for a list: nothing is believed, least of all that nothing is there."""
    with pytest.raises(Unavailable):
        READS[kind](Played(LIES[lie]).client)


@pytest.mark.parametrize("lie", ["a page of HTML", "half of it", "null", "NaN", "nested too deep"])
def test_a_write_with_such_an_answer_may_have_been_done(lie: str) -> None:
    """Alone and in a batch: somebody must look."""
    failed(Played(LIES[lie]).client.perform([create()])[0], OutcomeUnknown)
    for result in Played(LIES[lie]).client.perform(deletes(2)):
        failed(result, OutcomeUnknown)


def test_a_write_whose_event_makes_no_sense_may_have_been_done() -> None:
    """It was answered with success: it is not for setting aside what may be there."""
    failed(
        Played(answer(201, {**event(), "subject": 5})).client.perform([create()])[0], OutcomeUnknown
    )


def test_an_event_of_ours_that_cannot_be_read_is_there() -> None:
    """Found by its mark, it is told from one that was never made."""
    played = Played(answer(body={"value": [{**event(), "subject": 5}]}))

    with pytest.raises(Unmappable):
        played.client.find_tagged("db:m")


@pytest.mark.parametrize(
    "parts",
    [
        None,
        {},
        [None, 5, "x", []],
        [{"id": "0"}, {"status": 204}],
        [{"id": "x", "status": 204}, {"id": "0", "status": "soon"}],
        [{"id": "7", "status": 204}],
    ],
)
def test_parts_that_say_nothing_may_have_been_done(parts: Any) -> None:
    """A part without an answer of its own is unknown."""
    lying = answer(200, {"responses": parts})
    for result in Played(lying).client.perform(deletes(2)):
        failed(result, OutcomeUnknown)


def test_parts_with_odd_clothes_are_read() -> None:
    """Ids as numbers, headers that are none, a body that is no object."""
    parts = [
        {"id": 0, "status": "204", "headers": None},
        {"id": "1", "status": 404, "headers": ["x"], "body": "not here"},
    ]
    first, second = Played(batch_answer(parts)).client.perform(deletes(2))

    assert first is None
    failed(second, Unavailable)


def test_pages_in_a_circle_end() -> None:
    """A link that leads to itself is read anew from the start; a list of such is a bad day."""
    link = f"{ORIGIN}/v1.0/x?t=1"
    circle = answer(body={"value": [], "@odata.nextLink": link})

    with pytest.raises(DeltaExpired):
        Played(circle).client.delta_page(None, link=link)
    with pytest.raises(Unavailable):
        Played(circle, circle, circle).client.calendars()


#: Status and code as they were seen or are documented -> what it means to a write.
SPELLINGS: tuple[tuple[int, str, type[SyncError], bool], ...] = (
    (403, "ErrorAccessDenied", Refused, False),
    (403, "", Refused, False),
    (403, "ErrorQuotaExceeded", MailboxFull, True),
    (507, "", MailboxFull, True),
    (507, "quotaLimitReached", MailboxFull, True),
    (404, "MailboxNotEnabledForRESTAPI", MailboxClosed, True),
    (404, "ErrorItemNotFound", Missing, False),
    (404, "itemNotFound", Missing, False),
    (404, "", Unavailable, False),
    (404, "UnknownError", Unavailable, False),
    (409, "", SyncError, False),
    (412, "ErrorIrresolvableConflict", Stale, False),
    (412, "", Stale, False),
    (400, "ErrorInvalidRequest", Rejected, False),
    (413, "", Rejected, False),
    (422, "", Rejected, False),
    (429, "", Throttled, True),
    (429, "TooManyRequests", Throttled, True),
    (503, "", Unavailable, True),
    (500, "ErrorInternalServerError", Unavailable, False),
    (504, "", Unavailable, False),
)


@pytest.mark.parametrize(("status", "code", "kind", "is_of_mailbox"), SPELLINGS)
def test_each_spelling_means_one_thing(
    status: int, code: str, kind: type[SyncError], is_of_mailbox: bool
) -> None:
    """One event's trouble, or the mailbox's; told alike alone and in a batch."""
    [alone] = Played(refusal(status, code)).client.perform([create()])
    body = {"error": {"code": code, "message": "words\0"}}
    part = {"id": "0", "status": status, "headers": {}, "body": body}
    other = {"id": "1", "status": 424}
    done = {"id": "1", "status": 204}
    together = Played(batch_answer([part, other]), batch_answer([done])).client.perform(deletes(2))

    for result in (alone, together[0]):
        assert concerns_mailbox(failed(result, kind)) is is_of_mailbox
        assert "\0" not in getattr(result, "message", "")
    assert (together[1] is None) is not is_of_mailbox


@pytest.mark.parametrize(
    ("status", "code"),
    [(410, ""), (410, "SyncStateNotFound"), (410, "resyncRequired"), (400, "SyncStateInvalid"),
     (400, "ErrorInvalidSyncStateData"), (404, "ErrorItemNotFound"), (409, "fullSyncRequired")],
)  # fmt: skip
def test_a_link_that_is_gone_is_gone_in_every_spelling(status: int, code: str) -> None:
    """One full round, whatever it is called."""
    with pytest.raises(DeltaExpired):
        Played(refusal(status, code)).client.delta_page(None, link=f"{ORIGIN}/v1.0/x?t=1")


@pytest.mark.parametrize("after", [False, True])
def test_silence_ends(microsoft: SandboxPlace, after: bool) -> None:
    """A server that says nothing is left after the read timeout, before its effect and after it."""
    transport = RequestsTransport(read_timeout=0.3)
    client = microsoft.client_of(ANNA, transport)
    client.calendars()
    held = microsoft.sandbox.faults.hold(after=after, method="POST", path="/events$")
    operation = creation(VALUES)

    failed(client.perform([operation])[0], OutcomeUnknown)
    held.release()
    assert microsoft.client.find_tagged(operation.tag) is not None or not after
    transport.close()


def test_what_outlook_shows_need_not_be_what_is_there(microsoft: SandboxPlace) -> None:
    """One item of a page that makes no sense stops no other."""
    good, bad = microsoft.client.perform([creation(VALUES), creation(VALUES)])
    assert isinstance(good, RemoteEvent)
    assert isinstance(bad, RemoteEvent)
    microsoft.sandbox.faults.lie(bad.id, {"subject": ["no", "text"]})
    page = whole_round(microsoft.client)

    assert {type(one) for one in page.events} == {RemoteEvent, Unreadable}
    [unreadable] = [one for one in page.events if isinstance(one, Unreadable)]
    assert unreadable.item is not None
    assert ["no", "text"] == unreadable.item["subject"]
    assert len(subjects(microsoft)) == 2
    assert json.dumps(unreadable.item)
