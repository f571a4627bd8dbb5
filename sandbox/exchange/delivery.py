"""How a meeting reaches the people invited: an own copy in each mailbox.

Each copy has its own id and the organizer's iCalUId; it arrives in the default calendar, unanswered
(responseStatus notResponded, shown as tentative). What is private to a mailbox stays its owner's.
Others' answers are not shown to attendees (responseStatus resource: everybody but oneself is
"none").
"""

from __future__ import annotations

import copy as copying
from datetime import date

from .ids import dated_ical_uid
from .items import NEVER, PRIVATE, Content, Item, Json, on_date
from .mailbox import Copying, Mailbox
from .organization import Exchange

UNANSWERED = {"response": "notResponded", "time": NEVER}
CANCELLED_PREFIX = "Canceled: "


def addresses(people: list[Json]) -> list[str]:
    """Return the attendees' addresses."""
    return [person["emailAddress"]["address"] for person in people]


def deliver(
    exchange: Exchange,
    item: Item,
    people: list[str],
    *,
    void_answers: bool = False,
    rebuilt: bool = False,
) -> None:
    """Bring an organizer's item to the copies of the people named; a missing copy is made.

    ``rebuilt``: the series' pattern was written anew, so the copies' exceptions go too.
    """
    for address in people:
        mailbox = exchange.find(address)
        if mailbox is None or mailbox is exchange.owner_of(item):
            continue
        held = mailbox.copy_of(item.ical_uid)
        if held is None:
            held = _new_copy(exchange, mailbox, item)
        elif void_answers or held.content["isCancelled"]:
            _forget_answer(held)
        if rebuilt:
            held.exceptions, held.cancelled = {}, set()
        _refresh(exchange, mailbox, held, item)
        mailbox.touch(held)


def deliver_lone(exchange: Exchange, item: Item, slot: date, people: list[str]) -> None:
    """Bring one occurrence to people who are not invited to the series."""
    entry = on_date(item, slot)
    if entry is None:
        return
    for address in people:
        mailbox = exchange.find(address)
        if mailbox is None or mailbox is exchange.owner_of(item):
            continue
        uid = dated_ical_uid(item.ical_uid, slot)
        held = mailbox.copy_of(uid)
        if held is None:
            content = _private_start(entry.content)
            start = Copying(uid, item.organizer, is_organizer=False)
            held = mailbox.add(mailbox.default_calendar, content, start, None)
            held.lone_slot, held.lone_start = slot, entry.original_start
        held.content |= _shared(exchange, entry.content, item, mailbox)
        mailbox.touch(held)


def cancel_copies(exchange: Exchange, item: Item, people: list[str]) -> None:
    """Let copies show that the meeting is off, or vanish (option)."""
    for address in people:
        mailbox = exchange.find(address)
        held = mailbox.copy_of(item.ical_uid) if mailbox else None
        if mailbox is None or held is None or held.is_organizer:
            continue
        if exchange.options.cancelled_copy == "removed":
            mailbox.discard(held)
        elif not held.content["isCancelled"]:
            held.content |= cancelled(held.content)
            mailbox.touch(held)


def cancel_lone_copies(exchange: Exchange, item: Item) -> None:
    """Let the copies of people who were invited to one occurrence only be off too."""
    for slot, override in item.exceptions.items():
        for address in addresses(override.get("attendees", [])):
            mailbox = exchange.find(address)
            lone = mailbox.copy_of(dated_ical_uid(item.ical_uid, slot)) if mailbox else None
            if mailbox is not None and lone is not None and lone.lone_slot:
                lone.content |= cancelled(lone.content)
                mailbox.touch(lone)


def cancel_occurrence(exchange: Exchange, item: Item, slot: date, people: list[str]) -> None:
    """Let one date of the copies be off."""
    for address in people:
        mailbox = exchange.find(address)
        if mailbox is None or mailbox is exchange.owner_of(item):
            continue
        lone = mailbox.copy_of(dated_ical_uid(item.ical_uid, slot))
        if lone is not None and lone.lone_slot:
            lone.content |= cancelled(lone.content)
            mailbox.touch(lone)
            continue
        held = mailbox.copy_of(item.ical_uid)
        if held is not None:
            _cancel_slot(exchange, mailbox, held, slot)
            mailbox.touch(held)


