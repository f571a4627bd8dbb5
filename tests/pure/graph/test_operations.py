"""Operations, alone and in batches, over a scripted wire."""

from __future__ import annotations

import pytest
from graph.played import Played, batch, create, deletes, event
from hypothesis import given
from hypothesis import strategies as st
from scripted import answer, batch_answer, parts_of, refusal

from core.engine.errors import (
    Conflicted,
    NotSent,
    OutcomeUnknown,
    Throttled,
    TokenExpired,
    Unavailable,
    Unmappable,
)
from core.graph.operations import DeleteEvent, Respond, UpdateEvent
from core.graph.remote import RemoteEvent
from core.graph.transport import Request, Response


def test_parts_of_a_batch_get_a_new_token_once() -> None:
    """Tokens run out between parts, too; what was done is not repeated."""
    played = Played(batch(e1=401), batch())

    assert played.client.perform(deletes(3)) == [None, None, None]
    assert [len(parts_of(sent)) for sent in played.wire.sent] == [3, 2]
    assert played.wire.sent[1].headers["Authorization"] == "Bearer t1"


def test_parts_that_stay_unauthorized_are_told() -> None:
    """One renewal per batch: then the whole mailbox is out."""
    played = Played(batch(e0=401), batch(e0=401))

    results = played.client.perform(deletes(2))

    assert [TokenExpired, TokenExpired] == [type(result) for result in results]


def test_a_write_whose_answer_is_lost_is_sent_once() -> None:
    """Somebody would be invited twice: the caller looks instead."""
    played = Played(OutcomeUnknown("x"))

    [result] = played.client.perform([create()])

    assert isinstance(result, OutcomeUnknown)
    assert len(played.wire.sent) == 1


def test_a_lost_batch_leaves_its_parts_unknown_and_the_others_unsent() -> None:
    """Only what was in the request may have been done."""
    played = Played(OutcomeUnknown("x"))

    results = played.client.perform(deletes(23))

    assert [OutcomeUnknown] * 20 + [NotSent] * 3 == [type(result) for result in results]


def test_one_operation_is_one_plain_request() -> None:
    """A batch of one would cost a request more for nothing."""
    played = Played(answer(200, event()))
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
    played = Played(batch())
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
    play = batch(**{f"e{number}": status for number, status in enumerate(statuses)})

    def count(request: Request) -> Response:
        response = play(request)
        done.extend(part["id"] for part in response.json()["responses"] if part["status"] != 424)
        assert len(parts_of(request)) <= 20
        return response

    played = Played(*[count] * len(statuses))

    results = played.client.perform(deletes(len(statuses)))

    assert len(set(done)) == len(done) == len(statuses)
    for status, result in zip(statuses, results, strict=True):
        assert (result is None) is (status == 204)
        assert status == 204 or status == getattr(result, "status", None)


@pytest.mark.parametrize("status", [429, 503])
def test_a_part_that_is_throttled_ends_the_turn(status: int) -> None:
    """The others were not carried out, and are not tried while the mailbox says no."""
    played = Played(batch(e1=status))

    results = played.client.perform(deletes(30))

    assert results[0] is None
    assert {Throttled if status == 429 else Unavailable} == {type(one) for one in results[1:]}
    assert len(played.wire.sent) == 1
    assert (played.client.stats.requests, played.client.stats.parts) == (1, 20)


def test_a_part_without_an_answer_is_unknown() -> None:
    """What the answer leaves out may have been done."""
    played = Played(batch_answer([{"id": "0", "status": 204}, {"id": "x"}, {"status": 1}, None]))

    assert [type(None), OutcomeUnknown] == [
        type(result) for result in played.client.perform(deletes(2))
    ]


def test_a_batch_that_never_begins_comes_to_an_end() -> None:
    """424 for all, the head included, which the contract does not know."""

    def play(request: Request) -> Response:
        return batch_answer({"id": part["id"], "status": 424} for part in parts_of(request))

    assert all(
        isinstance(result, Unavailable) for result in Played(play).client.perform(deletes(3))
    )


def test_what_cannot_be_said_is_not_sent() -> None:
    """One value that Graph cannot hold parks its own operation only."""
    played = Played(answer(201, event()))

    bad, good = played.client.perform([create(reminder=-1), create(subject="x")])

    assert isinstance(bad, Unmappable)
    assert isinstance(good, RemoteEvent)


@pytest.mark.parametrize("status", [400, 409])
def test_a_used_transaction_is_answered_with_its_event(status: int) -> None:
    """The event is there already: it is looked up by the id that Graph names."""
    error = {"code": "ErrorDuplicateTransactionId", "@event.existingEventId": "old"}
    played = Played(answer(status, {"error": error}), answer(body=event("old")))

    [result] = played.client.perform([create()])

    assert isinstance(result, RemoteEvent)
    assert result.id == "old"


def test_a_used_transaction_without_an_id_is_found_by_its_tag() -> None:
    """Our own mark finds it; where nothing is found, the refusal stands."""
    used = refusal(409, "ErrorDuplicateTransactionId")
    mark = {"singleValueExtendedProperties": [{"id": _tag_id(), "value": "db:m"}]}

    found = Played(used, answer(body={"value": [{**event("old"), **mark}]}))
    [result] = found.client.perform([create("db:m")])
    assert isinstance(result, RemoteEvent)
    assert "ep/value eq 'db:m'" in str(found.wire.sent[1].params)

    [result] = Played(used, answer(body={"value": []})).client.perform([create()])
    assert "409 ErrorDuplicateTransactionId" in str(result)


def test_a_used_transaction_whose_event_is_gone_stays_refused() -> None:
    """It was deleted since: `Missing` would read as if something were to be removed here."""
    error = {"code": "ErrorDuplicateTransactionId", "@event.existingEventId": "old"}
    played = Played(answer(400, {"error": error}), refusal(404, "ErrorItemNotFound"))

    [result] = played.client.perform([create()])

    assert isinstance(result, Conflicted)


def _tag_id() -> str:
    [entry] = create().call().body["singleValueExtendedProperties"]
    return str(entry["id"])
