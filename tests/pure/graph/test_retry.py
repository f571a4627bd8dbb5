"""What follows a failed request."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.engine.errors import (
    ConsentNeeded,
    Missing,
    NotSent,
    OutcomeUnknown,
    Refused,
    Rejected,
    SignInUnavailable,
    Stale,
    SyncError,
    Throttled,
    Unavailable,
)
from core.graph.retry import GiveUp, Retry, RetryPolicy, Wait

POLICY = RetryPolicy(chance=lambda: 0.0)


def test_what_never_left_is_sent_again() -> None:
    """`NotSent` is safe to repeat, a write too."""
    assert Retry(0.5) == POLICY.decide(0, NotSent("x"), idempotent=False)


def test_a_read_whose_answer_is_lost_is_repeated_once() -> None:
    """Reading twice does no harm; a third time would only hold the worker."""
    lost = OutcomeUnknown("x")

    assert Retry(0.5) == POLICY.decide(0, lost, idempotent=True)
    assert isinstance(POLICY.decide(1, lost, idempotent=True), Wait)


def test_a_write_whose_answer_is_lost_is_not_repeated() -> None:
    """It may have been carried out: somebody would be invited twice."""
    assert not isinstance(POLICY.decide(0, OutcomeUnknown("x"), idempotent=False), Retry)


@given(st.integers(min_value=0, max_value=10_000), st.booleans())
def test_throttling_is_never_answered_by_trying_again(attempt: int, idempotent: bool) -> None:
    """Calls while throttled count too: the mailbox is left alone."""
    error = Throttled(retry_after=12.5)

    assert Wait(12.5) == POLICY.decide(attempt, error, idempotent=idempotent)


@pytest.mark.parametrize("error", [Throttled(), Unavailable(status=503), SignInUnavailable("x")])
def test_back_off_doubles_up_to_a_limit(error: SyncError) -> None:
    """Where no time is named, each failed round doubles the pause."""
    pauses = [POLICY.after_round(failures, error) for failures in (0, 1, 2, 20, 10**9)]

    assert [Wait(15), Wait(30), Wait(60), Wait(1800), Wait(1800)] == pauses


@given(st.floats(min_value=0, max_value=1, exclude_max=True), st.integers(0, 40))
def test_jitter_keeps_within_the_upper_half(chance: float, failures: int) -> None:
    """Mailboxes that failed together come back apart, and none at once."""
    step = RetryPolicy(chance=lambda: chance).after_round(failures, Unavailable(status=500))

    assert isinstance(step, Wait)
    assert 15 <= step.seconds <= 3600


@pytest.mark.parametrize(
    "error",
    [
        Missing(status=404),
        Rejected(status=400),
        Refused(status=403),
        Stale(status=412),
        ConsentNeeded("x"),
    ],
)
def test_what_time_does_not_heal_is_given_up(error: SyncError) -> None:
    """Neither repeating nor waiting changes a clear no."""
    assert GiveUp() == POLICY.decide(0, error, idempotent=True)
