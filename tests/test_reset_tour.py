"""Reset Account in the browser: by the user, by an administrator, and in Vietnamese.

Crons do not run in these tests: what the background would do is asked for through the route, or
done by the test itself.
"""

import time
from datetime import timedelta

from odoo.release import product_name
from odoo.tests import tagged

from .common import SandboxCase, graph_time
from .http_case import ANNA
from .test_tours import TourCase


@tagged("post_install", "-at_install")
class TestResetTour(TourCase):
    def setUp(self):
        super().setUp()
        soon = SandboxCase.soon()
        self.sandbox.create_event(
            ANNA,
            {
                "subject": "Plan",
                "start": graph_time(soon),
                "end": graph_time(soon + timedelta(hours=1)),
            },
        )
        self.sign_in("anna", ANNA)
        self.sync(wait=True)
        self.assertEqual(1, self.meetings_here())

    def meetings_here(self):
        self.env.invalidate_all()
        return self.env["calendar.event"].search_count([("name", "=", "Plan")])

    def test_a_user_resets_the_own_account(self):
        """From the preferences to the report, the dialog refreshing itself."""
        self.start_tour("/odoo", "outlook_calendar_reset_own", login="anna")

        self.assertEqual(0, self.meetings_here())
        self.assertEqual([], self.sandbox.find_events(ANNA, "Plan"))
        account = self.account("anna")
        self.assertEqual(("new", "all"), (account.state, account.sync_policy))

    def test_an_administrator_resets_the_account_of_somebody(self):
        """The administrator closes the dialog, and the background does the rest."""
        account = self.account("anna")
        self.start_tour(
            f"/odoo/users/{account.user_id.id}", "outlook_calendar_reset_other", login="boss"
        )
        self.assertEqual("resetting", self.account("anna").state)
        account._run_rounds(deadline=time.monotonic() + 60)

        self.assertEqual("new", self.account("anna").state)
        self.assertEqual(1, self.meetings_here())
        self.assertEqual([], self.sandbox.find_events(ANNA, "Plan"))

    def test_the_dialog_in_vietnamese(self):
        """Its labels are those of the users' guide, with the name of the running server."""
        self.env["res.lang"]._activate_lang("vi_VN")
        self.env["ir.module.module"].search(
            [("name", "=", "outlook_calendar")]
        )._update_translations(["vi_VN"])
        self.env["res.users"].search([("login", "=", "anna")]).lang = "vi_VN"

        self.start_tour("/odoo", "outlook_calendar_reset_vietnamese", login="anna")

        reset = self.env["outlook.reset"].with_context(lang="vi_VN")
        labels = dict(reset._selection_delete_policy())
        self.assertEqual(f"Xóa khỏi {product_name}", labels["local"])
        asked = reset.search([])
        self.assertEqual(("both", "all"), (asked.delete_policy, asked.sync_policy))
