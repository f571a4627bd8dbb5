"""Time zones as Exchange names them.

Graph takes Windows names and IANA names (resource dateTimeTimeZone) and knows no others. An IANA
name normally comes back as a Windows name. The pairs are Unicode CLDR's, as packaged by
``tzlocal``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from tzlocal.windows_tz import tz_win, win_tz

from ..errors import unsupported_zone

UTC = "UTC"
_ALIASES = {"tzone://Microsoft/Utc": "Etc/UTC"}


def resolve(name: str) -> ZoneInfo:
    """Return the rules of a Windows or IANA zone; an unknown name is refused as Graph does."""
    iana = win_tz.get(name) or _ALIASES.get(name) or (name if name in tz_win else None)
    if iana is None:
        raise unsupported_zone(name)
    return ZoneInfo(iana)


def windows_name(name: str) -> str:
    """Return the Windows name of a zone that ``resolve`` knows."""
    if name in win_tz:
        return name
    return UTC if name in _ALIASES else tz_win[name]


def supported(standard: str = "windows") -> list[dict[str, str]]:
    """List the zones as ``supportedTimeZones`` does (alias and display name)."""
    names = tz_win if standard.casefold() == "iana" else win_tz
    return [{"alias": name, "displayName": name} for name in sorted(names)]


@dataclass(frozen=True)
class Moment:
    """A wall-clock time and the zone it is meant in: the shape of Graph's dateTimeTimeZone."""

    #: Naive on purpose: what the clock on the wall shows in ``zone``.
    local: datetime
    zone: str

    @property
    def utc(self) -> datetime:
        """Return the instant: a skipped hour moves on, a repeated one is the first (inferred)."""
        return to_utc(self.local, resolve(self.zone))

    def shifted(self, by: timedelta) -> Moment:
        """Move the wall clock."""
        return Moment(self.local + by, self.zone)


def to_utc(local: datetime, zone: ZoneInfo) -> datetime:
    """Turn a wall-clock time into an aware UTC instant."""
    return local.replace(tzinfo=zone).astimezone(timezone.utc)


def to_local(instant: datetime, zone: ZoneInfo) -> datetime:
    """Turn an instant into the naive wall-clock time of a zone."""
    return instant.astimezone(zone).replace(tzinfo=None)
