"""What is kept of an event besides its fields: its names in Outlook, and which state was seen."""

from typing import Any

from ..core.graph.remote import RemoteEvent


def facts_of(remote: RemoteEvent) -> dict[str, Any]:
    """Return what a copy keeps of the state of its event, as field values."""
    modified_at = remote.modified_at and remote.modified_at.replace(tzinfo=None, microsecond=0)
    return {
        "remote_id": remote.id,
        "change_key": remote.change_key or False,
        "modified_at": modified_at or False,
        "web_link": remote.web_link or False,
        "wants_response": remote.wants_response,
    }


def is_replay(copy, remote: RemoteEvent) -> bool:
    """Tell whether this is an older state than one that was seen: delta may repeat itself."""
    modified_at = facts_of(remote)["modified_at"]
    return bool(copy.modified_at and modified_at and modified_at < copy.modified_at)


def write_changed(record, **vals) -> None:
    """Write only what differs: a row that nothing happened to is not written."""
    changed = {name: value for name, value in vals.items() if record[name] != value}
    if changed:
        record.write(changed)
