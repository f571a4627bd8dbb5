"""Bodies are looked at before they are written: the block of an online meeting stays in them."""

from __future__ import annotations

from typing import Any

from graph.played import Played, event
from scripted import answer, refusal

from core.engine.errors import Missing, Stale, Throttled
from core.engine.snapshot import Body, Keyed
from core.graph.operations import CreateEvent, GoOnline, UpdateEvent

URL = "https://teams.microsoft.com/l/meetup-join/19%3ameeting_YWI%40thread.v2/0"
RULE = "_" * 80
BLOCK = f'<div>{RULE}<br><a href="{URL}">Join</a><br>{RULE}</div>'


def update(**values: Any) -> UpdateEvent:
    """Return a change of the event e."""
    return UpdateEvent("e", Keyed(values), Keyed(values), "k1")


def there(**more: Any) -> dict[str, Any]:
    """Return an online meeting with a text."""
    body = {"contentType": "html", "content": f"<p>Old</p>{BLOCK}"}
    meeting = {"isOnlineMeeting": True, "onlineMeeting": {"joinUrl": URL}}
    return {**event(), **meeting, "body": body, **more}


def test_a_body_is_written_with_the_block_that_is_there() -> None:
    """One look, then one write with the change key of what was decided on."""
    played = Played(answer(body=there()), answer(body=there()))

    played.client.perform([update(body=Body.of("<p>New</p>"), subject="x")])

    look, write = played.wire.sent
    sent = write.json
    assert (look.method, write.method) == ("GET", "PATCH")
    assert write.headers["If-Match"] == 'W/"k1"'
    assert "New" in sent["body"]["content"]
    assert URL in sent["body"]["content"]
    assert sent["subject"] == "x"


def test_what_writes_no_body_looks_at_none() -> None:
    """No request more than there was."""
    played = Played(answer(body=event()))

    played.client.perform([update(subject="x")])

    assert [one.method for one in played.wire.sent] == ["PATCH"]


def test_a_body_that_cannot_be_looked_at_is_not_written() -> None:
    """Its error is the outcome; the others are written."""
    played = Played(refusal(404, "ErrorItemNotFound"), answer(body=event()))

    body, subject = played.client.perform([update(body=Body.of("x")), update(subject="x")])

    assert isinstance(body, Missing)
    assert not isinstance(subject, Exception)
    assert [one.method for one in played.wire.sent] == ["GET", "PATCH"]


def test_a_mailbox_that_says_no_is_asked_nothing_more() -> None:
    """The look tells it; no write follows."""
    played = Played(refusal(429, "ApplicationThrottled"))

    results = played.client.perform([update(body=Body.of("x")), update(subject="x")])

    assert all(isinstance(one, Throttled) for one in results)
    assert len(played.wire.sent) == 1


def test_going_online_names_nothing_else() -> None:
    """So nobody is told of what did not change; with the state that was seen."""
    played = Played(answer(body=there()), refusal(412, "ErrorIrresolvableConflict"))

    [went] = played.client.perform([GoOnline("e", "k1")])
    [stale] = played.client.perform([GoOnline("e", "k1")])

    sent = played.wire.sent[0].json
    assert sent == {"isOnlineMeeting": True, "onlineMeetingProvider": "teamsForBusiness"}
    assert played.wire.sent[0].headers["If-Match"] == 'W/"k1"'
    assert went.join_url == URL
    assert isinstance(stale, Stale)


def test_no_other_write_names_the_online_meeting() -> None:
    """Written false it would be ignored; named at all it is a change that mails people."""
    body = CreateEvent(None, Keyed({"subject": "x"}), "t", "db:m").call().body
    online_body = CreateEvent(None, Keyed({"subject": "x"}), "t", "db:m", online=True).call().body

    assert not any("nline" in name for name in body)
    assert not any("nline" in name for name in update(subject="x").call().body)
    assert online_body["isOnlineMeeting"] is True
