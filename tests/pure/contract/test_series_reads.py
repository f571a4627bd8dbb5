"""How a series is read whole, whatever Microsoft offers for it: on the sandbox."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from contract.places import SandboxPlace, create
from contract.samples import (
    HOUR,
    MONDAYS,
    NOON,
    VALUES,
    disturbed,
    expected_dates,
    snapshot_of,
    whole,
    whole_round,
)
from microsoft import ANNA

from core.engine.errors import Throttled, Unavailable
from core.engine.fields import CANCELLED
from core.engine.recurrence import Rule
from core.engine.snapshot import Keyed, Timed
from core.graph.operations import DeleteEvent, UpdateEvent
from core.graph.remote import RemoteEvent, Unreadable
from core.graph.transport import Request, RequestsTransport, Response, Transport


def _asked(microsoft: SandboxPlace) -> list[str]:
    """Return the last word of each path that was read; parts of batches too."""
    paths = [one.path for one in microsoft.sandbox.requests if one.method == "GET"]
    last = [path.rpartition("/")[2] for path in paths]
    return [word if word in {"instances", "exceptionOccurrences"} else "event" for word in last]


def test_a_series_is_read_by_one_request(microsoft: SandboxPlace) -> None:
    """Its fields, its exceptions and its cancelled dates."""
    series = disturbed(microsoft)

    assert whole(microsoft.client, series.id).shared["occurrences"] == expected_dates()
    assert _asked(microsoft) == ["event"]


def test_many_series_are_read_in_few_requests(microsoft: SandboxPlace) -> None:
    """Twenty in a batch; the parts are requests to Exchange all the same."""
    made = [create(microsoft, MONDAYS).id for _ in range(25)]
    before = microsoft.client.stats.requests

    read = microsoft.client.series(made)

    assert microsoft.client.stats.requests - before == 2
    assert [one.kind for one in read.values() if isinstance(one, RemoteEvent)] == [
        "seriesMaster"
    ] * 25


@pytest.mark.parametrize("size", [1, 4, 25])
def test_a_long_list_of_exceptions_is_followed(microsoft: SandboxPlace, size: int) -> None:
    """Over pages of whatever size, whatever Graph shows of each."""
    microsoft.sandbox.options.set(expanded_page_size=size)
    series = disturbed(microsoft, renamed=9)

    read = whole(microsoft.client, series.id)

    assert (read.shared["occurrences"], len(read.exceptions)) == (expected_dates(9), 9)
    assert Counter(_asked(microsoft)) == Counter(event=1, exceptionOccurrences=-(-9 // size) - 1)


@pytest.mark.parametrize("ical_uid", ["dated", "shared"])
def test_an_expansion_without_original_starts_is_enough_or_made_up_for(
    microsoft: SandboxPlace, ical_uid: str
) -> None:
    """The date is in the iCalUId as well; where it is not, the instances tell it."""
    microsoft.sandbox.options.set(
        expanded_exceptions_show="unselected", occurrence_ical_uid=ical_uid
    )
    series = disturbed(microsoft)

    read = whole(microsoft.client, series.id)

    assert read.shared["occurrences"] == expected_dates()
    assert sorted(read.exceptions) == ["2026-12-09", "2026-12-10", "2026-12-11"]
    assert ("instances" in _asked(microsoft)) is (ical_uid == "shared")


def test_an_exception_that_nothing_dates_parks_its_series(
    microsoft: SandboxPlace, transport: RequestsTransport
) -> None:
    """Passed over, its date would seem to be cancelled."""
    microsoft.sandbox.options.set(occurrence_ical_uid="shared", expand_exceptions="nowhere")
    series = disturbed(microsoft)
    client = microsoft.client_of(ANNA, _Undated(transport))

    [read] = client.series([series.id]).values()

    assert isinstance(read, Unreadable)


@pytest.mark.parametrize("where", ["masters", "nowhere"])
def test_a_refused_expansion_is_made_up_for(microsoft: SandboxPlace, where: str) -> None:
    """Instances show what is there; what the rule has beside them is cancelled."""
    series, single = disturbed(microsoft), create(microsoft, VALUES)
    expected = whole(microsoft.client, series.id)
    microsoft.sandbox.options.set(expand_exceptions=where)

    read = microsoft.client.series([single.id, series.id])

    assert read == {single.id: microsoft.client.get_event(single.id), series.id: expected}


def test_a_refused_expansion_is_asked_for_once(microsoft: SandboxPlace) -> None:
    """What the mailbox does not offer for one series it does not offer for the next."""
    microsoft.sandbox.options.set(expand_exceptions="nowhere")
    first, second = disturbed(microsoft), disturbed(microsoft)
    whole(microsoft.client, first.id)
    microsoft.sandbox.state.requests.clear()

    assert whole(microsoft.client, second.id).shared["occurrences"] == expected_dates()
    statuses = {one.status for one in microsoft.sandbox.requests}
    assert statuses == {200}


@pytest.mark.parametrize("ending", [{"count": 400}, {}, {"end": date(2060, 1, 1)}])
def test_instances_are_looked_at_as_far_as_the_series_goes(
    microsoft: SandboxPlace, ending: dict[str, Any]
) -> None:
    """Over years and pages; where a series goes on for ever, five years from now are enough."""
    rule = Rule.settled(
        kind="weekly", interval=1, start=date(2020, 1, 6), weekdays={"monday"}, **ending
    )
    start = NOON.replace(year=2020, month=1, day=6)
    values = {**VALUES, "when": Timed(start, start + HOUR), "rule": rule}
    series = whole(microsoft.client, create(microsoft, values).id)
    days = ["2020-01-13", "2023-05-01", "2027-06-07"]
    ids = microsoft.client.occurrence_ids(series.id, snapshot_of(series), days)
    microsoft.client.perform([DeleteEvent(ids[days[0]]), DeleteEvent(ids[days[2]])])
    microsoft.client.perform([UpdateEvent(ids[days[1]], {"subject": "b"}, {})])
    microsoft.sandbox.options.set(expand_exceptions="nowhere")

    assert whole(microsoft.client, series.id).shared["occurrences"] == Keyed(
        {days[0]: CANCELLED, days[1]: Keyed({"subject": "b"}), days[2]: CANCELLED}
    )


class _Undated:
    """The wire of a server that does not know originalStart."""

    def __init__(self, wire: Transport) -> None:
        self._wire = wire

    def send(self, request: Request) -> Response:
        """Return the answer with that field under another name."""
        answer = self._wire.send(request)
        return replace(answer, body=answer.body.replace(b'"originalStart"', b'"x"'))


class _Planted:
    """The wire, with links of somebody else's in the answers."""

    def __init__(self, wire: Transport, own: str) -> None:
        self._wire = wire
        self._own = f"{own}/v1.0/me/events".encode()

    def send(self, request: Request) -> Response:
        """Return the answer with another host in its links to events."""
        answer = self._wire.send(request)
        foreign = b"https://evil.example/v1.0/me/events"
        return replace(answer, body=answer.body.replace(self._own, foreign))


