"""Take values out of Graph's JSON; what is of another type is refused with the name of its key."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..engine.errors import Unmappable
from .remote import Json


def text_of(item: Mapping[str, Any], key: str, default: str = "") -> str:
    """Return a text; null and a missing key are `default`."""
    value = item.get(key)
    if value is None:
        return default
    if not isinstance(value, str):
        raise Unmappable(key, "text was expected")
    return value


def object_of(item: Mapping[str, Any], key: str) -> Json:
    """Return an object; null and a missing key are an empty one."""
    value = item.get(key)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise Unmappable(key, "an object was expected")
    return value


def list_of(item: Mapping[str, Any], key: str) -> list[Any]:
    """Return a list; null and a missing key are an empty one."""
    value = item.get(key)
    if value is None:
        return []
    if not isinstance(value, list):
        raise Unmappable(key, "a list was expected")
    return value


def choice_of(value: object, choices: Mapping[str, str]) -> str | None:
    """Return the known spelling of an enumeration's value (`choices`: folded -> known), or None."""
    return choices.get(value.casefold()) if isinstance(value, str) else None


def folded(*choices: str) -> dict[str, str]:
    """Return what `choice_of` looks values up in: Graph takes any capitals, and samples differ."""
    return {choice.casefold(): choice for choice in choices}
