"""Faults by switch, and the control over HTTP."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import pytest
import requests
from wire import ANNA, BOB, WINDOW, Graph, meeting

from sandbox import ActionRefused, Sandbox
from sandbox.control import Control, ControlFailed


@pytest.mark.parametrize(
    ("given", "expected"), [(3, "3"), ("2.128", "2.128"), (None, None), (0.5, "0.5")]
)
def test_throttling_says_when_to_come_back(
    microsoft: Sandbox, anna: Graph, given: Any, expected: str | None
) -> None:
    """Seconds, a fraction, or nothing; once, then it is over."""
    microsoft.faults.throttle(given)
    answer = anna.send("GET", "/me")

    assert (429, "ApplicationThrottled") == (answer.status_code, answer.json()["error"]["code"])
    assert expected == answer.headers.get("Retry-After")
    assert 200 == anna.send("GET", "/me").status_code


def test_throttling_may_give_a_date(microsoft: Sandbox, anna: Graph) -> None:
    """As HTTP allows."""
    until = microsoft.clock.now() + timedelta(minutes=2)
    microsoft.faults.throttle(until)

    found = parsedate_to_datetime(anna.send("GET", "/me").headers["Retry-After"])
    assert until.replace(microsecond=0) == found


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_server_errors(microsoft: Sandbox, anna: Graph, status: int) -> None:
    """As an envelope."""
    microsoft.faults.server_error(status)

    assert status == anna.send("GET", "/me").status_code


@pytest.mark.parametrize(("after", "made"), [(False, 0), (True, 1)])
def test_a_dropped_line_hides_whether_it_happened(
    microsoft: Sandbox, anna: Graph, after: bool, made: int
) -> None:
    """Before the effect or after it: the client sees the same."""
    arm = microsoft.faults.drop_after if after else microsoft.faults.drop_before
    arm(method="POST", path="/me/events$")
    with pytest.raises(requests.ConnectionError):
        anna.send("POST", "/me/events", json=meeting())

    assert made == len(microsoft.events(ANNA))
    assert 0 == microsoft.requests[-1].status


def test_answers_may_be_no_json(microsoft: Sandbox, anna: Graph) -> None:
    """A proxy's page, or half an answer."""
    microsoft.faults.html_page()
    with pytest.raises(requests.JSONDecodeError):
        anna.send("GET", "/me")
    microsoft.faults.truncate()
    with pytest.raises(requests.JSONDecodeError):
        anna.send("GET", "/me")


def test_a_fault_meets_what_it_is_meant_for(microsoft: Sandbox, anna: Graph, bob: Graph) -> None:
    """Mailbox, path and the number to skip."""
    microsoft.faults.server_error(503, mailbox=BOB, path="/me$", skip=1, times=2)

    assert [200, 200] == [anna.send("GET", "/me").status_code for _ in range(2)]
    assert [200, 503, 503, 200] == [bob.send("GET", "/me").status_code for _ in range(4)]


def test_a_held_request_waits(microsoft: Sandbox, anna: Graph) -> None:
    """Until it is released; others go on meanwhile."""
    held = microsoft.faults.hold(after=True, method="POST")
    with ThreadPoolExecutor() as pool:
        waiting = pool.submit(anna.send, "POST", "/me/events", json=meeting())
        assert held.wait_reached()
        assert 1 == len(microsoft.events(ANNA))
        assert not waiting.done()
        held.release()

        assert 201 == waiting.result().status_code


def test_a_part_of_a_batch_is_held(microsoft: Sandbox, anna: Graph) -> None:
    """The parts before it have taken effect, those after it have not; the others go on."""
    held = microsoft.faults.hold(method="POST", path="/me/events$", skip=1)
    parts = [
        {
            "id": f"{number}",
            "method": "POST",
            "url": "/me/events",
            "headers": {"Content-Type": "application/json"},
            "body": meeting(),
        }
        for number in range(3)
    ]
    with ThreadPoolExecutor() as pool:
        waiting = pool.submit(anna.send, "POST", "/$batch", json={"requests": parts})
        assert held.wait_reached()
        assert 1 == len(microsoft.events(ANNA))
        held.release()

        assert [201] * 3 == [one["status"] for one in waiting.result().json()["responses"]]


def test_a_hold_is_listed_until_it_is_released(microsoft: Sandbox, anna: Graph) -> None:
    """So one can see that a request is held; the next one is not, and nothing is left after."""
    microsoft.faults.hold(path="/me$")
    with ThreadPoolExecutor() as pool:
        waiting = pool.submit(anna.send, "GET", "/me")
        _until(lambda: [1] == [fault.hits for fault in microsoft.faults])
        with Graph(microsoft, ANNA) as again:
            assert 200 == again.send("GET", "/me").status_code
        microsoft.faults.release_all()

        assert 200 == waiting.result().status_code
    assert [] == list(microsoft.faults)


