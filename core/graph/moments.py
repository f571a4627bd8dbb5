"""Times as Graph writes them: `{"dateTime": "2026-10-25T09:00:00.0000000", "timeZone": "..."}`.

Reading takes any zone, though UTC is asked for. Writing sends a Windows name: Exchange knows those
in any case, while of IANA's it knows the names of a list that is older than some cities (resource
dateTimeTimeZone); what it does not know is refused with the whole event.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta, timezone
from typing import Any, Final

from ..engine.errors import Unmappable
from ..engine.snapshot import AllDay, Timed, When
from ..engine.timezones import (
    iana_to_windows,
    local_to_utc,
    midnights,
    resolve,
    utc_to_local,
    windows_to_iana,
)

UTC: Final = "UTC"

# Seven fractional digits are more than `%f` takes; finer than microseconds is dropped.
_STAMP: Final = re.compile(
    r"(\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?)(?:\.(\d{1,6})\d*)?(Z|[+-]\d\d:\d\d)?", re.ASCII
)
_MIDNIGHT: Final = time()


def instant(text: object) -> datetime | None:
    """Read a stamp such as lastModifiedDateTime, aware; None for what is none."""
    try:
        moment, offset = _stamp(text)
    except Unmappable:
        return None
    return moment.replace(tzinfo=timezone.utc) - offset


def span_from_graph(start: object, end: object, *, all_day: bool, home_zone: str | None) -> When:
    """Read the time of an event. Raises Unmappable("when").

    Whole days are dates, whatever zone they are shown in; where an old server shifts them into the
    zone asked for, `home_zone` (IANA, where the event was made) brings the dates back.
    """
    first, last = _pair(start), _pair(end)
    if not all_day:
        return Timed(_utc(*first), _utc(*last))
    try:
        return AllDay.until(_date(*first, home_zone), _date(*last, home_zone))
    except OverflowError as err:
        raise Unmappable("when", "it lies outside of the calendar") from err


def span_to_graph(when: When, zone: str | None) -> dict[str, Any]:
    """Write the time of an event in the wall-clock of its zone (IANA; none: UTC)."""
    if isinstance(when, AllDay):
        return _span(midnights(when), _wire_zone(zone), all_day=True)
    walls, name = _walls(when, zone)
    return _span(walls, name, all_day=False)


def repeated_span_to_graph(when: When, zone: str | None) -> dict[str, Any]:
    """Write the time of a series' first occurrence in the zone whose clock all others keep.

    Never in UTC instead, as a single event's: half of the occurrences would be an hour off. A zone
    that Windows lacks goes by its own name, which Exchange may refuse. Raises Unmappable("zone").
    """
    home = resolve(zone or UTC)
    try:
        name = iana_to_windows(home)
        home = windows_to_iana(name)
    except Unmappable:
        name = home
    if isinstance(when, AllDay):
        return _span(midnights(when), name, all_day=True)
    walls = utc_to_local(when.start, home), utc_to_local(when.end, home)
    return _span(walls, name, all_day=False)


def _span(walls: tuple[datetime, datetime], zone: str, *, all_day: bool) -> dict[str, Any]:
    start, end = ({"dateTime": wall.isoformat(), "timeZone": zone} for wall in walls)
    return {"start": start, "end": end, "isAllDay": all_day}


def zone_from_graph(name: object) -> str | None:
    """Return the IANA name of a zone, None where Graph's name says nothing (custom zones, null)."""
    try:
        return resolve(name) if isinstance(name, str) else None
    except Unmappable:
        return None


def _walls(when: Timed, zone: str | None) -> tuple[tuple[datetime, datetime], str]:
    """Find wall-clock times and a zone that Exchange reads as the very same instants.

    The clock is the Windows zone's, which need not be the city's. In UTC where even that fails: an
    hour that comes twice is taken for its first coming. A right time is worth more than its zone.
    """
    name = _wire_zone(zone)
    if name != UTC:
        clock = windows_to_iana(name)
        start, end = utc_to_local(when.start, clock), utc_to_local(when.end, clock)
        if Timed(local_to_utc(start, clock), local_to_utc(end, clock)) == when:
            return (start, end), name
    return (when.start.replace(tzinfo=None), when.end.replace(tzinfo=None)), UTC


def _wire_zone(zone: str | None) -> str:
    """Return the Windows name; UTC for a zone that Windows does not have."""
    try:
        return iana_to_windows(resolve(zone or UTC))
    except Unmappable:
        return UTC


def _pair(value: object) -> tuple[datetime, str]:
    """Return the naive time and the zone (IANA) that a dateTimeTimeZone holds."""
    if not isinstance(value, Mapping):
        raise Unmappable("when", "start or end is missing")
    moment, offset = _stamp(value.get("dateTime"))
    try:
        zone = resolve(value.get("timeZone") or UTC)
    except (Unmappable, AttributeError) as err:
        raise Unmappable("when", "it is given in an unknown time zone") from err
    return moment - offset, zone


def _stamp(text: object) -> tuple[datetime, timedelta]:
    """Return the naive time and its offset, zero where it has none."""
    match = _STAMP.fullmatch(text) if isinstance(text, str) else None
    if match is None:
        raise Unmappable("when", "not a time")
    whole, fraction, offset = match.groups()
    try:
        moment = datetime.fromisoformat(whole)
        aware = datetime.fromisoformat(
            f"2000-01-01T00:00:00{(offset or 'Z').replace('Z', '+00:00')}"
        )
    except ValueError as err:
        raise Unmappable("when", "not a time") from err
    microsecond = int((fraction or "0").ljust(6, "0"))
    return moment.replace(microsecond=microsecond), aware.utcoffset() or timedelta()


def _utc(wall: datetime, zone: str) -> datetime:
    # UTC needs no table, and so reaches the first and the last day of the calendar.
    if zone == UTC:
        return wall.replace(tzinfo=timezone.utc)
    return local_to_utc(wall, zone)


def _date(wall: datetime, zone: str, home_zone: str | None) -> date:
    if wall.time() == _MIDNIGHT or home_zone is None:
        return wall.date()
    at_home = utc_to_local(_utc(wall, zone), home_zone)
    return at_home.date() if at_home.time() == _MIDNIGHT else wall.date()
