"""Let rows leave a series in a round, and go on as meetings of their own."""

from ..core.engine.snapshot import EMPTY, Snapshot
from . import homes
from .desk import Desk
from .writer import QUIET


def let_go(desk: Desk, meeting, rows, note: str) -> None:
    """Let these rows go on alone, with a note on each; the rest of this round looks at them."""
    for row in rows:
        row = row.with_user(row.user_id or desk.env.user).sudo().with_context(**QUIET)
        row.action_outlook_detach()
        row.message_post(body=note, subtype_xmlid="mail.mt_note")
    if rows:
        homes.hand_over(meeting)
        desk.look_again(rows)


def read(desk: Desk, meeting, copy, remote: Snapshot = EMPTY) -> Snapshot | None:
    """Return what this database shows, after rows that are no date of their series have left it.

    *Duplicate* leaves the double in the series of its original, where Outlook has no place for it.
    """
    local, strays = desk.look(meeting, copy, remote)
    if not strays or copy.role != "organizer":
        return local
    note = desk.env._(
        "This copy of an occurrence has no date of its own in the series: from now on it is a"
        " meeting of its own."
    )
    let_go(desk, meeting, strays, note)
    return desk.read(meeting, copy, remote)
