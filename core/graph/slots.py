"""Which date of a series an occurrence of Graph's stands for, and where to look for it.

The key of an occurrence is the date of its original start on the calendar of the series' zone:
Exchange says so itself in `OID.<master>.<date>` (event-get) and in the iCalUId (MS-OXOCAL).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Final, cast

from ..engine.occurrences import exceptions_of, slot_when
from ..engine.recurrence import Rule
from ..engine.snapshot import AllDay, Keyed, Snapshot, Timed, When
from ..engine.timezones import span, utc_to_local
from . import moments
from .moments import UTC
from .paths import Window
from .remote import Json

#: What tells the date of an instance: `$select` for `/instances`.
SELECT: Final = "id,type,originalStart,iCalUId,start,end,isAllDay"

_DAY: Final = timedelta(days=1)
#: The longest window that is answered (calendarView; /instances names none).
_LONGEST: Final = timedelta(days=1825)
#: Dates nearer to each other are looked for in one request: a daily series fills a page.
_NEAR: Final = timedelta(days=200)
#: How far the first and the last occurrence may have been moved away from their series.
_MARGIN: Final = timedelta(days=366)

_GLOBAL_ID: Final = "040000008200E00074C5B7101A82E008"


def slot_of(item: Json, series: Snapshot) -> date | None:
    """Return the date that an occurrence or exception stands for; None where nothing tells it."""
    moment = moments.instant(item.get("originalStart"))
    if moment is not None and moment.year > 1:
        return _on_calendar(moment, series)
    told = cancelled_day(item.get("occurrenceId")) or day_of_uid(item.get("iCalUId"))
    if told is not None or item.get("type") != "occurrence":
        return told
    when = moments.span_from_graph(
        item.get("start"),
        item.get("end"),
        all_day=item.get("isAllDay") is True,
        home_zone=_zone(series),
    )
    return when.first if isinstance(when, AllDay) else _on_calendar(when.start, series)


def cancelled_day(name: object) -> date | None:
    """Return the date in `OID.<master>.<date>`; the master's id may hold dots as well (seen)."""
    try:
        return date.fromisoformat(name.rpartition(".")[2]) if isinstance(name, str) else None
    except ValueError:
        return None


def day_of_uid(uid: object) -> date | None:
    """Return the date that an occurrence's iCalUId holds (bytes 16 to 19 of a GlobalObjectId)."""
    if not isinstance(uid, str) or not uid.upper().startswith(_GLOBAL_ID):
        return None
    try:
        return date(int(uid[32:36], 16), int(uid[36:38], 16), int(uid[38:40], 16))
    except ValueError:
        return None


def series_uid(uid: str) -> str:
    """Return the iCalUId of the series that an occurrence's belongs to; another as it is."""
    if not uid.upper().startswith(_GLOBAL_ID) or len(uid) < 40:
        return uid
    return f"{uid[:32]}{'0' * 8}{uid[40:]}"


def windows(series: Snapshot, keys: Iterable[str]) -> list[Window]:
    """Return few windows in which the occurrences of these dates are, moved ones too."""
    changed = exceptions_of(series)
    spans: list[Window] = []
    for key in keys:
        spans.append(_around(slot_when(series, date.fromisoformat(key)), _DAY))
        override = changed.get(key)
        moved = override.get("when") if isinstance(override, Keyed) else None
        if isinstance(moved, (Timed, AllDay)):
            spans.append(_around(moved, _DAY))
    joined: list[Window] = []
    for start, end in sorted(spans):
        if joined and start - joined[-1][1] < _NEAR:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return [stretch for window in joined for stretch in cut(window)]


def extent(series: Snapshot, now: datetime) -> tuple[Window, bool]:
    """Return the window that a series fills, and whether it goes on behind it.

    It ends where the series does, or five years from `now` (aware).
    """
    rule = cast("Rule", series["rule"])
    begins, opening = _around(slot_when(series, rule.start), _MARGIN)
    horizon = max(now + _LONGEST, opening)
    ends = horizon if rule.end is None else _around(slot_when(series, rule.end), _MARGIN)[1]
    return (begins, min(ends, horizon)), ends > horizon or rule.end is None


def cut(window: Window) -> Iterator[Window]:
    """Yield a window in stretches that are answered."""
    start, end = window
    while start < end:
        stop = min(start + _LONGEST, end)
        yield start, stop
        start = stop


def _on_calendar(moment: datetime, series: Snapshot) -> date:
    """Return the date of an instant for the series; whole days float, at midnight in UTC."""
    if isinstance(series.get("when"), AllDay) and moment.time() == time():
        return moment.date()
    return utc_to_local(moment, _zone(series)).date()


def _around(when: When, margin: timedelta) -> Window:
    start, end = span(when, UTC)
    return start - margin, end + margin


def _zone(series: Snapshot) -> str:
    zone = series.get("zone")
    return zone if isinstance(zone, str) else UTC
