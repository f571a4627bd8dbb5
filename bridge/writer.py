"""Write what Outlook shows into a meeting of this database: as its organizer, and in silence."""

from collections.abc import Callable, Mapping
from datetime import datetime, time, timezone
from typing import Any

from odoo.api import Environment
from odoo.fields import Command

from ..core.engine.snapshot import AllDay, Keyed, Person, Snapshot, Value
from .people import People
from .reader import NO_SUBJECT, pop_ups

#: What keeps quiet everything that Odoo would say about a meeting: Outlook has said it already.
QUIET = {
    "tracking_disable": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "mail_auto_subscribe_no_notify": True,
    "no_mail_to_attendees": True,
    "skip_attendee_notification": True,
    "skip_contact_description": True,
}
PRIVACIES = {
    "normal": False,
    "personal": False,
    "private": "private",
    "confidential": "confidential",
}


class Writer:
    """Turn the fields of a snapshot into values and write them. Returns and keeps no decisions."""

    def __init__(self, env: Environment, people: People) -> None:
        self.env = env
        self._people = people

    def create(self, values: Snapshot, *, organizer, host, states: Mapping[str, str]):
        """Make an event and return it.

        `organizer` is a user, or empty for somebody outside, whose contact `host` is then a guest
        like the others; `states` holds the answers by address.
        """
        people = values.get("people") or Keyed()
        attendees = {organizer.partner_id.id or host.id: "accepted"}
        for key, person in people.items():
            partner = self._invited(person)
            if partner:
                attendees.setdefault(partner.id, states.get(key, "needsAction"))
        attendees.pop(False, None)
        own = {name: value for name, value in values.items() if name != "people"}
        event = self._as(organizer).create(
            {
                **self.values(own, self.env["calendar.event"]),
                "user_id": organizer.id,
                "partner_ids": [Command.set(list(attendees))],
                "attendee_ids": [
                    Command.create({"partner_id": partner_id, "state": state})
                    for partner_id, state in attendees.items()
                ],
            }
        )
        return event.with_env(self.env)

    def change(self, event, values: Snapshot, *, organizers) -> None:
        """Write these fields of a snapshot, and make the event present where it was archived."""
        vals = self.values({name: values[name] for name in values if name != "people"}, event)
        if "people" in values:
            vals["partner_ids"] = self._guest_commands(event, values["people"], organizers)
        if not event.active:
            vals["active"] = True
        if vals:
            self._lock(event)
            self._as(event.user_id, event).write(vals)

    def archive(self, event, note: str) -> None:
        """Take the event out of the calendars; it keeps its messages, and says why."""
        self._lock(event)
        event = self._as(event.user_id, event)
        event.write({"active": False})
        event.message_post(body=note, subtype_xmlid="mail.mt_note")

    def answer(self, event, partner, state: str) -> bool:
        """Write somebody's answer; tell whether it is news."""
        attendee = event.attendee_ids.filtered(lambda one: one.partner_id == partner)[:1]
        if not attendee or attendee.state == state:
            return False
        attendee.with_user(event.user_id or self.env.user).sudo().with_context(**QUIET).write(
            {"state": state}
        )
        return True

    def invite(self, event, partner, state: str) -> None:
        """Add somebody whose mailbox has the meeting although no list of guests names him."""
        self._as(event.user_id, event).write({"partner_ids": [Command.link(partner.id)]})
        self.answer(event, partner, state)

    def values(self, values: Snapshot, event) -> dict[str, Any]:
        """Return the fields of `calendar.event` for these of a snapshot."""
        vals: dict[str, Any] = {}
        for name, value in values.items():
            vals.update(_FIELDS[name](self, value, event))
        # NUL can be in a text there, and not in PostgreSQL's.
        return {
            name: value.replace("\0", "") if isinstance(value, str) else value
            for name, value in vals.items()
        }

    def _lock(self, event) -> None:
        """Take the row first: where a person has just saved it, the step begins anew, silently."""
        query = "SELECT FROM calendar_event WHERE id = %s FOR NO KEY UPDATE"
        self.env.cr.execute(query, (event.id,), log_exceptions=False)

    def _as(self, user, event=None):
        """Return events as their organizer would write them.

        A change of time by anybody else resets the organizer's answer, and rules and texts depend
        on the writer's language and time zone.
        """
        events = self.env["calendar.event"] if event is None else event
        if not user:
            return events.with_context(**QUIET)
        context = {**QUIET, "lang": user.lang, "tz": user.tz}
        return events.with_user(user).sudo().with_context(**context)

    def _invited(self, person: Person):
        """Return the contact to invite; rooms and things do not become contacts."""
        return self._people.partner(person, create=person.kind != "resource")

    def _guest_commands(self, event, people: Keyed, organizers) -> list[Command]:
        """Return the smallest change of the guests: who stays keeps his row and his answer.

        Guests without an address cannot be in Outlook, and stay; so do all who share one that is.
        """
        present = event.partner_ids - organizers
        gone = present.filtered(self._people.address)
        added = self.env["res.partner"]
        for person in people.values():
            here = self._people.meant(person.address, present)
            gone -= here
            added |= here or self._invited(person)
        return [Command.unlink(partner.id) for partner in gone] + [
            Command.link(partner.id) for partner in added - event.partner_ids
        ]

    def _subject(self, value: str, event) -> dict[str, Any]:
        return {"name": value or NO_SUBJECT}

    def _when(self, value: Value, event) -> dict[str, Any]:
        if isinstance(value, AllDay):
            return {
                "allday": True,
                "start_date": value.first,
                "stop_date": value.last,
                # The hours that Odoo itself gives whole days.
                "start": datetime.combine(value.first, time(8)),
                "stop": datetime.combine(value.last, time(18)),
            }
        return {"allday": False, "start": _naive(value.start), "stop": _naive(value.end)}

    def _reminder(self, value: int | None, event) -> dict[str, Any]:
        """Replace the one reminder that Outlook knows of; others stay."""
        ours = pop_ups(event).sorted("duration_minutes")[:1]
        commands = [Command.unlink(alarm.id) for alarm in ours]
        if value is not None:
            commands.append(Command.link(self._alarm(value).id))
        return {"alarm_ids": commands}

    def _alarm(self, minutes: int):
        alarms = self.env["calendar.alarm"].search([("alarm_type", "=", "notification")])
        found = alarms.filtered(lambda alarm: alarm.duration_minutes == minutes)[:1]
        return found or alarms.create(
            {
                "name": self.env._("Notification - %s Minutes", minutes),
                "alarm_type": "notification",
                "duration": minutes,
                "interval": "minutes",
            }
        )

    def _categories(self, value: frozenset[str], event) -> dict[str, Any]:
        tags = self.env["calendar.event.type"]
        known = {tag.name.casefold(): tag.id for tag in tags.search([])}
        missing = sorted(name for name in value if name.casefold() not in known)
        made = tags.create([{"name": name} for name in missing])
        known |= {tag.name.casefold(): tag.id for tag in made}
        return {"categ_ids": [Command.set(sorted({known[name.casefold()] for name in value}))]}


def _naive(moment: datetime) -> datetime:
    return moment.astimezone(timezone.utc).replace(tzinfo=None)


_FIELDS: Mapping[str, Callable[[Writer, Any, Any], dict[str, Any]]] = {
    "subject": Writer._subject,
    "body": lambda _writer, value, _event: {"description": value.html or False},
    "when": Writer._when,
    "zone": lambda _writer, value, _event: {"outlook_zone": value},
    "location": lambda _writer, value, _event: {"location": value or False},
    "sensitivity": lambda _writer, value, _event: {"privacy": PRIVACIES[value]},
    "show_as": lambda _writer, value, _event: {"show_as": "free" if value == "free" else "busy"},
    "reminder": Writer._reminder,
    "categories": Writer._categories,
}
