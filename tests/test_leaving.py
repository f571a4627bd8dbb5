"""People leave: a user is archived, loses his rights, is deleted."""

from odoo.tests import tagged

from .common import ANN, GUEST, SandboxCase


@tagged("post_install", "-at_install")
class TestUserLeaves(SandboxCase):
    def setUp(self):
        super().setUp()
        self.connect(self.ann, ANN)
        self.partner = self.ann.partner_id
        self.event = self.make(self.ann, name="Plan", partner_ids=[(4, self.guest.id)])
        self.sync(self.ann)
        self.told()
        self.sandbox.state.requests.clear()

    def _assert_at_rest(self):
        """Saves work, rounds do nothing, and no lane is called for it."""
        self.write(self.event, self.bob, name="Plan B", location="Room 1")
        self.env.flush_all()
        self.assertEqual([], self.due())
        self.run_lane()
        if self.account(self.ann):
            self.sync(self.ann)
        self.assertEqual([], self.sandbox.requests)
        self.assertEqual("Plan B", self.event.name)
        self.make(self.bob, name="Next", partner_ids=[(4, self.partner.id)])

    def _take_rights(self):
        portal = self.env.ref("base.group_portal")
        self.ann.sudo().write({"group_ids": [(6, 0, portal.ids)]})

    def test_an_archived_user_is_left_in_peace(self):
        """His mailbox is not asked any more; meetings of his can be saved."""
        self.ann.sudo().active = False
        self._assert_at_rest()

        self.assertEqual("active", self.account(self.ann).state)

    def test_who_comes_back_goes_on(self):
        """What was changed meanwhile is sent then."""
        self.ann.sudo().active = False
        self._assert_at_rest()
        self.ann.sudo().active = True
        self.sync(self.ann)

        self.assertTrue(self.remote(ANN, "Plan B"))

    def test_who_is_no_internal_user_any_more_is_left_in_peace(self):
        """A portal user has no calendar of his own here."""
        self._take_rights()
        self._assert_at_rest()

    def test_a_deleted_user_takes_his_account_along(self):
        """Nothing of the connection stays; the meetings do."""
        account = self.account(self.ann)
        account._claim(60)
        self.event.user_id = self.bob
        self.env.flush_all()
        self.ann.sudo().unlink()
        self.env.invalidate_all()

        self.assertFalse(account.exists())
        self.assertTrue(self.event.exists().active)
        self._assert_at_rest()

    def test_odoo_mails_for_whoever_has_left(self):
        """No round will tell the guests, so the calendar here does."""
        start = self.soon(days=9)
        self.ann.sudo().active = False
        self.write(self.event, self.bob, start=start, stop=start.replace(hour=start.hour + 1))
        self.env.flush_all()

        self.assertIn(GUEST, self.mails().recipient_ids.mapped("email"))