def test_a_fifth_request_at_once_is_refused(microsoft: Sandbox, anna: Graph, bob: Graph) -> None:
    """Per mailbox."""
    held = microsoft.faults.hold(times=4)
    started = threading.Barrier(5)

    def ask() -> int:
        with Graph(microsoft, ANNA) as own:
            started.wait()
            return own.send("GET", "/me").status_code

    with ThreadPoolExecutor() as pool:
        four = [pool.submit(ask) for _ in range(4)]
        started.wait()
        _until(lambda: microsoft.state.in_flight.get(ANNA) == 4)
        fifth = anna.send("GET", "/me")
        other = bob.send("GET", "/me").status_code
        held.release()

        assert [200] * 4 == [one.result() for one in four]
    assert (429, "ApplicationThrottled") == (fifth.status_code, fifth.json()["error"]["code"])
    assert 200 == other


def test_a_late_answer_is_an_answer(microsoft: Sandbox, anna: Graph) -> None:
    """Latency."""
    microsoft.faults.latency(0.05)

    assert anna.send("GET", "/me").elapsed >= timedelta(seconds=0.05)


def test_delta_items_may_come_twice_and_in_any_order(microsoft: Sandbox, anna: Graph) -> None:
    """Both are documented."""
    made = [anna.create(meeting(f"Event {number}"))["id"] for number in range(4)]
    microsoft.faults.duplicate_delta()
    twice = [one["id"] for one in anna.get("/me/calendarView/delta", params=WINDOW)["value"]]
    microsoft.faults.reorder_delta()
    shuffled = [one["id"] for one in anna.get("/me/calendarView/delta", params=WINDOW)["value"]]

    assert made + made == twice
    assert made != shuffled
    assert set(made) == set(shuffled)


def test_faults_meet_the_token_endpoint_too(microsoft: Sandbox) -> None:
    """Entra may be down."""
    microsoft.faults.server_error(503, path="oauth2/v2.0/token")
    url = f"{microsoft.https_url}/common/oauth2/v2.0/token"
    with requests.Session() as session:
        session.trust_env = False
        answer = session.post(url, data={}, verify=microsoft.ca_file)

    assert 503 == answer.status_code


def test_the_remote_control_has_the_same_words(microsoft: Sandbox, anna: Graph) -> None:
    """Acting in Outlook, logs, switches and faults over HTTP."""
    control = Control(microsoft.http_url)
    made = control.create_event(ANNA, meeting("Plan", BOB))
    control.change_event(ANNA, made["id"], {"subject": "New"})
    (copy,) = control.find_events(BOB, "New")
    control.answer_event(BOB, copy["id"], "tentativelyAccept")
    view = control.view(BOB, WINDOW["startDateTime"], WINDOW["endDateTime"], "Asia/Ho_Chi_Minh")
    control.fault("throttle", retry_after=7, path="/me$")

    assert "2026-10-20T14:00:00.0000000" == view[0]["start"]["dateTime"]
    assert ["invitation", "update", "response"] == [mail["kind"] for mail in control.mails()]
    assert "7" == anna.send("GET", "/me").headers["Retry-After"]
    assert ["/me"] == [request["path"] for request in control.requests()]
    assert control.options(page_size=3)["page_size"] == microsoft.options.page_size == 3
    control.delete_event(ANNA, made["id"])
    with pytest.raises(ActionRefused) as refused:
        control.change_event(ANNA, made["id"], {"subject": "x"})
    assert 404 == refused.value.status


@pytest.mark.parametrize(
    "order",
    [
        lambda control: control.options(no_such_switch=True),
        lambda control: control.options(page_size="ten"),
        lambda control: control.fault("nonsense"),
        lambda control: control.expire_delta("nobody@x.example"),
        lambda control: control.add_mailbox(ANNA),
    ],
)
def test_a_wrong_order_is_told(microsoft: Sandbox, order: Callable[[Control], object]) -> None:
    """Instead of guessed."""
    with pytest.raises(ControlFailed):
        order(Control(microsoft.http_url))


def test_a_reset_forgets_everything(microsoft: Sandbox) -> None:
    """Switches included."""
    control = Control(microsoft.http_url)
    control.options(page_size=3)
    control.create_event(ANNA, meeting("Plan", BOB))
    control.reset()

    assert [] == control.mailboxes()
    assert [] == control.mails()
    assert 10 == microsoft.options.page_size


def test_it_starts_alone(tmp_path: Path) -> None:
    """``python -m sandbox`` prints its addresses and serves what it was given."""
    seed = tmp_path / "seed.json"
    seed.write_text(
        '{"mailboxes": [{"address": "x@contoso.example"}], "options": {"page_size": 5}}'
    )
    command = [sys.executable, "-m", "sandbox", "--state", str(seed), "--ca-dir", str(tmp_path)]
    root = Path(__file__).parents[3]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=root) as process:
        try:
            assert process.stdout is not None
            ready = json.loads(process.stdout.readline())
            control = Control(ready["http_url"])
            assert ["x@contoso.example"] == [one["address"] for one in control.mailboxes()]
            assert str(tmp_path / "ca.pem") == ready["ca_file"]
            assert 0o600 == (tmp_path / "ca.key").stat().st_mode & 0o777
        finally:
            process.terminate()
    assert 0 == process.returncode


def _until(condition: Callable[[], bool]) -> None:
    """Wait for another thread, five seconds at most."""
    waiting = threading.Event()
    for _ in range(500):
        if condition():
            return
        waiting.wait(0.01)
    raise AssertionError("it never happened")
