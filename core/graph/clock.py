"""How far the server's clock is ahead of ours, as the ``Date`` of its answers tells.

Every answer says when it was made (RFC 9110, 6.6.1), in whole seconds, cut off. In the middle of
the exchange our clock should say the same. One answer is inexact by half of its round trip and half
a second; so the median of many is taken, and slow ones are left out.
"""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from statistics import median
from typing import Final

#: Seconds from request to answer beyond which an answer says nothing. So whatever is measured is
#: right within 1.5 s.
LONGEST_TRIP: Final = 2.0

_CUT_OFF = timedelta(seconds=0.5)
_SAMPLES = 200


class ServerClock:
    """The server's clock, held against ours with every answer."""

    def __init__(self) -> None:
        self._ahead: deque[float] = deque(maxlen=_SAMPLES)

    def note(self, stamp: str | None, *, sent: datetime, received: datetime) -> None:
        """Take note of an answer's ``Date``; what is no date is passed over. Times are aware."""
        shown = _moment(stamp)
        trip = received - sent
        if shown is not None and timedelta() <= trip <= timedelta(seconds=LONGEST_TRIP):
            self._ahead.append((shown + _CUT_OFF - sent - trip / 2).total_seconds())

    @property
    def seconds_ahead(self) -> float | None:
        """Return by how many seconds the server is ahead of us; None where no answer told."""
        return median(self._ahead) if self._ahead else None


def _moment(stamp: str | None) -> datetime | None:
    """Return an HTTP date as an aware datetime; one without a zone is in UTC by the standard."""
    try:
        shown = parsedate_to_datetime(stamp or "")
    except (ValueError, TypeError, OverflowError):
        return None
    return shown if shown.tzinfo else shown.replace(tzinfo=timezone.utc)
