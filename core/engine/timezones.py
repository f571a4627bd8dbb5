"""Names of time zones, and the only conversions between wall clocks and instants.

*Names.* Inside, a zone is always its IANA name. Graph speaks Windows names (and takes both); the
pairs are Unicode CLDR's, as ``tzlocal`` carries them. A Windows zone covers many IANA zones, so a
name may come back as another one of the same clock: ``same_clock`` knows.

*Clocks* come from ``pytz``, not from ``zoneinfo``: it brings its own data (a bare machine may have
no ``/usr/share/zoneinfo``), and Odoo computes with it, so that both ends of a meeting change to
summer time by the same table.

*Hours that do not exist, or exist twice.* When the clock jumps forward, a time in the gap is moved
forward by the length of the jump, as if the old clock had gone on (02:30 → 03:30). When the clock
is set back, a time that comes twice is its first coming. This is what ``fold=0`` means in PEP 495,
and what RFC 5545 §3.3.5 asks for. Graph's own rule is undocumented. Occurrences of a series are
another matter: Odoo computes them in standard time, which is the second coming (``late``).
"""

from __future__ import annotations

from datetime import datetime, time, timedelta, timezone, tzinfo
from typing import Final

import pytz
from tzlocal import windows_tz

from .errors import Unmappable
from .snapshot import AllDay, Timed, When

_UTC: Final = "UTC"
_DAY: Final = timedelta(days=1)

# Names seen in the wild that neither CLDR nor IANA knows; lower case.
# - tzone://Microsoft/Utc: originalStartTimeZone of events without a place (closeio/sync-engine)
# - Coordinated Universal Time: Windows' display name of UTC, as some clients write it
# - Kamchatka, Mid-Atlantic: still in Windows' registry, marked obsolete (TimeZoneConverter)
# Left out on purpose: tzone://Microsoft/Custom and Customized Time Zone. They name rules of their
# own that Graph does not show; the caller falls back to another zone of the meeting.
_QUIRKS: Final = {
    "tzone://microsoft/utc": _UTC,
    "coordinated universal time": _UTC,
    "z": _UTC,
    "kamchatka standard time": "Asia/Kamchatka",
    "mid-atlantic standard time": "Etc/GMT+2",
}
# The other way, where CLDR has no row. (Antarctica/Troll has none either: no Windows zone keeps its
# clock, and a wrong clock would move the meeting.)
_WINDOWS_QUIRKS: Final = {
    "CST6CDT": "Central Standard Time",
    "EST5EDT": "Eastern Standard Time",
    "MST7MDT": "Mountain Standard Time",
    "PST8PDT": "Pacific Standard Time",
    "Europe/Uzhgorod": "FLE Standard Time",
    "Europe/Zaporozhye": "FLE Standard Time",
    "GMT": _UTC,
    "US/East-Indiana": "US Eastern Standard Time",
}
_UTC_ALIASES: Final = frozenset(
    {"etc/utc", "etc/uct", "etc/universal", "etc/zulu", "uct", "universal", "zulu"}
)
_BY_WINDOWS: Final = {name.lower(): iana for name, iana in windows_tz.win_tz.items()}
_BY_IANA: Final = {name.lower(): name for name in pytz.all_timezones}


def resolve(name: str) -> str:
    """Return the IANA name for any name of a zone: IANA, Windows, or a quirk of Graph.

    Capitals and outer space do not matter. Every UTC by another name is "UTC"; other aliases stay
    (``Asia/Saigon`` is not renamed). Raises Unmappable("zone") for names that say nothing.
    """
    wanted = name.strip().lower()
    found = _QUIRKS.get(wanted) or _BY_WINDOWS.get(wanted) or _BY_IANA.get(wanted)
    if found is None or found.lower() not in _BY_IANA:  # CLDR may be newer than the clocks
        raise Unmappable("zone", "no time zone of that name")
    return _UTC if found.lower() in _UTC_ALIASES else found


