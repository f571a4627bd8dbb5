"""Everybody's mailboxes and the mails that went between them."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, Literal

from ..clock import Clock
from ..options import Options
from .ids import undated_ical_uid
from .items import Item
from .mailbox import Mailbox

MailKind = Literal["invitation", "update", "cancellation", "response"]


@dataclass(frozen=True)
class Mail:
    """A mail that Exchange sends on its own for a meeting."""

    kind: MailKind
    sender: str
    recipients: tuple[str, ...]
    subject: str
    ical_uid: str
    why: str
    at: datetime
    #: The date of the occurrence it is about, where it is about one.
    occurrence: date | None = None
    #: A response's content: accepted, tentativelyAccepted or declined.
    response: str | None = None
    comment: str | None = None

    def as_json(self) -> dict[str, Any]:
        """Return it as JSON values."""
        values = asdict(self)
        values["at"] = self.at.isoformat()
        values["recipients"] = list(self.recipients)
        values["occurrence"] = self.occurrence.isoformat() if self.occurrence else None
        return values


class Exchange:
    """The mail system: who has a mailbox, what was mailed, by which rules."""

    def __init__(self, clock: Clock, options: Options) -> None:
        self.clock = clock
        self.options = options
        self.mailboxes: dict[str, Mailbox] = {}
        self.mails: list[Mail] = []

    def add(self, mailbox: Mailbox) -> None:
        """Take in a mailbox; one address, one mailbox."""
        if self.find(mailbox.address) or (mailbox.alias and self.find(mailbox.alias)):
            raise ValueError(f"there is already a mailbox {mailbox.address}")
        self.mailboxes[mailbox.address.casefold()] = mailbox

    def find(self, address: str) -> Mailbox | None:
        """Find the mailbox of an address; None where the person is outside."""
        wanted = address.casefold()
        found = self.mailboxes.get(wanted)
        if found is not None:
            return found
        boxes = self.mailboxes.values()
        return next((one for one in boxes if one.alias and one.alias.casefold() == wanted), None)

    def owner_of(self, item: Item) -> Mailbox | None:
        """Find the organizer's mailbox of a meeting."""
        return self.find(item.organizer["address"]) if item.organizer else None

    def organizers_item(self, copy: Item) -> Item | None:
        """Find the organizer's own item for somebody's copy."""
        owner = self.owner_of(copy)
        if owner is None:
            return None
        whole = owner.copy_of(undated_ical_uid(copy.ical_uid))
        return whole if whole is not None and whole.is_organizer else None

    def post(
        self,
        kind: MailKind,
        item: Item,
        recipients: list[str],
        *,
        why: str,
        sender: str | None = None,
        subject: str | None = None,
        occurrence: date | None = None,
        response: str | None = None,
        comment: str | None = None,
    ) -> None:
        """Log a mail; nobody is mailed by himself, and with nobody to send it to there is none."""
        organizer = item.organizer["address"] if item.organizer else ""
        own = (sender or organizer).casefold()
        recipients = [address for address in recipients if address.casefold() != own]
        if not recipients:
            return
        mail = Mail(
            kind,
            sender or organizer,
            tuple(recipients),
            item.content["subject"] if subject is None else subject,
            item.ical_uid,
            why,
            self.clock.now(),
            occurrence,
            response,
            comment,
        )
        self.mails.append(mail)
