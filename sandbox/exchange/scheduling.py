"""What a person or an app does to events: create, change, and the mails that follow.

Mail rules: learn.microsoft.com event-update. An organizer's change of a meeting mails everybody; a
body with only ``attendees`` mails those added, removed or changed; a changed series with modified
instances mails one update more for each of them. Somebody else's change stays in his copy (seen
live).
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from ..errors import Refused, invalid_request
from . import delivery, online, payload, series, values
from .ids import new_ical_uid
from .items import NEVER, Calendar, Content, Entry, Item, Json, itself, on_date
from .mailbox import Copying, Mailbox
from .organization import Exchange, MailKind


def create(exchange: Exchange, mailbox: Mailbox, calendar: Calendar, sent: Any) -> Item:
    """Make an event; attendees are invited at once (user-post-events)."""
    changes = payload.read(sent, exchange.options)
    transaction = changes.pop("transactionId", "")
    print_of_body = hashlib.sha256(json.dumps(sent, sort_keys=True).encode()).hexdigest()
    if transaction:
        earlier = _sent_before(exchange, mailbox, transaction, print_of_body)
        if earlier is not None:
            return earlier
    rule = changes.pop("rule", None)
    content = {**payload.defaults(), **changes}
    content["attendees"] = values.by_name(content["attendees"], [])
    if exchange.options.all_day_shows_free and content["isAllDay"] and "showAs" not in changes:
        content["showAs"] = "free"
    payload.check_times(content)
    if rule is not None:
        rule = series.settle(content, rule)
    online.start(content, calendar, exchange.options)
    own = Copying(new_ical_uid(exchange.clock.now()), mailbox.person, is_organizer=True)
    item = mailbox.add(calendar, content, own, rule)
    item.transaction_id, item.fingerprint = transaction or None, print_of_body
    people = delivery.addresses(content["attendees"])
    delivery.deliver(exchange, item, people)
    exchange.post("invitation", item, people, why="created with attendees")
    if exchange.options.create_bumps_change_key:
        mailbox.touch(item)
    return item


def update(exchange: Exchange, mailbox: Mailbox, entry: Entry, sent: Any) -> Entry:
    """Change an event, or one occurrence of a series, and return how it looks then."""
    changes = payload.read(sent, exchange.options)
    if changes.pop("transactionId", ""):
        raise invalid_request("The TransactionId of an event can't be changed.")
    if entry.slot is not None:
        return _update_occurrence(exchange, mailbox, entry, changes)
    _update_item(exchange, mailbox, entry.item, changes)
    return itself(entry.item)


def _update_item(exchange: Exchange, mailbox: Mailbox, item: Item, changes: Content) -> None:
    before = dict(item.content)
    old_rule = item.rule
    named = set(changes)
    new_rule = changes.pop("rule", old_rule)
    content = _merged(exchange, before, changes)
    payload.check_times(content)
    online.keep(before, content, changes, item.calendar, exchange.options)
    moved = series.is_moved(before, content)
    if new_rule is not None:
        if "rule" not in named and moved:
            new_rule = series.follow_start(new_rule, content["start"])
        new_rule = series.settle(content, new_rule)
    retimed = moved or series.is_another(old_rule, new_rule)
    item.content, item.rule = content, new_rule
    rebuilt = retimed and series.is_rebuilt(exchange.options, old_rule, new_rule, moved=moved)
    if rebuilt:
        item.exceptions, item.cancelled = {}, set()
    if retimed and exchange.options.new_time_resets_answers:
        _void_statuses(content["attendees"])
    mailbox.touch(item)
    if item.is_organizer:
        _tell(exchange, item, before, named, retimed=retimed, rebuilt=rebuilt)


def _update_occurrence(
    exchange: Exchange, mailbox: Mailbox, entry: Entry, changes: Content
) -> Entry:
    item, slot = entry.item, entry.slot
    assert slot is not None
    if changes.pop("rule", None) is not None:
        raise invalid_request("The recurrence of an occurrence can't be set.")
    if exchange.options.occurrences_share_sensitivity:
        changes.pop("sensitivity", None)
    named = set(changes)
    content = _merged(exchange, entry.content, changes)
    payload.check_times(content)
    if {"start", "end", "isAllDay"} & named:
        series.check_crossing(item, slot, content)
    if exchange.options.exception_changes_id and slot not in item.exceptions:
        item.renamed.add(slot)
    override = item.exceptions.setdefault(slot, {})
    override |= {name: content[name] for name in changes}
    mailbox.touch(item)
    if item.is_organizer:
        _tell_of_occurrence(exchange, item, entry, named)
    changed = on_date(item, slot)
    assert changed is not None
    return changed


def _merged(exchange: Exchange, before: Content, changes: Content) -> Content:
    """Lay changes over a content; people who stay keep their answers, properties add up."""
    content = {**before, **changes}
    if "attendees" in changes:
        content["attendees"] = values.by_name(content["attendees"], before["attendees"])
        changes["attendees"] = content["attendees"]
    if "extended" in changes:
        content["extended"] = {**before["extended"], **changes["extended"]}
        changes["extended"] = content["extended"]
    if "attendees" in changes and not exchange.options.attendees_patch_resets_answers:
        known = {_key(person): person["status"] for person in before["attendees"]}
        for person in content["attendees"]:
            person["status"] = known.get(_key(person), person["status"])
    return content


def _tell(
    exchange: Exchange,
    item: Item,
    before: Content,
    named: set[str],
    *,
    retimed: bool,
    rebuilt: bool,
) -> None:
    """Mail an organizer's change to whom it concerns and bring it to their copies."""
    added, removed, kept, changed = _people(before["attendees"], item.content["attendees"])
    void = retimed and exchange.options.new_time_resets_answers
    if named == {"attendees"}:
        updated = changed
    elif _is_silent(exchange, named, before, item.content, retimed=retimed):
        updated = []
    else:
        updated = kept
    people = [*added, *updated]
    delivery.deliver(exchange, item, people, void_answers=void, rebuilt=rebuilt)
    delivery.cancel_copies(exchange, item, removed)
    exchange.post("cancellation", item, removed, why="removed from the attendees")
    exchange.post("invitation", item, added, why="added to the attendees")
    exchange.post("update", item, updated, why=f"changed: {', '.join(sorted(named))}")
    if item.rule and updated and named != {"attendees"}:
        for slot in sorted(item.exceptions):
            entry = on_date(item, slot)
            if entry is not None:
                people = delivery.addresses(entry.content["attendees"])
                exchange.post(
                    "update", item, people, why="a modified instance of the series", occurrence=slot
                )


