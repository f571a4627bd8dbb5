"""The span of time that is kept in step, whatever an administrator wrote in its parameters."""

from odoo.tests import tagged

from odoo.addons.outlook_calendar.bridge import settings

from .common import ANN, SandboxCase


@tagged("post_install", "-at_install")
class TestWindow(SandboxCase):
    def window(self, past, future):
        """Set both parameters and return what comes of them."""
        parameters = self.env["ir.config_parameter"]
        parameters.set_param("outlook_calendar.window_past_days", past)
        parameters.set_param("outlook_calendar.window_future_days", future)
        return settings.window_days(self.env)

    def test_a_span_that_is_too_long_is_cut_from_the_future(self):
        """Graph shows 1825 days: the past is kept, and a day ahead always remains."""
        self.assertEqual((1000, 825), self.window("1000", "900"))
        self.assertEqual((1824, 1), self.window("5000", "900"))
        self.assertEqual((365, 1460), self.window("365", "99999999999999"))
        self.assertEqual((1000, 825), self.window("1000", "825"))
        self.assertEqual((0, 1), self.window("0", "0"))

    def test_what_is_no_number_of_days_counts_as_not_set(self):
        """Words, signs and fractions fall back to a year back and two ahead."""
        for nonsense in ("-5", "many", "3.5", " "):
            with self.subTest(nonsense):
                self.assertEqual((365, 730), self.window(nonsense, nonsense))

    def test_the_longest_span_is_accepted_by_outlook(self):
        """A round over all that may be asked for is no error."""
        self.window("5000", "5000")
        self.connect(self.ann, ANN)

        self.assertEqual("done", self.account(self.ann).run_ids[:1].state)
