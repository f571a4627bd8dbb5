"""Health for monitoring: what is a delay of the sync, what is not, and who may ask."""

import contextlib
import io
import json
from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, new_test_user, tagged

from ..bridge import alarms, health
from .common import ANN, SandboxCase

KEYS = {
    "healthy", "problems", "checked_at", "enabled", "paused", "unsent", "oldest_unsent_seconds",
    "waiting", "oldest_waiting_seconds", "accounts", "accounts_failing", "latest_success_seconds",
    "oldest_success_seconds", "set_aside", "open_stops", "open_conflicts", "rounds_last_hour",
    "failed_rounds_last_hour", "requests_last_hour", "throttled_last_hour", "throttled_share",
    "scheduled_actions_off", "secret_ends_in_days",
}  # fmt: skip


@tagged("post_install", "-at_install")
class TestHealth(SandboxCase):
    """The figures, as one mailbox makes them."""

    def setUp(self):
        super().setUp()
        alarms.crons(self.env).write({"active": True, "nextcall": fields.Datetime.now()})
        self.connect(self.ann, ANN)

    def measure(self):
        """Return the figures of this moment."""
        return health.measure(self.env)

    def grow_old(self, table, column, **ago):
        """Let what a table holds have happened some time ago."""
        self.env.flush_all()
        query = f"UPDATE {table} SET {column} = %s"
        self.env.cr.execute(query, (fields.Datetime.now() - timedelta(**ago),))
        self.env.invalidate_all()

    def test_a_change_that_no_round_sends_is_the_alarm(self):
        """Unsent for longer than a quarter of an hour: unhealthy; sent: healthy again."""
        self.make(self.ann)
        self.assertTrue(self.measure().is_healthy)
        self.grow_old("outlook_outbox", "create_date", minutes=20)
        found = self.measure()
        self.assertAlmostEqual(found.oldest_unsent_seconds, 1200, delta=60)
        self.assertEqual((found.unsent, found.problems), (1, ("unsent",)))
        self.sync(self.ann)
        found = self.measure()
        self.assertEqual((found.unsent, found.oldest_unsent_seconds, found.problems), (0, 0, ()))

    def test_what_waits_for_a_person_is_no_delay(self):
        """Paused, signed out by Microsoft or left by a round: counted, and nobody is called."""
        self.make(self.ann)
        self.grow_old("outlook_outbox", "create_date", hours=5)
        account = self.account(self.ann)
        for state in ("paused", "reconnect", "preview", "blocked"):
            with self.subTest(state):
                account.state = state
                found = self.measure()
                self.assertEqual((found.unsent, found.waiting, found.problems), (0, 1, ()))
                self.assertAlmostEqual(found.oldest_waiting_seconds, 18000, delta=60)
        account.state = "active"
        self.env["outlook.outbox"].search([]).is_read = True
        self.assertEqual(self.measure().waiting, 1)
        self.env["outlook.outbox"].search([]).is_read = False
        self.env["ir.config_parameter"].set_param("outlook_calendar.paused", "True")
        found = self.measure()
        self.assertEqual((found.unsent, found.waiting, found.problems), (0, 1, ()))

    def test_what_rests_is_not_unsent(self):
        """An edit of this moment rests on purpose."""
        self.env["ir.config_parameter"].set_param("outlook_calendar.quiet_seconds", "30")
        self.make(self.ann)
        self.assertEqual((self.measure().unsent, self.measure().waiting), (0, 0))

    def test_scheduled_actions_that_do_not_run_are_a_problem(self):
        """All lanes off: somebody is called; one of them: it is shown."""
        lanes = self.env["ir.cron"].search([("cron_name", "ilike", "Outlook Calendar: lane")])
        lanes[0].active = False
        found = self.measure()
        self.assertEqual((found.scheduled_actions_off, found.problems), ((lanes[0].name,), ()))
        lanes.active = False
        self.assertEqual(self.measure().problems, ("crons",))
        self.env["ir.config_parameter"].set_param("outlook_calendar.enabled", "False")
        self.assertEqual(self.measure().problems, ())

    def test_where_no_mailbox_was_read_for_an_hour_all_stands_still(self):
        """Of several mailboxes one that is read is enough."""
        self.grow_old("outlook_account", "last_success_at", hours=2)
        found = self.measure()
        self.assertAlmostEqual(found.latest_success_seconds, 7200, delta=60)
        self.assertEqual(found.problems, ("standstill",))
        self.sync(self.ann)
        self.assertEqual(self.measure().problems, ())

    def test_the_figures_of_a_round_are_counted(self):
        """Rounds and requests of the last hour, mailboxes by state, what was set aside."""
        event = self.make(self.ann)
        self.sync(self.ann)
        self.meeting(event).state = "parked"
        found = self.measure()
        self.assertEqual(found.accounts["active"], 1)
        self.assertGreaterEqual(found.rounds_last_hour, 2)
        self.assertGreater(found.requests_last_hour, 3)
        self.assertEqual((found.throttled_share, found.set_aside), (0, 1))

    def test_a_script_gets_an_exit_code(self):
        """The command prints the figures and ends with 0, or 1 where somebody should be called."""
        for hours, code in ((0, 0), (2, 1)):
            with self.subTest(code=code):
                self.grow_old("outlook_account", "last_success_at", hours=hours)
                printed = io.StringIO()
                with contextlib.redirect_stdout(printed), self.assertRaises(SystemExit) as end:
                    self.env["outlook.account"]._exit_with_health()
                self.assertEqual(end.exception.code, code)
                said = json.loads(printed.getvalue())
                self.assertEqual((set(said), said["healthy"]), (KEYS, not code))


@tagged("post_install", "-at_install")
class TestHealthRoute(HttpCase):
    """Who may ask, and what a program gets."""

    def ask(self, login, group):
        """Ask with the API key of a new user of that group."""
        user = new_test_user(self.env, login, groups=group)
        keys = self.env["res.users.apikeys"].with_user(user)
        key = keys._generate("rpc", "monitoring", fields.Datetime.now() + timedelta(days=1))
        headers = {"Authorization": f"Bearer {key}"}
        return self.url_open("/outlook_calendar/health", headers=headers)

    def test_an_administrators_key_is_answered(self):
        """JSON under the promised keys; the status says the same as `healthy`."""
        answer = self.ask("monitor", "base.group_system")
        self.assertEqual(set(answer.json()), KEYS)
        self.assertEqual(answer.status_code, 200 if answer.json()["healthy"] else 503)

    def test_others_are_refused(self):
        """A user's key is not enough, and without a key there is nothing to see."""
        self.assertEqual(self.ask("somebody", "base.group_user").status_code, 403)
        self.assertEqual(self.url_open("/outlook_calendar/health").status_code, 401)
