"""Series without end have their occurrences here up to a day, and more as time passes."""

from datetime import timedelta

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

    def test_what_is_over_does_not_count(self):
        """Whoever has met daily for years has meetings ahead, up to Odoo's limit."""
        start = self.today - timedelta(days=800)
        self.ahead(900)
        event = self.create(self.series(Rule.settled(kind="daily", interval=1, start=start)))

        self.assertEqual(list(range(-800, 720)), self.days(event))
        self.assertEqual(self.today + timedelta(days=719), self.horizon)

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
        self.assertFalse(horizon.due(self.env, desk.account))
        self.ahead(100)
        self.assertEqual(meeting, horizon.due(self.env, desk.account))
