"""Series without end have their occurrences here up to a day, and more as time passes."""

from datetime import date, timedelta
from time import process_time

from odoo import fields
from odoo.tests import tagged

from odoo.addons.outlook_calendar.bridge import horizon, settings
from odoo.addons.outlook_calendar.bridge.desk import Desk

from ..core.engine import codec
from ..core.engine.fields import CANCELLED
from ..core.engine.reconcile import Base
from ..core.engine.recurrence import Rule
from ..core.engine.snapshot import EMPTY, Body, Keyed
from .rows_case import RowsCase

SETTING = "outlook_calendar.horizon_days"


@tagged("post_install", "-at_install")
class TestHorizon(RowsCase):
    def setUp(self):
        super().setUp()
        self.env["ir.config_parameter"].set_param("outlook_calendar.window_future_days", 30)
        self.ahead(60)
        self.today = fields.Date.today()

    def ahead(self, days):
        """Set how far ahead occurrences are, as if time had passed."""
        self.env["ir.config_parameter"].set_param(SETTING, days)

    def endless(self, *, start=None, **values):
        """Return a series of every tenth day without end, from today on."""
        start = start or self.today
        rule = Rule.settled(kind="daily", interval=10, start=start)
        return self.series(rule, **values)

    def slot(self, number):
        """Return the key of an occurrence, the first is 0."""
        return (self.today + timedelta(days=10 * number)).isoformat()

    def known(self, target):
        """Return the desk and the meeting of a series that is in step with Outlook."""
        event = self.create(target)
        account = self.env["outlook.account"].create({"user_id": self.ann.id})
        local = self.read(event, past=target)
        meeting = self.env["outlook.meeting"].create(
            {
                "event_id": event.id,
                "horizon": self.horizon,
                "since": self.since,
                "state": "linked",
                "base": codec.dump_base(Base(local=local, remote=target)),
            }
        )
        return Desk(self.env, account.id), meeting

    def days(self, event):
        """Return the days of the rows, counted from today."""
        return [(row.start.date() - self.today).days for row in self.rows(event)]

    def test_rows_reach_to_the_horizon(self):
        """There are rows so far ahead and no more; what is beyond is not cancelled."""
        event = self.create(self.endless())

        self.assertEqual(self.today + timedelta(days=60), self.horizon)
        self.assertEqual([0, 10, 20, 30, 40, 50, 60], self.days(event))
        self.assertEqual(dict(self.endless()), dict(self.read(event)))

    def test_the_horizon_is_not_before_the_window(self):
        """What is kept in step is there; what is no number of days counts as not set."""
        for value, days in ((10, 30), (60, 60), ("soon", 730), (-5, 730)):
            self.ahead(value)
            self.assertEqual(days, settings.horizon_days(self.env), value)

    def test_a_late_end_is_kept(self):
        """A series that ends beyond the horizon has its rows up to it, and its end in mind."""
        rule = Rule.settled(kind="daily", interval=10, start=self.today, count=100)
        target = self.series(rule)
        event = self.create(target)

        self.assertEqual(7, len(self.rows(event)))
        self.assertEqual(dict(target), dict(self.read(event, past=target)))
        self.assertEqual(100, event.recurrence_id.count)

    def daily(self, year, **exceptions):
        """Return a daily series from the first day of a year on."""
        rule = Rule.settled(kind="daily", interval=1, start=date(year, 1, 1))
        return self.series(rule, **exceptions)

    def test_a_series_of_long_ago_has_the_rows_of_the_window(self):
        """From where the window begins on, never more than Odoo makes at once; it began when it
        did."""
        self.ahead(900)
        for year in (2010, 1900):
            began = process_time()
            target = self.daily(year, occurrences=Keyed({f"{year}-02-01": CANCELLED}))
            event = self.create(target)

            self.assertEqual(list(range(-365, 355)), self.days(event))
            self.assertEqual(self.today + timedelta(days=354), self.horizon)
            self.assertEqual(self.today - timedelta(days=365), self.since)
            self.assertEqual(dict(target), dict(self.read(event, past=target)))
            self.assertLess(process_time() - began, 10)

    def test_a_long_window_leaves_room_for_what_is_ahead(self):
        """Whoever has met daily for years has meetings next week all the same."""
        self.env["ir.config_parameter"].set_param("outlook_calendar.window_past_days", 1700)
        self.ahead(900)
        event = self.create(self.daily(2010))

        self.assertEqual(list(range(-539, 181)), self.days(event))

    def test_a_series_that_was_over_long_ago_has_its_last_row(self):
        """Something must stand for it; what follows its last date is not asked for."""
        start = self.today - timedelta(days=900)
        rule = Rule.settled(kind="daily", interval=10, start=start, count=20)
        target = self.series(rule)
        event = self.create(target)

        self.assertEqual([-710], self.days(event))
        self.assertEqual(dict(target), dict(self.read(event, past=target)))

    def test_time_takes_nothing_away(self):
        """The window has moved on: an edit writes in the rows that are there, and in all."""
        event = self.create(self.daily(2010))
        days = self.days(event)
        self.env["ir.config_parameter"].set_param("outlook_calendar.window_past_days", 100)
        event = self.change(event, subject="Council")

        self.assertEqual(days, self.days(event))
        self.assertEqual({"Council"}, set(self.rows(event).mapped("name")))
        self.assertEqual(self.today - timedelta(days=365), self.since)

    def test_a_new_pattern_does_not_reach_further_than_a_new_series(self):
        """Odoo made it for sixty years; weekly instead of monthly, it reaches as far as any."""
        rule = Rule.settled(kind="absoluteMonthly", interval=1, start=self.today, day=5)
        self.ahead(4000)
        event = self.create(self.series(rule))
        self.ahead(60)
        self.assertEqual(self.today + timedelta(days=4000), self.horizon)
        weekly = self.endless()
        event = self.change(event, when=weekly["when"], rule=weekly["rule"])

        self.assertEqual([0, 10, 20, 30, 40, 50, 60], self.days(event))
        self.assertEqual(self.today + timedelta(days=60), self.horizon)
        self.assertEqual(dict(weekly), dict(self.read(event, past=weekly)))

    def test_the_first_occurrence_is_always_there(self):
        """A series that begins after the horizon has a row to stand for it."""
        start = self.today + timedelta(days=400)
        exceptions = Keyed({start.isoformat(): CANCELLED})
        event = self.create(self.endless(start=start, occurrences=exceptions))

        self.assertEqual([410], self.days(event))

    def test_a_change_does_not_reach_further(self):
        """Time passed, and something else changed: the rows are those that were there."""
        event = self.create(self.endless())
        self.ahead(200)
        event = self.change(event, subject="Council")

        self.assertEqual([0, 10, 20, 30, 40, 50, 60], self.days(event))
        self.assertEqual(self.today + timedelta(days=60), self.horizon)

    def test_rows_beyond_the_horizon_stay(self):
        """What was made here reaches as far as Odoo made it."""
        event = self.create(self.endless())
        self.ahead(30)
        self.horizon = self.today + timedelta(days=30)
        event = self.change(event, subject="Council")

        self.assertEqual([0, 10, 20, 30, 40, 50, 60], self.days(event))

    def test_rows_are_added_as_time_passes(self):
        """They are like those that are there; nobody is mailed, and both sides stay at rest."""
        desk, meeting = self.known(self.endless())
        self.ahead(100)

        self.assertFalse(horizon.extend(desk, meeting))
        self.assertEqual(list(range(0, 101, 10)), self.days(meeting.event_id))
        self.assertEqual(self.today + timedelta(days=100), meeting.horizon)
        self.assertEqual({"Board"}, set(self.rows(meeting.event_id).mapped("name")))
        base = codec.load_base(meeting.base)
        shown = self.read(meeting.event_id, past=base.local, horizon=meeting.horizon)
        self.assertEqual(dict(base.local), dict(shown))
        self.assertFalse(self.mails())

    def test_they_are_added_a_month_at_a_time(self):
        """A day more is no reason to touch a series."""
        desk, meeting = self.known(self.endless())
        self.ahead(75)
        self.assertFalse(horizon.extend(desk, meeting))
        self.assertEqual(7, len(self.rows(meeting.event_id)))

    def test_cancelled_dates_stay_cancelled(self):
        """A date that was cancelled beyond the horizon gets no row when it is reached."""
        target = self.endless(occurrences=Keyed({self.slot(8): CANCELLED}))
        desk, meeting = self.known(target)
        self.ahead(100)

        self.assertFalse(horizon.extend(desk, meeting))
        self.assertEqual([70, 90, 100], self.days(meeting.event_id)[-3:])
        base = codec.load_base(meeting.base)
        shown = self.read(meeting.event_id, past=base.local, horizon=meeting.horizon)
        self.assertEqual(dict(base.local), dict(shown))

    def test_what_is_otherwise_there_must_be_looked_at(self):
        """Of an occurrence of its own beyond only a digest is known: Outlook is asked again."""
        own = Keyed({"subject": "Party", "body": Body.of("<p>Dance</p>")})
        desk, meeting = self.known(self.endless(occurrences=Keyed({self.slot(8): own})))
        self.ahead(100)

        self.assertTrue(horizon.extend(desk, meeting))
        self.assertEqual({"Board"}, set(self.rows(meeting.event_id).mapped("name")))
        self.assertIn("Agenda", self.rows(meeting.event_id)[8].description)
        base = codec.load_base(meeting.base)
        self.assertEqual((EMPTY, EMPTY), (base.local["occurrences"], base.remote["occurrences"]))
        shown = self.read(meeting.event_id, past=base.local, horizon=meeting.horizon)
        self.assertEqual(dict(base.local), dict(shown))

    def test_an_edit_that_waits_is_not_overtaken(self):
        """Moved here and not sent yet: the rows are added when both sides are in step again."""
        desk, meeting = self.known(self.endless())
        self.change(meeting.event_id, when=self.span(self.today, 15))
        self.ahead(100)

        self.assertFalse(horizon.extend(desk, meeting))
        self.assertEqual(7, len(self.rows(meeting.event_id)))

    def test_what_is_due_is_found(self):
        """Of a mailbox, what is in step and reaches a month less far than it should."""
        desk, meeting = self.known(self.endless())
        calendar = self.env["outlook.calendar"].create(
            {"account_id": desk.account.id, "remote_id": "calendar", "name": "Calendar"}
        )
        meeting.copy_ids = [
            (0, 0, {"calendar_id": calendar.id, "role": "organizer", "remote_id": "event"})
        ]
        self.assertFalse(self.due(desk))
        self.ahead(100)
        self.assertEqual(meeting, self.due(desk))

    def due(self, desk):
        """Return what is to be extended."""
        return horizon.due(self.env, desk.account, limit=10)

    def test_a_series_that_is_full_is_asked_again_in_a_month(self):
        """A daily one has as many rows as there may be: others are looked at meanwhile."""
        desk, meeting = self.known(self.daily(2010))
        self.ahead(900)

        self.assertFalse(horizon.extend(desk, meeting))
        self.assertEqual(self.today + timedelta(days=30), meeting.next_extension)
        self.assertFalse(self.due(desk))

    def test_one_whose_edit_waits_is_asked_again_tomorrow(self):
        """It makes room for others, too."""
        desk, meeting = self.known(self.endless())
        self.change(meeting.event_id, when=self.span(self.today, 15))
        self.ahead(100)

        self.assertFalse(horizon.extend(desk, meeting))
        self.assertEqual(self.today + timedelta(days=1), meeting.next_extension)
