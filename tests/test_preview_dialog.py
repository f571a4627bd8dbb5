"""The dialog that asks before the first round writes anything, and shows the next one later."""

from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.release import product_name
from odoo.tests import Form, new_test_user, tagged

from odoo.addons.outlook_calendar.bridge import preview_words

from .common import ANN, BOB, GUEST, SandboxCase


@tagged("standard", "post_install", "-at_install")
class TestPreviewDialog(SandboxCase):
    """Ann had meetings here before she connected; the administrator has no mailbox."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.boss = new_test_user(cls.env, "boss-outlook", groups="base.group_system")

    def existing(self, name="Board", *, guests=(), **values):
        """Make a meeting of Ann's that was here before."""
        people = self.ann.partner_id.browse([self.ann.partner_id.id, *(one.id for one in guests)])
        values["partner_ids"] = [(6, 0, people.ids)]
        return self.made_before(self.make(self.ann, name=name, **values))

    def waiting(self):
        """Connect Ann, who is asked what is to become of her meetings."""
        account = self.connect(self.ann, ANN, choice=None)
        self.assertEqual("preview", account.state)
        self.told(), self.written()
        return account

    def dialog(self, account, user=None):
        """Open the dialog as its button does."""
        action = account.with_user(user or self.ann).action_preview()
        dialogs = self.env[action["res_model"]].with_user(user or self.ann)
        return Form(dialogs.with_context(**action["context"]))

    def said(self, dialog):
        """Return the sentences of the summary as text."""
        return " ".join(str(dialog.summary).replace("<b>", "").replace("</b>", "").split())

    def test_it_says_what_will_happen_in_numbers(self):
        """Each number is that of the meetings; what does not apply is not mentioned."""
        self.existing(guests=[self.guest])
        self.existing("Interview", guests=[self.guest, self.bob.partner_id])
        self.existing("Focus")
        self.make_remote(ANN, subject="Lunch")
        dialog = self.dialog(self.waiting())

        said = self.said(dialog)
        self.assertIn("New from Outlook: 1 meeting.", said)
        self.assertIn("Sent to Outlook, without guests: 1 meeting. Nobody is mailed.", said)
        self.assertIn(f"with guests: 2 meetings. They stay in {product_name} only.", said)
        self.assertNotIn("Over", said)
        self.assertNotIn("twice", said)
        self.assertNotIn("both sides", said)
        self.assertEqual("Nobody is mailed", dialog.mail_note)

    def test_each_choice_says_how_many_people_it_mails(self):
        """Two guests are invited by sending, nobody otherwise; the summary follows the choice."""
        self.existing(guests=[self.guest])
        self.existing("Interview", guests=[self.guest, self.bob.partner_id])
        dialog = self.dialog(self.waiting())

        mailed = {policy: hint["mailed"] for policy, hint in dialog.policy_hints.items()}
        self.assertEqual(
            {
                "leave": "Nobody is mailed",
                "send": "2 people are mailed",
                "new": "Nobody is mailed",
            },
            mailed,
        )
        dialog.existing_policy = "send"
        self.assertEqual("2 people are mailed", dialog.mail_note)
        self.assertIn("which invites the guests: 2 meetings.", self.said(dialog))
        dialog.existing_policy = "new"
        self.assertEqual("Nobody is mailed", dialog.mail_note)
        self.assertIn(f"In {product_name} only: 2 meetings.", self.said(dialog))

    def test_looking_writes_nothing(self):
        """Neither side changes and nobody is mailed, however often one changes his mind."""
        board = self.existing(guests=[self.guest])
        account = self.waiting()
        dialog = self.dialog(account)
        dialog.existing_policy = "send"
        dialog.save()

        self.assertEqual([], self.written())
        self.assertEqual([], self.told())
        self.assertFalse(self.meeting(board))
        self.assertEqual("preview", account.state)

    def test_confirming_is_the_choice(self):
        """What was promised happens: as many people are mailed as the dialog said."""
        self.existing(guests=[self.guest, self.bob.partner_id])
        account = self.waiting()
        dialog = self.dialog(account)
        dialog.existing_policy = "send"
        dialog.save().action_confirm()
        self.sync(self.ann)

        self.assertEqual(("active", "send"), (account.state, account.existing_policy))
        self.assertEqual([("invitation", BOB), ("invitation", GUEST)], self.told())

    def test_where_only_doubles_are_asked_about_sending_promises_nothing(self):
        """No meeting with guests is here: the choice says so instead of counting none."""
        self.assertEqual(
            "You have none that Outlook lacks.",
            preview_words.policy_hints(self.env, {"doubles_here": [1]})["send"]["text"],
        )

    def test_a_choice_is_made_once(self):
        """A dialog that stayed open somewhere cannot choose anew."""
        self.existing(guests=[self.guest])
        dialog = self.dialog(self.waiting()).save()
        dialog.action_confirm()

        with self.assertRaises(UserError):
            dialog.action_confirm()

    def test_it_lists_what_it_counts(self):
        """The meetings behind the numbers can be looked at, and what differs is named."""
        board = self.existing(guests=[self.guest])
        focus = self.existing("Focus")
        plan = self.existing("Plan", location="Here")
        self.make_remote(ANN, subject="Plan", location={"displayName": "There"})
        dialog = self.dialog(self.waiting()).save()

        self.assertEqual(board, dialog.with_guests_ids.sudo())
        self.assertEqual(focus, dialog.without_guests_ids.sudo())
        self.assertEqual(plan, dialog.differing_ids.sudo())
        self.assertIn("Location", dialog.differing_ids.outlook_differs_in)

    def test_what_was_joined_keeps_its_differences(self):
        """After the choice a meeting still says in what the sides differed."""
        self.existing(guests=[self.guest])
        plan = self.existing("Plan", location="Here")
        self.make_remote(ANN, subject="Plan", location={"displayName": "There"})
        self.dialog(self.waiting()).save().action_confirm()
        self.sync(self.ann)

        self.assertIn("Location", plan.with_user(self.ann).outlook_differs_in)
        self.assertEqual("Here", plan.location)

    def test_a_colleague_sees_nothing(self):
        """One's own preview only: neither opened, nor made by hand, nor chosen in."""
        self.existing(guests=[self.guest])
        account = self.waiting()
        dialogs = self.env["outlook.account.preview"].with_user(self.bob)

        with self.assertRaises(AccessError):
            account.with_user(self.bob).action_preview()
        with self.assertRaises(AccessError):
            dialogs.create({"account_id": account.id}).action_confirm()
        with self.assertRaises(AccessError):
            dialogs.create({"account_id": account.id}).read(["summary"])
        self.assertEqual("preview", account.state)

    def test_an_administrator_sees_numbers_but_no_private_meeting(self):
        """What is private is counted, and not listed."""
        board = self.existing(guests=[self.guest])
        self.existing("Surgery", guests=[self.guest], privacy="private")
        account = self.waiting()
        dialog = self.dialog(account, self.boss).save()

        self.assertIn("with guests: 2 meetings.", self.said(dialog))
        self.assertEqual(board, dialog.with_guests_ids.sudo())
        self.assertTrue(dialog.hides_some)
        self.assertFalse(self.dialog(account).save().hides_some)

    def test_later_it_shows_the_next_round(self):
        """A mailbox in use has nothing to choose: what came and what waits is counted."""
        account = self.connect(self.ann, ANN)
        self.make(self.ann, name="Fresh", partner_ids=[(4, self.guest.id)])
        self.sandbox.clock.advance(timedelta(minutes=1))
        self.make_remote(ANN, subject="Lunch")
        self.env.flush_all()
        with self.enter_registry_test_mode():
            action = account.with_user(self.ann).action_preview()
        self.env.invalidate_all()
        dialogs = self.env["outlook.account.preview"].with_user(self.ann)
        dialog = Form(dialogs.with_context(**action["context"]))

        self.assertFalse(dialog.is_choice)
        self.assertIn("New from Outlook: 1 meeting.", self.said(dialog))
        self.assertIn("Sent to Outlook: 1 meeting.", self.said(dialog))
        self.assertEqual("1 person is mailed", dialog.mail_note)
        self.assertEqual([], self.told())

    def test_nothing_to_do_is_said(self):
        """Where both sides are in step the dialog says so."""
        account = self.connect(self.ann, ANN)
        self.env.flush_all()
        with self.enter_registry_test_mode():
            account.with_user(self.ann).action_preview()
        self.env.invalidate_all()
        dialog = Form(
            self.env["outlook.account.preview"]
            .with_user(self.ann)
            .with_context(default_account_id=account.id)
        )

        self.assertIn("nothing to do", self.said(dialog))
