"""The person and the mailbox: profile, settings, time zones, categories."""

from __future__ import annotations

from ..exchange import zones
from ..exchange.items import Json
from .call import Answer, Call

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


def _mailbox_zone(call: Call) -> str:
    return zones.windows_name(call.mailbox.time_zone)
