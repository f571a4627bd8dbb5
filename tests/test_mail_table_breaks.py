"""Who is mailed around a break, and about what was there before. docs/sync-rules.md."""

from odoo.tests import tagged

from odoo.addons.outlook_calendar.bridge import settings

from .common import ANN, BOB, GUEST
from .mail_case import DORA, MailCase, everybody


class BreakCase(MailCase):
    def pause(self):
        """Let Ann pause her mailbox."""
        self.account(self.ann).with_user(self.ann).action_pause()

    def resume(self):
        """Let her go on."""
        self.account(self.ann).with_user(self.ann).action_resume()

    def sign_out(self):
        """Let Ann disconnect."""
        self.account(self.ann).with_user(self.ann).action_disconnect()

    def lose_sign_in(self):
        """Let Microsoft end Ann's sign-in, and a round find out."""
        self.sandbox.state.directory.sign_out(ANN, 50173)
        self.sandbox.state.directory.expire_access(ANN)
        self.sync(self.ann)
        self.assertEqual("reconnect", self.account(self.ann).state)


@tagged("post_install", "-at_install")
class TestMailTablePause(BreakCase):
    def setUp(self):
        super().setUp()
        self.connect_both()

    def test_made_while_paused_is_announced_when_the_pause_is_over(self):
        """Nobody meanwhile, Outlook then."""
        self.pause()
        self.board()
        self.assertMailed()
        self.resume()
        self.assertMailed(outlook=everybody("invitation"))

    def test_made_while_an_administrator_pauses_everybody(self):
        """The same."""
        self.env["ir.config_parameter"].set_param("outlook_calendar.paused", "True")
        self.board()
        self.assertMailed()
        self.env["ir.config_parameter"].set_param("outlook_calendar.paused", "False")
        self.assertMailed(outlook=everybody("invitation"))

    def test_made_while_the_sign_in_is_dead_is_announced_after_the_next_one(self):
        """Nobody meanwhile, Outlook then."""
        self.lose_sign_in()
        self.forget_mails()
        self.board()
        self.assertMailed()
        self.connect(self.ann, ANN)
        self.assertMailed(outlook=everybody("invitation"))

    def test_changed_while_paused_is_announced_once_when_the_pause_is_over(self):
        """However often it was changed: the guests hear of how it is then."""
        event = self.known_board()
        self.pause()
        for _change in range(2):
            self.write(event, self.dora, **self.later(event))
        self.assertMailed()
        self.resume()
        self.assertMailed(outlook=everybody("update"))

    def test_deleted_while_paused_is_cancelled_when_the_pause_is_over(self):
        """Nobody meanwhile, Outlook then."""
        event = self.known_board()
        self.pause()
        wizards = self.env["calendar.popover.delete.wizard"].with_user(self.ann)
        wizards.create({"calendar_event_id": event.id}).action_send_mail_and_delete()
        self.assertMailed()
        self.resume()
        self.assertMailed(outlook=everybody("cancellation"))

    def test_made_and_deleted_while_paused_is_told_nobody(self):
        """Nobody heard of it."""
        self.pause()
        self.board().with_user(self.ann).unlink()
        self.resume()

        self.assertMailed()

    def test_added_and_removed_while_paused_is_told_nobody(self):
        """Nobody heard of it."""
        event = self.known_board()
        self.pause()
        self.write(event, self.ann, partner_ids=[(4, self.dora.partner_id.id)])
        self.write(event, self.ann, partner_ids=[(3, self.dora.partner_id.id)])
        self.resume()

        self.assertMailed()


