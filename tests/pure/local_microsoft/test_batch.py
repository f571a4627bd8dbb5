"""``$batch``: parts, dependencies, faults of single parts."""

from __future__ import annotations

from typing import Any

import pytest
from wire import ANNA, WINDOW, Graph, meeting

from sandbox import Sandbox

JSON = {"Content-Type": "application/json"}


def batch(graph: Graph, *parts: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Send parts and return the responses by id."""
    answer = graph.send("POST", "/$batch", json={"requests": list(parts)})
    assert 200 == answer.status_code, answer.text
    return {response["id"]: response for response in answer.json()["responses"]}


def part(number: int, method: str, url: str, **values: Any) -> dict[str, Any]:
    """Write a part."""
    return {"id": str(number), "method": method, "url": url, **values}


def test_parts_are_requests(anna: Graph) -> None:
    """Create, read, change, delete; bodies and statuses are their own."""
    made = anna.create()
    path = f"/me/events/{made['id']}"
    answers = batch(
        anna,
        part(1, "POST", "/me/events", headers=JSON, body=meeting("New")),
        part(2, "PATCH", path, headers=JSON, body={"subject": "Other"}),
        part(3, "GET", path + "?$select=subject", headers={"Prefer": 'IdType="ImmutableId"'}),
        part(4, "GET", "/me/events/garbage"),
        part(5, "DELETE", path),
    )

    assert [201, 200, 200, 400, 204] == [answers[str(number)]["status"] for number in range(1, 6)]
    assert "Other" == answers["3"]["body"]["subject"]
    assert made["id"] != answers["3"]["body"]["id"]
    assert "ErrorInvalidIdMalformed" == answers["4"]["body"]["error"]["code"]
    assert "body" not in answers["5"]


def test_answers_come_in_any_order(anna: Graph) -> None:
    """So a client has to look at the ids."""
    parts = [part(number, "GET", "/me") for number in range(3)]
    answer = anna.send("POST", "/$batch", json={"requests": parts}).json()

    assert ["0", "1", "2"] != [response["id"] for response in answer["responses"]]


def test_a_failed_dependency_fails_the_rest(anna: Graph) -> None:
    """424, down the chain."""
    answers = batch(
        anna,
        part(1, "GET", "/me/events/garbage"),
        part(2, "GET", "/me", dependsOn=["1"]),
        part(3, "GET", "/me", dependsOn=["2"]),
    )

    assert [400, 424, 424] == [answers[one]["status"] for one in ("1", "2", "3")]


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"requests": []},
        {"requests": [part(n, "GET", "/me") for n in range(21)]},
        {"requests": [part(1, "GET", "/me"), part(1, "GET", "/me")]},
        {"requests": [part(1, "GET", "https://graph.microsoft.com/v1.0/me")]},
        {"requests": [part(1, "GET", "/me", dependsOn=["2"]), part(2, "GET", "/me")]},
        {"requests": [{"method": "GET", "url": "/me"}]},
    ],
)
def test_a_wrong_envelope_refuses_everything(anna: Graph, sent: dict[str, Any]) -> None:
    """400 for the whole."""
    assert 400 == anna.send("POST", "/$batch", json=sent).status_code


def test_a_body_needs_its_content_type(anna: Graph) -> None:
    """Or the part is refused."""
    answers = batch(anna, part(1, "POST", "/me/events", body=meeting()))

    assert 415 == answers["1"]["status"]


def test_one_part_may_be_throttled(microsoft: Sandbox, anna: Graph) -> None:
    """Its own status, its own Retry-After; the others go on."""
    microsoft.faults.throttle("2.128", method="POST", path="/me/events$")
    answers = batch(
        anna,
        part(1, "POST", "/me/events", headers=JSON, body=meeting("A")),
        part(2, "POST", "/me/events", headers=JSON, body=meeting("B")),
    )

    assert [429, 201] == [answers["1"]["status"], answers["2"]["status"]]
    assert "2.128" == answers["1"]["headers"]["Retry-After"]
    assert ["B"] == [event["subject"] for event in microsoft.events(ANNA)]


def test_parallel_parts_may_meet_the_limit(microsoft: Sandbox, anna: Graph) -> None:
    """A switch: more than four that depend on nothing."""
    microsoft.options.set(batch_throttles_parallel=True)
    apart = batch(anna, *[part(number, "GET", "/me") for number in range(6)])
    chain = [part(n, "GET", "/me", dependsOn=[str(n - 1)] if n else []) for n in range(6)]

    assert 2 == [one["status"] for one in apart.values()].count(429)
    assert {200} == {one["status"] for one in batch(anna, *chain).values()}


def test_a_link_can_be_followed_in_a_batch(anna: Graph) -> None:
    """By its path and query."""
    _, link = anna.delta()
    anna.create()
    relative = link.removeprefix(anna.base)
    answers = batch(anna, part(1, "GET", relative))

    assert 1 == len(answers["1"]["body"]["value"])


def test_parts_are_logged_one_by_one(microsoft: Sandbox, anna: Graph) -> None:
    """Besides the batch itself."""
    batch(anna, part(1, "GET", "/me", headers={"client-request-id": "mine"}))

    assert [("/me", True, "mine"), ("/$batch", False, "")] == [
        (one.path, one.in_batch, one.client_request_id) for one in microsoft.requests
    ]


def test_a_window_with_an_offset_survives_the_url(anna: Graph) -> None:
    """Percent-encoded or not."""
    for plus in ("+", "%2B"):
        query = f"startDateTime=2026-10-01T00:00:00{plus}02:00&endDateTime={WINDOW['endDateTime']}"
        answers = batch(anna, part(1, "GET", f"/me/calendarView?{query}"))
        assert 200 == answers["1"]["status"]
