"""Who is mailed where something goes wrong or comes late. docs/sync-rules.md, *Who mails*."""

from odoo.tests import tagged

from .common import ANN, BOB, GUEST
from .mail_case import DORA, MailCase, everybody


@tagged("post_install", "-at_install")
class TestMailTableTrouble(MailCase):
    def setUp(self):
        super().setUp()
        self.connect_both()

    def test_a_lost_answer_to_a_creation_is_one_invitation(self):
        """Outlook made it and invited; the next round looks, and makes nothing."""
        self.sandbox.faults.drop_after(method="POST", path="/events$")
        self.board()

        self.assertMailed(outlook=everybody("invitation"))

    def test_a_lost_answer_to_a_change_is_one_update(self):
        """Outlook has it already: there is nothing left to write."""
        event = self.known_board()
        self.sandbox.faults.drop_after(method="PATCH", path="/events/")
        self.write(event, self.ann, location="Room 2")

        self.assertMailed(outlook=everybody("update"))

    def test_a_change_that_never_arrived_is_one_update(self):
        """Sent by the next round."""
        event = self.known_board()
        self.sandbox.faults.drop_before(method="PATCH", path="/events/")
        self.write(event, self.ann, location="Room 2")

        self.assertMailed(outlook=everybody("update"))

    def test_a_contacts_new_address_is_told_to_both_addresses(self):
        """Outlook knows people by their addresses: one leaves, another comes; nobody else hears."""
        event = self.known_board()
        self.guest.email = "guest@new.example"
        self.write(event, self.ann, show_as="free")

        self.assertMailed(outlook=[("cancellation", GUEST), ("invitation", "guest@new.example")])

    def test_a_colleague_who_connects_later_mails_nobody(self):
        """Dora was a guest without a mailbox here; now she has one."""
        event = self.known_board()
        self.write(event, self.ann, partner_ids=[(4, self.dora.partner_id.id)])
        self.sandbox.add_mailbox(DORA, name="Dora")
        self.settle()
        self.forget_mails()
        self.connect(self.dora, DORA)

        self.assertMailed()

    def test_a_guest_who_disconnects_mails_nobody(self):
        """Nor do others' edits miss him afterwards."""
        event = self.known_board()
        self.account(self.bob).with_user(self.bob).action_disconnect()
        self.assertMailed()
        self.write(event, self.ann, location="Room 2")
        self.assertMailed(outlook=everybody("update"))

    def test_who_opens_the_link_to_join_is_invited_by_outlook(self):
        """Dora joins with the link that somebody gave her."""
        self.known_board().with_user(self.dora).sudo().action_join_meeting(self.dora.partner_id.id)

        self.assertMailed(outlook=everybody("invitation", DORA))

    def test_paused_and_given_away_odoo_invites(self):
        """Outlook was to invite and never will: the organizer that it has now has no mailbox."""
        account = self.account(self.ann).with_user(self.ann)
        account.action_pause()
        event = self.board()
        self.write(event, self.ann, user_id=self.dora.id)
        account.action_resume()

        self.assertMailed(here=everybody("invitation", ANN, BOB, GUEST))


@tagged("post_install", "-at_install")
class TestMailTableHeres(MailCase):
    """What this side announced stays this side's."""

    def setUp(self):
        super().setUp()
        event = self.made_before(self.board())
        self.connect_both()
        self.settle()
        self.forget_mails()
        self.event = event

    def test_deleted_with_the_dialog_odoo_tells(self):
        """To whom is Odoo's choice."""
        dialogs = self.env["calendar.popover.delete.wizard"].with_user(self.ann)
        dialogs.create({"calendar_event_id": self.event.id}).action_send_mail_and_delete()

        self.assertMailed(here=everybody("cancellation", ANN, BOB, GUEST))

    def test_archived_and_brought_back_nobody_tells(self):
        """As without the sync."""
        self.event.with_user(self.ann).action_archive()
        self.assertMailed()
        self.event.with_user(self.ann).action_unarchive()
        self.assertMailed()

    def test_given_to_a_colleague_with_a_mailbox_it_stays_here(self):
        """The guests know of it: no second invitation, and Odoo goes on."""
        self.write(self.event, self.ann, user_id=self.bob.id)
        self.assertMailed()
        self.write(self.event, self.bob, **self.later(self.event))
        self.assertMailed(here=everybody("update", ANN, GUEST))

    def test_invited_while_signed_out_and_given_away_it_stays_here(self):
        """Odoo invited when nobody had a mailbox for it."""
        self.account(self.ann).with_user(self.ann).action_disconnect()
        event = self.board(name="Second")
        self.assertMailed(here=everybody("invitation"))
        self.write(event, self.ann, user_id=self.bob.id)
        self.assertMailed()
        self.write(event, self.bob, **self.later(event))
        self.assertMailed(here=everybody("update", ANN, GUEST))

    def test_a_series_left_alone_is_odoos_in_all_its_rows(self):
        """One or all moved: once each."""
        rows = self.weekly(name="Old series")
        for row in rows:
            self.made_before(row)
        self.forget_mails()
        self.env["outlook.outbox"].search([]).unlink()
        self.env["outlook.meeting"].create(
            {"event_id": rows[0].id, "recurrence_ref": rows.recurrence_id.id, "state": "left_alone"}
        )
        self.write(rows[1], self.ann, **self.later(rows[1]))
        self.assertMailed(here=everybody("update"))
