"""Samples of Graph's events, each with a word on where its shape comes from."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from core.graph.mapping import from_graph
from core.graph.remote import RemoteEvent

PAYLOADS = Path(__file__).parents[1] / "payloads" / "events"
NAMES = sorted(path.stem for path in PAYLOADS.glob("*.json"))


def payload(name: str) -> dict[str, Any]:
    """Return a sample as Graph shows it."""
    item: dict[str, Any] = json.loads((PAYLOADS / f"{name}.json").read_text())["payload"]
    return item


def event_of(name: str, **changes: Any) -> RemoteEvent:
    """Read a sample with other values; `...` takes a field away."""
    item = {**payload(name), **changes}
    return from_graph({key: value for key, value in item.items() if value is not ...})


def utc(*parts: int) -> datetime:
    """Make an instant."""
    return datetime(*parts, tzinfo=timezone.utc)  # type: ignore[arg-type,misc]
