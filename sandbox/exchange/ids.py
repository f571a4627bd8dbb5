"""Ids as Exchange makes them: opaque, long, case-sensitive, one per mailbox.

Two kinds (concept page "Obtain immutable identifiers for Outlook resources"): the default id holds
the folder and so changes when an event moves to another calendar; the immutable id does not. The id
of an occurrence is its master's with the date put in. Requests may use either kind.
"""

from __future__ import annotations

import base64
import binascii
import struct
import uuid
from dataclasses import dataclass
from datetime import date, datetime, timezone

from ..errors import malformed_id

_DEFAULT, _IMMUTABLE = b"\x00\x03\x24\x00", b"\x00\x09\x00\x2e"
_LAYOUT = struct.Struct(">4s36s4sIQHBBH")
_MARK = b"\x00\x46\x00\x00"


@dataclass(frozen=True)
class ItemId:
    """What an id says: whose mailbox, which folder (0: immutable), which item, which occurrence.

    ``variant`` is 1 in the new id that an occurrence may get when it becomes an exception.
    """

    mailbox: str
    folder: int
    item: int
    slot: date | None = None
    variant: int = 0

    def __str__(self) -> str:
        """Write the id as it goes over the wire."""
        kind = _DEFAULT if self.folder else _IMMUTABLE
        day = (self.slot.year, self.slot.month, self.slot.day) if self.slot else (0, 0, 0)
        owner = self.mailbox.encode()
        packed = _LAYOUT.pack(kind, owner, _MARK, self.folder, self.item, *day, self.variant)
        return base64.urlsafe_b64encode(packed).decode()


def parse(text: str) -> ItemId:
    """Read an id; what cannot be one is refused (400 ErrorInvalidIdMalformed)."""
    try:
        packed = base64.b64decode(text, altchars=b"-_", validate=True)
        kind, owner, mark, folder, item, year, month, day, variant = _LAYOUT.unpack(packed)
        slot = date(year, month, day) if year else None
        mailbox = owner.decode("ascii")
    except (binascii.Error, struct.error, ValueError) as err:
        raise malformed_id() from err
    if kind not in (_DEFAULT, _IMMUTABLE) or mark != _MARK:
        raise malformed_id()
    return ItemId(mailbox, folder, item, slot, variant)


_GLOBAL_ID = "040000008200E00074C5B7101A82E008"
_EPOCH = datetime(1601, 1, 1, tzinfo=timezone.utc)


def new_ical_uid(now: datetime) -> str:
    """Make an iCalUId: the hex GlobalObjectId of MS-OXOCAL with the instance date left zero."""
    ticks = int((now - _EPOCH).total_seconds() * 10_000_000)
    filetime = ticks.to_bytes(8, "little").hex().upper()
    return f"{_GLOBAL_ID}00000000{filetime}{'0' * 16}10000000{uuid.uuid4().hex.upper()}"


def undated_ical_uid(ical_uid: str) -> str:
    """Return the series' iCalUId of an occurrence's."""
    return (
        f"{ical_uid[:32]}00000000{ical_uid[40:]}" if ical_uid.startswith(_GLOBAL_ID) else ical_uid
    )


def dated_ical_uid(ical_uid: str, slot: date) -> str:
    """Put an occurrence's date into its series' iCalUId (bytes 16 to 19)."""
    if not ical_uid.startswith(_GLOBAL_ID):
        return ical_uid
    stamp = f"{slot.year:04X}{slot.month:02X}{slot.day:02X}"
    return ical_uid[:32] + stamp + ical_uid[40:]
