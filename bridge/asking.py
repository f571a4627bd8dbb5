"""Ask a mailbox about one event, so that trouble with that event stays its own."""

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

#: This one thing cannot be written; a person may see why.
PARKS = (Rejected, Refused, Unmappable, Unsupported)


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
    return words or str(error)
