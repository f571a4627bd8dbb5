"""The person and the mailbox: profile, settings, time zones, categories, calendars."""

from __future__ import annotations

from ..errors import Refused
from ..exchange import values, zones
from ..exchange.items import Json
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
_SETTINGS = ("MailboxSettings.Read", "MailboxSettings.ReadWrite")


def me(call: Call, place: dict[str, str]) -> Answer:
    """Show the signed-in person (user-get)."""
    call.needs("User.Read", "User.ReadWrite")
    mailbox = call.mailbox
    given, _, family = mailbox.name.partition(" ")
    body: Json = {
        "@odata.context": f"{call.origin}/v1.0/$metadata#users/$entity",
        "businessPhones": [],
        "displayName": mailbox.name,
        "givenName": given,
        "jobTitle": None,
        "mail": mailbox.address,
        "mobilePhone": None,
        "officeLocation": None,
        "preferredLanguage": None,
        "surname": family or None,
        "userPrincipalName": mailbox.address,
        "id": mailbox.id,
    }
    selected = call.option("$select")
    if selected:
        names = {name.strip() for name in selected.split(",")} | {"@odata.context"}
        body = {name: value for name, value in body.items() if name in names}
    return Answer(200, body)


def settings(call: Call, place: dict[str, str]) -> Answer:
    """Show the mailbox's settings (user-get-mailboxsettings)."""
    call.needs(*_SETTINGS)
    mailbox = call.mailbox
    body: Json = {
        "@odata.context": f"{call.origin}/v1.0/$metadata#users('{mailbox.id}')/mailboxSettings",
        "timeZone": _mailbox_zone(call),
        "dateFormat": "yyyy-MM-dd",
        "timeFormat": "HH:mm",
        "language": {"locale": "en-US", "displayName": "English (United States)"},
    }
    return Answer(200, body)


def time_zone(call: Call, place: dict[str, str]) -> Answer:
    """Show the mailbox's time zone alone."""
    call.needs(*_SETTINGS)
    context = f"{call.origin}/v1.0/$metadata#users('{call.mailbox.id}')/mailboxSettings/timeZone"
    return Answer(200, {"@odata.context": context, "value": _mailbox_zone(call)})


def supported_zones(call: Call, place: dict[str, str]) -> Answer:
    """List the time zones of the server (outlookuser-supportedtimezones)."""
    call.needs("User.Read", "User.ReadWrite")
    return Answer(200, {"value": zones.supported(place.get("standard", "windows"))})


def categories(call: Call, place: dict[str, str]) -> Answer:
    """List the mailbox's categories (outlookuser-list-mastercategories)."""
    call.needs(*_SETTINGS)
    return Answer(200, {"value": list(call.mailbox.categories)})


def list_calendars(call: Call, place: dict[str, str]) -> Answer:
    """List the calendars, ten to a page (user-list-calendars)."""
    call.needs(*READ)
    shown = [render.calendar(call.mailbox, one) for one in call.mailbox.calendars]
    top = int(call.option("$top") or call.state.options.page_size)
    skip = int(call.option("$skip") or 0)
    body: Json = {
        "@odata.context": f"{call.origin}/v1.0/$metadata#users('{call.mailbox.id}')/calendars",
        "value": shown[skip : skip + top],
    }
    if skip + top < len(shown):
        changed = {"$top": str(top), "$skip": str(skip + top)}
        body["@odata.nextLink"] = listing.link(call, changed)
    return Answer(200, body)


def get_calendar(call: Call, place: dict[str, str]) -> Answer:
    """Show one calendar (calendar-get)."""
    call.needs(*READ)
    return Answer(200, render.calendar(call.mailbox, folder(call, place)))


def create_calendar(call: Call, place: dict[str, str]) -> Answer:
    """Make a calendar (user-post-calendars)."""
    call.needs(*WRITE)
    sent = _calendar_values(call)
    name = sent.get("name", "")
    _refuse_taken(call, name)
    calendar = call.mailbox.add_calendar(name, color=sent.get("color", "auto"))
    return Answer(201, render.calendar(call.mailbox, calendar))


def update_calendar(call: Call, place: dict[str, str]) -> Answer:
    """Rename or recolour a calendar (calendar-update)."""
    call.needs(*WRITE)
    calendar = folder(call, place)
    for name, value in _calendar_values(call).items():
        setattr(calendar, name, value)
    calendar.change_key = call.mailbox.new_change_key()
    return Answer(200, render.calendar(call.mailbox, calendar))


def delete_calendar(call: Call, place: dict[str, str]) -> Answer:
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


def _calendar_values(call: Call) -> Json:
    readers: dict[str, values.Reader] = {"name": values.text, "color": values.one_of(*COLORS)}
    sent = values.members(call.json(), readers, "calendar")
    return {name: readers[name](value) for name, value in sent.items()}


def _refuse_taken(call: Call, name: str) -> None:
    if not name:
        raise Refused(400, "ErrorInvalidRequest", "A calendar needs a name.")
    if any(one.name.casefold() == name.casefold() for one in call.mailbox.calendars):
        raise Refused(409, "ErrorFolderExists", "A folder with the specified name already exists.")


def _mailbox_zone(call: Call) -> str:
    return zones.windows_name(call.mailbox.time_zone)
