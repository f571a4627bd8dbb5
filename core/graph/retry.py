"""Decide what to do after a failed request. Pure: waits for nobody, knows no clock.

A write is repeated only when it surely never left. Throttling and a server in trouble concern the
whole mailbox: the caller leaves it alone for a while instead of holding a worker.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

from ..engine.errors import (
    NotSent,
    OutcomeUnknown,
    SignInUnavailable,
    SyncError,
    Throttled,
    TransportError,
    Unavailable,
)

_WHOLE_MAILBOX = (Throttled, Unavailable, SignInUnavailable, TransportError)


@dataclass(frozen=True)
class Retry:
    """Repeat the same request now, after so many seconds."""

    after: float


@dataclass(frozen=True)
class Wait:
    """Leave the whole mailbox alone for so many seconds, then begin anew."""

    seconds: float


@dataclass(frozen=True)
class GiveUp:
    """Neither repeating nor waiting helps: let the error pass."""


@dataclass(frozen=True)
class RetryPolicy:
    """How often and how long. Delays are in seconds; `chance` yields values in [0, 1)."""

    attempts: int = 2
    first_delay: float = 0.5
    back_off: float = 30
    longest_back_off: float = 3600
    chance: Callable[[], float] = random.random

    def decide(self, attempt: int, error: SyncError, *, idempotent: bool) -> Retry | Wait | GiveUp:
        """Say what follows failure number `attempt` (the first is 0) of one request."""
        repeatable = isinstance(error, NotSent) or (
            idempotent and isinstance(error, OutcomeUnknown)
        )
        if repeatable and attempt + 1 < self.attempts:
            return Retry(self.first_delay * 2**attempt)
        return self.after_round(attempt, error)

    def after_round(self, failures: int, error: SyncError) -> Wait | GiveUp:
        """Say how long to leave the mailbox alone; `failures` rounds failed before this one."""
        if not isinstance(error, _WHOLE_MAILBOX):
            return GiveUp()
        if isinstance(error, Throttled) and error.retry_after is not None:
            return Wait(error.retry_after)
        # Doubles per failure, spread over the upper half so that mailboxes do not come back at
        # once.
        ceiling = min(self.longest_back_off, self.back_off * 2 ** min(failures, 16))
        return Wait(ceiling * (0.5 + self.chance() / 2))