def windows_to_iana(name: str) -> str:
    """Return the IANA name of a Windows zone, the first city that CLDR names for it.

    Raises Unmappable("zone") for anything but a Windows name.
    """
    wanted = name.strip().lower()
    if wanted not in _BY_WINDOWS and wanted not in _QUIRKS:
        raise Unmappable("zone", "no Windows time zone of that name")
    return resolve(name)


def iana_to_windows(name: str) -> str:
    """Return the Windows name of an IANA zone. Raises Unmappable("zone") where there is none."""
    wanted = _BY_IANA.get(name.strip().lower())  # tz_win has a row for the empty name
    found = wanted and (windows_tz.tz_win.get(wanted) or _WINDOWS_QUIRKS.get(wanted))
    if not found:
        raise Unmappable("zone", "Windows has no such time zone")
    return found


def same_clock(one: str, other: str) -> bool:
    """Say whether two names are one zone for Windows, and so for Exchange. Never raises."""
    if one == other:
        return True
    try:
        return iana_to_windows(resolve(one)) == iana_to_windows(resolve(other))
    except Unmappable:
        return False


def local_to_utc(wall: datetime, zone: str, *, late: bool = False) -> datetime:
    """Turn a naive wall-clock time of that zone into the aware UTC instant.

    Gaps move forward. Of two instants it is the first, with ``late`` the second (see above).
    Raises ValueError for an aware ``wall``, Unmappable for an unknown zone and for what lies
    outside of the calendar.
    """
    readings, real = _readings(wall, zone)
    choose = max if late else min
    return choose(real, default=readings[0])


def is_read_as(wall: datetime, zone: str, instant: datetime) -> bool:
    """Say whether somebody may mean that instant by a naive wall-clock time of that zone.

    Of an hour that comes twice both, of one that does not exist it moved forward or back: where
    summer time is the standard (Dublin, Casablanca), Odoo reads both the other way round. Raises
    as ``local_to_utc``.
    """
    readings, real = _readings(wall, zone)
    return instant in (real or readings)


def utc_to_local(instant: datetime, zone: str) -> datetime:
    """Turn an aware instant into the naive wall-clock time of that zone.

    Raises ValueError for a naive ``instant``, Unmappable for an unknown zone and for what lies
    outside of the calendar.
    """
    if instant.utcoffset() is None:
        raise ValueError("a naive datetime is no instant: give it a zone")
    try:
        return instant.astimezone(_clock(zone)).replace(tzinfo=None)
    except OverflowError as err:
        raise Unmappable("when", "it lies outside of the calendar") from err


def midnights(days: AllDay) -> tuple[datetime, datetime]:
    """Return the naive midnights at which whole days begin and end, the end exclusive.

    That is how Graph writes them, in whatever zone: the dates float.
    """
    return datetime.combine(days.first, time()), datetime.combine(days.end, time())


def span(when: When, zone: str) -> tuple[datetime, datetime]:
    """Return the instants between which a meeting takes place for somebody in that zone.

    For questions such as "is it over?"; never to store an all-day meeting.
    """
    if isinstance(when, Timed):
        return when.start, when.end
    start, end = midnights(when)
    return local_to_utc(start, zone), local_to_utc(end, zone)


def _clock(zone: str) -> tzinfo:
    return pytz.timezone(resolve(zone))


def _readings(wall: datetime, zone: str) -> tuple[list[datetime], list[datetime]]:
    """Return what that time is by the offsets of the day before and after, and what really is."""
    if wall.tzinfo is not None:
        raise ValueError("a wall-clock time carries no zone of its own")
    clock = _clock(zone)
    try:
        offsets = (_offset(wall - _DAY, clock), _offset(wall + _DAY, clock))
    except OverflowError as err:
        raise Unmappable("when", "it lies outside of the calendar") from err
    naive = [wall - offset for offset in offsets]
    readings = [instant.replace(tzinfo=timezone.utc) for instant in naive]
    real = [one for one in readings if one.astimezone(clock).replace(tzinfo=None) == wall]
    return readings, real


def _offset(instant: datetime, clock: tzinfo) -> timedelta:
    """Return the offset of that clock at a naive UTC instant."""
    offset = instant.replace(tzinfo=timezone.utc).astimezone(clock).utcoffset()
    return offset if offset is not None else timedelta()
