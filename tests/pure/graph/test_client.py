"""The client over a scripted wire: what no honest server does. The rest is in `contract`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scripted import ScriptedTransport, Step, Waits, answer, batch_answer, parts_of, refusal

from core.engine.errors import (
    AppMisconfigured,
    Conflicted,
    ConsentNeeded,
    DeltaExpired,
    Missing,
    NotSent,
    OutcomeUnknown,
    Rejected,
    Throttled,
    TokenExpired,
    Unavailable,
    Unmappable,
    Unsupported,
)
from core.graph.client import GraphClient
from core.graph.operations import CreateEvent, DeleteEvent, Respond, UpdateEvent
from core.graph.remote import RemoteEvent
from core.graph.transport import Request, Response

ORIGIN = "https://graph.test"
NOW = datetime(2026, 10, 5, 12, tzinfo=timezone.utc)
WINDOW = (NOW, NOW + timedelta(days=30))
HTML = Response(200, {}, b"<html>Sign in to the proxy</html>")
CUT = Response(200, {}, b'{"value": [{"id"')


class Played:
    """A client, the wire below it, and what else it asked for."""

    def __init__(self, *steps: Step, token: Callable[[bool], str] | None = None) -> None:
        self.wire = ScriptedTransport(*steps)
        self.waits = Waits()
        self.forced: list[bool] = []
        self.client = GraphClient(
            self.wire,
            ORIGIN,
            token or self._token,
            now=lambda: NOW,
            wait=self.waits,
            page_size=50,
        )

    def _token(self, force: bool) -> str:
        self.forced.append(force)
        return f"t{self.forced.count(True)}"


def _event(remote_id: str = "e") -> dict[str, Any]:
    return {"id": remote_id, "type": "singleInstance", "subject": "x"}


def _create(tag: str = "db:m", **values: Any) -> CreateEvent:
    return CreateEvent(None, values or {"subject": "x"}, f"tx-{tag}", tag)


def _deletes(count: int) -> list[DeleteEvent]:
    return [DeleteEvent(f"e{number}") for number in range(count)]


def _batch(**statuses: int) -> Callable[[Request], Response]:
    """Answer a batch: paths end in e<n>; named ones fail, the chain breaks after them."""

    def play(request: Request) -> Response:
        answers, broken = [], False
        for part in parts_of(request):
            status = statuses.get(part["url"].rpartition("/")[2], 204)
            if part.get("dependsOn") and broken:
                status = 424
            broken = broken or status >= 400
            body = {"error": {"code": "X", "message": ""}} if status >= 400 else None
            answers.append({"id": part["id"], "status": status, "headers": {}, "body": body})
        return batch_answer(reversed(answers))

    return play


def test_every_request_asks_for_stable_ids_and_utc() -> None:
    """Both are preferences of a request, not of a mailbox."""
    played = Played(answer(body=_event()))

    played.client.get_event("e/=+")

    [sent] = played.wire.sent
    assert f"{ORIGIN}/v1.0/me/events/e%2F%3D%2B" == sent.url
    assert sent.headers["Prefer"] == 'IdType="ImmutableId", outlook.timezone="UTC"'
    assert sent.headers["Authorization"] == "Bearer t0"
    assert sent.headers["client-request-id"]


def test_an_endpoint_must_be_safe() -> None:
    """Plain http to another machine would show the token to everybody between."""
    with pytest.raises(AppMisconfigured):
        GraphClient(ScriptedTransport(), "http://graph.test", lambda _: "t", now=lambda: NOW)


def test_an_expired_token_is_renewed_once() -> None:
    """401: a forced token, the same request again."""
    played = Played(refusal(401, "InvalidAuthenticationToken"), answer(body=_event()))

    assert played.client.get_event("e").id == "e"
    assert [sent.headers["Authorization"] for sent in played.wire.sent] == [
        "Bearer t0",
        "Bearer t1",
    ]


def test_a_fresh_token_that_is_refused_ends_it() -> None:
    """A second 401 would repeat for ever."""
    played = Played(refusal(401), refusal(401))

    with pytest.raises(TokenExpired):
        played.client.get_event("e")
    assert played.forced == [False, True]


def test_parts_of_a_batch_get_a_new_token_once() -> None:
    """Tokens run out between parts, too; what was done is not repeated."""
    played = Played(_batch(e1=401), _batch())

    assert played.client.perform(_deletes(3)) == [None, None, None]
    assert [len(parts_of(sent)) for sent in played.wire.sent] == [3, 2]
    assert played.wire.sent[1].headers["Authorization"] == "Bearer t1"


def test_parts_that_stay_unauthorized_are_told() -> None:
    """One renewal per batch: then the whole mailbox is out."""
    played = Played(_batch(e0=401), _batch(e0=401))

    results = played.client.perform(_deletes(2))

    assert [TokenExpired, TokenExpired] == [type(result) for result in results]


def test_a_dead_sign_in_fails_every_operation_before_anything_is_sent() -> None:
    """The token source knows first."""

    def dead(force: bool) -> str:
        raise ConsentNeeded("AADSTS50173")

    for count in (1, 3):
        played = Played(token=dead)
        assert [ConsentNeeded] * count == [
            type(result) for result in played.client.perform(_deletes(count))
        ]


@pytest.mark.parametrize("loss", [NotSent("x"), OutcomeUnknown("x")])
def test_a_read_is_repeated_once_after_a_short_wait(loss: NotSent | OutcomeUnknown) -> None:
    """Reading twice does no harm."""
    played = Played(loss, answer(body=_event()))

    assert played.client.get_event("e").id == "e"
    assert played.waits == [0.5]


def test_a_write_whose_answer_is_lost_is_sent_once() -> None:
    """Somebody would be invited twice: the caller looks instead."""
    played = Played(OutcomeUnknown("x"))

    [result] = played.client.perform([_create()])

    assert isinstance(result, OutcomeUnknown)
    assert len(played.wire.sent) == 1


def test_a_lost_batch_leaves_its_parts_unknown_and_the_others_unsent() -> None:
    """Only what was in the request may have been done."""
    played = Played(OutcomeUnknown("x"))

    results = played.client.perform(_deletes(23))

    assert [OutcomeUnknown] * 20 + [NotSent] * 3 == [type(result) for result in results]


@pytest.mark.parametrize("page", [HTML, CUT, Response(200, {}, b"[]"), Response(200)])
def test_an_unreadable_answer_to_a_read_is_a_bad_day(page: Response) -> None:
    """Proxies answer 200 with a page, connections end in the middle."""
    with pytest.raises(Unavailable):
        Played(page).client.delta_page(None, window=WINDOW)


@pytest.mark.parametrize("page", [HTML, CUT])
def test_an_unreadable_answer_to_a_write_leaves_it_unknown(page: Response) -> None:
    """The status says that it was done, perhaps by Graph."""
    assert isinstance(Played(page).client.perform([_create()])[0], OutcomeUnknown)
    assert all(
        isinstance(result, OutcomeUnknown) for result in Played(page).client.perform(_deletes(2))
    )


def test_throttling_is_counted_and_not_waited_for() -> None:
    """The worker is not held: the caller leaves the mailbox alone until then."""
    played = Played(refusal(429, "TooManyRequests", retry_after="2.5"))

    with pytest.raises(Throttled) as caught:
        played.client.get_event("e")

    assert NOW + timedelta(seconds=2.5) == caught.value.until
    assert (played.client.stats.requests, played.client.stats.throttled) == (1, 1)
    assert played.waits == []


@pytest.mark.parametrize(
    "link",
    [
        "https://evil.test/v1.0/me",
        "http://graph.test/v1.0/me",
        "https://graph.test:8443/v1.0/me",
        "https://graph.test@evil.test/",
        "https://user:word@graph.test/v1.0/me",
        "//graph.test/x",
        "https://graph.test:port/",
    ],
)
def test_links_lead_nowhere_else(link: str) -> None:
    """A planted link would carry the token away: given back it is worthless, handed out refused."""
    with pytest.raises(DeltaExpired):
        Played().client.delta_page(None, link=link)

    for page in ({"value": [], "@odata.nextLink": link}, {"value": [], "@odata.deltaLink": link}):
        with pytest.raises(Unavailable):
            Played(answer(body=page)).client.delta_page(None, window=WINDOW)

    listing = Played(answer(body={"value": [], "@odata.nextLink": link}))
    with pytest.raises(Unavailable):
        listing.client.calendars()
    assert len(listing.wire.sent) == 1


@pytest.mark.parametrize("link", [f"{ORIGIN}/v1.0/x?t=1", "HTTPS://GRAPH.TEST:443/v1.0/x?t=1"])
def test_a_link_of_the_same_origin_is_followed_as_it_is(link: str) -> None:
    """Scheme, host and port are compared, with the default port; preferences are repeated."""
    played = Played(answer(body={"value": []}))

    played.client.delta_page(None, link=link)

    assert link == played.wire.sent[0].url
    assert "odata.maxpagesize=50" in played.wire.sent[0].headers["Prefer"]


@pytest.mark.parametrize("step", [refusal(400, "ErrorInvalidIdMalformed"), refusal(410)])
def test_a_refused_stored_link_is_an_expired_one(step: Response) -> None:
    """Graph says it in several ways; asking again from the start is the answer to all."""
    with pytest.raises(DeltaExpired):
        Played(step).client.delta_page(None, link=f"{ORIGIN}/v1.0/x?$deltatoken=1")


def test_delta_of_another_calendar_may_be_unsupported() -> None:
    """It is documented for the default calendar only; there a refusal is our mistake."""
    with pytest.raises(Unsupported):
        Played(refusal(400, "ErrorInvalidRequest")).client.delta_page("c", window=WINDOW)
    with pytest.raises(Rejected):
        Played(refusal(400, "ErrorInvalidRequest")).client.delta_page(None, window=WINDOW)
    with pytest.raises(Missing):
        Played(refusal(404, "ErrorItemNotFound")).client.delta_page("c", window=WINDOW)


def test_one_operation_is_one_plain_request() -> None:
    """A batch of one would cost a request more for nothing."""
    played = Played(answer(200, _event()))
    change = UpdateEvent("e", {"subject": "b"}, {"subject": "b"}, change_key="k")

    [result] = played.client.perform([change])

    assert isinstance(result, RemoteEvent)
    [sent] = played.wire.sent
    assert (
        sent.method,
        sent.json,
        sent.headers["If-Match"],
    ) == ("PATCH", {"subject": "b"}, 'W/"k"')


def test_no_operation_is_no_request() -> None:
    """Nothing to do costs nothing."""
    assert Played().client.perform([]) == []


def test_parts_carry_their_own_headers() -> None:
    """A batch's own headers do not reach its parts (json-batching)."""
    played = Played(_batch())
    change = UpdateEvent("e1", {"subject": "b"}, {"subject": "b"}, change_key="k")

    played.client.perform([DeleteEvent("e0"), change, Respond("e2", "accept")])

    parts = parts_of(played.wire.sent[0])
    assert [part["url"] for part in parts] == [
        "/me/events/e0",
        "/me/events/e1",
        "/me/events/e2/accept",
    ]
    assert {'IdType="ImmutableId", outlook.timezone="UTC"'} == {
        part["headers"]["Prefer"] for part in parts
    }
    assert (
        parts[1]["headers"]["If-Match"],
        parts[1]["headers"]["Content-Type"],
    ) == ('W/"k"', "application/json")
    assert "Content-Type" not in parts[0]["headers"]


