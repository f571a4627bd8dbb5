"""How far the server's clock is ahead, by the Date of its answers."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.graph.clock import LONGEST_TRIP, ServerClock

NOON = datetime(2026, 3, 2, 12, tzinfo=timezone.utc)


def measured(*stamps: str | None, trip: float = 0.2) -> float | None:
    """Return what answers with these dates tell, which took so many seconds."""
    clock = ServerClock()
    for stamp in stamps:
        clock.note(stamp, sent=NOON, received=NOON + timedelta(seconds=trip))
    return clock.seconds_ahead


@given(
    st.floats(-86400, 86400),
    st.lists(st.floats(0, LONGEST_TRIP), min_size=1, max_size=9),
    st.floats(0, 1),
)
def test_what_is_measured_is_right_within_the_trip_and_the_second(
    ahead: float, trips: list[float], share: float
) -> None:
    """Whenever the server looked at its clock during the exchange, and whatever it cut off."""
    clock = ServerClock()
    for number, trip in enumerate(trips):
        sent = NOON + timedelta(seconds=number * 7.3)
        there = sent + timedelta(seconds=trip * share + ahead)
        clock.note(
            format_datetime(there.replace(microsecond=0), usegmt=True),
            sent=sent,
            received=sent + timedelta(seconds=trip),
        )

    assert clock.seconds_ahead is not None
    assert abs(clock.seconds_ahead - ahead) <= LONGEST_TRIP / 2 + 0.5 + 1e-3


def test_one_answer_that_is_far_off_counts_for_little() -> None:
    """A proxy's page says what time it is there; the others outvote it."""
    good, odd = "Mon, 02 Mar 2026 12:00:30 GMT", "Mon, 02 Mar 2020 12:00:00 GMT"

    assert pytest.approx(30.4) == measured(good, odd, good)


def test_a_slow_answer_tells_nothing() -> None:
    """The server may have looked at its clock any time in between."""
    assert measured("Mon, 02 Mar 2026 12:00:30 GMT", trip=LONGEST_TRIP + 0.1) is None


def test_a_clock_of_ours_that_was_set_back_meanwhile_tells_nothing() -> None:
    """Then nobody knows when the request left."""
    assert measured("Mon, 02 Mar 2026 12:00:30 GMT", trip=-5) is None


@pytest.mark.parametrize(
    "stamp", [None, "", "yesterday", "Mon, 99 Mar 2026 12:00:30 GMT", "Mon, 02 Mar 99999 1:0:0"]
)
def test_what_is_no_date_is_passed_over(stamp: str | None) -> None:
    """No header, or any other text, stops nothing."""
    assert measured(stamp) is None
