"""Safety stops: too many deletions at once wait for a person.

A deletion is carried out in two steps. First it is *noted* on the copy (`outlook.copy.departed`);
then, when all that changed was read, the noted ones are counted and either let through
(`outlook.copy.verdict`) or put on a list (`outlook.stop`). Who carries them out is `verdicts`.
"""

from odoo import fields

#: Deletions in Outlook that come in, and those made here that go out.
KINDS = {"in": ("removed", "missing", "cancelled"), "out": ("here",)}
VERDICTS = {"deleted": "follow", "restored": "restore"}


def settled(copies) -> None:
    """Take copies off the lists of what waits: they are gone, or back."""
    lines = copies.env["outlook.stop.line"].search(
        [("copy_id", "in", copies.ids), ("stop_id.state", "=", "open")]
    )
    stops = lines.stop_id
    lines.unlink()
    for stop in stops.filtered(lambda one: not one.line_ids):
        close(stop, "obsolete")


def close(stop, state: str) -> None:
    """End a stop: nobody is asked any more."""
    stop.write({"state": state, "decided_at": fields.Datetime.now()})


def decide(stop, state: str, *, user) -> None:
    """Keep what `user` decided; the next round does it."""
    stop.line_ids.copy_id.verdict = VERDICTS[state]
    stop.decided_by = user
    close(stop, state)
