"""Ask a mailbox about one event, so that trouble with that event stays its own."""

from odoo.api import Environment
from odoo.exceptions import UserError

from ..core.engine.errors import (
    GraphError,
    Missing,
    Refused,
    Rejected,
    SyncError,
    Unmappable,
    Unsupported,
)
from ..core.graph.client import GraphClient
from ..core.graph.delta import unreadable
from ..core.graph.failures import concerns_mailbox
from ..core.graph.reading import id_of
from ..core.graph.remote import RemoteEvent, Unreadable

#: What became of an event: as it is now, None where it is gone, or why nobody can tell at present.
Found = RemoteEvent | Unreadable | SyncError | None

#: This one thing cannot be written as it is; a person may see why, and change it.
PARKS = (Rejected, Unmappable, Unsupported)
#: Why an answer is not taken: there is no other way to give it.
NO_ANSWERS = (*PARKS, Refused)
#: Graph's own words are kept up to here: a proxy's page is no reason that a person can read.
LONGEST_REASON = 500


def look_up(client: GraphClient, remote_id: str) -> Found:
    """Return the event of that id. Raises what the whole mailbox suffers from."""
    try:
        return client.get_event(remote_id)
    except Missing:
        return None
    except Unmappable as error:
        return unreadable(remote_id, error)
    except GraphError as error:
        if concerns_mailbox(error):
            raise
        return error


def find_tagged(client: GraphClient, tag: str, calendar_id: str | None) -> Found:
    """Return the event that carries the mark. Raises what the whole mailbox suffers from."""
    try:
        return client.find_tagged(tag, calendar_id=calendar_id)
    except Unmappable as error:
        return unreadable(id_of(error.item), error)
    except GraphError as error:
        if concerns_mailbox(error):
            raise
        return error


def reason(error: SyncError) -> str:
    """Return what went wrong, for a person: Graph's own words where it has some."""
    words = error.message if isinstance(error, GraphError) else ""
    return (words or str(error))[:LONGEST_REASON]


def in_words(env: Environment, error: Exception) -> str:
    """Return why a meeting cannot be kept in step, without what it is about.

    The database's own words quote what they refuse, of private meetings too.
    """
    if isinstance(error, (SyncError, UserError)):
        return str(error)[:LONGEST_REASON]
    return env._("One of the two calendars cannot keep a value of this meeting.")
