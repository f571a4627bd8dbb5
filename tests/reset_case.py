"""What the tests of Reset Account share: the dialog, the background's work, meetings in step."""

import time

from odoo.tests import new_test_user

from .common import ANN, SandboxCase

SLICE_SECONDS = 60


class ResetCase(SandboxCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.admin = new_test_user(
            cls.env, "admin-reset", groups="base.group_system,base.group_partner_manager"
        )

    def setUp(self):
        super().setUp()
        self.connect(self.ann, ANN)

    def wizard(self, by=None, user=None, **values):
        """Open the dialog as `by`, for `user`."""
        user = user or self.ann
        wizards = self.env["outlook.account.reset"].with_user(by or user)
        return wizards.create({"user_id": user.id, **values})

    def reset(self, by=None, user=None, *, run=True, **values):
        """Confirm the dialog, let the background work, and return the report."""
        action = self.wizard(by, user, **values).action_confirm()
        reset = self.env["outlook.reset"].browse(action["res_id"])
        if run:
            self.work(reset)
        return reset

    def work(self, reset):
        """Do what the cron does in one slice."""
        self.env.flush_all()
        with self.enter_registry_test_mode():
            reset.account_id._run_rounds(deadline=time.monotonic() + SLICE_SECONDS)
        self.env.invalidate_all()

    def status(self, user):
        """Return the state that the route answers with."""
        accounts = self.env["outlook.account"].with_user(user)
        return accounts._status_of_current_user()["state"]

    def make_in_step(self, name="Plan", **values):
        """Make a meeting of ann's and bring it to Outlook."""
        event = self.make(self.ann, name=name, **values)
        self.sync(self.ann)
        self.assertTrue(self.remote(ANN, name))
        return event
