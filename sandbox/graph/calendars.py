"""Calendars: list, make, read, rename, delete."""

from __future__ import annotations

import re

from ..errors import Refused, invalid_query
from ..exchange import values
from ..exchange.items import Calendar, Json
from . import listing, render
from .call import Answer, Call
from .events import READ, WRITE, folder

COLORS = (
    "auto",
    "lightBlue",
    "lightGreen",
    "lightOrange",
    "lightGray",
    "lightYellow",
    "lightTeal",
    "lightPink",
    "lightBrown",
    "lightRed",
    "maxColor",
)
_OPTIONS = frozenset({"$filter", "$select", "$top", "$skip"})
_EXPAND = re.compile(r"singleValueExtendedProperties\((.*)\)", re.IGNORECASE)
_BY_NAME = re.compile(r"name\s+eq\s+'((?:[^']|'')*)'", re.IGNORECASE)


def list_all(call: Call, place: dict[str, str]) -> Answer:
    """List the calendars, ten to a page (user-list-calendars)."""
    call.needs(*READ)
    listing.refuse_unknown_options(call, _OPTIONS)
    wanted = _wanted(call.option("$filter"))
    found = [one for one in call.mailbox.calendars if wanted in (None, one.name.casefold())]
    shown = [_selected(call, render.calendar(call.mailbox, one)) for one in found]
    top = listing.number(call, "$top", call.state.options.page_size)
    skip = listing.number(call, "$skip", 0)
    body: Json = {
        "@odata.context": f"{call.origin}/v1.0/$metadata#users('{call.mailbox.id}')/calendars",
        "value": shown[skip : skip + top],
    }
    if skip + top < len(shown):
        changed = {"$top": str(top), "$skip": str(skip + top)}
        body["@odata.nextLink"] = listing.link(call, changed)
    return Answer(200, body)


def get(call: Call, place: dict[str, str]) -> Answer:
    """Show one calendar (calendar-get), with the extended properties that are asked for."""
    call.needs(*READ)
    listing.refuse_unknown_options(call, frozenset({"$select", "$expand"}))
    calendar = folder(call, place)
    shown = _selected(call, render.calendar(call.mailbox, calendar))
    return Answer(200, shown | _expanded(call, calendar))


def create(call: Call, place: dict[str, str]) -> Answer:
    """Make a calendar (user-post-calendars)."""
    call.needs(*WRITE)
    sent = _calendar_values(call)
    name = sent.get("name", "")
    _refuse_taken(call, name)
    calendar = call.mailbox.add_calendar(name, color=sent.get("color", "auto"))
    calendar.extended |= sent.get("singleValueExtendedProperties", {})
    return Answer(201, render.calendar(call.mailbox, calendar))


def update(call: Call, place: dict[str, str]) -> Answer:
    """Rename or recolour a calendar (calendar-update), or give it extended properties.

    singlevaluelegacyextendedproperty-post-singlevalueextendedproperties.
    """
    call.needs(*WRITE)
    calendar = folder(call, place)
    sent = _calendar_values(call)
    calendar.extended |= sent.pop("singleValueExtendedProperties", {})
    for name, value in sent.items():
        setattr(calendar, name, value)
    calendar.change_key = call.mailbox.new_change_key()
    return Answer(200, render.calendar(call.mailbox, calendar))


def delete(call: Call, place: dict[str, str]) -> Answer:
    """Delete a calendar with what is in it; never the default one (calendar-delete)."""
    call.needs(*WRITE)
    calendar = folder(call, place)
    if calendar.is_default:
        raise Refused(400, "ErrorInvalidRequest", "The default calendar can't be deleted.")
    held = [item for item in call.mailbox.items.values() if item.calendar is calendar]
    for item in held:
        call.mailbox.discard(item)
    call.mailbox.calendars.remove(calendar)
    return Answer(204)


def _wanted(condition: str | None) -> str | None:
    """Return the name that ``$filter`` asks for; only ``name eq '…'`` is known to work."""
    if condition is None:
        return None
    match = _BY_NAME.fullmatch(condition.strip())
    if match is None:
        raise invalid_query(f"The filter '{condition}' is not supported on calendars.")
    return match[1].replace("''", "'").casefold()


def _selected(call: Call, shown: Json) -> Json:
    names = call.option("$select")
    if names is None:
        return shown
    kept = {name.strip() for name in names.split(",")} | {"id"}
    if kept - shown.keys():
        raise invalid_query(f"The property '{min(kept - shown.keys())}' does not exist.")
    return {name: value for name, value in shown.items() if name in kept}


def _expanded(call: Call, calendar: Calendar) -> Json:
    text = call.option("$expand")
    if not text:
        return {}
    match = _EXPAND.fullmatch(text)
    if match is None:
        raise invalid_query(f"The $expand option '{text}' is not supported.")
    return listing.extended_properties(match[1])(calendar.extended)


def _calendar_values(call: Call) -> Json:
    readers: dict[str, values.Reader] = {
        "name": values.text,
        "color": values.one_of(*COLORS),
        "singleValueExtendedProperties": values.extended_properties,
    }
    sent = values.members(call.json(), readers, "calendar")
    return {name: readers[name](value) for name, value in sent.items()}


def _refuse_taken(call: Call, name: str) -> None:
    if not name:
        raise Refused(400, "ErrorInvalidRequest", "A calendar needs a name.")
    if any(one.name.casefold() == name.casefold() for one in call.mailbox.calendars):
        raise Refused(409, "ErrorFolderExists", "A folder with the specified name already exists.")
