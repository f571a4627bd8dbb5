"""Who is to be in a meeting here: of which unknown people contacts are made, and who hosts it."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from odoo.api import Environment
from odoo.fields import Command

from ..core.engine.normalize import norm_address
from ..core.engine.snapshot import EMPTY, Person
from ..core.graph.remote import RemoteEvent
from . import homes, settings
from .addresses import learn_alias
from .people import keys


@dataclass(frozen=True)
class Welcome:
    """Of which unknown people of one meeting contacts are made."""

    #: By the setting; without it people whom nobody knows here are kept by name.
    makes_contacts: bool
    #: Addresses of places, which may be invited like people.
    rooms: Collection[str] = ()
    #: The mailbox's owner was invited through a list: other addresses may be lists as well.
    is_through_list: bool = False

    def host(self) -> bool:
        """Tell whether the organizer becomes a contact: he is a person, and his word is known."""
        return self.makes_contacts

    def guest(self, person: Person) -> bool:
        """Tell whether a guest becomes a contact: not a room, a thing or a list."""
        if not self.makes_contacts or self.is_through_list or person.kind == "resource":
            return False
        return norm_address(person.address) not in self.rooms


def welcome(env: Environment) -> Welcome:
    """Return what holds of any meeting."""
    return Welcome(settings.unknown_guests(env) == "contacts")


def welcome_to(desk, copy, remote: RemoteEvent) -> Welcome:
    """Return what holds of this meeting, as the mailbox of `copy` shows it."""
    named = keys(remote.shared)
    partner = copy.account_id.user_id.partner_id
    is_named = copy.role == "organizer" or desk.people.address(partner, named) in named
    return Welcome(
        settings.unknown_guests(desk.env) == "contacts",
        rooms=remote.rooms,
        is_through_list=not is_named,
    )


def addresses(remotes: Iterable[RemoteEvent]) -> Iterator[str | None]:
    """Yield the addresses of all people of these events."""
    for remote in remotes:
        yield remote.organizer.address if remote.organizer else None
        for one in (remote, *remote.exceptions.values()):
            yield from (person.address for person in one.shared.get("people", EMPTY).values())


def recognise_host(desk, copy, remote: RemoteEvent) -> None:
    """Let a meeting have its organizer, whose own mailbox shows it for the first time.

    A guest's mailbox brought it in when nobody knew him here, or under which address Outlook shows
    him: it is nobody's meeting, with a contact for its host.
    """
    if copy.role != "organizer" or copy.slot or not remote.is_organizer:
        return
    account, meeting = copy.account_id, copy.meeting_id
    shown = remote.organizer and remote.organizer.address
    if copy.calendar_id.is_default and learn_alias(account, shown):
        desk.people.forget()  # a calendar that is shared shows its owner's address
    event = meeting.event_id.exists()
    if not event or event.user_id or copy.base or meeting.made_here:
        return
    rows = homes.rows(event) | event
    host = desk.people.meant(meeting.organizer, rows.attendee_ids.partner_id)
    partner = account.user_id.partner_id
    desk.writer.lock(rows)
    desk.writer.as_organizer(account.user_id, rows).write(
        {
            "user_id": account.user_id.id,
            "partner_ids": [
                *(Command.unlink(one.id) for one in host - partner),
                Command.link(partner.id),
            ],
        }
    )
    desk.writer.accept(rows, partner)
