"""What can be looked at: the week, the list, an event, its form, the mails."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from werkzeug import Response

from ..exchange import zones
from ..exchange.items import Calendar, Entry, itself
from ..exchange.mailbox import Mailbox
from ..exchange.organization import Mail
from . import agenda, form, repeat
from .card import card
from .visit import Visit, version

LIST_DAYS = 28


def week(visit: Visit) -> Response:
    """Show a week as a grid of hours."""
    shown = agenda.week(visit.mailbox, visit.day, visit.now.date())
    minute = visit.now.hour * 60 + visit.now.minute
    return visit.page("week.html", week=shown, minute=minute, step=timedelta(days=agenda.WEEK))


def agenda_list(visit: Visit) -> Response:
    """Show four weeks as a list."""
    days = agenda.agenda(visit.mailbox, visit.day, LIST_DAYS, visit.now.date())
    return visit.page("list.html", days=days, step=timedelta(days=LIST_DAYS))


def event(visit: Visit) -> Response:
    """Show one event: what it says, who comes, what can be done."""
    mailbox, entry = visit.mailbox, visit.entry
    master = itself(entry.item) if entry.slot is not None else None
    return visit.page(
        "event.html",
        entry=entry,
        card=card(mailbox, entry),
        master_id=mailbox.entry_id(master, immutable=True) if master else None,
        zone=zones.windows_name(entry.content["start"].zone),
        facts=_facts(mailbox, entry),
        others=[one for one in _choices(mailbox) if one[1] is not entry.item.calendar],
        day=card(mailbox, entry).first,
    )


def new(visit: Visit) -> Response:
    """Show the form of a new event, at the time that was pointed at."""
    args = visit.request.args
    try:
        start = datetime.fromisoformat(args["start"]).replace(tzinfo=None)
    except (KeyError, ValueError):
        start = _next_half_hour(visit)
    fields = form.blank(visit.mailbox, start, all_day=bool(args.get("all_day")))
    return form_page(visit, fields, fields)


def edit(visit: Visit) -> Response:
    """Show the form of an event."""
    fields = form.shown(visit.entry)
    return form_page(visit, fields, fields, entry=visit.entry)


def form_page(
    visit: Visit,
    fields: form.Fields,
    opened: form.Fields,
    *,
    entry: Entry | None = None,
    problem: str | None = None,
) -> Response:
    """Show the form, filled, with what is wrong with it."""
    mailbox = visit.mailbox
    return visit.page(
        "form.html",
        status=422 if problem else 200,
        fields=fields,
        opened=opened,
        entry=entry,
        event_id=mailbox.entry_id(entry, immutable=True) if entry else None,
        may_edit_all=entry is None or entry.item.is_organizer,
        problem=problem,
        zones=_zones(visit),
        repeats=repeat,
        values=visit.request.form,
        calendars=_choices(mailbox),
    )


def mails(visit: Visit) -> Response:
    """Show the mails that Exchange would have sent, this mailbox's or all, newest first."""
    everybody = visit.request.args.get("of") == "all"
    own = visit.mailbox.address.casefold()
    shown = [mail for mail in visit.state.exchange.mails if everybody or own in _parties(mail)]
    zone = zones.resolve(visit.mailbox.time_zone)
    dated = [(zones.to_local(mail.at, zone), mail) for mail in reversed(shown)]
    return visit.page("mails.html", mails=dated, everybody=everybody)


def current_version(visit: Visit) -> Response:
    """Tell the page's watch whether anything happened."""
    text = version(visit.state, visit.mailbox)
    return Response(text, mimetype="text/plain", headers={"Cache-Control": "no-store"})


def _choices(mailbox: Mailbox) -> list[tuple[str, Calendar]]:
    """Return the calendars into which an event can be put, with their ids."""
    return [(mailbox.calendar_id(one), one) for one in mailbox.calendars if one.can_edit]


def _parties(mail: Mail) -> set[str]:
    return {mail.sender.casefold(), *(address.casefold() for address in mail.recipients)}


def _next_half_hour(visit: Visit) -> datetime:
    """Propose a time: the next half hour today, nine o'clock on another day."""
    now, day = visit.now, visit.day
    if day != now.date():
        return datetime.combine(day, time(9))
    return now.replace(minute=0, second=0, microsecond=0) + timedelta(
        minutes=30 if now.minute < 30 else 60
    )


def _zones(visit: Visit) -> list[tuple[str, str]]:
    """Return the Windows zones with what their clocks show, in order of their offset."""
    instant = visit.state.clock.now()
    found = []
    for zone in zones.supported():
        local = instant.astimezone(zones.resolve(zone["alias"]))
        offset = f"{local:%z}"
        label = f"(UTC{offset[:3]}:{offset[3:]}) {zone['alias']}"
        found.append((local.utcoffset(), zone["alias"], label))
    return [(alias, label) for _, alias, label in sorted(found, key=lambda one: (one[0], one[1]))]


def _facts(mailbox: Mailbox, entry: Entry) -> list[tuple[str, Any]]:
    """Return what a developer wants to know of an event."""
    item = entry.item
    return [
        ("Type", entry.kind),
        ("Immutable id", mailbox.entry_id(entry, immutable=True)),
        ("iCalUId", item.ical_uid),
        ("Change key", item.change_key),
        ("Transaction id", item.transaction_id or "none"),
        ("Made", f"{item.created:%Y-%m-%d %H:%M:%S} UTC"),
        ("Last changed", f"{item.modified:%Y-%m-%d %H:%M:%S} UTC"),
        *sorted(entry.content["extended"].items()),
    ]