@tagged("post_install", "-at_install")
class TestMailTableSignedOut(BreakCase):
    def setUp(self):
        super().setUp()
        self.connect_both()

    def test_made_while_signed_out_is_announced_by_odoo_alone(self):
        """He has no mailbox then; after the next sign-in it is left alone, also when changed."""
        self.sign_out()
        event = self.board()
        self.assertMailed(here=everybody("invitation"))
        self.connect(self.ann, ANN)
        self.assertMailed()
        self.write(event, self.ann, **self.later(event))
        self.assertMailed(here=everybody("update"))

    def test_what_odoo_announced_before_a_round_met_it_stays_odoos(self):
        """Signed in again, and changed before the first round: the guests hear of the change."""
        self.sign_out()
        event = self.board()
        self.forget_mails()
        self.connect(self.ann, ANN, sync=False)
        self.write(event, self.ann, **self.later(event))

        self.assertMailed(here=everybody("update"))

    def test_changed_while_signed_out_is_announced_by_odoo_and_later_updated_by_outlook(self):
        """The one act with two mails: without Odoo's nobody might ever hear of it."""
        event = self.known_board()
        self.sign_out()
        self.write(event, self.ann, **self.later(event))
        self.assertMailed(here=everybody("update"))
        self.connect(self.ann, ANN)
        self.assertMailed(outlook=everybody("update"))

    def test_what_odoo_announced_before_the_upgrade_stays_odoos(self):
        """Far away then, and moved nearer: what Outlook has, or is to send, is no such meeting."""
        far = self.board(name="Far", start=self.soon(800), stop=self.soon(800, 10))
        known = self.known_board(name="Known")
        self.account(self.ann).with_user(self.ann).action_pause()
        waiting = self.board(name="Waiting")
        self.env.flush_all()
        self.env.cr.execute("UPDATE calendar_event SET outlook_is_announced = NULL")
        self.env.invalidate_all()
        self.env["calendar.event"]._note_announced_before()
        announced = (far + known + waiting).mapped("outlook_is_announced")
        self.assertEqual([True, False, False], announced)
        self.account(self.ann).with_user(self.ann).action_resume()
        self.settle()
        self.forget_mails()
        self.write(far, self.ann, start=self.soon(3), stop=self.soon(3, 10))

        self.assertMailed(here=everybody("update"))

    def test_a_date_changed_while_signed_out_that_leaves_later_is_announced_anew(self):
        """Odoo told of the change, and Outlook cancels the date: so Outlook invites to it, too."""
        rows = self.known_weekly()
        self.sign_out()
        self.write(rows[2], self.ann, recurrence_update="self_only", **self.later(rows[2]))
        self.connect(self.ann, ANN)
        self.settle()
        self.forget_mails()
        rows[2].with_user(self.ann).action_outlook_detach()

        self.assertMailed(outlook=[*everybody("cancellation"), *everybody("invitation")])

    def test_made_while_switched_off_is_announced_by_odoo_alone(self):
        """The administrator takes the tick away, and sets it again."""
        settings.switch(self.env, enabled=False)
        self.board()
        self.assertMailed(here=everybody("invitation"))
        settings.switch(self.env, enabled=True)
        self.assertMailed()

    def test_in_another_mailbox_than_before_odoo_mails(self):
        """Ann connects another mailbox: what is in the old one is written by nobody any more."""
        event = self.known_board()
        self.sandbox.add_mailbox("ann2@contoso.example", name="Ann")
        self.connect(self.ann, "ann2@contoso.example")
        self.settle()
        self.forget_mails()
        self.write(event, self.ann, **self.later(event))

        self.assertMailed(here=everybody("update"))


@tagged("post_install", "-at_install")
class TestMailTableBefore(BreakCase):
    def setUp(self):
        super().setUp()
        self.event = self.made_before(self.board())
        self.forget_mails()

    def test_left_alone_is_mailed_by_odoo(self):
        """The first round mails nobody; afterwards Odoo goes on as before."""
        self.connect(self.ann, ANN, choice="leave")
        self.assertMailed()
        self.write(self.event, self.ann, **self.later(self.event))
        self.assertMailed(here=everybody("update"))
        self.write(self.event, self.ann, partner_ids=[(4, self.dora.partner_id.id)])
        self.assertMailed(here=everybody("invitation", DORA))

    def test_only_new_ones_mails_nobody(self):
        """What existed is Odoo's; what is made from now on is Outlook's."""
        self.connect(self.ann, ANN, choice="new")
        self.assertMailed()
        self.write(self.event, self.ann, **self.later(self.event))
        self.assertMailed(here=everybody("update"))
        self.board(name="Fresh")
        self.assertMailed(outlook=everybody("invitation"))

    def test_sent_at_the_first_connection_is_announced_by_outlook(self):
        """A person chose that, and knew how many people; from then on it is Outlook's."""
        self.connect(self.ann, ANN, choice="send")
        self.assertMailed(outlook=everybody("invitation"))
        self.write(self.event, self.ann, **self.later(self.event))
        self.assertMailed(outlook=everybody("update"))

    def test_while_a_choice_is_waited_for(self):
        """What existed is Odoo's still; what is made meanwhile is announced after the choice."""
        self.connect(self.ann, ANN, choice=None)
        self.assertMailed()
        self.write(self.event, self.ann, **self.later(self.event))
        self.assertMailed(here=everybody("update"))
        self.board(name="Fresh")
        self.assertMailed()
        self.choose(self.ann, "leave")
        self.assertMailed(outlook=everybody("invitation"))

    def test_sent_by_hand_is_announced_by_outlook(self):
        """*Send through Outlook*: one invitation each, and from then on Outlook's."""
        self.connect(self.ann, ANN)
        wizards = self.env["outlook.send"].with_user(self.ann)
        wizards.create({"event_ids": [(6, 0, self.event.ids)]}).action_send()
        self.assertMailed(outlook=everybody("invitation"))
        self.write(self.event, self.ann, **self.later(self.event))
        self.assertMailed(outlook=everybody("update"))

    def test_found_on_both_sides_is_announced_by_nobody(self):
        """It is joined; what is changed afterwards Outlook tells."""
        self.make_remote(
            ANN,
            subject="Board",
            attendees=[{"type": "required", "emailAddress": {"address": a}} for a in (BOB, GUEST)],
        )
        self.forget_mails()
        self.connect(self.ann, ANN)
        self.assertMailed()
        self.write(self.event, self.ann, **self.later(self.event))
        self.assertMailed(outlook=everybody("update"))

    def test_without_guests_it_is_sent_and_mails_nobody(self):
        """The first guest afterwards is invited by Outlook."""
        alone = self.made_before(self.make(self.ann, name="Alone"))
        self.connect(self.ann, ANN)
        self.assertMailed()
        self.write(alone, self.ann, partner_ids=[(4, self.dora.partner_id.id)])
        self.assertMailed(outlook=everybody("invitation", DORA))
