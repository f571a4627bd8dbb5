"""Events: list, create, read, change, delete, and the actions on them."""

from __future__ import annotations

from typing import Any

from ..errors import Refused, invalid_request, not_found
from ..exchange import answers, scheduling, values
from ..exchange.items import Calendar, Entry, Item, Json, itself, occurrences
from ..exchange.mailbox import Mailbox
from . import listing
from .call import Answer, Call
from .render import etag

READ = ("Calendars.Read", "Calendars.ReadWrite", "Calendars.ReadBasic")
WRITE = ("Calendars.ReadWrite",)


def folder(call: Call, place: dict[str, str]) -> Calendar:
    """Return the calendar that the path names; the default one where it names none."""
    if "calendar_id" in place:
        return call.mailbox.calendar(place["calendar_id"])
    return call.mailbox.default_calendar


def find(call: Call, place: dict[str, str]) -> Entry:
    """Return the event that the path names; a calendar in the path has to hold it."""
    entry = call.mailbox.find(place["event_id"])
    if "calendar_id" in place and folder(call, place) is not entry.item.calendar:
        raise not_found()
    return entry


def list_events(call: Call, place: dict[str, str]) -> Answer:
    """List single events and masters, not expanded (user-list-events)."""
    call.needs(*READ)
    calendar = folder(call, place)
    items = [item for item in call.mailbox.items.values() if item.calendar is calendar]
    entries: list[Entry] = []
    for item in reversed(items):
        entries.append(itself(item))
        if call.state.options.list_shows_exceptions:
            entries += listing.exceptions(item)
    return listing.answer(call, entries, f"users('{call.mailbox.id}')/events")


def create(call: Call, place: dict[str, str]) -> Answer:
    """Make an event: 201 with the whole event."""
    call.needs(*WRITE)
    calendar = folder(call, place)
    _editable(calendar)
    sent = call.json()
    item = scheduling.create(call.state.exchange, call.mailbox, calendar, sent)
    return _whole(call, itself(item), status=201)


def get(call: Call, place: dict[str, str]) -> Answer:
    """Read one event (event-get)."""
    call.needs(*READ)
    entry = find(call, place)
    body = listing.shaper(call)(entry)
    body = {
        "@odata.context": f"{call.origin}/v1.0/$metadata#users('{call.mailbox.id}')/events/$entity"
    } | body
    calendar = call.mailbox.calendar_id(entry.item.calendar)
    path = f"{call.origin}/v1.0/users('{call.mailbox.id}')/calendars('{calendar}')"
    if call.option("$select") is None:
        body["calendar@odata.associationLink"] = f"{path}/$ref"
        body["calendar@odata.navigationLink"] = path
    return Answer(200, body, call.preferences.headers)


def update(call: Call, place: dict[str, str]) -> Answer:
    """Change an event (event-update); a stale If-Match is refused (probed 2026-08)."""
    call.needs(*WRITE)
    entry = find(call, place)
    _editable(entry.item.calendar)
    _check_etag(call, entry.item)
    changed = scheduling.update(call.state.exchange, call.mailbox, entry, call.json())
    return _whole(call, changed, status=200)


def delete(call: Call, place: dict[str, str]) -> Answer:
    """Delete an event (event-delete); If-Match is ignored (probed 2026-08)."""
    call.needs(*WRITE)
    entry = find(call, place)
    _editable(entry.item.calendar)
    if call.state.options.delete_checks_etag:
        _check_etag(call, entry.item)
    answers.remove(call.state.exchange, call.mailbox, entry)
    return Answer(204)


def cancel(call: Call, place: dict[str, str]) -> Answer:
    """Cancel a meeting (event-cancel): 202, empty."""
    call.needs(*WRITE)
    sent = _arguments(call, {"comment": values.text})
    answers.cancel(call.state.exchange, call.mailbox, find(call, place), sent.get("comment"))
    return Answer(202)


def respond(call: Call, place: dict[str, str]) -> Answer:
    """Accept, tentatively accept or decline (event-accept and its sisters): 202, empty."""
    call.needs(*WRITE)
    arguments: dict[str, values.Reader] = {
        "comment": lambda value: None if value is None else values.text(value),
        "sendResponse": values.boolean,
        "proposedNewTime": _time_slot,
    }
    sent = _arguments(call, arguments)
    action = call.path.rsplit("/", 1)[1]
    answer = answers.Answer(
        action=action,
        comment=sent.get("comment"),
        send=sent.get("sendResponse", True),
        proposed=sent.get("proposedNewTime"),
    )
    answers.respond(call.state.exchange, call.mailbox, find(call, place), answer)
    return Answer(202)


def dismiss_reminder(call: Call, place: dict[str, str]) -> Answer:
    """Dismiss a reminder (event-dismissreminder): a change of the item nobody is mailed about."""
    call.needs(*WRITE)
    call.mailbox.touch(find(call, place).item)
    return Answer(202)


def list_exceptions(call: Call, place: dict[str, str]) -> Answer:
    """List a master's exceptions: where the link of an expansion leads to (CSDL: a navigation)."""
    call.needs(*READ)
    entry = find(call, place)
    if entry.kind != "seriesMaster":
        raise invalid_request("The event isn't a series master.")
    shown = listing.exceptions_page(call, entry, listing.selected_names(call))
    body = {"value": shown.pop("exceptionOccurrences")}
    if shown:
        [body["@odata.nextLink"]] = shown.values()
    return Answer(200, body, call.preferences.headers)


def list_instances(call: Call, place: dict[str, str]) -> Answer:
    """List a series' occurrences in a window, cancelled ones left out (event-list-instances)."""
    call.needs(*READ)
    start, end = call.window()
    entry = find(call, place)
    if entry.kind != "seriesMaster":
        raise invalid_request("The event isn't a series master.")
    found = occurrences(entry.item, start, end)
    # The documentation's sample puts the exceptions first: the order is not chronological.
    found.sort(key=lambda one: one.kind != "exception")
    return listing.answer(call, found, f"users('{call.mailbox.id}')/events/instances")


def _time_slot(value: Any) -> Json | None:
    if value is None:
        return None
    parts = values.members(value, ("start", "end"), "timeSlot")
    return {name: values.moment(parts.get(name)) for name in ("start", "end")}


def _arguments(call: Call, readers: dict[str, values.Reader]) -> Json:
    """Read an action's arguments; their names are case-insensitive (sample of event-cancel)."""
    known = {name.casefold(): name for name in readers}
    found = {}
    for name, value in call.optional_json().items():
        if name.casefold() not in known:
            raise Refused(400, "RequestBodyRead", f"The parameter '{name}' is not known.")
        found[known[name.casefold()]] = readers[known[name.casefold()]](value)
    return found


def _whole(call: Call, entry: Entry, *, status: int) -> Answer:
    body = listing.shaper(call)(entry)
    mailbox: Mailbox = call.mailbox
    context = f"{call.origin}/v1.0/$metadata#users('{mailbox.id}')/events/$entity"
    return Answer(status, {"@odata.context": context} | body, call.preferences.headers)


def _check_etag(call: Call, item: Item) -> None:
    wanted = call.header("If-Match")
    if wanted and wanted not in ("*", etag(item.change_key)):
        raise Refused(
            412,
            call.state.options.stale_code,
            "The send or update operation could not be performed because the change key passed in "
            "the request does not match the current change key for the item.",
        )


def _editable(calendar: Calendar) -> None:
    if not calendar.can_edit:
        raise Refused(
            403, "ErrorAccessDenied", "Access is denied. Check credentials and try again."
        )
