"""Read whole, once, each series of which a page brings news.

A page of changes tells of a series by its master, by stubs of its occurrences and by its
exceptions, and never which dates are cancelled; any of these may be missing. So a page only names
series, and what it does not show the known state of is read by a request of its own
(`GraphClient.series`).

An occurrence that is gone shows as news of its series too: whatever else Graph says of it, it tells
of the whole series again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ..core.engine.errors import Missing, SyncError
from ..core.graph.client import GraphClient
from ..core.graph.failures import concerns_mailbox
from ..core.graph.remote import RemoteEvent, Unreadable
from .asking import Found, look_up
from .desk import Desk
from .incoming import Incoming


@dataclass
class Told:
    """What a page tells of one series."""

    #: The states of which it tells, as far as the whole series shares them: in the sample of
    #: event-list-instances all occurrences have their master's.
    change_keys: set[str] = field(default_factory=set)
    exceptions: list[RemoteEvent] = field(default_factory=list)

    def add(self, event: RemoteEvent) -> None:
        """Take note of a master, an occurrence or an exception."""
        if event.kind == "exception":
            self.exceptions.append(event)
        elif event.change_key:
            self.change_keys.add(event.change_key)

    def is_of(self, copy) -> bool:
        """Tell whether this is the state of a series that was seen last."""
        keys = self.change_keys or {one.change_key for one in self.exceptions}
        return keys == {copy.change_key}


@dataclass
class Whole:
    """What was read of the series of one page: by series, and what stands without one."""

    #: None: the page shows the state that is known.
    series: dict[str, Found] = field(default_factory=dict)
    #: Exceptions of series that this mailbox does not have, each read by itself.
    alone: dict[str, Found] = field(default_factory=dict)


def divided(
    events: Sequence[RemoteEvent | Unreadable],
) -> tuple[list[RemoteEvent | Unreadable], dict[str, Told]]:
    """Return what a page shows of single meetings, and what it tells of each series."""
    single: list[RemoteEvent | Unreadable] = []
    series: dict[str, Told] = {}
    for event in events:
        if isinstance(event, Unreadable) or event.kind == "singleInstance":
            single.append(event)
        else:
            # Of an exception without a series: somebody was invited to this one occurrence.
            series.setdefault(event.series_id or event.id, Told()).add(event)
    return single, series


def read(client: GraphClient, wanted: Sequence[str], told: Mapping[str, Told]) -> Whole:
    """Return these series whole. Raises what the whole mailbox suffers from."""
    whole = Whole()
    alone = [one for one in wanted if one in {each.id for each in told[one].exceptions}]
    series = [one for one in wanted if one not in alone]
    if series:
        whole.series.update(client.series(series))
    for remote_id, found in whole.series.items():
        if isinstance(found, SyncError) and concerns_mailbox(found):
            raise found
        if isinstance(found, Missing):
            alone += [one.id for one in told[remote_id].exceptions]
    # Only by itself an occurrence says which one it is.
    whole.alone.update({one: look_up(client, one) for one in alone})
    return whole


def news(desk: Desk, row_id: int, told: Mapping[str, Told]) -> list[str]:
    """Return the ids of those series that are not known in the state that a page tells of.

    Those that are known count as met by the full round.
    """
    calendar = desk.env["outlook.calendar"].browse(row_id)
    seen = _copies(desk, calendar, told)
    same = seen.filtered(lambda copy: told[copy.remote_id].is_of(copy))
    _note_met(calendar, same)
    known = {*same.mapped("remote_id"), *_known_alone(desk, calendar, told)}
    return [remote_id for remote_id in told if remote_id not in known]


def take(desk: Desk, incoming: Incoming, calendar, whole: Whole) -> None:
    """Bring in what was read of series."""
    copies = {copy.remote_id: copy for copy in _copies(desk, calendar, whole.series)}
    for remote_id, found in whole.series.items():
        if not isinstance(found, Missing):
            incoming.take_found(remote_id, found)
        elif remote_id in copies:
            incoming.removed(copies[remote_id])
    for remote_id, found in whole.alone.items():
        if found is not None:
            incoming.take_found(remote_id, found)


def _copies(desk: Desk, calendar, remote_ids):
    return desk.env["outlook.copy"].search(
        [("calendar_id", "=", calendar.id), ("remote_id", "in", list(remote_ids))]
    )


def _known_alone(desk: Desk, calendar, told: Mapping[str, Told]) -> list[str]:
    """Return series of which nothing but occurrences is told that are known by themselves."""
    shown = {one.id: one.change_key for each in told.values() for one in each.exceptions}
    copies = _copies(desk, calendar, shown)
    same = copies.filtered(lambda copy: copy.change_key == shown[copy.remote_id])
    _note_met(calendar, same)
    known = set(same.mapped("remote_id"))
    return [
        remote_id
        for remote_id, each in told.items()
        if each.exceptions
        and not each.change_keys
        and all(one.id in known for one in each.exceptions)
    ]


def _note_met(calendar, copies) -> None:
    unmet = copies.filtered(lambda copy: copy.seen_round != calendar.round_number)
    if calendar.full_round and unmet:
        unmet.seen_round = calendar.round_number
