"""Requests over a scripted wire: what no honest server does. The rest is in `contract`."""

from __future__ import annotations

from datetime import timedelta

import pytest
from graph.played import CUT, HTML, NOW, ORIGIN, WINDOW, Played, create, deletes, event
from scripted import ScriptedTransport, answer, refusal

from core.engine.errors import (
    AppMisconfigured,
    ConsentNeeded,
    DeltaExpired,
    Missing,
    NotSent,
    OutcomeUnknown,
    Rejected,
    Throttled,
    TokenExpired,
    Unavailable,
    Unsupported,
)
from core.graph.client import GraphClient
from core.graph.operations import CreateEvent, Respond, UpdateEvent
from core.graph.transport import Response


def test_every_request_asks_for_stable_ids_and_utc() -> None:
    """Both are preferences of a request, not of a mailbox."""
    played = Played(answer(body=event()))

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
    played = Played(refusal(401, "InvalidAuthenticationToken"), answer(body=event()))

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


def test_a_dead_sign_in_fails_every_operation_before_anything_is_sent() -> None:
    """The token source knows first."""

    def dead(force: bool) -> str:
        raise ConsentNeeded("AADSTS50173")

    for count in (1, 3):
        played = Played(token=dead)
        assert [ConsentNeeded] * count == [
            type(result) for result in played.client.perform(deletes(count))
        ]


@pytest.mark.parametrize("loss", [NotSent("x"), OutcomeUnknown("x")])
def test_a_read_is_repeated_once_after_a_short_wait(loss: NotSent | OutcomeUnknown) -> None:
    """Reading twice does no harm."""
    played = Played(loss, answer(body=event()))

    assert played.client.get_event("e").id == "e"
    assert played.waits == [0.5]


@pytest.mark.parametrize("page", [HTML, CUT, Response(200, {}, b"[]"), Response(200)])
def test_an_unreadable_answer_to_a_read_is_a_bad_day(page: Response) -> None:
    """Proxies answer 200 with a page, connections end in the middle."""
    with pytest.raises(Unavailable):
        Played(page).client.delta_page(None, window=WINDOW)


@pytest.mark.parametrize("page", [HTML, CUT])
def test_an_unreadable_answer_to_a_write_leaves_it_unknown(page: Response) -> None:
    """The status says that it was done, perhaps by Graph."""
    assert isinstance(Played(page).client.perform([create()])[0], OutcomeUnknown)
    assert all(
        isinstance(result, OutcomeUnknown) for result in Played(page).client.perform(deletes(2))
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
    steps = [answer(body=event(), request_id=f"r{number}") for number in range(60)]
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
            create(subject="secret").call(),
        )
    ]
    [made] = Played(answer(201, {**event(), "subject": "secret"})).client.perform([create()])

    assert not [text for text in (*shown, repr(made)) if "secret" in text]