def test_a_planted_link_to_exceptions_is_not_followed(
    microsoft: SandboxPlace, transport: RequestsTransport
) -> None:
    """Every page of an expansion stays with the Graph that is spoken to."""
    series = disturbed(microsoft, renamed=12)
    client = microsoft.client_of(ANNA, _Planted(transport, microsoft.sandbox.https_url))

    [read] = client.series([series.id]).values()

    assert isinstance(read, Unavailable)
    assert _asked(microsoft) == ["event"]


@pytest.mark.parametrize("shown", ["custom", "as_sent"])
def test_a_series_in_a_custom_zone_is_parked_and_stops_no_other(
    microsoft: SandboxPlace, shown: str
) -> None:
    """Its rules are not shown: nobody can say when it takes place."""
    made = create(microsoft, MONDAYS)
    single = create(microsoft, VALUES)
    microsoft.sandbox.options.set(zones_out=shown)

    read = microsoft.client.series([made.id, single.id])

    assert isinstance(read[made.id], Unreadable if shown == "custom" else RemoteEvent)
    assert isinstance(read[single.id], RemoteEvent)
    page = whole_round(microsoft.client)
    assert any(isinstance(one, Unreadable) for one in page.events) is (shown == "custom")


def test_a_series_in_a_custom_zone_goes_by_its_owners_clock(
    microsoft: SandboxPlace, transport: RequestsTransport
) -> None:
    """Whichever way it is asked for, it reads as if it told its zone; written to, it keeps it."""
    made = disturbed(microsoft)
    known = microsoft.client.get_event(made.id)
    zone = known.shared["zone"]
    assert isinstance(zone, str)
    client = microsoft.client_of(ANNA, transport, owner_zone=zone)
    microsoft.sandbox.options.set(zones_out="custom")

    assert client.get_event(made.id).shared == known.shared
    [read] = client.series([made.id]).values()
    assert isinstance(read, RemoteEvent)
    assert read.shared == known.shared
    assert not any(isinstance(one, Unreadable) for one in whole_round(client).events)
    [written] = client.perform([UpdateEvent(made.id, {"subject": "Other"}, known.shared)])
    assert isinstance(written, RemoteEvent)
    microsoft.sandbox.options.set(zones_out="windows")
    assert microsoft.client.get_event(made.id).shared == {**known.shared, "subject": "Other"}


def test_a_throttled_mailbox_is_left_alone(microsoft: SandboxPlace) -> None:
    """The rest of the series gets the same answer without being asked for."""
    made = [create(microsoft, MONDAYS).id for _ in range(3)]
    microsoft.sandbox.options.set(expand_exceptions="nowhere")
    microsoft.sandbox.faults.throttle(times=None, path="/instances")
    microsoft.sandbox.state.requests.clear()

    read = microsoft.client.series(made)

    assert all(isinstance(one, Throttled) for one in read.values())
    assert _asked(microsoft).count("instances") == 1


@pytest.mark.parametrize("loses", ["drop_after", "truncate"])
def test_a_lost_answer_is_read_again(microsoft: SandboxPlace, loses: str) -> None:
    """Reading does no harm, in a batch neither."""
    made = [create(microsoft, MONDAYS).id for _ in range(3)]
    microsoft.sandbox.faults.add(loses, path=r"\$batch")

    read = microsoft.client.series(made)

    assert all(isinstance(one, RemoteEvent) for one in read.values())
