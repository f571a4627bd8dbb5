"""What a meeting is on both sides, and whom Exchange mails about it: as the table says, no code.

`docs/sync-rules.md`, *Who mails*: an act in Outlook is mailed at once; acts here are mailed by the
round that writes them, as the difference between what Outlook showed and what it is to show.
"""

from collections import Counter
from dataclasses import dataclass, field, replace

Mail = tuple[str, str, str]


@dataclass(frozen=True)
class Shown:
    """A meeting as one side shows it; `people` without the organizer, all by address."""

    organizer: str
    people: frozenset[str]
    subject: str
    place: str = ""
    hour: int = 9
    is_there: bool = True

    def content(self) -> tuple[str, str, int]:
        """Return what concerns everybody who is invited."""
        return self.subject, self.place, self.hour


@dataclass
class Model:
    """Both sides of one meeting, and the mails that people must have got since last asked.

    `local` holds by field what was changed here and no round has written yet.
    """

    there: Shown
    local: dict[str, object] = field(default_factory=dict)
    #: Whom this side counts among the guests, its organizer perhaps with them.
    partners: set[str] = field(default_factory=set)
    mails: Counter[Mail] = field(default_factory=Counter)
    #: Who has no copy in his mailbox any more: he declined, or removed it.
    without: set[str] = field(default_factory=set)

    @property
    def here(self) -> Shown:
        """Return the meeting as this side shows it."""
        return replace(self.there, **self.local)

    def change_there(self, **values: object) -> None:
        """The organizer edits in Outlook."""
        self._announce(replace(self.there, **values))

    def change_here(self, **values: object) -> None:
        """Somebody edits here."""
        self.local |= values

    def answer(self, address: str, *, is_declined: bool) -> None:
        """A guest's mailbox answers."""
        self.mails["response", address, self.there.organizer] += 1
        if is_declined:
            self.without.add(address)

    def settle(self) -> None:
        """The rounds have run."""
        self._announce(self.here)
        self.local.clear()

    def take_mails(self) -> list[Mail]:
        """Return what was mailed since, sorted, and forget it."""
        found = sorted(self.mails.elements())
        self.mails.clear()
        return found

    def _announce(self, now: Shown) -> None:
        was, self.there = self.there, now
        if was.is_there and (not now.is_there or was.organizer != now.organizer):
            self._mail("cancellation", was, was.people)
            was = replace(was, is_there=False)
        if not was.is_there:
            self._invite(now, now.people if now.is_there else frozenset())
            return
        self._mail("cancellation", now, was.people - now.people)
        self._invite(now, now.people - was.people)
        if was.content() != now.content():
            self._mail("update", now, was.people & now.people)
            self.without -= was.people & now.people

    def _invite(self, now: Shown, people: frozenset[str]) -> None:
        self._mail("invitation", now, people)
        self.without -= people

    def _mail(self, kind: str, shown: Shown, people: frozenset[str]) -> None:
        self.mails.update((kind, shown.organizer, to) for to in people)
