"""Series on both sides: made and changed as people do, read back, and held against each other.

All series begin on the first Monday of a February, at ten in Brussels: weekdays, months and clocks
are the same whenever the tests run. Days are counted from there: day 7 is the Monday after.

`assertArrives` is what most tests end with: a round runs, what was written and mailed is held
against what the rule says, both sides show the same, and a second round writes nothing.
"""

from datetime import date, datetime, timedelta
from urllib.parse import unquote
from zoneinfo import ZoneInfo

from odoo.addons.outlook_calendar.sandbox.exchange import ids

from .common import ANN, GUEST, SandboxCase, attendee
from .series_shown import (
    BRUSSELS,
    as_shown_here,
    as_shown_there,
    instant,
    on_day,
    on_wall,
    original_day,
)

_UTC = ZoneInfo("UTC")


def first_monday(today: date | None = None) -> date:
    """Return the first Monday of the next February that is at least a week away."""
    today = today or datetime.now(_UTC).date()
    for year in (today.year, today.year + 1):
        opening = date(year, 2, 1)
        monday = opening + timedelta(days=-opening.weekday() % 7)
        if monday > today + timedelta(days=7):
            return monday
    raise AssertionError("one of two Februaries is ahead")


class SeriesCase(SandboxCase):
    """Ann is connected; her series of four Mondays is called *Board*."""

    def setUp(self):
        super().setUp()
        self.monday = first_monday()
        self._last_event = self.env["calendar.event"].search([], order="id desc", limit=1).id or 0
        self._keys = {}
        self.configure()
        self.connect(self.ann, ANN)

    def configure(self):
        """Set what must be set before anybody connects."""

    def at(self, day=0, hour=10, minute=0, zone=BRUSSELS):
        """Return a wall-clock time some days after the Monday, as Odoo keeps it."""
        return instant(on_day(self.monday + timedelta(days=day), hour, minute), zone)

    # This side ----------------------------------------------------------------------------------

    def series(self, name="Board", *, user=None, **values):
        """Make a series here and return its rows; four Mondays unless told otherwise."""
        user = user or self.ann
        rule = {"rrule_type": "weekly", "mon": True, "interval": 1, "end_type": "count", "count": 4}
        event = self.make(
            user,
            **{
                "name": name,
                "start": self.at(),
                "stop": self.at(hour=11),
                "recurrency": True,
                "event_tz": BRUSSELS,
                "partner_ids": [(6, 0, [user.partner_id.id])],
                **rule,
                **values,
            },
        )
        return event.recurrence_id.calendar_event_ids.sorted("start")

    def board(self, name="Board", *, guests=True, **values):
        """Make a series with the guest, bring it over, and forget what that took."""
        if guests:
            partners = self.ann.partner_id + self.guest
            values.setdefault("partner_ids", [(6, 0, partners.ids)])
        rows = self.series(name, **values)
        self.bring_over()
        return rows

    def here(self, name=None):
        """Return the active meetings of this test, in order."""
        domain = [("id", ">", self._last_event)] + ([("name", "=", name)] if name else [])
        return self.env["calendar.event"].search(domain, order="start, id")

    def write(self, event, user=None, *, scope=None, **values):
        """Change a row as the calendar does: with the scope that its dialog asked for."""
        if scope:
            values["recurrence_update"] = scope
        return super().write(event, user or self.ann, **values)

    def move(self, row, *, days=0, hours=0, scope="self_only", longer=timedelta()):
        """Drag a row, or pull at its end, as in the calendar."""
        by = timedelta(days=days, hours=hours)
        self.write(row, scope=scope, start=row.start + by, stop=row.stop + by + longer)

    def delete(self, row, scope, *, tell=True, user=None):
        """Delete by the calendar's two dialogs: which ones, and whether to tell the guests."""
        wizards = self.env["calendar.popover.delete.wizard"].with_user(user or self.ann)
        action = wizards.create({"calendar_event_id": row.id, "delete": scope}).close()
        if action and action.get("res_model") == wizards._name:
            context = {
                **action["context"],
                "default_recurrence": scope,
            }
            second = wizards.with_context(**context).create({"calendar_event_id": row.id})
            second.action_send_mail_and_delete() if tell else second.action_delete()

    def popup(self, minutes):
        """Return a reminder that pops up."""
        values = {"name": f"{minutes}", "alarm_type": "notification", "interval": "minutes"}
        return self.env["calendar.alarm"].create({**values, "duration": minutes})

    # The other side -----------------------------------------------------------------------------

    def make_series_there(self, address=ANN, *, pattern=None, ends=None, **values):
        """Make a series as the person would in Outlook and return its master."""
        weekly = {"type": "weekly", "interval": 1, "daysOfWeek": ["monday"]}
        start = values.pop("start", self.graph_at())
        begins = {"startDate": start["dateTime"][:10]}
        return self.make_remote(
            address,
            **{
                "subject": "Board",
                "start": start,
                "end": self.graph_at(hour=11),
                "isReminderOn": False,
                "recurrence": {
                    "pattern": pattern or weekly,
                    "range": {**(ends or {"type": "numbered", "numberOfOccurrences": 4}), **begins},
                },
                **values,
            },
        )

    def board_there(self, **values):
        """Let Ann make a series in Outlook, with the guest; take it in, and forget the mails."""
        master = self.make_series_there(attendees=[attendee(GUEST)], **values)
        self.sync(self.ann)
        self.forget()
        return master

    def graph_at(self, day=0, hour=10, minute=0, zone=BRUSSELS):
        """Return a time as Outlook's person says it."""
        wall = on_day(self.monday + timedelta(days=day), hour, minute)
        return {"dateTime": wall.isoformat(), "timeZone": zone}

    def span(self, day=0, hour=10, minutes=60, zone=BRUSSELS):
        """Return start and end as Outlook's person says them."""
        hours, rest = divmod(hour * 60 + minutes, 60)
        end = self.graph_at(day + hours // 24, hours % 24, rest, zone)
        return {"start": self.graph_at(day, hour, zone=zone), "end": end}

    def there(self, address=ANN, subject=None):
        """Return what a mailbox shows from a year back to three years ahead, series expanded."""
        now = datetime.now(_UTC)
        window = (now - timedelta(days=365), now + timedelta(days=3 * 365))
        shown = self.sandbox.view(address, *(f"{one:%Y-%m-%dT%H:%M:%SZ}" for one in window))
        return [one for one in shown if subject in (None, one["subject"])]

    def master(self, subject="Board", address=ANN):
        """Return a series as Outlook keeps it: its first time, its rule, its zone."""
        return self.remote(address, subject)

    def walls_there(self, subject):
        """Return when the occurrences of a series start, by the clock on the wall in Brussels."""
        starts = (one["start"]["dateTime"][:19] for one in self.there(subject=subject))
        return [on_wall(datetime.fromisoformat(start)) for start in starts]

    def occurrence(self, day, address=ANN, subject=None):
        """Return the occurrence whose original start is that day."""
        wanted = (self.monday + timedelta(days=day)).isoformat()
        [found] = [one for one in self.there(address, subject) if original_day(one) == wanted]
        return found

    def change_there(self, day, address=ANN, **changes):
        """Change one occurrence in Outlook."""
        return self.sandbox.change_event(address, self.occurrence(day, address)["id"], changes)

    def delete_there(self, day, address=ANN):
        """Delete one occurrence in Outlook."""
        self.sandbox.delete_event(address, self.occurrence(day, address)["id"])

    # Both sides ---------------------------------------------------------------------------------

    def shown_here(self, name=None, user=None):
        """Return what this side shows, as `Occurrence`."""
        owner = (user or self.ann).partner_id
        return sorted(as_shown_here(row, owner) for row in self.here(name))

    def shown_there(self, address=ANN, subject=None):
        """Return what a mailbox shows, as `Occurrence`."""
        return sorted(as_shown_there(one, address) for one in self.there(address, subject))

    def assertInStep(self, name=None):
        """Hold both sides against each other, whole."""
        self.env.invalidate_all()
        self.assertEqual(self.shown_there(subject=name), self.shown_here(name))

    def bring_over(self, *users):
        """Run the rounds, and forget what they wrote and mailed."""
        self.sync(*(users or (self.ann,)))
        self.forget()

    def forget(self):
        """Forget what was asked of Outlook and mailed so far."""
        self.written()
        self.told()
        self._remember()

    def assertArrives(self, writes, mails=None, *, in_step=True):
        """Run a round; hold what it wrote and what was mailed, by meeting, against the rule.

        `writes` and `mails` are {subject: […]}; a subject is the one before the round, of new ones
        the one after it. A write is "POST", "PATCH", "DELETE", with the day of an occurrence.
        """
        self.sync(self.ann)
        wrote, mailed = self._acts()
        self.assertEqual(_sorted(writes), _sorted(wrote))
        if mails is not None:
            self.assertEqual(_sorted(mails), _sorted(mailed))
        self.assertFalse(self.mails(), "Odoo mailed too")
        self._assertQuiet(in_step=in_step)

    def assertTaken(self, name=None):
        """Run a round that takes in what Outlook's person did: nothing is written or mailed."""
        self.forget()
        self.sync(self.ann)
        self.assertEqual([], self.written())
        self.assertEqual([], self.told())
        self.assertFalse(self.mails(), "Odoo mailed")
        self._assertQuiet(name=name)

    def _assertQuiet(self, *, in_step=True, name=None):
        if in_step:
            self.assertInStep(name)
        self.forget()
        run = self.sync(self.ann)
        self.assertEqual([], self.written(), "a second round wrote")
        self.assertEqual(0, run.changed_local, "a second round changed something here")

    def _acts(self):
        """Return ({subject: writes}, {subject: mails}) since `forget`."""
        new = self._remember()
        wrote, mailed = {}, {}
        for method, path in self.written():
            tail = path.rpartition("/events")[2].strip("/")
            target, _, action = unquote(tail).partition("/")
            act = action or method
            if target:
                found = ids.parse(target)
                key = self._keys[found.mailbox, found.item]
                act += f" day {(found.slot - self.monday).days}" if found.slot else ""
            else:
                key = new.pop(0) if new else "made and gone"
            wrote.setdefault(key, []).append(act)
        for mail in self.sandbox.mails:
            told = mailed.setdefault(self._keys[mail.ical_uid], [])
            told.extend((mail.kind, to) for to in mail.recipients)
        return wrote, mailed

    def _remember(self):
        """Learn the subjects of all meetings; return those of new ones, which keep them as keys."""
        new = []
        for mailbox in self.sandbox.state.mailboxes:
            for item in mailbox.items.values():
                if (mailbox.id, item.uid) not in self._keys:
                    subject = item.content["subject"]
                    self._keys[mailbox.id, item.uid] = subject
                    self._keys.setdefault(item.ical_uid, subject)
                    new += [subject] if item.is_organizer else []
        return new


def _sorted(found):
    return {key: sorted(values) for key, values in found.items() if values}
