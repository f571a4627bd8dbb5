"""What a mailbox shows, as values: events, calendars, the person, pages of changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from ..engine.errors import Unmappable
from ..engine.snapshot import Person, Snapshot, When

#: How Graph calls the four shapes of an event. Only the first is one meeting by itself.
Kind = Literal["singleInstance", "seriesMaster", "occurrence", "exception"]


@dataclass(frozen=True)
class RemoteEvent:
    """One event as one mailbox shows it. `repr` shows only what may be logged.

    A stub (an occurrence in a delta page) carries `id`, `kind`, `series_id` and `shared["when"]`
    only. A series shows its `shared["occurrences"]` only where it was read whole
    (`GraphClient.series`, `get_event`).
    """

    id: str
    kind: Kind
    #: Fields of the organizer. A field that the answer did not carry, or cannot say, is missing.
    shared: Snapshot = field(repr=False)
    #: Fields of this mailbox alone: show_as, reminder, categories.
    private: Snapshot = field(repr=False)
    ical_uid: str | None = field(default=None, repr=False)
    change_key: str | None = field(default=None, repr=False)
    series_id: str | None = field(default=None, repr=False)
    #: When an occurrence or exception would be by the pattern (aware, UTC); for whole days Graph
    #: gives a midnight. None where the answer does not carry it: pages never do.
    original_start: datetime | None = None
    #: Of a series read whole: ISO date of the original start -> the occurrence that differs.
    exceptions: Mapping[str, RemoteEvent] = field(default_factory=dict, repr=False)
    created_at: datetime | None = None
    modified_at: datetime | None = None
    is_organizer: bool = True
    organizer: Person | None = field(default=None, repr=False)
    is_cancelled: bool = False
    #: The mailbox owner's answer: none, organizer, tentativelyAccepted, accepted, declined,
    #: notResponded.
    own_response: str = "none"
    #: Normalised address -> answer, for the people other than the organizer.
    responses: Mapping[str, str] = field(default_factory=dict, repr=False)
    #: Normalised address -> the new time that came with an answer which still stands.
    proposals: Mapping[str, When] = field(default_factory=dict, repr=False)
    #: Where the organizer wants no answers, sending one is refused: `Respond` then stays silent.
    wants_response: bool = True
    #: Normalised addresses of the places where it is held: rooms may be invited like people.
    rooms: frozenset[str] = field(default=frozenset(), repr=False)
    web_link: str | None = field(default=None, repr=False)
    transaction_id: str | None = field(default=None, repr=False)
    #: Whether it is an online meeting; None where the answer does not say.
    is_online: bool | None = None
    #: Where to join it. An online meeting may get it moments after it was made.
    join_url: str | None = field(default=None, repr=False)
    #: Our own mark, only where the request asked for it (see `GraphClient.find_tagged`).
    tag: str | None = field(default=None, repr=False)
    #: What Graph showed, for administrators where the event is set aside.
    item: Mapping[str, Any] | None = field(default=None, repr=False, compare=False)


@dataclass(frozen=True)
class Unreadable:
    """An event that cannot be understood; the others of its page can."""

    remote_id: str
    #: The field and what is wrong with it, in words for a log.
    reason: str
    #: What Graph showed, for administrators.
    item: Mapping[str, Any] | None = field(default=None, repr=False, compare=False)

    def error(self) -> Unmappable:
        """Return it as what a reading of this event alone raises."""
        name, _colon, why = self.reason.partition(": ")
        error = Unmappable(name, why)
        error.item = self.item
        return error


@dataclass(frozen=True)
class RemoteCalendar:
    """One calendar of the mailbox's own list."""

    id: str
    name: str = field(repr=False)
    #: One of Graph's names (auto, lightBlue, ...) or `#rrggbb` where the person chose a colour of
    #: his own.
    color: str
    is_default: bool
    can_edit: bool
    #: Address of the owner: another person's where the calendar is shared with this mailbox.
    owner: str | None = field(repr=False)
    #: Meetings in it may be Teams meetings; in personal mailboxes none may.
    has_teams: bool = False


@dataclass(frozen=True)
class Profile:
    """The mailbox's owner. `id` is the object id of the directory; `time_zone` is an IANA name."""

    id: str
    address: str | None = field(repr=False)
    name: str = field(repr=False)
    time_zone: str | None


@dataclass(frozen=True)
class DeltaPage:
    """One page of changes, or what several pages of one round add up to.

    `removed` holds ids that were deleted *or left the window*; Graph does not say which
    (event-delta). Ask `GraphClient.get_event` before deleting anything.
    """

    events: list[RemoteEvent | Unreadable] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    #: More of this round is there; or, when None, `delta_link` begins the next round.
    next_link: str | None = field(default=None, repr=False)
    delta_link: str | None = field(default=None, repr=False)


Json = dict[str, Any]
