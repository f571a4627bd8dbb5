"""What Outlook forbids a series: the save here stands, a person is told, one occurrence waits.

docs/sync-rules.md, *What Outlook forbids*.
"""

from datetime import timedelta

from odoo.tests import tagged

from .common import BOB
from .series_case import SeriesCase


@tagged("post_install", "-at_install")
class TestSeriesHereLimits(SeriesCase):
    def _parked(self):
        """Move the second Monday onto the third, and rename the last one."""
        rows = self.board(guests=False)
        self.move(rows[1], days=7, hours=2)
        self.write(rows[3], scope="self_only", name="Last")
        self.sync(self.ann)
        return rows

    def test_an_occurrence_on_its_neighbours_day_waits_and_the_rest_goes_on(self):
        """Told on that row and on no other; everything else arrives; nothing is asked again."""
        rows = self._parked()

        self.assertEqual(self.at(14, 12), rows[1].start)
        self.assertIn("an occurrence can be neither on the day", rows[1].outlook_notice)
        self.assertFalse((rows - rows[1]).filtered("outlook_notice"))
        marks = rows.with_user(self.ann).mapped("outlook_status")
        self.assertEqual(["in_step", "attention", "in_step", "in_step"], marks)
        self.assertEqual("09:00", self.occurrence(7)["start"]["dateTime"][11:16])
        self.assertEqual("Last", self.occurrence(21)["subject"])
        self.forget()
        self.sync(self.ann)
        self.assertEqual([], self.written())

    def test_it_arrives_as_soon_as_it_fits(self):
        """Moved to a day that is free: it goes out, the notice goes away."""
        rows = self._parked()
        self.forget()
        self.move(rows[1], days=-2)
        self.assertArrives({"Board": ["PATCH day 7"]})

        self.assertFalse(rows.filtered("outlook_notice"))

    def test_it_arrives_when_its_neighbour_makes_room(self):
        """The neighbour moves away: now it fits, although nobody touched it."""
        rows = self._parked()
        self.forget()
        self.move(rows[2], days=2)
        self.sync(self.ann)

        self.assertInStep()
        self.assertFalse(rows.filtered("outlook_notice"))

    def test_it_can_be_detached_with_one_click(self):
        """Out of the series, the occurrence is a meeting of its own on both sides."""
        rows = self._parked()
        self.forget()
        rows[1].with_user(self.ann).action_outlook_detach()
        self.assertArrives({"Board": ["POST", "DELETE day 7"]})

        self.assertEqual(rows, self.here())
        self.assertFalse(rows[1].recurrence_id)
        self.assertFalse(rows.filtered("outlook_notice"))

    def test_other_edits_of_the_series_go_on_meanwhile(self):
        """A series with a waiting occurrence is renamed as a whole: all of it arrives."""
        rows = self._parked()
        self.forget()
        self.write(rows[0], scope="all_events", location="Room 5")
        self.sync(self.ann)

        self.assertEqual({"Room 5"}, {one["location"]["displayName"] for one in self.there()})
        self.assertTrue(rows[1].outlook_notice)
        self.assertEqual(self.at(14, 12), rows[1].start)

    def test_a_waiting_occurrence_that_is_moved_in_outlook(self):
        """Changed there meanwhile: that is news, and settles it."""
        rows = self._parked()
        self.change_there(7, **self.span(8, 15))
        self.sync(self.ann)
        self.forget()
        self.sync(self.ann)

        self.assertEqual([], self.written())
        self.assertEqual(4, len(rows.exists().filtered("active")))

    def test_longer_than_its_interval(self):
        """Thirty hours every day: Outlook has no such series. It waits, the save stood."""
        rows = self.series(rrule_type="daily", stop=self.at() + timedelta(hours=30))
        self.sync(self.ann)

        self.assertEqual(4, len(rows.exists()))
        self.assertTrue(any(self.here().mapped("outlook_notice")))
        self.assertEqual([], self.there())

        self.move(rows[0], scope="all_events", longer=-timedelta(hours=29))
        self.sync(self.ann)
        self.assertInStep()
        self.assertFalse(self.here().filtered("outlook_notice"))

    def test_nobody_without_an_account_hears_of_it(self):
        """Bob has no mailbox here: his series is Odoo's alone."""
        rows = self.series(user=self.bob, partner_ids=[(6, 0, self.bob.partner_id.ids)])
        self.write(rows[1], self.bob, scope="self_only", start=rows[2].start, stop=rows[2].stop)
        self.sync(self.ann)

        self.assertFalse(rows.filtered("outlook_notice"))
        self.assertEqual([], self.there(BOB))
