"""The sandbox's only source of time, so that tests can stop it and move it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta, timezone


def system_now() -> datetime:
    """Read the machine's clock as an aware UTC datetime."""
    return datetime.now(timezone.utc)


class Clock:
    """Tell the time: the machine's, shifted by ``advance`` or stopped by ``freeze``."""

    def __init__(self, source: Callable[[], datetime] = system_now) -> None:
        self._source = source
        self._shift = timedelta()
        self._frozen: datetime | None = None

    def now(self) -> datetime:
        """Return the sandbox's present moment, aware, in UTC."""
        moment = self._source() if self._frozen is None else self._frozen
        return moment.astimezone(timezone.utc) + self._shift

    def freeze(self, at: datetime) -> None:
        """Stop the clock at an aware moment."""
        if at.tzinfo is None:
            raise ValueError("the sandbox's clock needs an aware datetime")
        self._frozen, self._shift = at, timedelta()

    def advance(self, by: timedelta) -> None:
        """Move the clock, frozen or not."""
        self._shift += by

    def reset(self) -> None:
        """Follow the source again."""
        self._frozen, self._shift = None, timedelta()
