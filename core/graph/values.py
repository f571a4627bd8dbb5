"""Take values out of Graph's JSON; what is of another type is refused with the name of its key."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from ..engine.errors import Unmappable
from .remote import Json

#: What no database takes for text: NUL, and halves of a surrogate pair, which JSON can spell.
_UNWRITABLE: Final = re.compile("[\0\ud800-\udfff]")


def clean(text: str) -> str:
    """Return a text without what cannot be kept; nothing in it is seen by a reader."""
    return _UNWRITABLE.sub("", text)


def text_of(item: Mapping[str, Any], key: str, default: str = "") -> str:
    """Return a text that can be kept; null and a missing key are `default`."""
    value = item.get(key)
    if value is None:
        return default
    if not isinstance(value, str):
        raise Unmappable(key, "text was expected")
    return clean(value)


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
