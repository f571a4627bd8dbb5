"""The sentence on a meeting's form that says who tells the guests, and the dialog that deletes."""

from lxml import etree

from odoo.release import product_name
from odoo.tests import Form, tagged

from .common import ANN, GUEST, attendee
from .mail_case import MailCase

OUTLOOK = "Outlook invites the guests of this meeting."
TO_COME = "Outlook will invite the guests of this meeting."
HERE = f"{product_name} invites the guests of this meeting."


@tagged("post_install", "-at_install")
class TestMailer(MailCase):
    def _notice(self, event, user=None):
        self.env.invalidate_all()
        return event.with_user(user or self.ann).outlook_mailer_notice

    def test_without_a_mailbox_this_side_invites(self):
        """Whoever looks at it."""
        event = self.board(user=self.dora)

        self.assertEqual(HERE, self._notice(event, self.dora))
        self.assertEqual(HERE, self._notice(event, self.bob))

    def test_outlook_will_invite_and_then_invites(self):
        """It is settled by what was really sent."""
        self.connect(self.ann, ANN)
        event = self.board()
        self.assertEqual(TO_COME, self._notice(event))
        self.settle()

        self.assertEqual(OUTLOOK, self._notice(event))
        self.assertEqual("outlook", self.meeting(event).mailer)

    def test_it_is_said_while_the_meeting_is_being_made(self):
        """People see beforehand who will be mailed: as soon as there is a guest."""
        self.connect(self.ann, ANN)
        form = Form(self.env["calendar.event"].with_user(self.ann))
        form.name = "Board"
        self.assertFalse(form.outlook_mailer_notice)
        form.partner_ids.add(self.guest)

        self.assertEqual(TO_COME, form.outlook_mailer_notice)

    def test_without_guests_nothing_is_said(self):
        """Nobody is to be told."""
        self.connect(self.ann, ANN)

        self.assertFalse(self._notice(self.make(self.ann)))

    def test_switched_off_nothing_is_said(self):
        """Where nobody can have a mailbox, Odoo is as it always was."""
        self.env["ir.config_parameter"].set_param("outlook_calendar.enabled", "False")

        self.assertFalse(self._notice(self.board()))

    def test_left_alone_this_side_invites(self):
        """It is not in Outlook."""
        event = self.made_before(self.board())
        self.connect(self.ann, ANN)

        self.assertEqual(HERE, self._notice(event))
        self.assertEqual("odoo", self.meeting(event).mailer)

    def test_of_an_outsiders_meeting_both_are_said(self):
        """Its organizer's Outlook has invited; what is changed here, this side tells."""
        self.connect(self.ann, ANN)
        self.sandbox.add_mailbox("eve@other.example", name="Eve")
        people = [attendee(ANN), attendee(GUEST)]
        self.make_remote("eve@other.example", subject="Fair", attendees=people)
        self.settle()

        notice = self._notice(self.local("Fair"))
        self.assertTrue(notice.startswith("The guests were invited from Outlook."), notice)
        self.assertIn(product_name, notice)

    def test_refused_by_outlook_nobody_has_told_the_guests(self):
        """The creation is refused: the mailer is nobody, and the form says why."""
        self.connect(self.ann, ANN)
        self.sandbox.faults.server_error(400, method="POST", path="/events$")
        event = self.board()
        self.settle()
        self.forget_mails()

        self.assertEqual("parked", self.meeting(event).state)
        self.assertEqual("nobody", self.meeting(event).mailer)
        notice = self._notice(event)
        self.assertTrue(notice.startswith("The guests have not been told yet: "), notice)
        self.write(event, self.dora, **self.later(event))
        self.assertMailed(outlook=[("invitation", one) for one in ("bob@contoso.example", GUEST)])

    def test_who_may_not_know_of_it_is_told_nothing(self):
        """A private meeting of others."""
        event = self.board(privacy="private")

        self.assertFalse(self._notice(event, self.dora))

    def test_every_row_of_a_series_says_the_same(self):
        """It is judged as a whole."""
        self.connect(self.ann, ANN)
        rows = self.known_weekly()

        self.assertEqual({OUTLOOK}, {self._notice(row) for row in rows})

    def test_the_button_names_the_product(self):
        """No static label could."""
        arch = self.env["calendar.event"].get_view(view_type="form")["arch"]
        button = etree.fromstring(arch).xpath("//button[@name='action_outlook_invite']")[0]

        self.assertEqual(f"Let {product_name} invite them", button.get("string"))

    def test_the_dialog_offers_no_mail_where_outlook_tells(self):
        """Its words would go nowhere: it says who tells, and offers to delete."""
        self.connect(self.ann, ANN)
        dialogs = self.env["calendar.popover.delete.wizard"].with_user(self.ann)
        view = self.env.ref("calendar.view_event_delete_wizard_form").id
        arch = etree.fromstring(dialogs.get_view(view, "form")["arch"])
        button = arch.xpath("//button[@name='action_send_mail_and_delete']")[0]
        self.assertEqual("outlook_notice", button.get("invisible"))

        dialog = dialogs.create({"calendar_event_id": self.known_board().id})
        self.assertEqual(
            "Outlook tells the guests that the meeting is cancelled.", dialog.outlook_notice
        )
        dialog = dialogs.create({"calendar_event_id": self.make(self.ann).id})
        self.assertFalse(dialog.outlook_notice)
