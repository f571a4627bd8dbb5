"""A user sees and steers what is his own; administrators see states; nobody sees tokens."""

from itertools import product

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import TransactionCase, new_test_user, tagged, users
from odoo.tools import mute_logger

# Fields of an account that the sync keeps for itself.
CLOSED = ("token_cache", "lease_token")
INNER_MODELS = (
    "outlook.meeting",
    "outlook.copy",
    "outlook.news",
    "outlook.outbox",
)
#: Every model that a person may see anything of.
OUTER_MODELS = (
    "outlook.account",
    "outlook.alarm",
    "outlook.calendar",
    "outlook.conflict",
    "outlook.overview",
    "outlook.overview.trouble",
    "outlook.parked",
    "outlook.proposal",
    "outlook.reset",
    "outlook.reset.remnant",
    "outlook.send",
    "outlook.stop",
    "outlook.stop.line",
    "outlook.sync.change",
    "outlook.sync.run",
)
ACTIONS = ("action_sync_now", "action_pause", "action_resume", "action_disconnect")


@tagged("standard", "post_install", "-at_install")
class TestAccess(TransactionCase):
    """Anna and Bram have accounts; the administrator and the portal user have none."""

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        anna = new_test_user(cls.env, login="anna", groups="base.group_user")
        bram = new_test_user(cls.env, login="bram", groups="base.group_user")
        cls.boss = new_test_user(cls.env, login="boss", groups="base.group_system")
        new_test_user(cls.env, login="guest", groups="base.group_portal")
        accounts = cls.env["outlook.account"]
        cls.anna, cls.bram = (
            accounts.create(
                {
                    "user_id": user.id,
                    "state": "active",
                    "address": f"{user.login}@contoso.example",
                    "token_cache": "sealed",
                }
            )
            for user in (anna, bram)
        )
        for account in (cls.anna, cls.bram):
            cls.env["outlook.calendar"].create({"account_id": account.id, "remote_id": "default"})
            cls.env["outlook.sync.run"].create({"account_id": account.id, "trigger": "cron"})

    @users("anna")
    def test_a_user_sees_his_own(self) -> None:
        """Accounts, calendars and rounds of others do not exist for a user."""
        for model, field in (
            ("outlook.account", "id"),
            ("outlook.calendar", "account_id.id"),
            ("outlook.sync.run", "account_id.id"),
        ):
            with self.subTest(model=model):
                found = self.env[model].search([])
                self.assertEqual([self.anna.id], found.mapped(field))

    @users("anna")
    def test_a_user_cannot_read_a_colleagues_account(self) -> None:
        """Knowing the id does not help."""
        with mute_logger("odoo.addons.base.models.ir_rule"), self.assertRaises(AccessError):
            self.bram.with_env(self.env).read(["address"])

    @users("anna")
    def test_a_user_steers_his_own(self) -> None:
        """Pause and resume work on one's own account."""
        mine = self.anna.with_env(self.env)

        mine.action_pause()
        self.assertEqual("paused", mine.state)
        mine.action_resume()
        self.assertEqual("active", mine.state)

    @users("anna", "guest")
    def test_a_user_cannot_steer_a_colleagues(self) -> None:
        """Each public method checks whose account it is."""
        for action in ACTIONS:
            with self.subTest(action=action), self.assertRaises(AccessError):
                getattr(self.bram.with_env(self.env), action)()
        self.assertEqual("active", self.bram.state)

    @users("boss")
    def test_an_administrator_sees_and_steers_all(self) -> None:
        """States of everybody are there, and the buttons work."""
        self.assertLessEqual(self.anna | self.bram, self.env["outlook.account"].search([]))
        self.bram.with_env(self.env).action_pause()

        self.assertEqual("paused", self.bram.state)

    @users("anna", "boss", "guest")
    def test_nobody_reads_tokens(self) -> None:
        """Closed fields are not read, searched, grouped by or written, by anybody."""
        record = self.anna.with_env(self.env)
        attempts = {
            "read": lambda name: record.read([name]),
            "search": lambda name: record.search([(name, "!=", False)]),
            "group": lambda name: record.formatted_read_group([], [name]),
            "write": lambda name: record.write({name: "x"}),
        }
        for (kind, attempt), name in product(attempts.items(), CLOSED):
            with (
                self.subTest(kind=kind, name=name),
                mute_logger("odoo.orm.models", "odoo.addons.base.models.ir_model"),
                self.assertRaises(AccessError),
            ):
                attempt(name)

    @users("anna", "boss")
    def test_plain_reads_hold_no_token(self) -> None:
        """Reading everything one may read gives no sealed text either."""
        self.assertNotIn("sealed", str(self.anna.with_env(self.env).read()))

    @users("anna", "boss", "guest")
    def test_nobody_writes_accounts(self) -> None:
        """Accounts change by their buttons only: no state, owner or mailbox is written by RPC."""
        for values in ({"state": "paused"}, {"user_id": self.env.uid}, {"address": "x@y.example"}):
            with (
                self.subTest(values=values),
                mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule"),
                self.assertRaises(AccessError),
            ):
                self.anna.with_env(self.env).write(values)

    @users("anna", "boss")
    def test_nobody_makes_or_removes_accounts(self) -> None:
        """Accounts come from a sign-in and stay."""
        with mute_logger("odoo.addons.base.models.ir_model"):
            with self.assertRaises(AccessError):
                self.env["outlook.account"].create({"user_id": self.env.uid})
            with self.assertRaises(AccessError):
                self.anna.with_env(self.env).unlink()

    @users("anna", "guest")
    def test_the_links_are_not_for_users(self) -> None:
        """What ties meetings to mailboxes is for the sync, and for administrators to look at."""
        for model in INNER_MODELS:
            with (
                self.subTest(model=model),
                mute_logger("odoo.addons.base.models.ir_model"),
                self.assertRaises(AccessError),
            ):
                self.env[model].search([])

    def test_an_open_dialog_is_for_who_opened_it(self) -> None:
        """Its titles, and what it is about to confirm, are for no administrator either."""
        event = self.env["calendar.event"].create(
            {"name": "Talk", "start": "2030-01-07 11:00:00", "stop": "2030-01-07 12:00:00"}
        )
        double = [Command.create({"meeting_ref": 1, "title": "Secret talk"})]
        values = {
            "outlook.account.preview": {"account_id": self.anna.id, "double_ids": double},
            "outlook.account.reset": {"user_id": self.anna.user_id.id},
            "outlook.send": {"event_ids": event.ids},
        }
        opened = [
            self.env[name].with_user(self.anna.user_id).create(v) for name, v in values.items()
        ]
        self.env.flush_all()
        for dialog, user in product(
            [*opened, opened[0].double_ids], (self.bram.user_id, self.boss)
        ):
            theirs = dialog.with_user(user)
            with self.subTest(dialog=dialog._name, user=user.login):
                self.assertEqual(dialog, dialog.search([]))
                self.assertFalse(theirs.search([]))
                with mute_logger("odoo.addons.base.models.ir_rule"):
                    self.assertRaises(AccessError, theirs.read, ["create_uid"])
                    self.assertRaises(AccessError, theirs.write, {"create_uid": user.id})

    @users("guest")
    def test_portal_users_see_nothing(self) -> None:
        """Portal users have no access to any model of the sync."""
        for model in (*INNER_MODELS, *OUTER_MODELS):
            with (
                self.subTest(model=model),
                mute_logger("odoo.addons.base.models.ir_model"),
                self.assertRaises(AccessError),
            ):
                self.env[model].search([])

    @users("anna")
    def test_meetings_need_no_access_to_the_sync(self) -> None:
        """A user makes, changes and deletes meetings without rights on the sync's tables."""
        event = self.env["calendar.event"].create(
            {"name": "Lunch", "start": "2030-01-07 11:00:00", "stop": "2030-01-07 12:00:00"}
        )
        event.name = "Late lunch"
        event.unlink()

        self.assertFalse(event.exists())
