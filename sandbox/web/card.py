"""An event as a person sees it: in the mailbox's own time zone, with the marks Outlook draws."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from ..exchange.items import Entry
from ..exchange.mailbox import Mailbox
from ..exchange.zones import resolve, to_local
from . import wording

_INSTANT = timedelta(microseconds=1)
TINTS = 8


@dataclass(frozen=True)
class Card:
    """What is drawn of an event; its times are naive, of the clock on the mailbox owner's wall."""

    id: str
    subject: str
    location: str
    start: datetime
    end: datetime
    all_day: bool
    show_as: str
    response: str
    organizer: str
    is_organizer: bool
    is_cancelled: bool
    is_private: bool
    is_meeting: bool
    kind: str
    #: Names and tints (0 to 7).
    categories: tuple[tuple[str, int], ...]
    ical_uid: str

    @property
    def first(self) -> date:
        """Return the day it begins."""
        return self.start.date()

    @property
    def last(self) -> date:
        """Return the last day it touches; one that ends at midnight does not touch that day."""
        return max(self.start, self.end - _INSTANT).date()

    @property
    def is_bar(self) -> bool:
        """Say whether it is drawn above the hours: all day, or 24 hours and more, as in Outlook."""
        return self.all_day or self.end - self.start >= timedelta(days=1)

    @property
    def time_text(self) -> str:
        """Say when it is on its day, or from when to when where it takes several."""
        if self.all_day:
            if self.first == self.last:
                return "All day"
            return f"{wording.short_day(self.first)} – {wording.short_day(self.last)}"
        if self.first == self.last or self.end - self.start < timedelta(days=1):
            return f"{self.start:%H:%M} – {self.end:%H:%M}"
        begins, ends = wording.short_day(self.first), wording.short_day(self.end.date())
        return f"{begins} {self.start:%H:%M} – {ends} {self.end:%H:%M}"

    @property
    def is_unanswered(self) -> bool:
        """Say whether the person still has to answer."""
        return not self.is_organizer and self.response == "notResponded" and not self.is_cancelled

    @property
    def classes(self) -> str:
        """Return the CSS classes that say how it is drawn."""
        marks = {
            "cancelled": self.is_cancelled,
            "unanswered": self.is_unanswered,
            "declined": self.response == "declined",
        }
        tints = [f"tint-{number}" for _, number in self.categories[:1]]
        named = [name for name, on in marks.items() if on]
        return " ".join([f"show-{self.show_as}", *tints, *named])

    @property
    def label(self) -> str:
        """Say in one line what a sighted person sees at a glance."""
        parts = [self.subject, self.time_text, self.location, wording.SHOW_AS[self.show_as]]
        parts.append("canceled" if self.is_cancelled else "")
        parts.append("not answered yet" if self.is_unanswered else "")
        parts.append("private" if self.is_private else "")
        parts.append(wording.KINDS.get(self.kind, ""))
        return ", ".join(part for part in parts if part)


def card(mailbox: Mailbox, entry: Entry) -> Card:
    """Draw an entry for the mailbox's owner."""
    item, content = entry.item, entry.content
    start, end = content["start"], content["end"]
    zone = resolve(mailbox.time_zone)
    all_day = content["isAllDay"]
    return Card(
        id=mailbox.entry_id(entry, immutable=True),
        subject=content["subject"] or "(No subject)",
        location=content["location"]["displayName"],
        start=start.local if all_day else to_local(start.utc, zone),
        end=end.local if all_day else to_local(end.utc, zone),
        all_day=all_day,
        show_as=content["showAs"],
        response=content["responseStatus"]["response"],
        organizer=item.organizer["name"] if item.organizer else "",
        is_organizer=item.is_organizer,
        is_cancelled=content["isCancelled"],
        is_private=content["sensitivity"] != "normal",
        is_meeting=bool(content["attendees"]),
        kind=entry.kind,
        categories=tuple((name, tint(mailbox, name)) for name in content["categories"]),
        ical_uid=item.ical_uid,
    )


def tint(mailbox: Mailbox, name: str) -> int:
    """Choose a category's colour: from its preset where the mailbox has one, else by its name."""
    for category in mailbox.categories:
        if category.get("displayName") == name:
            digits = str(category.get("color", "")).removeprefix("preset")
            if digits.isdecimal():
                return int(digits) % TINTS
    return sum(name.encode()) % TINTS
