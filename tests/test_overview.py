"""The overview of administrators: what it lists, and that its buttons help."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from ..bridge import alarms, waking
from .common import ANN, SandboxCase


@tagged("post_install", "-at_install")
class TestOverview(SandboxCase):
    """An administrator looks at one mailbox."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.boss = new_test_user(cls.env, "boss-outlook", groups="base.group_system")
        alarms.crons(cls.env).write({"active": True, "nextcall": fields.Datetime.now()})

    def setUp(self):
        super().setUp()
        self.connect(self.ann, ANN)

    def open(self, user=None):
        """Return the overview as it is opened now."""
        model = self.env["outlook.overview"].with_user(user or self.boss)
        found = model.browse(model.action_open()["res_id"])
        found.web_read({"trouble_ids": {}})
        return found

    def kinds(self):
        """Return what troubles are listed now."""
        return self.open().trouble_ids.mapped("kind")

    def trouble(self, kind):
        """Return the listed trouble of that kind."""
        return self.open().trouble_ids.filtered(lambda one: one.kind == kind)

    def test_where_all_is_well_nothing_is_listed(self):
        """Figures, and no trouble."""
        self.make(self.ann)
        self.sync(self.ann)
        found = self.open()
        self.assertTrue(found.is_healthy)
        self.assertFalse(found.trouble_ids)
        self.assertEqual((found.accounts, found.unsent), ("1 connected", "None"))
        self.assertGreaterEqual(found.rounds, 2)

    def test_each_trouble_is_listed_and_leads_somewhere(self):
        """What needs somebody has a row, and its button opens what exists."""
        event = self.make(self.ann)
        self.sync(self.ann)
        self.meeting(event).state = "parked"
        account = self.account(self.ann)
        self.env["outlook.stop"].create(
            {"account_id": account.id, "direction": "in", "reason": "many"}
        )
        self.env["outlook.conflict"].create({"account_id": account.id, "winner": "local"})
        self.env["outlook.alarm"].create({"kind": "app", "code": "AADSTS7000222"})
        account.failures = 2
        self.env["ir.cron"].search(
            [("cron_name", "ilike", "Outlook Calendar: lane")]
        ).active = False
        self.write(event, self.ann, location="Room 1")
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE outlook_outbox SET create_date = %s",
            (fields.Datetime.now() - timedelta(hours=1),),
        )
        found = self.open()
        self.assertFalse(found.is_healthy)
        listed = {
            "alarm",
            "crons",
            "unsent",
            "failing",
            "open_stops",
            "set_aside",
            "open_conflicts",
        }
        self.assertEqual(set(found.trouble_ids.mapped("kind")), listed)
        for row in found.trouble_ids:
            with self.subTest(row.kind):
                self.assertTrue(row.words)
                action = row.action_look()
                records = self.env[action["res_model"]].with_user(self.boss)
                wanted = [("id", "=", action.get("res_id"))]
                self.assertTrue(records.search(action.get("domain", wanted)))
        for state in ("reconnect", "blocked", "preview"):
            account.state = state
            self.assertIn(state, self.kinds())

    def test_whoever_reads_it_again_sees_what_is_true_now(self):
        """Reloaded or by its address: measured anew, what lasts in the same row; never swept."""
        found = self.open()
        self.assertTrue(found.is_healthy)
        self.account(self.ann).failures = 1
        self.env["outlook.alarm"].create({"kind": "app", "code": "AADSTS7000222"})
        wanted = {name: {} for name in ("is_healthy", "measured_at", "accounts", "trouble_ids")}
        found.measured_at = False
        [shown] = found.web_read(wanted)
        self.assertFalse(shown["is_healthy"])
        self.assertTrue(shown["measured_at"])
        self.assertEqual(shown["accounts"], "1 connected (1 in trouble)")
        self.assertEqual(len(shown["trouble_ids"]), 2)
        failing = self.trouble("failing")
        self.env["outlook.alarm"].search([]).unlink()
        [shown] = found.web_read(wanted)
        self.assertEqual(shown["trouble_ids"], failing.ids)
        found._transient_vacuum()
        self.assertEqual(self.open(), found)

    def test_sync_now_makes_the_mailboxes_due(self):
        """*Sync now* ends the pause of those whose round met trouble."""
        account = self.account(self.ann)
        later = fields.Datetime.now() + timedelta(hours=1)
        account.write({"failures": 1, "backoff_until": later, "next_round_at": later})
        self.trouble("failing").action_mend()
        self.assertFalse(account.backoff_until)
        self.env.flush_all()
        self.assertIn(account.id, self.due())

    def test_retry_all_tries_what_is_set_aside(self):
        """*Retry all* lets the next round look at every meeting that is set aside."""
        event = self.make(self.ann)
        self.sync(self.ann)
        self.meeting(event).write({"state": "parked", "reason": "No"})
        row = self.trouble("set_aside")
        row.action_mend()
        self.sync(self.ann)
        self.assertEqual(self.meeting(event).state, "linked")
        self.assertFalse(self.open().trouble_ids)

    def test_scheduled_actions_are_switched_on(self):
        """*Switch on* brings the lanes back, whatever they are called, and none of others."""
        lanes = waking.find(self.env)
        foreign = lanes[0].copy({"cron_name": "Outlook Calendar: our own report"})
        (lanes | foreign).active = False
        lanes[0].cron_name = "Calendars"
        trouble = self.trouble("crons")
        self.assertEqual(
            alarms.crons(self.env), self.env["ir.cron"].search(trouble.action_look()["domain"])
        )
        trouble.action_mend()
        self.assertTrue(all(lanes.mapped("active")))
        self.assertFalse(foreign.active)
        self.assertNotIn("crons", self.kinds())

    def test_switched_off_and_paused_are_said(self):
        """What an administrator did to everybody is listed, and is no alarm."""
        for name, value in (("paused", "True"), ("enabled", "False")):
            self.env["ir.config_parameter"].set_param(f"outlook_calendar.{name}", value)
            found = self.open()
            self.assertTrue(found.is_healthy)
            self.assertEqual(found.trouble_ids.mapped("kind"), ["settings"])
            self.assertEqual(found.trouble_ids.action_look()["res_model"], "res.config.settings")

    def test_only_administrators_see_it(self):
        """Users may not open it."""
        with self.assertRaises(AccessError):
            self.open(self.ann)
