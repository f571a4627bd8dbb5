"""Lists: ``$filter``, ``$orderby``, ``$select``, ``$expand``, ``$top``, ``$skip``, ``$count``.

learn.microsoft.com "Use query parameters to customize responses". What is not known to work on
events is refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from urllib.parse import quote, urlencode

from ..errors import bad_request, invalid_query
from ..exchange.items import Entry, Item, Json, on_date
from . import filters
from .call import Answer, Call
from .render import ON_REQUEST

MAX_TOP = 1000
_KNOWN = frozenset({"$filter", "$orderby", "$select", "$expand", "$top", "$skip", "$count"})
_EXPAND = re.compile(r"^\s*(\w+)\s*(?:\((.*)\))?\s*$", re.DOTALL)

Shape = Callable[[Entry], Json]
#: The names of ``$select``; None where there is none.
Selected = frozenset[str] | None


def answer(call: Call, entries: Iterable[Entry], context: str) -> Answer:
    """Answer a list of events: filtered, ordered, one page of it, with a link to the next."""
    refuse_unknown_options(call)
    renderer = call.renderer
    wanted = filters.parse(call.option("$filter"))
    shown = [entry for entry in entries if wanted(filters.Subject(entry, renderer.event))]
    shown = _ordered(call, shown)
    skip, top = number(call, "$skip", 0), number(call, "$top", call.state.options.page_size)
    if top > MAX_TOP:
        raise invalid_query(f"The limit of '{MAX_TOP}' for Top query has been exceeded.")
    shape = shaper(call)
    body: Json = {"@odata.context": f"{call.origin}/v1.0/$metadata#{context}"}
    if (call.option("$count") or "").casefold() == "true":
        body["@odata.count"] = len(shown)
    body["value"] = [shape(entry) for entry in shown[skip : skip + top]]
    if skip + top < len(shown):
        body["@odata.nextLink"] = link(call, {"$top": str(top), "$skip": str(skip + top)})
    return Answer(200, body, call.preferences.headers)


def shaper(call: Call) -> Shape:
    """Return what turns an entry into the JSON that ``$select`` and ``$expand`` ask for."""
    renderer = call.renderer
    selected = selected_names(call)
    expansions = _expansions(call, selected)

    def shape(entry: Entry) -> Json:
        whole = renderer.event(entry)
        if selected is None:
            shown = {name: value for name, value in whole.items() if name not in ON_REQUEST}
        else:
            shown = _picked(whole, selected)
        for expand in expansions:
            shown |= expand(entry)
        return shown

    return shape


def _picked(whole: Json, selected: frozenset[str]) -> Json:
    kept = selected | {"id", "@odata.etag"}
    return {name: value for name, value in whole.items() if "*" in selected or name in kept}


def link(call: Call, changed: dict[str, str]) -> str:
    """Write a link back to this list with other options."""
    replaced = {name.casefold() for name in changed}
    query = {name: value for name, value in call.query.items() if name.casefold() not in replaced}
    text = urlencode(query | changed, safe="$", quote_via=quote)
    return f"{call.origin}/v1.0{quote(call.path, safe='/=')}?{text}"


def refuse_unknown_options(call: Call, known: frozenset[str] = _KNOWN) -> None:
    """Refuse system query options that are not known here (default: those of events)."""
    for name in call.query:
        if name.startswith("$") and name.casefold() not in known:
            raise invalid_query(f"The query parameter '{name}' is not supported.")


def number(call: Call, name: str, default: int) -> int:
    """Read a query option that is a number."""
    text = call.option(name)
    if text is None:
        return default
    if not text.isdigit():
        raise invalid_query(f"Invalid value '{text}' for {name} query option found.")
    return int(text)


def selected_names(call: Call) -> Selected:
    """Read ``$select``; what is no property of an event is refused."""
    text = call.option("$select")
    if not text:
        return None
    names = frozenset(name.strip() for name in text.split(","))
    unknown = names - filters.PROPERTIES - ON_REQUEST - {"*"}
    if unknown:
        raise bad_request(
            f"Parsing OData Select and Expand failed: Could not find a property named "
            f"'{min(unknown)}' on type 'microsoft.graph.event'."
        )
    return names


def _ordered(call: Call, entries: list[Entry]) -> list[Entry]:
    text = call.option("$orderby")
    if not text:
        return entries
    for part in reversed(text.split(",")):
        name, _, direction = part.strip().partition(" ")
        key = filters.sort_key(name)
        entries = sorted(entries, key=key, reverse=direction.strip().casefold() == "desc")
    return entries


def _expansions(call: Call, selected: Selected) -> list[Callable[[Entry], Json]]:
    text = call.option("$expand")
    if not text:
        return []
    makers = {
        "singleValueExtendedProperties": _expand_properties,
        "exceptionOccurrences": _expand_exceptions,
    }
    found = []
    for part in _split(text):
        match = _EXPAND.match(part)
        if match is None or match[1] not in makers:
            raise invalid_query(f"The $expand option '{part}' is not supported.")
        if match[1] in ON_REQUEST and (selected is None or match[1] not in selected):
            continue
        found.append(makers[match[1]](call, match[2] or "", selected))
    return found


def _split(text: str) -> list[str]:
    """Split at commas outside brackets."""
    return [part for part in re.split(r",(?![^()]*\))", text) if part.strip()]


def _expand_properties(call: Call, inner: str, _selected: Selected) -> Callable[[Entry], Json]:
    shown = extended_properties(inner)
    return lambda entry: shown(entry.content["extended"])


def extended_properties(inner: str) -> Callable[[dict[str, str]], Json]:
    """Show the extended properties that the inner filter names: it must name them (event-get)."""
    option, _, condition = inner.partition("=")
    if option.strip().casefold() != "$filter" or not condition:
        raise invalid_query("singleValueExtendedProperties needs a $filter on id.")
    wanted = [filters.property_key(name) for name in filters.property_ids(condition)]

    def expand(held: dict[str, str]) -> Json:
        shown = [
            {"id": name, "value": value}
            for name, value in held.items()
            if filters.property_key(name) in wanted
        ]
        return {"singleValueExtendedProperties": shown} if shown else {}

    return expand


def _expand_exceptions(call: Call, inner: str, selected: Selected) -> Callable[[Entry], Json]:
    options = call.state.options

    def expand(entry: Entry) -> Json:
        is_master = entry.kind == "seriesMaster"
        allowed = {"everywhere": True, "masters": is_master, "nowhere": False}
        if not allowed[options.expand_exceptions]:
            raise invalid_query("The $expand option 'exceptionOccurrences' is not supported.")
        return exceptions_page(call, entry, selected) if is_master else {}

    return expand


def exceptions_page(call: Call, master: Entry, selected: Selected) -> Json:
    """Show a page of a master's exceptions, with a link where there are more (option)."""
    options = call.state.options
    renderer = call.renderer
    skip = number(call, "$skip", 0)
    whole = exceptions(master.item)
    page = whole[skip : skip + options.expanded_page_size]
    if options.expanded_exceptions_show == "unselected" or selected is None:
        selected = filters.PROPERTIES - ON_REQUEST
    name = "exceptionOccurrences"
    body: Json = {name: [_picked(renderer.event(one), selected) for one in page]}
    if skip + len(page) < len(whole):
        query = urlencode(
            {
                "$select": ",".join(sorted(selected)),
                "$skip": str(skip + len(page)),
            },
            safe="$,",
        )
        master_id = quote(renderer.event_id(master), safe="")
        path = f"{call.origin}/v1.0/me/events/{master_id}/{name}"
        body[f"{name}@odata.nextLink"] = f"{path}?{query}"
    return body


def exceptions(item: Item) -> list[Entry]:
    """Return the modified occurrences of a series that are still there."""
    found = (on_date(item, slot) for slot in sorted(item.exceptions))
    return [entry for entry in found if entry is not None]
