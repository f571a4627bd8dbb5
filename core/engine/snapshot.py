"""The values that a side can show, and that the merge compares. All immutable and hashable.

A *snapshot* is what one side shows of one meeting: field name → value (names and types in
``fields``). A field that is missing from a snapshot is one that this side cannot say; it is not
the same as an empty field.
"""

from __future__ import annotations

import enum
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from types import MappingProxyType
from typing import Final, TypeAlias

from .errors import Unmappable
from .markup import norm_html
from .recurrence import Rule


class Side(enum.Enum):
    """One of the two places where a meeting lives."""

    LOCAL = "local"
    REMOTE = "remote"

    @property
    def other(self) -> Side:
        """Return the opposite side."""
        return Side.REMOTE if self is Side.LOCAL else Side.LOCAL


@dataclass(frozen=True)
class Timed:
    """A span of time: two aware instants, kept in UTC and in whole seconds.

    Seconds are the finest that both sides can say. ``end`` may equal ``start``.

    Raises ValueError for a naive datetime (a bug of the caller), Unmappable for an end before the
    start and for instants that UTC cannot hold.
    """

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        object.__setattr__(self, "start", _whole_utc(self.start))
        object.__setattr__(self, "end", _whole_utc(self.end))
        if self.end < self.start:
            raise Unmappable("when", "it ends before it starts")


@dataclass(frozen=True)
class AllDay:
    """Whole days, floating: the same dates whatever the zone. Both inclusive.

    Raises TypeError for a datetime (midnight is not a day), Unmappable for a last day before the
    first.
    """

    first: date
    last: date

    def __post_init__(self) -> None:
        for day in (self.first, self.last):
            if isinstance(day, datetime):
                raise TypeError("AllDay takes dates: a moment at midnight is not a day")
        if self.last < self.first:
            raise Unmappable("when", "it ends before it starts")

    @classmethod
    def until(cls, first: date, end: date) -> AllDay:
        """Make one from an exclusive end, as calendars on the wire write it.

        An end that is not after the first day means that day alone: clients have been seen to
        write start = end for one day.
        """
        return cls(first, max(first, end - timedelta(days=1)))

    @property
    def end(self) -> date:
        """Return the day after the last (the exclusive end).

        Raises Unmappable for the last day there is.
        """
        try:
            return self.last + timedelta(days=1)
        except OverflowError as err:
            raise Unmappable("when", "it lies outside of the calendar") from err


When: TypeAlias = Timed | AllDay


@dataclass(frozen=True)
class Person:
    """Somebody who is invited. Two persons are equal when their kind is.

    Who it is says the key under which it stands (``normalize.person_key``). Names and spellings of
    addresses are carried along for writing, and never cause a write.
    """

    kind: str
    name: str = field(default="", compare=False)
    address: str | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Body:
    """A text in HTML. Two bodies are equal when their normal forms are.

    ``html`` is the raw text to write on the other side; None in a stored base, which keeps only
    the digest.
    """

    html: str | None = field(compare=False, repr=False)
    digest: str

    @classmethod
    def of(cls, html: str | None) -> Body:
        """Make one from raw HTML; None and markup without content are the empty body."""
        normal = norm_html(html).encode("utf-8", "replace")
        return cls(html or "", hashlib.sha256(normal).hexdigest())


class Keyed(Mapping[str, "Value"]):
    """An immutable mapping that is merged key by key: people, the occurrences of a series.

    Absence of a key says something here: that person is not invited, that occurrence is as the
    series says.
    """

    __slots__ = ("_values",)

    def __init__(self, values: Mapping[str, Value] | Iterable[tuple[str, Value]] = ()) -> None:
        self._values: Mapping[str, Value] = MappingProxyType(dict(values))

    def __getitem__(self, key: str) -> Value:
        return self._values[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __hash__(self) -> int:
        return hash(frozenset(self._values.items()))

    def __repr__(self) -> str:
        return f"Keyed({dict(self._values)!r})"


Value: TypeAlias = (
    str | int | bool | Timed | AllDay | Body | Person | Rule | frozenset[str] | Keyed | None
)
Snapshot: TypeAlias = Mapping[str, Value]

EMPTY: Final = Keyed()


def _whole_utc(moment: datetime) -> datetime:
    if moment.utcoffset() is None:
        raise ValueError("a naive datetime is no instant: give it a zone")
    try:
        return moment.astimezone(timezone.utc).replace(microsecond=0)
    except OverflowError as err:
        raise Unmappable("when", "it lies outside of the calendar") from err
