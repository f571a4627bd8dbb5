"""Write what Outlook shows into a meeting of this database: as its organizer, and in silence."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, NamedTuple

from odoo.api import Environment
from odoo.fields import Command

from ..core.engine.errors import Unmappable
from ..core.engine.snapshot import EMPTY, AllDay, Body, Keyed, Snapshot, Value
from . import homes, links
from .guests import welcome
from .people import People
from .reader import NO_SUBJECT, Reader, pop_ups
from .series_rows import Template, attending, times
from .series_writer import SeriesWriter
from .texts import Texts

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


class Written(NamedTuple):
    """What a meeting hangs on now, and between which days it has its occurrences.

    None: up to the last of them, from the first on.
    """

    event: Any
    horizon: date | None = None
    since: date | None = None


class Writer:
    """Turn the fields of a snapshot into values and write them. Returns and keeps no decisions."""

    def __init__(self, env: Environment, people: People) -> None:
        self.env = env
        self._people = people
        self._texts = Texts(env)
        self._series = SeriesWriter(env, Reader(env, people), self)
        #: Of which unknown people contacts are made.
        self.welcome = welcome(env)

    def create(self, values: Snapshot, *, organizer, host, states: Mapping[str, str]) -> Written:
        """Make a meeting, single or a series, and return it.

        `organizer` is a user, or empty for somebody outside, whose contact `host` is then a guest
        like the others; `states` holds the answers by address.
        """

        def attendees(people: Keyed) -> dict[int, str]:
            found = {organizer.partner_id.id or host.id: "accepted"}
            for key, partner in self._invited(people, organizer).items():
                found.setdefault(partner.id, states.get(key, "needsAction"))
            found.pop(False, None)
            return found

        events = self.env["calendar.event"]
        if values.get("rule"):
            template = Template(events, organizer, attendees)
            return Written(*self._series.create(values, template))
        guests = attendees(values.get("people", EMPTY))
        event = self.as_organizer(organizer, events).create(
            {
                **self.values(values, events),
                "user_id": organizer.id,
                **attending(guests),
            }
        )
        return Written(event.with_env(self.env))

    def change(
        self,
        event,
        values: Snapshot,
        *,
        organizers,
        local: Snapshot | None = None,
        horizon: date | None = None,
        since: date | None = None,
        until: date | None = None,
    ) -> Written:
        """Write these fields, and make the meeting present where it was archived.

        `event` may be any row of a series; `local` is what it shows now (None: it is archived),
        `since` and `horizon` the days between which it has its occurrences and `until` the one up
        to which it gets them, if that is another. Whether it recurs may change, too.
        """
        target = {**(local or {}), **values}
        self.lock(event | homes.rows(event))
        if target.get("rule"):
            return Written(
                *self._series.change(
                    event,
                    target,
                    organizers=organizers,
                    local=local,
                    since=since,
                    reached=horizon,
                    until=until,
                )
            )
        if homes.is_series(event):
            stays = self._series.stop(event, target, organizers=organizers, local=local)
            return Written(stays)
        vals = self.values(values, event)
        if "people" in values:
            vals["partner_ids"] = self.guest_commands(event, values["people"], organizers)
        if not event.active:
            vals["active"] = True
        if vals:
            self.as_organizer(event.user_id, event).write(vals)
        return Written(event)

    def archive(self, event, note: str) -> None:
        """Take a meeting out of the calendars, all of a series; it says why, and is kept."""
        rows = homes.rows(event)
        self.lock(rows)
        self._series.archive(rows, note)

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
        self.as_organizer(event.user_id, event).write({"partner_ids": [Command.link(partner.id)]})
        self.answer(event, partner, state)

    def values(self, values: Snapshot, event) -> dict[str, Any]:
        """Return the fields of `calendar.event` for these of a snapshot.

        Without those that are more than one event's (`rule`, `occurrences`), and without `people`,
        who depend on the guests that there are.
        """
        vals: dict[str, Any] = {}
        for name in values.keys() & _FIELDS.keys():
            vals.update(_FIELDS[name](self, values[name], event))
        # NUL can be in a text there, and not in PostgreSQL's.
        return {
            name: value.replace("\0", "") if isinstance(value, str) else value
            for name, value in vals.items()
        }

    def lock(self, events) -> None:
        """Take rows first: where a person has just saved one, the step begins anew, silently."""
        query = "SELECT FROM calendar_event WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE"
        self.env.cr.execute(query, (events.ids,), log_exceptions=False)

    def as_organizer(self, user, records):
        """Return records as the organizer would write them.

        A change of time by anybody else resets the organizer's answer, and rules and texts depend
        on the writer's language and time zone.
        """
        if not user:
            return records.with_context(**QUIET)
        context = {**QUIET, "lang": user.lang, "tz": user.tz}
        return records.with_user(user).sudo().with_context(**context)

    def accept(self, events, partner) -> None:
        """Write that somebody comes to all of these events."""
        attendees = events.attendee_ids.filtered(lambda one: one.partner_id == partner)
        self.as_organizer(events[:1].user_id, attendees).write({"state": "accepted"})

    def _invited(self, people: Keyed, organizer) -> dict[str, Any]:
        """Return the contacts to invite, by key, as the organizer's company knows them."""
        return self._people.seen_by(organizer).invited(people, self.welcome.guest)

    def guest_commands(self, event, people: Keyed, organizers) -> list[Command]:
        """Return the smallest change of the guests: who stays keeps his row and his answer."""
        wanted = self.guests(event, people, organizers)
        return [Command.unlink(partner.id) for partner in event.partner_ids - wanted] + [
            Command.link(partner.id) for partner in wanted - event.partner_ids
        ]

    def guests(self, event, people: Keyed, organizers):
        """Return who is to be in an event, its organizers included.

        Guests without an address cannot be in Outlook, and stay; so do all who share one that is.
        """
        present = event.partner_ids - organizers
        stays, unmet = self.env["res.partner"], {}
        for key, person in people.items():
            here = self._people.meant(person.address, present)
            stays |= here
            if not here:
                unmet[key] = person
        gone = present.filtered(self._people.address) - stays
        added = self.env["res.partner"].union(*self._invited(Keyed(unmet), event.user_id).values())
        return event.partner_ids - gone | added

    def _subject(self, value: str, event) -> dict[str, Any]:
        return {"name": value or NO_SUBJECT}

    def _body(self, value: Body, event) -> dict[str, Any]:
        """Write a text. Raises Unmappable for one of which a base kept no more than the digest."""
        if value.html is None:
            raise Unmappable("body", "its text is not at hand")
        link = links.own(event).get(event.id, "")
        text = self._texts.received(value.html, event.description, link)
        return {"description": text or False}

    def _place(self, value: str, event) -> dict[str, Any]:
        return {"location": links.place(value, event) or False}

    def _when(self, value: Value, event) -> dict[str, Any]:
        if not isinstance(value, AllDay):
            return times(value)
        return {**times(value), "start_date": value.first, "stop_date": value.last}

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


_FIELDS: Mapping[str, Callable[[Writer, Any, Any], dict[str, Any]]] = {
    "subject": Writer._subject,
    "body": Writer._body,
    "when": Writer._when,
    "zone": lambda _writer, value, _event: {"outlook_zone": value},
    "location": Writer._place,
    "sensitivity": lambda _writer, value, _event: {"privacy": PRIVACIES[value]},
    "show_as": lambda _writer, value, _event: {"show_as": "free" if value == "free" else "busy"},
    "reminder": Writer._reminder,
    "categories": Writer._categories,
}