def _tell_of_occurrence(exchange: Exchange, item: Item, before: Entry, named: set[str]) -> None:
    slot = before.slot
    assert slot is not None
    entry = on_date(item, slot)
    assert entry is not None
    people = entry.content["attendees"]
    added, removed, kept, changed = _people(before.content["attendees"], people)
    if named == {"attendees"}:
        updated = changed
    elif _is_silent(exchange, named, before.content, entry.content, retimed=False):
        updated = []
    else:
        updated = kept
    invited = {_key(person) for person in item.content["attendees"]}
    whole = [address for address in [*added, *updated] if address.casefold() in invited]
    lone = [address for address in [*added, *updated] if address.casefold() not in invited]
    delivery.deliver(exchange, item, whole)
    delivery.deliver_lone(exchange, item, slot, lone)
    delivery.cancel_occurrence(exchange, item, slot, removed)
    subject = entry.content["subject"]
    told: list[tuple[MailKind, list[str], str]] = [
        ("cancellation", removed, "removed from one occurrence"),
        ("invitation", added, "added to one occurrence"),
        ("update", updated, f"changed one occurrence: {', '.join(sorted(named))}"),
    ]
    for kind, whom, why in told:
        exchange.post(kind, item, whom, why=why, subject=subject, occurrence=slot)


def _is_silent(
    exchange: Exchange, named: set[str], before: Content, after: Content, *, retimed: bool
) -> bool:
    loud = named - exchange.options.silent_properties - {"extended"}
    if not loud or exchange.options.mail_unchanged:
        return not loud
    return not retimed and all(before.get(name) == after.get(name) for name in loud - {"rule"})


def _people(
    before: list[Json], after: list[Json]
) -> tuple[list[str], list[str], list[str], list[str]]:
    """Compare two lists of attendees: added, removed, kept, and of the kept those changed."""
    old, new = ({_key(person): person for person in people} for people in (before, after))
    added = [new[key] for key in new if key not in old]
    removed = [old[key] for key in old if key not in new]
    kept = [new[key] for key in new if key in old]
    changed = [person for person in kept if old[_key(person)]["type"] != person["type"]]
    return (
        delivery.addresses(added),
        delivery.addresses(removed),
        delivery.addresses(kept),
        delivery.addresses(changed),
    )


def _key(person: Json) -> str:
    address: str = person["emailAddress"]["address"]
    return address.casefold()


def _void_statuses(people: list[Json]) -> None:
    for person in people:
        person["status"] = {"response": "none", "time": NEVER}


def _sent_before(
    exchange: Exchange, mailbox: Mailbox, transaction: str, print_of_body: str
) -> Item | None:
    """Find what the same transactionId made; observers disagree on the answer, so options say."""
    items = mailbox.items.values()
    earlier = next((item for item in items if item.transaction_id == transaction), None)
    if earlier is None:
        return None
    options = exchange.options
    differs = earlier.fingerprint != print_of_body and options.duplicate_transaction_compares_body
    if options.duplicate_transaction == "same" and not differs:
        return earlier
    raise Refused(
        409 if options.duplicate_transaction == "409" else 400,
        "ErrorDuplicateTransactionId",
        "Your request can't be completed. The TransactionId specified in the request has already "
        "been used to create a different event.",
        extra={"@event.existingEventId": mailbox.entry_id(itself(earlier), immutable=True)},
    )
