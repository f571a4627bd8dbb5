"""How a mailbox is surveyed before its first round: in slices, and whatever goes wrong."""

import time
from datetime import timedelta

from odoo.tests import tagged

from odoo.addons.outlook_calendar.bridge import forecast
from odoo.addons.outlook_calendar.bridge import round as rounds

from .common import ANN, graph_time
from .preview_case import PreviewCase


@tagged("post_install", "-at_install")
class TestSurvey(PreviewCase):
    def fill(self, count):
        """Make so many meetings in Ann's mailbox."""
        for number in range(count):
            start = self.soon() + timedelta(hours=number)
            end = start + timedelta(minutes=30)
            self.make_remote(
                ANN, subject=f"N{number}", start=graph_time(start), end=graph_time(end)
            )

    def pages(self):
        """Return how many pages of the calendar were asked for, and forget it."""
        asked = [one for one in self.sandbox.requests if "calendarView/delta" in one.path]
        self.sandbox.state.requests.clear()
        return len(asked)

    def test_a_big_mailbox_is_surveyed_in_slices(self):
        """Out of time: due again at once, goes on behind the last page, and then asks."""
        self.existing()
        self.fill(450)
        account = self.connect(self.ann, ANN, sync=False)
        self.assertIs(rounds.Outcome.MORE, self.run_slice(self.ann))
        self.assertEqual("active", account.state)
        self.assertFalse(self.numbers()["done"])
        self.assertEqual(200, self.numbers()["incoming"])
        self.assertIn(account.id, self.due())
        while account.state == "active":
            self.run_slice(self.ann)

        self.assertEqual("preview", account.state)
        self.assertEqual(450, self.numbers()["incoming"])
        self.assertEqual(3, self.pages())
        self.assertEqual([], self.written())

    def test_a_page_whose_link_expired_is_begun_anew(self):
        """Nothing is counted twice when Graph has forgotten where the survey was."""
        self.existing()
        self.fill(250)
        account = self.connect(self.ann, ANN, sync=False)
        self.run_slice(self.ann)
        self.sandbox.state.expire_delta(ANN)
        self.sync(self.ann)

        self.assertEqual("preview", account.state)
        self.assertEqual(250, self.numbers()["incoming"])

    def test_a_throttled_survey_goes_on_where_it_was(self):
        """Microsoft asks to wait: the mailbox rests as in any round, and nothing is read twice."""
        self.existing()
        self.fill(250)
        account = self.connect(self.ann, ANN, sync=False)
        self.run_slice(self.ann)
        self.pages()
        self.sandbox.faults.throttle(300, path="/calendarView/delta")
        self.sync(self.ann)
        self.assertTrue(account.backoff_until)
        self.assertEqual("active", account.state)
        account.backoff_until = False
        self.pages()
        self.sync(self.ann)

        self.assertEqual("preview", account.state)
        self.assertEqual((250, 1), (self.numbers()["incoming"], self.pages()))

    def test_a_sign_in_that_dies_meanwhile(self):
        """The survey ends in *reconnect*; after the sign-in it is made, and asks."""
        self.existing()
        account = self.connect(self.ann, ANN, sync=False)
        self.sandbox.state.directory.sign_out(ANN, code=50173)
        self.sandbox.state.directory.expire_access(ANN)
        self.sync(self.ann)
        self.assertEqual("reconnect", account.state)
        self.assertEqual(1, len(account.activity_ids))
        self.wait()

    def test_what_is_told_twice_counts_once(self):
        """Pages of changes may repeat themselves."""
        self.existing()
        self.fill(3)
        self.sandbox.faults.duplicate_delta(times=None)
        self.wait()

        self.assertEqual(3, self.numbers()["incoming"])

    def test_an_unreadable_event_stops_no_survey(self):
        """What cannot be read is left out, as the round will set it aside."""
        self.existing()
        self.fill(2)
        broken = self.make_remote(ANN, subject="Broken")
        self.sandbox.state.mailbox(ANN).find(broken["id"]).item.content["subject"] = 5
        self.wait()

        self.assertEqual(2, self.numbers()["incoming"])

    def test_the_button_looks_again_when_the_survey_is_old(self):
        """A young survey is shown as it is; after an hour the button looks anew, and waits on."""
        self.existing()
        account = self.wait()
        self.fill(1)
        self.sandbox.state.requests.clear()
        self.look()
        self.assertEqual((0, 0), (self.pages(), self.numbers()["incoming"]))
        account.preview_at -= timedelta(hours=2)
        self.look()

        self.assertEqual((1, 1), (self.pages(), self.numbers()["incoming"]))
        self.assertEqual("preview", account.state)
        self.assertEqual([], self.written())

    def test_a_dead_sign_in_shows_at_the_button(self):
        """Looking again with a dead sign-in: the account asks to sign in, the owner is told why."""
        self.existing()
        account = self.wait()
        account.preview_at -= timedelta(hours=2)
        self.sandbox.state.directory.sign_out(ANN, code=50173)
        self.sandbox.state.directory.expire_access(ANN)
        self.env.flush_all()
        with self.enter_registry_test_mode():
            outcome = forecast.run(self.env.registry, account.id, deadline=time.monotonic() + 20)
        self.env.invalidate_all()

        self.assertIs(forecast.Outcome.FAULT, outcome)
        self.assertEqual("reconnect", account.state)
