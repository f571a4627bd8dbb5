"""What people see of their connection on the user's form and in the preferences."""

from lxml import etree

from odoo.exceptions import AccessError
from odoo.tests import Form, TransactionCase, new_test_user, tagged, users

FORM = "base.view_users_form"
PREFERENCES = "base.view_users_form_simple_modif"


@tagged("post_install", "-at_install")
class TestUserViews(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ann = new_test_user(cls.env, "ann-views", groups="base.group_user")
        cls.bob = new_test_user(cls.env, "bob-views", groups="base.group_user")
        cls.admin = new_test_user(
            cls.env, "admin-views", groups="base.group_system,base.group_erp_manager"
        )
        cls.account = cls.env["outlook.account"].create(
            {
                "user_id": cls.ann.id,
                "address": "ann@example.com",
                "state": "active",
                "token_cache": "sealed-tokens",
            }
        )

    def _arch(self, form):
        view = self.env["res.users"].get_view(self.env.ref(form).id, "form")
        return etree.fromstring(view["arch"])

    @users("admin-views")
    def test_an_administrator_sees_mailbox_state_and_button(self):
        """The Calendar tab of the user's form shows the account, without anything secret."""
        arch = self._arch(FORM)
        page = arch.xpath("//page[@name='calendar']")[0]

        self.assertTrue(page.xpath(".//button[@name='action_outlook_reset']"))
        self.assertTrue(page.xpath(".//field[@name='outlook_mailbox']"))
        self.assertFalse(arch.xpath("//*[contains(@name, 'token')]"))
        form = Form(self.ann.with_env(self.env), FORM)
        self.assertEqual("ann@example.com", form.outlook_mailbox)
        self.assertEqual("active", form.outlook_state)

    @users("ann-views")
    def test_a_user_sees_the_own_account_in_the_preferences(self):
        """Everybody may see and reset the own connection."""
        page = self._arch(PREFERENCES).xpath("//page[@name='calendar']")[0]

        self.assertTrue(page.xpath(".//button[@name='action_outlook_reset']"))
        [values] = self.env.user.read(["outlook_mailbox", "outlook_state"])
        self.assertEqual("ann@example.com", values["outlook_mailbox"])
        self.assertEqual("active", values["outlook_state"])
        self.assertEqual("outlook.account.reset", self.env.user.action_outlook_reset()["res_model"])

    @users("bob-views")
    def test_nobody_sees_the_account_of_a_colleague(self):
        """Colleagues read each other's name and picture, not each other's mailbox."""
        colleague = self.ann.with_env(self.env)
        shown = ("outlook_mailbox", "outlook_state", "outlook_last_error", "outlook_reset_id")
        [values] = colleague.read(list(shown))
        self.assertFalse(any(values[name] for name in shown))
        with self.assertRaises(AccessError):
            colleague.read(["outlook_account_ids"])
        with self.assertRaises(AccessError):
            colleague.action_outlook_reset()

    @users("bob-views")
    def test_somebody_without_a_mailbox_opens_the_preferences(self):
        """Without a connection there is nothing to reset, and nothing in the way."""
        [values] = self.env.user.read(["outlook_mailbox", "outlook_state", "outlook_reset_id"])

        self.assertFalse(any(values[name] for name in values if name != "id"))

    @users("ann-views")
    def test_a_user_chooses_teams_links_in_the_preferences(self):
        """One's own choice is kept with the mailbox."""
        self.env.user.write({"outlook_teams": "guests"})

        self.assertEqual("guests", self.account.teams)

    @users("admin-views")
    def test_an_administrator_chooses_teams_links_for_somebody(self):
        """On the user's form, or by a button on the account's."""
        self.ann.with_env(self.env).write({"outlook_teams": "always"})
        self.assertEqual("always", self.account.teams)

        self.account.with_env(self.env).with_context(teams="guests").action_set_teams()
        self.assertEqual("guests", self.account.teams)

    @users("bob-views")
    def test_nobody_chooses_teams_links_for_a_colleague(self):
        """Neither read nor written."""
        self.assertFalse(self.ann.with_env(self.env).outlook_teams)
        with self.assertRaises(AccessError):
            self.account.with_env(self.env).with_context(teams="always").action_set_teams()
        with self.assertRaises(AccessError):
            self.ann.with_env(self.env).write({"outlook_teams": "always"})
        self.assertEqual("never", self.account.teams)

    def test_the_sealed_tokens_are_for_nobody(self):
        """Not even an administrator reads them over RPC."""
        for user in (self.ann, self.admin):
            with self.assertRaises(AccessError):
                self.account.with_user(user).read(["token_cache"])
