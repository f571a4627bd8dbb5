"""Graph's JSON and the engine's values: the two directions, under one name."""

from .reading import SELECT, calendar, from_graph, profile
from .writing import TAG_ID, tag_property, to_graph

__all__ = ["SELECT", "TAG_ID", "calendar", "from_graph", "profile", "tag_property", "to_graph"]
