"""Series without end: rows up to a horizon that moves on. docs/sync-rules.md, *Series without
end*."""

from datetime import datetime, timedelta

from odoo.tests import tagged

from .common import ANN, GUEST, attendee, graph_time
from .series_case import SeriesCase

HORIZON = "outlook_calendar.horizon_days"
WINDOW = "outlook_calendar.window_future_days"


@tagged("post_install", "-at_install")
class TestSeriesThereHorizon(SeriesCase):
    def configure(self):
        self.env["ir.config_parameter"].set_param(WINDOW, 30)
        self._horizon(40)

    def setUp(self):
        super().setUp()
        start = self.soon(3)
        recurrence = {
            "pattern": {"type": "daily", "interval": 7},
            "range": {"type": "noEnd", "startDate": start.date().isoformat()},
        }
        self.make_remote(
            ANN,
            subject="Endless",
            start=graph_time(start),
            end=graph_time(start + timedelta(hours=1)),
            recurrence=recurrence,
            isReminderOn=False,
            attendees=[attendee(GUEST)],
        )
        self.sync(self.ann)
        self.forget()
        self.rows = self.here("Endless")

    def _horizon(self, days):
        self.env["ir.config_parameter"].set_param(HORIZON, days)

    def _within(self, days):
        """Return what both sides show up to so many days ahead."""
        end = self.soon(days, 23).isoformat()
        there = [one for one in self.shown_there() if one.start < end]
        return there, self.shown_here()

    def test_rows_reach_to_the_horizon(self):
        """A series without end has rows so far ahead, and no more."""
        there, here = self._within(40)

        self.assertEqual(there, here)
        self.assertEqual(6, len(here))

    def test_the_horizon_moves_on(self):
        """As time passes rows are added: nothing is written in Outlook, nobody is mailed."""
        self._horizon(82)
        self.sync(self.ann)

        there, here = self._within(82)
        self.assertEqual(there, here)
        self.assertEqual(12, len(here))
        self.assertEqual(self.rows, self.here()[:6])
        self.assertEqual(1, len(self.here().recurrence_id))
        self.assertEqual([], self.written())
        self.assertEqual([], self.told())
        self.assertFalse(self.mails())
        self.sync(self.ann)
        self.assertEqual(12, len(self.here()))
        self.assertEqual([], self.written())

    def test_new_rows_look_like_those_that_follow(self):
        """Renamed in Outlook, the last row special: what is added shows the series."""
        self.sandbox.change_event(ANN, self.master("Endless")["id"], {"subject": "Renamed"})
        self.write(self.rows[-1], scope="self_only", name="Special")
        self.sync(self.ann)
        self._horizon(82)
        self.sync(self.ann)

        names = self.here().mapped("name")
        self.assertEqual(["Renamed"] * 5 + ["Special"] + ["Renamed"] * 6, names)
        self.assertEqual({self.guest}, set(self.here()[-1].partner_ids - self.ann.partner_id))

    def test_edits_here_leave_it_without_end(self):
        """All renamed, one moved, one deleted here: Outlook's series still has no end."""
        self.write(self.rows[0], scope="all_events", name="Other")
        self.move(self.rows[2], hours=2)
        self.rows[3].with_user(self.ann).unlink()
        self.sync(self.ann)

        self.assertEqual("noEnd", self.master("Other")["recurrence"]["range"]["type"])
        wrote = sorted(act.split()[0] for act in self._acts()[0]["Endless"])
        self.assertEqual(["DELETE", "PATCH", "PATCH"], wrote)
        there, here = self._within(40)
        self.assertEqual(there, here)

    def test_the_last_row_deleted_here_is_one_date(self):
        """The horizon's last row is no end."""
        self.rows[-1].with_user(self.ann).unlink()
        self.sync(self.ann)

        self.assertEqual("noEnd", self.master("Endless")["recurrence"]["range"]["type"])
        self.assertEqual(["DELETE"], [act.split()[0] for act in self._acts()[0]["Endless"]])
        self._horizon(82)
        self.sync(self.ann)
        self.assertEqual(11, len(self.here()))

    def test_this_and_following_deleted_here_is_an_end(self):
        """From the third on deleted: Outlook's series ends there."""
        self.rows[2].with_user(self.ann).action_mass_deletion("future_events")
        self.sync(self.ann)

        self.assertEqual("endDate", self.master("Endless")["recurrence"]["range"]["type"])
        self.assertEqual(2, len(self.there()))
        self.assertInStep()

    def test_an_end_set_in_outlook(self):
        """Ended there: rows beyond are archived, the horizon adds none."""
        master = self.master("Endless")
        first = datetime.fromisoformat(master["start"]["dateTime"][:19]).date()
        ends = {
            "type": "endDate",
            "startDate": first.isoformat(),
            "endDate": (first + timedelta(days=15)).isoformat(),
        }
        pattern = master["recurrence"]["pattern"]
        self.sandbox.change_event(
            ANN, master["id"], {"recurrence": {"pattern": pattern, "range": ends}}
        )
        self.sync(self.ann)
        self._horizon(90)
        self.sync(self.ann)

        self.assertEqual(self.rows[:3], self.here())

    def test_a_finite_series_beyond_the_horizon(self):
        """A hundred weeks: rows up to the horizon; its end in Outlook stays what it is."""
        start = self.soon(3)
        ends = {"type": "numbered", "numberOfOccurrences": 100}
        self.make_series_there(
            subject="Long", pattern={"type": "daily", "interval": 7}, ends=ends,
            start=graph_time(start), end=graph_time(start + timedelta(hours=1)),
        )  # fmt: skip
        self.sync(self.ann)
        rows = self.here("Long")
        self.assertEqual(6, len(rows))
        self.write(rows[0], scope="all_events", name="Longer")
        self.sync(self.ann)

        span = self.master("Longer")["recurrence"]["range"]
        self.assertEqual(("numbered", 100), (span["type"], span["numberOfOccurrences"]))
