"""Where people join a meeting from afar: Outlook's Teams link here, this side's own link there.

Not among the merged fields. Whether a meeting is a Teams meeting is a latch in Exchange: it is
asked for once and never taken back. Its link is shown as the event's meeting URL. What stands there
otherwise is this side's own (Discuss, or any other): it travels as the place where there is none,
or else below the text.
"""

from dataclasses import replace
from datetime import timedelta

from odoo import fields

from ..core.engine.reconcile import Base
from ..core.engine.snapshot import Snapshot
from ..core.graph.operations import GoOnline, UpdateEvent
from ..core.graph.remote import RemoteEvent
from . import homes
from .facts import facts_of, write_changed
from .wishes import Wish

#: A link that Exchange has not made yet is looked for after so long; doubled each time.
FIRST_LOOK = timedelta(seconds=15)
LOOKS = 5
#: What links into a room of Discuss have in them (calendar.event, DISCUSS_ROUTE).
DISCUSS = "calendar/join_videocall"


def own(events) -> dict[int, str]:
    """Return the links of this side's own, by event; "" where it has none.

    `events` are rows of one series, or one meeting. All Discuss links of a series lead into one
    room: the oldest row's stands for all of them.
    """
    found = {event.id: event.videocall_location or "" for event in events}
    if not any(found.values()):
        return found
    meeting = homes.meeting_of(events.env, events[:1])
    stays = [meeting.join_url or "", *(meeting.unsent_link or "").split("\n")]
    rooms = homes.rows(events[:1]).filtered(lambda row: _is_room(row.videocall_location))
    common = rooms.sorted("id")[:1].videocall_location
    for number, link in found.items():
        if any(_same(link, one) for one in stays):
            found[number] = ""
        elif common and _is_room(link):
            found[number] = common
    return found


def place(location: str, event) -> str:
    """Return the place that a place in Outlook says: the event's own link there says none."""
    return "" if _same(location, event.videocall_location or "") else location


def at_creation(copy, local: Snapshot) -> bool:
    """Tell whether a meeting that is made in Outlook is to be a Teams meeting."""
    choice = copy.meeting_id.event_id.outlook_teams or copy.account_id.teams
    return _may_ask(copy) and _fits(choice, local)


def asked_first(
    copy,
    base: Base | None,
    local: Snapshot,
    wish: Wish | None,
    rows: tuple[int, ...],
    *,
    remote: RemoteEvent | None = None,
) -> list[Wish]:
    """Return what is to be written of a change (`wish`), behind the wish for Teams if there is one.

    First, because guests who are invited with the change then get the link with their invitation.
    `base` and `local` are what was compared, `remote` what Outlook shows, where that is known.
    """
    meeting = copy.meeting_id
    if meeting.teams_asked and meeting.event_id.outlook_teams == "never":
        meeting.teams_asked = False  # whoever changes his mind may ask again
    is_done = meeting.teams_asked or (remote is not None and remote.is_online)
    if is_done or not _asks(copy, base, local):
        return [wish] if wish else []
    operation = GoOnline(copy.remote_id, copy.change_key or None)
    return [
        Wish(
            "online",
            operation,
            meeting.id,
            copy.id,
            local=local,
            rows=wish.rows if wish else rows,
            then=wish and _unconditional(wish),
        )
    ]


def recorded(desk, copy, _wish: Wish, remote: RemoteEvent) -> None:
    """Record that Outlook was asked, whatever it made of it: it is not asked again."""
    copy.write(facts_of(remote))
    copy.meeting_id.teams_asked = True
    learn(desk, copy, remote)
    desk.tally["changed_remote"] += 1
    changes = {"online": (False, True)}
    desk.note(copy.meeting_id, direction="out", kind="change", changes=changes)


def learn(desk, copy, remote: RemoteEvent) -> None:
    """Show here how Outlook's online meeting is joined, or that it is none any more.

    Only where nothing else was put in the place of its link; what was removed here stays removed.
    """
    meeting = copy.meeting_id
    if copy.slot or remote.is_online is None or not meeting.event_id:
        return
    if remote.is_online and not remote.join_url:
        _look_again(copy)
        return
    url = remote.join_url if remote.is_online else None
    before = meeting.join_url or None
    if url == before:
        return
    if url:
        write_changed(copy, attempts=0)
        write_changed(meeting, teams_asked=True)
    meeting.join_url = url
    _show(desk, meeting, before, url)


def forget(desk, meeting) -> None:
    """Take the link of an online meeting away that is no more."""
    if meeting.join_url:
        _show(desk, meeting, meeting.join_url, None)
    write_changed(meeting, join_url=False, teams_asked=False)


def _show(desk, meeting, before: str | None, url: str | None) -> None:
    event = meeting.event_id
    every = homes.rows(event) | event | event.recurrence_id.calendar_event_ids  # archived, too
    rows = every.filtered(
        lambda row: (row.videocall_location or None) in ({before, None} if url else {before})
    )
    if rows:
        desk.writer.lock(rows)
        desk.note_readers(rows[:1])
        desk.writer.as_organizer(rows[:1].user_id, rows).write({"videocall_location": url})


def _look_again(copy) -> None:
    if copy.attempts < LOOKS:
        pause = FIRST_LOOK * 2**copy.attempts
        copy.write({"attempts": copy.attempts + 1, "next_attempt": fields.Datetime.now() + pause})


def _same(link: str, other: str) -> bool:
    return bool(link) and (link == other or (_is_room(link) and _is_room(other)))


def _is_room(link: str | None) -> bool:
    return bool(link) and DISCUSS in link


def _asks(copy, base: Base | None, local: Snapshot) -> bool:
    """Tell whether a meeting that is in Outlook is to become a Teams meeting.

    By its own choice. By the mailbox's only with its first guest: another choice for the mailbox
    touches no meeting that is there.
    """
    if base is None or not _may_ask(copy):
        return False
    own = copy.meeting_id.event_id.outlook_teams
    if own:
        return _fits(own, local)
    is_first = not base.local.get("people", True) and bool(local.get("people"))
    return copy.account_id.teams == "guests" and is_first


def _may_ask(copy) -> bool:
    meeting = copy.meeting_id
    is_possible = copy.role == "organizer" and copy.calendar_id.has_teams
    return is_possible and not meeting.join_url and not meeting.event_id.videocall_location


def _fits(choice: str | None, local: Snapshot) -> bool:
    return choice == "always" or (choice == "guests" and bool(local.get("people")))


def _unconditional(wish: Wish) -> Wish:
    """Return a wish that follows another: that one moves the state which a condition could name."""
    if not isinstance(wish.operation, UpdateEvent):
        return wish
    return replace(wish, operation=replace(wish.operation, change_key=None))
