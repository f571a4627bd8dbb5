"""Removing and answering meetings.

learn.microsoft.com: event-delete, event-cancel, event-accept, event-tentativelyaccept,
event-decline; the messages of refusals are those seen live.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..errors import invalid_parameter, invalid_request
from . import delivery
from .items import Content, Entry, Item, Json
from .mailbox import Mailbox
from .organization import Exchange

#: Action → what the person's answer is then, and how the event is shown.
RESPONSES = {
    "accept": ("accepted", None),
    "tentativelyAccept": ("tentativelyAccepted", "tentative"),
    "decline": ("declined", "free"),
}


@dataclass(frozen=True)
class Answer:
    """What a person answers to an invitation."""

    action: str
    comment: str | None = None
    send: bool = True
    proposed: Json | None = None


def remove(
    exchange: Exchange, mailbox: Mailbox, entry: Entry, *, comment: str | None = None
) -> None:
    """Take an event away; an organizer's meeting is cancelled for everybody (event-delete)."""
    item, slot = entry.item, entry.slot
    people = delivery.addresses(entry.content["attendees"]) if item.is_organizer else []
    if slot is not None:
        item.exceptions.pop(slot, None)
        item.cancelled.add(slot)
        mailbox.bury(item, slot)
        mailbox.touch(item)
        delivery.cancel_occurrence(exchange, item, slot, people)
    else:
        mailbox.discard(item)
        people = _everybody(item) if item.is_organizer else []
        delivery.cancel_copies(exchange, item, people)
        if item.is_organizer:
            delivery.cancel_lone_copies(exchange, item)
    exchange.post(
        "cancellation",
        item,
        people,
        why="deleted by the organizer",
        subject=entry.content["subject"],
        occurrence=slot,
        comment=comment,
    )


def cancel(exchange: Exchange, mailbox: Mailbox, entry: Entry, comment: str | None) -> None:
    """Cancel a meeting with a word to its people; only its organizer may."""
    if not entry.item.is_organizer:
        raise invalid_request("You need to be an organizer to cancel a meeting.")
    remove(exchange, mailbox, entry, comment=comment)


def respond(exchange: Exchange, mailbox: Mailbox, entry: Entry, answer: Answer) -> None:
    """Answer an invitation: a mail goes to the organizer, whose copy then shows it."""
    item = entry.item
    _check(item, entry, answer)
    response, shown = RESPONSES[answer.action]
    status = {"response": response, "time": _stamp(exchange)}
    original = exchange.organizers_item(item)
    intended = original.content["showAs"] if original is not None else "busy"
    changes: Content = {"responseStatus": status, "showAs": shown or intended}
    if entry.slot is None:
        item.content |= changes
        for override in item.exceptions.values():
            override.pop("responseStatus", None)
    else:
        item.exceptions.setdefault(entry.slot, {}).update(changes)
    mailbox.touch(item)
    if answer.send:
        _tell_organizer(exchange, mailbox, entry, answer, status)
    if answer.action == "decline" and exchange.options.decline_removes:
        _drop_copy(mailbox, entry)


def _check(item: Item, entry: Entry, answer: Answer) -> None:
    if item.is_organizer:
        raise invalid_request(
            "You can't respond to this meeting because you're the meeting organizer."
        )
    if answer.comment is not None and not answer.send:
        raise invalid_parameter("'SendResponse' must be true when 'Comment' is not null")
    if answer.proposed is not None:
        if answer.action == "accept":
            raise invalid_parameter("'ProposedNewTime' can't be given when accepting.")
        if not answer.send or not entry.content["allowNewTimeProposals"]:
            raise invalid_parameter("'ProposedNewTime' isn't allowed for this meeting.")
    if answer.send and not entry.content["responseRequested"]:
        raise invalid_request("The meeting organizer hasn't requested a response.")


def _tell_organizer(
    exchange: Exchange, mailbox: Mailbox, entry: Entry, answer: Answer, status: Json
) -> None:
    item = entry.item
    slot = entry.slot or item.lone_slot
    if item.organizer:
        exchange.post(
            "response",
            item,
            [item.organizer["address"]],
            sender=mailbox.address,
            why=f"{status['response']} by {mailbox.address}",
            subject=entry.content["subject"],
            occurrence=slot,
            response=status["response"],
            comment=answer.comment,
        )
    record_response(exchange, item, mailbox.address, status, answer.proposed, entry)


def record_response(
    exchange: Exchange,
    copy: Item,
    address: str,
    status: Json,
    proposed: Json | None,
    entry: Entry,
) -> None:
    """Note an answer on the organizer's item; only the primary calendar tallies them."""
    original = exchange.organizers_item(copy)
    owner = exchange.owner_of(copy)
    if original is None or owner is None or not original.calendar.is_default:
        return
    lists = [original.content["attendees"]]
    slot = entry.slot or copy.lone_slot
    if slot is not None:
        override: Content = original.exceptions.setdefault(slot, {})
        invited: list[Json] = override.get("attendees") or original.content["attendees"]
        override["attendees"] = [dict(person) for person in invited]
        lists = [override["attendees"]]
    else:
        lists += [one["attendees"] for one in original.exceptions.values() if "attendees" in one]
    for person in (person for people in lists for person in people):
        if person["emailAddress"]["address"].casefold() == address.casefold():
            person["status"] = dict(status)
            person.pop("proposedNewTime", None)
            if proposed is not None:
                person["proposedNewTime"] = proposed
    owner.touch(original)


def _drop_copy(mailbox: Mailbox, entry: Entry) -> None:
    """Move a declined copy, or a declined date of it, to Deleted Items (seen live)."""
    if entry.slot is None:
        mailbox.discard(entry.item)
    else:
        entry.item.exceptions.pop(entry.slot, None)
        entry.item.cancelled.add(entry.slot)
        mailbox.bury(entry.item, entry.slot)
        mailbox.touch(entry.item)


def _everybody(item: Item) -> list[str]:
    people = delivery.addresses(item.content["attendees"])
    known = {address.casefold() for address in people}
    for override in item.exceptions.values():
        for address in delivery.addresses(override.get("attendees", [])):
            if address.casefold() not in known:
                known.add(address.casefold())
                people.append(address)
    return people


def _stamp(exchange: Exchange) -> str:
    return exchange.clock.now().strftime("%Y-%m-%dT%H:%M:%S.%f0Z")
