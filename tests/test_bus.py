"""What open calendars learn of a round, and when the Outlook button may stop turning."""

import json
from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from ..bridge.news import LOOK_NOW
from .common import ANN, BOB, SandboxCase, attendee


@tagged("post_install", "-at_install")
class TestBus(SandboxCase):
    def setUp(self):
        super().setUp()
        self.connect(self.ann, ANN)
        self.last = self._newest()

    def _newest(self):
        self.env.flush_all()
        return self.env["bus.bus"].search([], order="id desc", limit=1).id or 0

    def _heard(self):
        """Return whose pages were told to look since the last call."""
        rows = self.env["bus.bus"].search([("id", ">", self.last)], order="id")
        self.last = self._newest()
        told = [one for one in rows if json.loads(one.message)["type"] == LOOK_NOW]
        partners = [json.loads(one.channel)[2] for one in told]
        return sorted(self.env["res.partner"].browse(partners).mapped("email"))

    def _status(self):
        return self.env["outlook.account"].with_user(self.ann)._status_of_current_user()

    def _ask(self):
        self.account(self.ann).with_user(self.ann).action_sync_now()
        self.assertEqual("syncing", self._status()["state"])
        self.run_lane()

    def test_who_asked_for_a_round_hears_of_its_end(self):
        """Nothing changed: the button is told all the same, and finds that nothing is under way."""
        self._ask()

        self.assertEqual([ANN], self._heard())
        self.assertEqual("synced", self._status()["state"])

    def test_the_first_rounds_end_is_told(self):
        """Connecting is asking for a round."""
        self.account(self.ann)._sign_out()
        self.connect(self.ann, ANN, sync=False)
        self._heard()
        self.run_lane()

        self.assertEqual([ANN], self._heard())

    def test_the_end_of_a_round_that_failed_is_told(self):
        """Otherwise the button would turn on for nothing."""
        self.sandbox.faults.server_error(503, times=None)
        self._ask()

        self.assertEqual([ANN], self._heard())
        self.assertTrue(self._status()["message"])

    def test_a_round_that_nobody_asked_for_is_silent(self):
        """On schedule and without news there is nothing to say."""
        self.account(self.ann).next_round_at = fields.Datetime.now() - timedelta(minutes=2)
        self.run_lane()

        self.assertEqual("done", self.account(self.ann).run_ids[:1].state)
        self.assertEqual([], self._heard())

    # The number that tells whether a calendar shows something old -----------------------------

    def _news(self, user):
        return self.env["outlook.account"].with_user(user)._status_of_current_user()["news"]

    def _moved(self, *users):
        """Return by name who of these users has news since the last call of this method."""
        before, self.news = getattr(self, "news", {}), {user: self._news(user) for user in users}
        return [user.name for user in users if self.news[user] != before.get(user)]

    def test_what_arrives_is_news_for_everybody_in_the_meeting(self):
        """A colleague without a mailbox of his own here learns of it, too; others do not."""
        eve = self._user("eve", "eve@contoso.example", "UTC")
        self._moved(self.ann, self.bob, eve)
        self.make_remote(ANN, subject="Board", attendees=[attendee(BOB)])
        self.sync(self.ann)

        self.assertEqual(["Ann", "Bob"], self._moved(self.ann, self.bob, eve))
        self.assertEqual([ANN, BOB], self._heard())

    def _make_series(self, **values):
        """Make a series of three days in Outlook; return it and the start of its second date."""
        start = self.soon()
        pattern = {"type": "daily", "interval": 1}
        span = {"type": "numbered", "startDate": f"{start:%F}", "numberOfOccurrences": 3}
        values = {"subject": "Board", "recurrence": {"pattern": pattern, "range": span}, **values}
        return self.make_remote(ANN, **values), start + timedelta(days=1)

    def test_who_is_invited_to_one_date_of_a_series_learns_of_it(self):
        """He is on no other row of it."""
        _made, second = self._make_series()
        self.sync(self.ann)
        self._moved(self.bob)
        window = (second.isoformat(), (second + timedelta(hours=1)).isoformat())
        [date] = self.sandbox.view(ANN, *window)
        self.sandbox.change_event(ANN, date["id"], {"attendees": [attendee(BOB)]})
        self.sync(self.ann)

        invited = self.local("Board").filtered(lambda row: self.bob.partner_id in row.partner_ids)
        self.assertEqual([second], invited.mapped("start"))
        self.assertEqual(["Bob"], self._moved(self.bob))

    def test_a_series_that_is_deleted_in_outlook_is_news(self):
        """No row of it is left that could tell who had it."""
        made, _second = self._make_series(attendees=[attendee(BOB)])
        self.sync(self.ann)
        self._moved(self.ann, self.bob)
        self.sandbox.delete_event(ANN, made["id"])
        self.sync(self.ann)

        self.assertFalse(self.local("Board").filtered("active"))
        self.assertEqual(["Ann", "Bob"], self._moved(self.ann, self.bob))

    def test_who_is_taken_off_the_list_learns_of_it(self):
        """It is in his calendar until his page looks again."""
        made = self.make_remote(ANN, subject="Board", attendees=[attendee(BOB)])
        self.sync(self.ann)
        self._moved(self.bob)
        self.sandbox.change_event(ANN, made["id"], {"attendees": []})
        self.sync(self.ann)

        self.assertNotIn(self.bob.partner_id, self.local("Board").partner_ids)
        self.assertEqual(["Bob"], self._moved(self.bob))

    def test_what_is_deleted_in_outlook_is_news(self):
        """A calendar that shows a cancelled meeting shows something old."""
        made = self.make_remote(ANN, subject="Board", attendees=[attendee(BOB)])
        self.sync(self.ann)
        self._moved(self.ann, self.bob)
        self.sandbox.delete_event(ANN, made["id"])
        self.sync(self.ann)

        self.assertEqual(["Ann", "Bob"], self._moved(self.ann, self.bob))

    def test_nothing_new_moves_no_number(self):
        """No page reads its calendar again for a round without news, nor for what was sent."""
        self.make(self.ann, name="Plan", partner_ids=(self.ann + self.bob).partner_id.ids)
        self._moved(self.ann, self.bob)
        self.sync(self.ann)
        self.assertTrue(self.remote(ANN, "Plan"))
        self.sync(self.ann)

        self.assertEqual([], self._moved(self.ann, self.bob))

    def test_a_reset_that_deletes_is_news_for_the_guests(self):
        """Their calendars lose the meeting, too."""
        self.make(self.ann, name="Plan", partner_ids=(self.ann + self.bob).partner_id.ids)
        self.sync(self.ann)
        self._moved(self.ann, self.bob)
        wizard = self.env["outlook.account.reset"].with_user(self.ann)
        wizard.create({"user_id": self.ann.id, "delete_policy": "local"}).action_confirm()
        self.sync(self.ann)

        self.assertFalse(self.local("Plan"))
        self.assertEqual(["Ann", "Bob"], self._moved(self.ann, self.bob))

    def test_news_cost_one_query(self):
        """Each page with a calendar asks for them again and again."""
        self._news(self.bob)
        with self.assertQueryCount(1):
            self.env["outlook.news"].with_user(self.bob)._of_current_user()
