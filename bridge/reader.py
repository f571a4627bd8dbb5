"""Read a meeting of this database as a snapshot.

Only in `sudo` and in a fresh transaction: after one read by somebody else, private meetings say
"Busy" to everybody who shares the cache.
"""

from collections.abc import Iterable
from datetime import datetime, timezone

from odoo.api import Environment

from ..core.engine.normalize import norm_subject
from ..core.engine.snapshot import AllDay, Body, Snapshot, Timed, When
from .people import People

#: The name of a meeting without a subject: here every meeting has one. In no language, because it
#: is stored, its readers have many, and it must be known for what it is on every way back.
NO_SUBJECT = "(No subject)"
SENSITIVITIES = {"public": "normal", "private": "private", "confidential": "confidential"}


class Reader:
    """Turn records into snapshots. Knows no base and no Outlook."""

    def __init__(self, env: Environment, people: People) -> None:
        self.env = env
        self._people = people

    def read(self, event, *, organizers, known: Iterable[str] = ()) -> Snapshot | None:
        """Return all fields of an event; None where it is gone or archived.

        `organizers` are the contacts who organize it and so are no guests; `known` the addresses
        under which Outlook has the guests.
        """
        if not is_present(event):
            return None
        return {**self.shared(event, organizers=organizers, known=known), **private(event)}

    def shared(self, event, *, organizers, known: Iterable[str] = ()) -> Snapshot:
        """Return what belongs to everybody in the meeting."""
        snapshot = {
            "subject": subject(event.name),
            "body": Body.of(event.description or None),
            "when": when(event),
            "location": event.location or "",
            "sensitivity": SENSITIVITIES[event.effective_privacy or "public"],
            "people": self._people.guests(event, organizers, known),
        }
        if event.outlook_zone:
            snapshot["zone"] = event.outlook_zone
        return snapshot


def is_present(event) -> bool:
    """Tell whether somebody still has this meeting in his calendar here."""
    return bool(event.exists()) and event.active


def is_single(event) -> bool:
    """Tell whether this is a meeting by itself: series are not kept in step."""
    return not event.recurrency and not event.recurrence_id


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
