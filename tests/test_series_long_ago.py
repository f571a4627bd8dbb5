"""Series that began long ago, and those that Odoo makes for longer than a life.

docs/sync-rules.md, *Series without end*.
"""

from datetime import date, timedelta
from itertools import pairwise

from odoo import fields
from odoo.tests import tagged

from .common import ANN
from .series_case import SeriesCase

HORIZON = "outlook_calendar.horizon_days"
FUTURE = "outlook_calendar.window_future_days"
PAST = "outlook_calendar.window_past_days"


@tagged("post_install", "-at_install")
class TestSeriesLongAgo(SeriesCase):
    def configure(self):
        self._set(past=20, ahead=40)

    def _set(self, *, past, ahead):
        for name, days in ((PAST, past), (FUTURE, ahead), (HORIZON, ahead)):
            self.env["ir.config_parameter"].set_param(name, days)

    def _daily(self, year):
        """Let Ann have a daily meeting without end from the first day of a year on."""
        self.make_series_there(
            subject="Stand-up",
            pattern={"type": "daily", "interval": 1},
            ends={"type": "noEnd"},
            start={"dateTime": f"{year}-01-01T10:00:00", "timeZone": "Europe/Brussels"},
            end={"dateTime": f"{year}-01-01T11:00:00", "timeZone": "Europe/Brussels"},
        )
        self.sync(self.ann)
        self.forget()
        return self.here("Stand-up")

    def _days(self):
        """Return the days of the rows, counted from today."""
        today = fields.Date.today()
        return [(row.start.date() - today).days for row in self.here()]

    def _assertQuietRound(self):
        self.forget()
        run = self.sync(self.ann)
        self.assertEqual([], self.written())
        self.assertEqual(0, run.changed_local)

    def test_the_rows_of_the_window_are_made(self):
        """However long ago it began: what is before the window is nobody's business."""
        self._daily(1900)

        self.assertEqual(list(range(-20, 41)), self._days())
        self.assertEqual("1900-01-01", self.master("Stand-up")["recurrence"]["range"]["startDate"])
        self._assertQuietRound()

    def test_time_passing_writes_nothing(self):
        """The window moves on: rows are added ahead, what is behind it stays; no write there."""
        self._daily(2010)
        self._set(past=5, ahead=80)
        self.sync(self.ann)

        self.assertEqual(list(range(-20, 81)), self._days())
        self.assertEqual([], self.written())
        self._assertQuietRound()

    def test_its_later_part_is_recognised_when_the_links_are_lost(self):
        """After another installation of the addon: joined by its first row, and not made again."""
        rows = self._daily(2010)
        self.env["outlook.meeting"].search([]).unlink()
        calendar = self.account(self.ann).calendar_ids
        calendar.write({"delta_link": False, "page_link": False})
        self.forget()
        run = self.sync(self.ann)

        self.assertEqual(rows, self.here("Stand-up"))
        self.assertEqual((1, []), (run.joined, self.written()))
        self._assertQuietRound()

    def test_edits_here_leave_its_past_alone(self):
        """One moved, one deleted, all renamed: single dates are written, and it begins when it
        did."""
        rows = self._daily(2010)
        self.move(rows[30], hours=2)
        rows[32].with_user(self.ann).unlink()
        self.write(rows[0], scope="all_events", name="Other")
        self.sync(self.ann)

        wrote = sorted(act.split()[0] for act in self._acts()[0]["Stand-up"])
        self.assertEqual(["DELETE", "PATCH", "PATCH"], wrote)
        self.assertEqual("2010-01-01", self.master("Other")["recurrence"]["range"]["startDate"])
        self._assertQuietRound()

    def test_a_new_time_here_is_a_new_time_of_the_whole(self):
        """All an hour later by *all events*: no date before the rows is deleted in Outlook."""
        rows = self._daily(2010)
        self.move(rows[0], hours=1, scope="all_events")
        self.sync(self.ann)

        self.assertEqual(["PATCH"], self._acts()[0]["Stand-up"])
        master = self.master("Stand-up")
        self.assertEqual("2010-01-01", master["recurrence"]["range"]["startDate"])
        self.assertEqual({11}, {wall.hour for wall in self.walls_there("Stand-up")})
        self._assertQuietRound()

    def test_a_new_pattern_there_begins_where_the_window_does(self):
        """Each second day from 2010 on: the rows of the window, and no others."""
        self._daily(2010)
        recurrence = self.master("Stand-up")["recurrence"]
        recurrence["pattern"] = {"type": "daily", "interval": 2}
        master = self.master("Stand-up")["id"]
        self.sandbox.change_event(ANN, master, {"recurrence": recurrence})
        self.sync(self.ann)

        days = self._days()
        self.assertEqual({2}, {after - before for before, after in pairwise(days)})
        self.assertIn(days[0], (-20, -19))
        self._assertQuietRound()

    def test_dates_that_odoo_leaves_out_are_cancelled_as_far_as_rows_reach(self):
        """Monthly on the 31st for ever: those of the next years now, the others as time passes."""
        start = date(fields.Date.today().year + 1, 1, 31)
        first = fields.Datetime.to_datetime(start) + timedelta(hours=9)
        self._set(past=20, ahead=900)
        self.series(
            "Month's end",
            start=first,
            stop=first + timedelta(hours=1),
            rrule_type="monthly",
            month_by="date",
            day=31,
            mon=False,
            end_type="forever",
        )
        self.sync(self.ann)

        wrote = self._acts()[0]["Month's end"]
        deleted = [act for act in wrote if act.startswith("DELETE")]
        self.assertIn(len(deleted), range(6, 14))
        self._assertQuietRound()
        self._set(past=20, ahead=1300)
        self.sync(self.ann)
        later = self._acts()[0]["Month's end"]
        self.assertTrue(later)
        self.assertEqual({"DELETE"}, {act.split()[0] for act in later})
        self.assertLess(len(later), 10)
        self._assertQuietRound()
