"""New times that guests proposed, as the list of guests shows them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from graph.samples import event_of, utc

from core.engine.snapshot import AllDay, Timed

BERT = "bert@fabrikam.example"


def _time(moment: str, zone: str = "Europe/Brussels") -> dict[str, str]:
    return {"dateTime": moment, "timeZone": zone}


def _guests(response: str, start: object, end: object) -> list[dict[str, Any]]:
    return [
        {
            "type": "required",
            "status": {"response": response, "time": "2026-09-28T21:17:59Z"},
            "emailAddress": {"name": "Bert", "address": "Bert@Fabrikam.example"},
            "proposedNewTime": {"start": start, "end": end},
        }
    ]


@pytest.mark.parametrize("response", ["tentativelyAccepted", "declined"])
def test_a_proposal_is_read_in_its_own_zone(response: str) -> None:
    """Address and instant, whatever clock it is told on."""
    slot = _time("2026-10-01T16:00:00.0000000"), _time("2026-10-01T17:00:00.0000000")
    event = event_of("single", attendees=_guests(response, *slot))
    assert event.proposals == {BERT: Timed(utc(2026, 10, 1, 14), utc(2026, 10, 1, 15))}


@pytest.mark.parametrize("response", ["none", "notResponded", "accepted", "organizer"])
def test_without_an_answer_that_carries_it_a_proposal_is_void(response: str) -> None:
    """A new time of the meeting takes the answers back, and the proposals with them."""
    slot = _time("2026-10-01T16:00:00"), _time("2026-10-01T17:00:00")
    assert event_of("single", attendees=_guests(response, *slot)).proposals == {}


def test_of_whole_days_days_are_proposed() -> None:
    """Dates, the last one inclusive."""
    slot = _time("2026-10-01T00:00:00", "UTC"), _time("2026-10-03T00:00:00", "UTC")
    times = {"start": slot[0], "end": slot[1], "isAllDay": True}
    event = event_of("single", attendees=_guests("declined", *slot), **times)
    assert event.proposals == {BERT: AllDay(date(2026, 10, 1), date(2026, 10, 2))}


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (None, None),
        (_time("soon"), _time("later")),
        (_time("2026-10-01T16:00:00", "Nowhere"), _time("2026-10-01T17:00:00")),
        (_time("2026-10-01T16:00:00"), _time("2026-10-01T15:00:00")),
    ],
)
def test_a_proposal_that_makes_no_sense_is_left_out(start: object, end: object) -> None:
    """The meeting and the answer are read all the same."""
    event = event_of("single", attendees=_guests("declined", start, end))
    assert event.proposals == {}
    assert event.responses == {BERT: "declined"}