def cancelled(content: Content) -> Content:
    """Return what changes on a copy that is called off."""
    subject = content["subject"]
    if not subject.startswith(CANCELLED_PREFIX):
        subject = CANCELLED_PREFIX + subject
    return {"subject": subject, "isCancelled": True, "showAs": "free"}


def _new_copy(exchange: Exchange, mailbox: Mailbox, item: Item) -> Item:
    """Make somebody's copy of a meeting; single occurrences of it that he had go into it.

    MS-OXOCAL, orphan instances.
    """
    for slot in item.exceptions:
        orphan = mailbox.copy_of(dated_ical_uid(item.ical_uid, slot))
        if orphan is not None and orphan.lone_slot:
            mailbox.discard(orphan)
    start = Copying(item.ical_uid, item.organizer, is_organizer=False)
    content = _private_start(item.content)
    return mailbox.add(mailbox.default_calendar, content, start, item.rule)


def _private_start(content: Content) -> Content:
    """Return a copy's first content: the reminder as proposed, the rest its owner's to fill."""
    return {
        **copying.deepcopy(content),
        "categories": [],
        "showAs": "free" if content["showAs"] == "free" else "tentative",
        "responseStatus": dict(UNANSWERED),
        "isCancelled": False,
        "extended": {},
    }


def _refresh(exchange: Exchange, mailbox: Mailbox, held: Item, item: Item) -> None:
    """Overwrite what the organizer owns; local edits of it are lost (seen live)."""
    held.content |= _shared(exchange, item.content, item, mailbox)
    held.rule = item.rule
    for slot in set(held.exceptions) - set(item.exceptions) - item.cancelled:
        _set_override(held, slot, _own(held, slot))
    for slot, override in item.exceptions.items():
        if _leaves_out(override, mailbox):
            held.cancelled.add(slot)
        else:
            shared = _shared(exchange, override, item, mailbox)
            _set_override(held, slot, {**shared, **_own(held, slot)})
    for slot in item.cancelled - held.cancelled:
        _cancel_slot(exchange, mailbox, held, slot)


def _own(held: Item, slot: date) -> Content:
    """Return what a copy's owner has of his own on one date."""
    override = held.exceptions.get(slot, {})
    return {key: value for key, value in override.items() if key in PRIVATE}


def _set_override(held: Item, slot: date, override: Content) -> None:
    held.exceptions.pop(slot, None)
    if override:
        held.exceptions[slot] = override


def _leaves_out(override: Content, mailbox: Mailbox) -> bool:
    """Say whether an occurrence has attendees of its own and this person is not among them."""
    if "attendees" not in override:
        return False
    invited = {address.casefold() for address in addresses(override["attendees"])}
    return mailbox.address.casefold() not in invited


def _cancel_slot(exchange: Exchange, mailbox: Mailbox, held: Item, slot: date) -> None:
    if exchange.options.cancelled_copy == "removed":
        held.exceptions.pop(slot, None)
        if slot not in held.cancelled:
            held.cancelled.add(slot)
            mailbox.bury(held, slot)
    else:
        override = held.exceptions.setdefault(slot, {})
        override |= cancelled({**held.content, **override})


def _forget_answer(held: Item) -> None:
    held.content["responseStatus"] = dict(UNANSWERED)
    held.content["showAs"] = "tentative"
    held.content["isCancelled"] = False
    for override in held.exceptions.values():
        override.pop("responseStatus", None)


def _shared(exchange: Exchange, content: Content, item: Item, mailbox: Mailbox) -> Content:
    """Return what the organizer owns of a content, as one attendee may see it."""
    shown = {key: copying.deepcopy(value) for key, value in content.items() if key not in PRIVATE}
    if "attendees" in shown:
        people = shown["attendees"]
        if item.content["hideAttendees"]:
            own = mailbox.address.casefold()
            people = [one for one in people if one["emailAddress"]["address"].casefold() == own]
        if exchange.options.organizer_among_attendees and item.organizer:
            people = [{"type": "required", "emailAddress": item.organizer}, *people]
        shown["attendees"] = [
            {key: value for key, value in one.items() if key != "proposedNewTime"}
            | {"status": {"response": "none", "time": NEVER}}
            for one in people
        ]
    return shown