@given(st.lists(st.sampled_from([204, 400, 404, 409, 412, 500]), min_size=2, max_size=50))
def test_every_operation_gets_its_own_outcome(statuses: list[int]) -> None:
    """A failed part stops no other, and none is done twice, whatever the order."""
    done: list[str] = []
    play = _batch(**{f"e{number}": status for number, status in enumerate(statuses)})

    def count(request: Request) -> Response:
        response = play(request)
        done.extend(part["id"] for part in response.json()["responses"] if part["status"] != 424)
        assert len(parts_of(request)) <= 20
        return response

    played = Played(*[count] * len(statuses))

    results = played.client.perform(_deletes(len(statuses)))

    assert len(set(done)) == len(done) == len(statuses)
    for status, result in zip(statuses, results, strict=True):
        assert (result is None) is (status == 204)
        assert status == 204 or status == getattr(result, "status", None)


@pytest.mark.parametrize("status", [429, 503])
def test_a_part_that_is_throttled_ends_the_turn(status: int) -> None:
    """The others were not carried out, and are not tried while the mailbox says no."""
    played = Played(_batch(e1=status))

    results = played.client.perform(_deletes(30))

    assert results[0] is None
    assert {Throttled if status == 429 else Unavailable} == {type(one) for one in results[1:]}
    assert len(played.wire.sent) == 1
    assert (played.client.stats.requests, played.client.stats.parts) == (1, 20)


