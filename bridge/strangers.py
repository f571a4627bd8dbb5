"""Whom only one side knows: invited in Outlook and no contact here, or here without an address."""

from odoo.tools import format_list

from ..core.engine import codec
from ..core.engine.errors import UnreadableBase
from ..core.engine.snapshot import EMPTY, Keyed, Snapshot
from . import homes, series_reader
from .notices import visible_meeting
from .people import People

#: So many names are read at a glance; of more, these and how many others.
SHOWN = 12


def invited_there(event) -> str | bool:
    """Say who is invited in Outlook besides the guests here; False for nobody.

    Nobody hears it who may not see the meeting.
    """
    event = event._origin
    meeting = visible_meeting(event).sudo()
    names = names_of(meeting, event)
    said = [_line(event.env, names)] if names else []
    host = _host(meeting, event)
    if host:
        said.append(event.env._("Organized in Outlook by %(address)s.", address=host))
    return " ".join(said) or False


def not_invited(event) -> str | bool:
    """Say which guests Outlook cannot invite, for want of an address; False for none."""
    meeting = visible_meeting(event._origin).sudo()
    if meeting.state not in ("new", "linked", "parked") or not meeting._organizer_copy():
        return False
    env = event.env
    guests = (event.partner_ids - event.user_id.partner_id)._origin.sudo()
    people = People(env(su=True), env.user)
    without = [one.display_name for one in guests if not people.address(one)]
    if not without:
        return False
    if len(without) == 1:
        return env._(
            "Not invited through Outlook, as %(name)s has no e-mail address.", name=without[0]
        )
    return env._(
        "Not invited through Outlook, as they have no e-mail address: %(names)s.",
        names=format_list(env, without),
    )


def names_of(meeting, event) -> list[str]:
    """Return the names of those whom Outlook's half of the base has, and this side's has not."""
    try:
        base = codec.load_base(meeting.base) if meeting.base else None
    except UnreadableBase:
        base = None
    if base is None:
        return []
    slot = series_reader.slot(event).isoformat() if homes.is_series(event) else ""
    here, there = _invited(base.local, slot), _invited(base.remote, slot)
    strangers = [person for key, person in there.items() if key not in here]
    return sorted(person.name or person.address or "" for person in strangers)


def _invited(half: Snapshot, slot: str) -> Keyed:
    """Return the people of a half of a base, on a date of its own those of that date."""
    own = half.get("occurrences", EMPTY).get(slot)
    people = own.get("people") if isinstance(own, Keyed) else None
    return people or half.get("people", EMPTY)


def _host(meeting, event) -> str | bool:
    """Return the address of an organizer outside who is no contact here."""
    if not meeting.organizer or meeting.made_here or event.user_id:
        return False
    people = People(event.env(su=True), event.env.user)
    return not people.meant(meeting.organizer, event.sudo().attendee_ids.partner_id) and (
        meeting.organizer
    )


def _line(env, names: list[str]) -> str:
    more = len(names) - SHOWN
    if more > 0:
        return env._(
            "Also invited in Outlook: %(names)s and %(number)s others.",
            names=", ".join(names[:SHOWN]),
            number=more,
        )
    return env._("Also invited in Outlook: %(names)s.", names=", ".join(names))
