"""A copy of a database leaves everybody's mailbox alone, neutralised or not."""

from odoo.modules.neutralize import get_neutralization_queries
from odoo.tests import TransactionCase, tagged

from ..bridge import alarms
from ..core.engine.errors import AppMisconfigured


@tagged("post_install", "-at_install")
class TestNeutralize(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        user = cls.env["res.users"].create({"name": "Ann", "login": "ann-neutralize"})
        parameters = cls.env["ir.config_parameter"]
        cls.account = cls.env["outlook.account"].create(
            {
                "user_id": user.id,
                "address": "ann@example.com",
                "state": "active",
                "token_cache": "sealed",
                "database_uuid": parameters.get_param("database.uuid"),
            }
        )
        cls.calendar = cls.env["outlook.calendar"].create(
            {
                "account_id": cls.account.id,
                "remote_id": "calendar-1",
                "delta_link": "https://graph.microsoft.com/delta",
                "page_link": "https://graph.microsoft.com/page",
            }
        )
        cls.env["outlook.outbox"].create({"account_id": cls.account.id, "kind": "write"})
        parameters.set_param("outlook_calendar.enabled", "True")
        parameters.set_param("outlook_calendar.client_secret", "sealed")

    def _neutralize(self):
        self.env.flush_all()
        for query in get_neutralization_queries(["outlook_calendar"]):
            self.env.cr.execute(query)
        self.env.invalidate_all()
        self.env.registry.clear_cache()

    def test_a_neutralized_copy_holds_no_sign_in_and_no_secret(self):
        """What could reach Microsoft is gone: tokens, links, credentials, the tick."""
        self._neutralize()

        self.assertFalse(self.account.token_cache)
        self.assertFalse(self.calendar.delta_link or self.calendar.page_link)
        parameters = self.env["ir.config_parameter"]
        self.assertFalse(parameters.get_param("outlook_calendar.client_secret"))
        self.assertFalse(parameters.get_param("outlook_calendar.enabled"))

    def test_a_neutralized_copy_has_nothing_to_do(self):
        """Accounts are signed out, nothing waits to be sent, the crons are off, resets are over."""
        alarms.note(self.env, "app", AppMisconfigured("AADSTS7000222"))
        self.account.write({"trouble": "app", "left_alone": "other", "mark": "of the original"})
        reset = self.account._start_reset(delete_policy="keep", sync_policy="new")
        self._neutralize()

        self.assertEqual("new", self.account.state)
        self.assertFalse(self.account.trouble or self.account.left_alone or self.account.mark)
        self.assertFalse(self.env["outlook.alarm"].search([]))
        self.assertEqual(0, self.account.pending_count)
        self.assertEqual("done", reset.state)
        crons = self.env["ir.model.data"].search(
            [("module", "=", "outlook_calendar"), ("model", "=", "ir.cron")]
        )
        self.assertTrue(crons)
        self.assertFalse(self.env["ir.cron"].search([("id", "in", crons.mapped("res_id"))]))

    def test_a_copy_that_nobody_neutralized_stops(self):
        """Its `database.uuid` differs from the account's: the account is blocked, and says why."""
        self.env["ir.config_parameter"].set_param("database.uuid", "copy-of-the-database")

        self.assertFalse(self.account._belongs_here())
        self.assertEqual("blocked", self.account.state)
        self.assertIn("copy", self.account.last_error)
        self.assertTrue(self.account.attention)

    def test_the_database_itself_goes_on(self):
        """The check changes nothing where the account is at home."""
        self.assertTrue(self.account._belongs_here())
        self.assertEqual("active", self.account.state)