def test_a_part_without_an_answer_is_unknown() -> None:
    """What the answer leaves out may have been done."""
    played = Played(batch_answer([{"id": "0", "status": 204}, {"id": "x"}, {"status": 1}, None]))

    assert [type(None), OutcomeUnknown] == [
        type(result) for result in played.client.perform(_deletes(2))
    ]


def test_a_batch_that_never_begins_comes_to_an_end() -> None:
    """424 for all, the head included, which the contract does not know."""

    def play(request: Request) -> Response:
        return batch_answer({"id": part["id"], "status": 424} for part in parts_of(request))

    assert all(
        isinstance(result, Unavailable) for result in Played(play).client.perform(_deletes(3))
    )


def test_what_cannot_be_said_is_not_sent() -> None:
    """One value that Graph cannot hold parks its own operation only."""
    played = Played(answer(201, _event()))

    bad, good = played.client.perform([_create(reminder=-1), _create(subject="x")])

    assert isinstance(bad, Unmappable)
    assert isinstance(good, RemoteEvent)


@pytest.mark.parametrize("status", [400, 409])
def test_a_used_transaction_is_answered_with_its_event(status: int) -> None:
    """The event is there already: it is looked up by the id that Graph names."""
    error = {"code": "ErrorDuplicateTransactionId", "@event.existingEventId": "old"}
    played = Played(answer(status, {"error": error}), answer(body=_event("old")))

    [result] = played.client.perform([_create()])

    assert isinstance(result, RemoteEvent)
    assert result.id == "old"


