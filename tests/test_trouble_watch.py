"""What no round sees is seen once an hour: crons that are off, the end of the secret."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import TransactionCase, new_test_user, tagged

from ..bridge import alarms, settings, waking, watch


@tagged("post_install", "-at_install")
class TestWatch(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.boss = new_test_user(cls.env, "boss-watch", groups="base.group_system")
        cls.clerk = new_test_user(cls.env, "clerk-watch", groups="base.group_user")
        settings.switch(cls.env, enabled=True)
        waking.find(cls.env).nextcall = fields.Datetime.now()

    def told(self, kind):
        """Return what the administrator was told of a kind and has not done yet."""
        self.env.invalidate_all()
        alarm = self.env["outlook.alarm"].search([("kind", "=", kind)])
        return alarm.activity_ids.filtered(lambda one: one.user_id == self.boss)

    def ends_in(self, days):
        """Let the secret end in so many days, and the watch look."""
        day = fields.Date.today() + timedelta(days=days)
        settings.store_secret_expires_on(self.env, day)
        watch.look_at_secret(self.env)

    def test_the_end_of_the_secret_is_told_three_times(self):
        """60, 30 and 7 days before, once each, also where days were missed."""
        seen = []
        for days in (61, 60, 59, 31, 30, 29, 8, 6, 5):
            before = self.told("secret").ids
            self.ends_in(days)
            told = self.told("secret")
            seen.append(bool(told) and told.ids != before)
        self.assertEqual([False, True, False, False, True, False, False, True, False], seen)
        self.assertEqual(1, len(self.told("secret")))

    def test_what_was_done_is_not_told_again(self):
        """An activity that the administrator marked as done stays done until the next warning."""
        self.ends_in(60)
        self.told("secret").action_done()
        self.ends_in(59)
        self.assertFalse(self.told("secret"))
        self.ends_in(30)
        self.assertTrue(self.told("secret"))

    def test_a_later_end_takes_the_warning_back(self):
        """So does a secret whose end nobody knows."""
        self.ends_in(5)
        self.ends_in(300)
        self.assertFalse(self.told("secret"))

    def test_the_end_of_an_old_secret_says_nothing_of_a_new_one(self):
        """Saved without a day, the new one has none; saved with one, it has that."""
        self.ends_in(5)
        wizard = self.env["res.config.settings"].create({"outlook_calendar_enabled": True})
        wizard.outlook_calendar_client_secret = "new"
        wizard.execute()
        self.assertIsNone(settings.secret_expires_on(self.env))
        self.assertFalse(self.told("secret"))

        day = fields.Date.today() + timedelta(days=20)
        wizard = self.env["res.config.settings"].create(
            {"outlook_calendar_enabled": True, "outlook_calendar_secret_ends_on": day}
        )
        wizard.execute()
        self.assertEqual(day, settings.secret_expires_on(self.env))
        self.assertTrue(self.told("secret"))

    def test_lanes_that_are_switched_off_are_told(self):
        """All of them; one alone may be off on purpose, and is named where people look."""
        lanes = waking.find(self.env)
        lanes[0].active = False
        watch.look_at_crons(self.env)
        self.assertFalse(self.told("crons"))
        self.assertEqual([lanes[0].name], alarms.crons_off(self.env))
        self.assertIn(lanes[0].name, alarms.crons_trouble(self.env))

        lanes.active = False
        watch.look_at_crons(self.env)
        self.assertTrue(self.told("crons"))
        lanes.active = True
        watch.look_at_crons(self.env)
        self.assertFalse(self.told("crons"))

    def test_lanes_that_nobody_runs_are_told(self):
        """On, and due for long: this server runs no scheduled actions."""
        waking.find(self.env).nextcall = fields.Datetime.now() - timedelta(hours=1)
        watch.look_at_crons(self.env)

        self.assertTrue(self.told("crons"))
        self.assertTrue(self.settings_say().outlook_calendar_trouble)

    def settings_say(self):
        return self.env["res.config.settings"].create({})

    def test_the_settings_show_what_is_wrong(self):
        """All that lasts, whoever was told of it; nothing where all is well."""
        self.assertFalse(self.settings_say().outlook_calendar_trouble)
        self.ends_in(5)
        waking.find(self.env).active = False
        shown = self.settings_say().outlook_calendar_trouble
        self.assertIn("Client Secret", shown)
        self.assertIn("Outlook Calendar: lane 1", shown)

    def test_what_wakes_a_lane_passes_over_those_that_are_off(self):
        """Whatever its number, an account has somebody who hears of it."""
        lanes = waking.find(self.env)
        lanes[1:].active = False
        triggers = self.env["ir.cron.trigger"]
        triggers.search([("cron_id", "in", lanes.ids)]).unlink()
        waking.wake(self.env, [1, 2, 3])
        self.env.cr.precommit.run()

        self.assertEqual(lanes[0], triggers.search([("cron_id", "in", lanes.ids)]).cron_id)

    def test_a_look_that_fails_does_not_keep_the_others_from_looking(self):
        """Nobody would watch any more: Odoo switches off what fails again and again."""
        name = [("module", "=", "base"), ("name", "=", "group_system")]
        alarms.sound(self.env, "app", "client_id")
        waking.find(self.env).active = False
        self.env["ir.model.data"].search(name).unlink()
        with (
            self.enter_registry_test_mode(),
            self.assertLogs("odoo.addons.outlook_calendar.bridge.watch", "ERROR") as logged,
            self.registry.cursor() as cr,
        ):
            watch.keep(self.env(cr=cr))
        self.env.invalidate_all()

        self.assertEqual(1, len(logged.output))
        self.assertIn("look_at_crons", logged.output[0])
        self.assertFalse(alarms.is_sounding(self.env, "app"))

    def test_limits_are_kept_as_entered(self):
        """Nought is a number, too."""
        values = {"stop_deletions": 0, "stop_percent": 50, "stop_least": 1, "journal_days": 30}
        self.env["res.config.settings"].create(
            {f"outlook_calendar_{name}": value for name, value in values.items()}
        ).execute()

        limits = settings.deletion_limits(self.env)
        self.assertEqual((0, 50, 1), (limits.count, limits.percent, limits.least))
        self.assertEqual(30, settings.journal_days(self.env))
        shown = self.env["res.config.settings"].create({})
        self.assertEqual(0, shown.outlook_calendar_stop_deletions)

    def test_alarms_are_for_administrators_only(self):
        """Others have no access to them, and cannot say which database is in use."""
        self.ends_in(5)
        with self.assertRaises(AccessError):
            self.env["outlook.alarm"].with_user(self.clerk).search([])
        account = self.env["outlook.account"].create({"user_id": self.clerk.id})
        for action in ("action_take_over", "action_let_go"):
            with self.subTest(action), self.assertRaises(AccessError):
                getattr(account.with_user(self.clerk), action)()
