"""Read a meeting of this database as a snapshot.

Only in `sudo` and in a fresh transaction: after one read by somebody else, private meetings say
"Busy" to everybody who shares the cache.
"""

from collections.abc import Iterable
from datetime import date, datetime, timezone

from odoo.api import Environment

from ..core.engine.normalize import norm_subject
from ..core.engine.snapshot import EMPTY, AllDay, Body, Keyed, Snapshot, Timed, When
from . import homes, links, series_reader
from .people import People
from .series_reader import Series
from .texts import Texts, digests

#: The name of a meeting without a subject: here every meeting has one. In no language, because it
#: is stored, its readers have many, and it must be known for what it is on every way back.
NO_SUBJECT = "(No subject)"
SENSITIVITIES = {"public": "normal", "private": "private", "confidential": "confidential"}


class Reader:
    """Turn records into snapshots. Knows no base and no Outlook."""

    def __init__(self, env: Environment, people: People) -> None:
        self.env = env
        self._people = people
        self._texts = Texts(env)

    def read(
        self,
        event,
        *,
        organizers,
        known: Iterable[str] = (),
        past: Snapshot | None = None,
        horizon: date | None = None,
        since: date | None = None,
    ) -> Snapshot | None:
        """Return all fields of a meeting; None where it is gone or archived.

        Any row of a series stands for the whole of it. `organizers` are the contacts who organize
        it and so are no guests; `known` the addresses under which Outlook has the guests; `past`
        what this side showed last, `horizon` the day up to which a series without end has rows, and
        `since` the one from which a series that began long ago has them.
        """
        if not is_present(event):
            return None
        if homes.is_series(event):
            return self.series(
                event,
                organizers=organizers,
                known=known,
                past=past,
                horizon=horizon,
                since=since,
            ).snapshot
        (shown,) = self.shown(event, organizers=organizers, known=known, past=past)
        zone = {"zone": event.outlook_zone} if event.outlook_zone else {}
        return {**shown, **zone, "rule": None, "occurrences": EMPTY}

    def series(
        self,
        event,
        *,
        organizers,
        known: Iterable[str] = (),
        past: Snapshot | None = None,
        horizon: date | None = None,
        since: date | None = None,
    ) -> Series:
        """Return the series of which `event` is a row, and which of its rows is which occurrence.

        It has at least one active row. The arguments are those of `read`.
        """
        rows = homes.rows(event)
        shown = self.shown(rows, organizers=organizers, known=known, past=past)
        return series_reader.read(rows, shown, past=past, horizon=horizon, since=since)

    def shown(
        self, events, *, organizers, known: Iterable[str] = (), past: Snapshot | None = None
    ) -> list[Snapshot]:
        """Return what each event shows by itself, in order: no zone, no rule.

        They are rows of one series, or one event. The rows of a series mostly say the same: what
        takes time is done once for each value.
        """
        own_links, last = links.own(events), digests(past)
        bodies: dict[tuple[str, str], Body] = {}
        people: dict[tuple[int, ...], Keyed] = {}
        known = frozenset(known)
        result = []
        for event in events:
            link, invited = own_links[event.id], event.attendee_ids.partner_id._ids
            text = event.description or "", link if event.location else ""
            if text not in bodies:
                bodies[text] = self._texts.shown(*text, past=last)
            if invited not in people:
                people[invited] = self._people.guests(event, organizers, known)
            result.append(
                {
                    "subject": subject(event.name),
                    "body": bodies[text],
                    "when": when(event),
                    "location": event.location or link,
                    "sensitivity": SENSITIVITIES[event.effective_privacy or "public"],
                    "people": people[invited],
                    **private(event),
                }
            )
        return result


def is_present(event) -> bool:
    """Tell whether somebody still has this meeting, or an occurrence of it, in his calendar."""
    if not event.exists():
        return False
    return event.active or (homes.is_series(event) and bool(homes.rows(event)))


def when(event) -> When:
    """Return when it takes place. All-day meetings are dates: their times mean nothing."""
    if event.allday:
        return AllDay(event.start_date or event.start.date(), event.stop_date or event.stop.date())
    return Timed(_utc(event.start), _utc(event.stop))


def subject(name: str | None) -> str:
    """Return the subject that a name here says, or a subject there: the stand-in says none."""
    return "" if norm_subject(name) == NO_SUBJECT else name or ""


def private(event) -> Snapshot:
    """Return what the organizer's mailbox alone shows."""
    return {
        "show_as": event.show_as or "busy",
        "reminder": min(pop_ups(event).mapped("duration_minutes"), default=None),
        "categories": frozenset(event.categ_ids.mapped("name")),
    }


def pop_ups(event):
    """Return the reminders of the kind that Outlook has; mails are no business of it."""
    return event.alarm_ids.filtered(lambda alarm: alarm.alarm_type == "notification")


def _utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=timezone.utc)