def test_a_used_transaction_without_an_id_is_found_by_its_tag() -> None:
    """Our own mark finds it; where nothing is found, the refusal stands."""
    used = refusal(409, "ErrorDuplicateTransactionId")
    mark = {"singleValueExtendedProperties": [{"id": _tag_id(), "value": "db:m"}]}

    found = Played(used, answer(body={"value": [{**_event("old"), **mark}]}))
    [result] = found.client.perform([_create("db:m")])
    assert isinstance(result, RemoteEvent)
    assert "ep/value eq 'db:m'" in str(found.wire.sent[1].params)

    [result] = Played(used, answer(body={"value": []})).client.perform([_create()])
    assert "409 ErrorDuplicateTransactionId" in str(result)


def test_a_used_transaction_whose_event_is_gone_stays_refused() -> None:
    """It was deleted since: `Missing` would read as if something were to be removed here."""
    error = {"code": "ErrorDuplicateTransactionId", "@event.existingEventId": "old"}
    played = Played(answer(400, {"error": error}), refusal(404, "ErrorItemNotFound"))

    [result] = played.client.perform([_create()])

    assert isinstance(result, Conflicted)


def _tag_id() -> str:
    [entry] = _create().call().body["singleValueExtendedProperties"]
    return str(entry["id"])


@pytest.mark.parametrize("key", ["", "it's"])
def test_keys_are_quoted_and_empty_ones_match_nothing(key: str) -> None:
    """An empty key is nobody's; a quote does not end the filter."""
    steps = [answer(body={"value": []})] * 2 if key else []
    played = Played(*steps)

    assert played.client.find_by_ical_uid(key) is None
    assert played.client.find_tagged(key) is None
    assert all("it''s" in str(sent.params) for sent in played.wire.sent)


def test_a_mailbox_that_hides_its_zone_still_has_an_owner() -> None:
    """The zone is a scope of its own."""
    person = answer(body={"id": "u", "mail": "a@b.example", "displayName": "A"})
    played = Played(person, refusal(403, "ErrorAccessDenied"))

    assert played.client.me().time_zone is None


def test_stats_keep_what_support_asks_for() -> None:
    """Graph's own request ids, the latest ones; bytes of bodies."""
    steps = [answer(body=_event(), request_id=f"r{number}") for number in range(60)]
    played = Played(*steps)

    for _ in steps:
        played.client.get_event("e")

    stats = played.client.stats
    assert (stats.requests, len(stats.request_ids), stats.request_ids[-1]) == (60, 50, "r59")
    assert sum(len(step.body) for step in steps) == stats.bytes


def test_nothing_of_a_meeting_is_shown() -> None:
    """Events and operations can stand in a log as they are."""
    values = {"subject": "secret"}
    shown = [
        repr(one)
        for one in (
            CreateEvent("c", values, "t", "g"),
            UpdateEvent("e", values, values),
            Respond("e", "decline", comment="secret"),
            _create(subject="secret").call(),
        )
    ]
    [event] = Played(answer(201, {**_event(), "subject": "secret"})).client.perform([_create()])

    assert not [text for text in (*shown, repr(event)) if "secret" in text]
