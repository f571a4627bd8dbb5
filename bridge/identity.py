"""What makes a meeting the same one in all mailboxes: its iCalUId, or what it is until one is told.

Graph may tell no iCalUId (seen by published clients), or, between a creation and its answer, not
yet. Such a meeting is known by a *fingerprint*: a digest of who organizes it, when it takes place,
what it is called and whether it is a series, with a number among equal ones. It is unique like an
iCalUId, so that two mailboxes cannot make two meetings of one in the same moment.
"""

import hashlib
from collections.abc import Iterable
from itertools import count

from ..core.engine.normalize import match_key, norm_address
from ..core.engine.snapshot import AllDay, Snapshot, Timed
from ..core.graph.remote import RemoteEvent
from . import reader
from .desk import Desk
from .facts import write_changed

#: Characters of a digest: 128 bits.
_LENGTH = 32


def organizer(desk: Desk, remote: RemoteEvent):
    """Return the user who organizes an event; none where it is nobody of this database."""
    if remote.is_organizer:
        return desk.account.user_id
    return desk.people.user(remote.organizer.address if remote.organizer else None)


def digest(desk: Desk, remote: RemoteEvent) -> str | None:
    """Return what an event is known by where it has no iCalUId; None where it says too little."""
    user = organizer(desk, remote)
    address = remote.organizer.address if remote.organizer else None
    return _digest(_who(user) or norm_address(address), remote.kind, remote.shared)


def alike(desk: Desk, remotes: Iterable[RemoteEvent]) -> dict[str | None, list]:
    """Return the meetings without an iCalUId that are like these events, by digest.

    Not what is gone: an equal one that is made later is another meeting.
    """
    wanted = {digest(desk, each) for each in remotes} - {None}
    found = desk.env["outlook.meeting"].search(
        [
            ("fingerprint", "in", list(wanted)),
            ("ical_uid", "=", False),
            ("state", "!=", "gone"),
        ],
        order="fingerprint_number",
    )
    by_digest: dict[str | None, list] = {}
    for meeting in found:
        by_digest.setdefault(meeting.fingerprint, []).append(meeting)
    return by_digest


def note_sent(desk: Desk, meeting, local: Snapshot) -> None:
    """Note what a meeting is that is about to be made in Outlook.

    A guest's mailbox may show it before the answer comes, and whatever is edited here meanwhile.
    """
    kind = "seriesMaster" if local.get("rule") else "singleInstance"
    _keep(meeting, _digest(_who(meeting.event_id.user_id), kind, local))


def note_shown(desk: Desk, meeting, remote: RemoteEvent) -> None:
    """Note what a meeting without an iCalUId is now, as the copy shows that speaks for it."""
    if not meeting.ical_uid:
        _keep(meeting, digest(desk, remote))


def _who(user) -> str:
    return f"user:{user.id}" if user else ""


def _digest(who: str, kind: str, shared: Snapshot) -> str | None:
    when = shared.get("when")
    if not who or not isinstance(when, Timed | AllDay):
        return None
    start, end, subject, _nobody = match_key(when, reader.subject(str(shared.get("subject"))), "")
    text = "\n".join((who, kind, start, end, subject))
    return hashlib.sha256(text.encode()).hexdigest()[:_LENGTH]


def _keep(meeting, fingerprint: str | None) -> None:
    """Store a fingerprint, under the first number that none of the equal ones has."""
    if not fingerprint or fingerprint == meeting.fingerprint:
        return
    others = meeting.search([("fingerprint", "=", fingerprint), ("id", "!=", meeting.id)])
    used = set(others.mapped("fingerprint_number"))
    number = next(one for one in count() if one not in used)
    write_changed(meeting, fingerprint=fingerprint, fingerprint_number=number)
