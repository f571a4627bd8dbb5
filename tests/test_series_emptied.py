"""Series whose dates are cancelled one by one in Outlook, which keeps them and shows nothing.

docs/sync-rules.md, *Recurring meetings: acts in Outlook*.
"""

from odoo.tests import tagged

from .common import ANN
from .series_case import SeriesCase


@tagged("post_install", "-at_install")
class TestSeriesEmptied(SeriesCase):
    def _empty(self, *days):
        for day in days:
            self.delete_there(day)

    def test_the_last_date_takes_the_series_with_it(self):
        """All rows are archived, and nothing is known of it any more."""
        self.board_there()
        rows = self.here()
        self._empty(0, 7, 14, 21)
        self.assertTaken()

        self.assertFalse(rows.filtered("active"))
        self.assertIn("Outlook", rows[0].message_ids[:1].body)
        self.assertFalse(self.env["outlook.meeting"].search([("state", "=", "parked")]))

    def test_the_last_date_of_which_others_went_here(self):
        """It does not matter which side cancelled the others."""
        self.board_there()
        self.delete(self.here()[0], "one")
        self.delete(self.here()[0], "one")
        self.bring_over()
        self._empty(14, 21)
        self.assertTaken()

        self.assertFalse(self.here())

    def test_what_had_no_date_from_the_start_is_not_made_here(self):
        """Nobody could see it there either."""
        self.make_series_there()
        self._empty(0, 7, 14, 21)
        self.assertTaken()

        self.assertFalse(self.here())
        self.assertFalse(self.env["outlook.meeting"].search([("state", "=", "parked")]))

    def test_an_edit_here_meanwhile_beats_it(self):
        """As with a deletion of the whole: it goes out again, as a new series."""
        self.board_there()
        self.write(self.here()[0], scope="all_events", name="Council")
        self._empty(0, 7, 14, 21)
        self.sync(self.ann)

        self.assertEqual(4, len(self.there(ANN, "Council")))
        self.assertEqual(4, len(self.here("Council")))
        self._assertQuiet()
