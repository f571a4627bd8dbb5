"""A mailbox that waits for its owner's choice: what happens meanwhile, and who may look."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .common import ANN, GUEST
from .preview_case import PreviewCase
from .reset_case import ResetCase


@tagged("post_install", "-at_install")
class TestWaiting(PreviewCase):
    def test_edits_meanwhile_are_dealt_with_afterwards(self):
        """While waiting, Ann edits on both sides: all of it counts when she chooses."""
        board, focus = self.existing(), self.existing("Focus", guests=False)
        doomed = self.existing("Doomed", guests=False)
        lunch = self.make_remote(ANN, subject="Lunch")
        self.wait()
        self.write(board, self.ann, location="Room 1")
        self.write(focus, self.ann, name="Deep focus")
        doomed.with_user(self.ann).unlink()
        fresh = self.make(self.ann, name="Fresh", partner_ids=[(4, self.guest.id)])
        self.sandbox.change_event(ANN, lunch["id"], {"subject": "Brunch"})
        self.sync(self.ann)
        self.assertEqual([], self.written())
        self.assertEqual([fresh.id], self.numbers()["to_send"])
        self.assertEqual(1, self.numbers()["people_now"])
        self.choose(self.ann, "leave")

        self.assertTrue(self.remote(ANN, "Deep focus"))
        self.assertIsNone(self.remote(ANN, "Doomed"))
        self.assertTrue(self.local("Brunch"))
        self.assertEqual("left_alone", self.meeting(board).state)
        self.assertEqual([("invitation", GUEST)], self.told())

    def test_numbers_follow_what_is_edited_here(self):
        """The preview shows this side as it is when somebody looks."""
        board, focus = self.existing(), self.existing("Focus", guests=False)
        self.wait()
        self.write(board, self.ann, partner_ids=[(3, self.guest.id)])
        self.write(focus, self.ann, partner_ids=[(4, self.guest.id)])

        numbers = self.numbers()
        self.assertEqual(
            ([board.id], [focus.id]), (numbers["without_guests"], numbers["with_guests"])
        )

    def test_a_mailbox_that_is_to_be_left_alone_is_not_asked(self):
        """Microsoft asked to wait: who looks meanwhile learns until when, and asks for nothing."""
        account = self.connect(self.ann, ANN)
        account.backoff_until = fields.Datetime.now() + timedelta(minutes=5)
        self.sandbox.state.requests.clear()
        with self.assertRaisesRegex(UserError, "is not asked before"):
            self.look()

        self.assertFalse(self.sandbox.requests)

    def test_what_was_counted_is_shown_while_the_mailbox_is_to_be_left_alone(self):
        """The choice waits for nobody: an old count is better than none, and asks for nothing."""
        self.existing()
        account = self.wait()
        account.write(
            {
                "preview_at": fields.Datetime.now() - timedelta(hours=2),
                "backoff_until": fields.Datetime.now() + timedelta(minutes=5),
            }
        )
        self.sandbox.state.requests.clear()
        action = account.with_user(self.ann).action_preview()

        self.assertEqual("outlook.account.preview", action["res_model"])
        self.assertFalse(self.sandbox.requests)

    def test_disconnecting_meanwhile(self):
        """Signed out without a choice: nothing happened, and the next sign-in asks again."""
        self.existing()
        account = self.wait()
        account.with_user(self.ann).action_disconnect()

        self.assertEqual("connect", self.status()["state"])
        self.wait()

    def test_signing_in_again_meanwhile(self):
        """A second sign-in looks again, and still waits for the choice."""
        self.existing()
        self.wait()
        self.make_remote(ANN, subject="Lunch")
        self.wait()

        self.assertEqual(1, self.numbers()["incoming"])

    def test_pausing_meanwhile(self):
        """Paused and resumed, it is not read again, and waits."""
        self.existing()
        account = self.wait().with_user(self.ann)
        account.action_pause()
        self.assertEqual("paused", self.status()["state"])
        account.action_resume()
        self.sandbox.state.requests.clear()
        self.sync(self.ann)

        self.assertEqual("preview", account.state)
        self.assertFalse([one for one in self.sandbox.requests if "calendarView" in one.path])

    def test_another_mailbox_asks_again(self):
        """What was chosen for one mailbox is not said of another: *new* neither."""
        self.sandbox.add_mailbox("ann@private.example", name="Ann")
        self.existing()
        self.wait()
        self.choose(self.ann, "new")
        account = self.connect(self.ann, "ann@private.example", choice=None)

        self.assertEqual("preview", account.state)
        self.assertEqual((False, "all"), (account.existing_policy, account.sync_policy))

    def test_the_same_mailbox_does_not_ask_again(self):
        """Signed out and in again after the choice: it stands."""
        board = self.existing()
        self.connect(self.ann, ANN)
        self.account(self.ann).with_user(self.ann).action_disconnect()
        account = self.connect(self.ann, ANN, choice=None)

        self.assertEqual("active", account.state)
        self.assertEqual("left_alone", self.meeting(board).state)


@tagged("post_install", "-at_install")
class TestWaitingAndReset(ResetCase, PreviewCase):
    def setUp(self):
        PreviewCase.setUp(self)

    def test_resetting_meanwhile(self):
        """A reset ends the waiting; the next sign-in asks again."""
        self.existing()
        account = self.wait()
        self.reset(delete_policy="keep", sync_policy="all")

        self.assertEqual("new", account.state)
        self.assertFalse(account.preview or account.existing_policy)
        self.wait()

    def test_a_reset_forgets_the_choice(self):
        """After a reset that synchronizes all, what is left here is asked about again."""
        board = self.existing()
        self.connect(self.ann, ANN, choice="leave")
        self.reset(delete_policy="keep", sync_policy="all")
        self.assertFalse(self.account(self.ann).existing_policy)
        self.wait()

        self.assertEqual([board.id], self.numbers()["with_guests"])


@tagged("post_install", "-at_install")
class TestPreviewOfOthers(PreviewCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.admin = new_test_user(cls.env, "admin-preview", groups="base.group_system")

    def test_an_administrator_learns_no_private_subjects(self):
        """Numbers and ids are all that an administrator gets; a private meeting stays *Busy*."""
        secret = self.existing("Doctor", privacy="private")
        self.wait()
        self.env.flush_all()
        self.env.invalidate_all()
        numbers = self.account(self.ann).with_user(self.admin)._preview()

        self.assertEqual([secret.id], numbers["with_guests"])
        self.assertNotIn("Doctor", str(numbers))
        self.assertEqual("Busy", secret.with_user(self.admin).name)

    def test_looking_as_administrator_hides_nothing_from_the_owner(self):
        """Nor does the owner find *Busy* afterwards in what the same worker read."""
        secret = self.existing("Doctor", privacy="private")
        self.wait()
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual("Busy", secret.with_user(self.admin).name)
        self.account(self.ann).with_user(self.admin)._preview()

        self.assertEqual("Doctor", secret.with_user(self.ann).name)

    def test_an_administrator_may_choose_for_somebody(self):
        """An administrator can open the preview of anybody, and decide."""
        self.existing()
        account = self.wait().with_user(self.admin)
        action = account.action_preview()
        account._choose("leave")

        self.assertEqual("outlook.account.preview", action["res_model"])
        self.assertEqual(account.id, action["context"]["default_account_id"])
        self.assertEqual("active", account.state)

    def test_colleagues_neither_look_nor_choose(self):
        """A preview is its owner's."""
        self.existing()
        account = self.wait().with_user(self.bob)
        for act in (account.action_preview, account._preview, lambda: account._choose("send")):
            with self.subTest(act=act), self.assertRaises(AccessError):
                act()
