"""What open calendars hear of a round, and when the Outlook button may stop turning."""

import json
from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .common import ANN, SandboxCase


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
        """Return what was said since the last call."""
        rows = self.env["bus.bus"].search([("id", ">", self.last)], order="id")
        self.last = self._newest()
        messages = [json.loads(message) for message in rows.mapped("message")]
        return [one["payload"] for one in messages if one["type"] == "outlook_calendar/changed"]

    def _status(self):
        return self.env["outlook.account"].with_user(self.ann)._status_of_current_user()

    def _ask(self):
        self.account(self.ann).with_user(self.ann).action_sync_now()
        self.assertEqual("syncing", self._status()["state"])
        self.run_lane()

    def test_who_asked_for_a_round_hears_of_its_end(self):
        """Nothing changed: the button is told all the same, and finds that nothing is under way."""
        self._ask()

        expected = {"events": 0, "state": "active", "mailbox": ANN}
        self.assertEqual([expected], self._heard())
        self.assertEqual("synced", self._status()["state"])

    def test_the_first_rounds_end_is_told(self):
        """Connecting is asking for a round."""
        self.account(self.ann)._sign_out()
        self.connect(self.ann, ANN, sync=False)
        self._heard()
        self.run_lane()

        self.assertEqual([0], [one["events"] for one in self._heard()])

    def test_the_end_of_a_round_that_failed_is_told(self):
        """Otherwise the button would turn on for nothing."""
        self.sandbox.faults.server_error(503, times=None)
        self._ask()

        self.assertEqual([0], [one["events"] for one in self._heard()])
        self.assertTrue(self._status()["message"])

    def test_a_round_that_nobody_asked_for_is_silent(self):
        """On schedule and without news there is nothing to say."""
        self.account(self.ann).next_round_at = fields.Datetime.now() - timedelta(minutes=2)
        self.run_lane()

        self.assertEqual("done", self.account(self.ann).run_ids[:1].state)
        self.assertEqual([], self._heard())
