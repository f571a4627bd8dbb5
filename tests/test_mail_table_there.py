"""Who is mailed about what is done in Outlook, and about answers. docs/sync-rules.md."""

from odoo.tests import tagged

from .common import ANN, BOB, GUEST, attendee, graph_time
from .mail_case import DORA, MailCase, everybody


@tagged("post_install", "-at_install")
class TestMailTableThere(MailCase):
    def setUp(self):
        super().setUp()
        self.connect_both()
        self.event = self.known_board()
        self.remote_id = self.remote(ANN, "Board")["id"]

    def _change(self, **changes):
        self.sandbox.change_event(ANN, self.remote_id, changes)

    def test_made_in_outlook_is_announced_there(self):
        """Exchange has invited; bringing it in mails nobody."""
        people = [attendee(BOB), attendee(GUEST), attendee(DORA)]
        self.make_remote(ANN, subject="Plan", attendees=people)

        self.assertMailed(outlook=everybody("invitation", BOB, GUEST, DORA))
        self.assertTrue(self.local("Plan"))

    def test_edited_in_outlook_is_announced_there(self):
        """Text, time or people: as Exchange does, and nobody from here."""
        start = self.soon(days=9)
        self._change(location={"displayName": "Room 2"})
        self.assertMailed(outlook=everybody("update"))
        self._change(start=graph_time(start), end=graph_time(start.replace(hour=11)))
        self.assertMailed(outlook=everybody("update"))
        self._change(attendees=[attendee(BOB), attendee(DORA)])
        self.assertMailed(outlook=[("cancellation", GUEST), ("invitation", DORA)])

    def test_deleted_in_outlook_is_cancelled_there(self):
        """Exchange cancels; archiving it here mails nobody."""
        self.sandbox.delete_event(ANN, self.remote_id)

        self.assertMailed(outlook=everybody("cancellation"))
        self.assertFalse(self.event.active)

    def test_a_guests_edit_of_his_copy_is_announced_by_nobody(self):
        """It stays his."""
        self.sandbox.change_event(BOB, self.remote(BOB, "Board")["id"], {"subject": "Bored"})

        self.assertMailed()

    def test_a_guest_who_removes_his_copy_is_told_of_by_nobody(self):
        """His answer here is *No*; Exchange sends none, nor does this side."""
        self.sandbox.delete_event(BOB, self.remote(BOB, "Board")["id"])

        self.assertMailed()
        self.assertEqual("declined", self.state(self.event, self.bob))

    def test_edited_on_both_sides_is_one_update_for_each_edit(self):
        """Another place there and another name here: two acts, two mails from Outlook."""
        self._change(location={"displayName": "Room 2"})
        self.write(self.event, self.ann, name="Board 2")

        self.assertMailed(outlook=[*everybody("update"), *everybody("update")])

    def test_from_an_organizer_outside_nobody_here_mails(self):
        """Bob is invited from elsewhere: it comes in, is changed and called off in silence."""
        people = [attendee(BOB), attendee(DORA)]
        self.sandbox.add_mailbox("eve@other.example", name="Eve")
        made = self.make_remote("eve@other.example", subject="Fair", attendees=people)
        self.assertMailed(outlook=everybody("invitation", BOB, DORA))
        self.sandbox.change_event("eve@other.example", made["id"], {"subject": "Fair 2"})
        self.assertMailed(outlook=everybody("update", BOB, DORA))
        self.sandbox.delete_event("eve@other.example", made["id"])
        self.assertMailed(outlook=everybody("cancellation", BOB, DORA))

    def test_a_change_here_of_an_outsiders_meeting_is_announced_by_odoo(self):
        """Nobody's mailbox is written, so Outlook tells nobody: who is added here hears of it."""
        self.sandbox.add_mailbox("eve@other.example", name="Eve")
        self.make_remote("eve@other.example", subject="Fair", attendees=[attendee(BOB)])
        self.settle()
        self.forget_mails()
        event = self.local("Fair")
        self.write(event, self.bob, partner_ids=[(4, self.dora.partner_id.id)])

        self.assertMailed(here=everybody("invitation", DORA))


@tagged("post_install", "-at_install")
class TestMailTableAnswers(MailCase):
    def setUp(self):
        super().setUp()
        self.connect_both()
        self.event = self.known_board()

    def _attendee(self, partner):
        return self.event.attendee_ids.filtered(lambda one: one.partner_id == partner)

    def test_an_answer_here_is_told_to_the_organizer_by_outlook(self):
        """Yes, perhaps, no: one mail each from the guest's mailbox, none from Odoo."""
        for answer in ("do_accept", "do_tentative", "do_decline"):
            getattr(self._attendee(self.bob.partner_id).with_user(self.bob), answer)()
            self.assertMailed(outlook=everybody("response", ANN))

    def test_the_same_answer_again_is_told_to_nobody(self):
        """Nothing is new."""
        self._attendee(self.bob.partner_id).with_user(self.bob).do_accept()
        self.settle()
        self.forget_mails()
        self._attendee(self.bob.partner_id).with_user(self.bob).do_accept()

        self.assertMailed()

    def test_an_answer_in_outlook_is_told_by_outlook_alone(self):
        """It comes in, and mails nobody once more."""
        self.sandbox.answer_event(BOB, self.remote(BOB, "Board")["id"], "accept")

        self.assertMailed(outlook=everybody("response", ANN))
        self.assertEqual("accepted", self.state(self.event, self.bob))

    def test_an_answer_of_somebody_without_a_mailbox_is_told_to_nobody(self):
        """By a link in a mail: it stands here, as without the sync; no mailbox can tell it."""
        self._attendee(self.guest).sudo().do_accept()

        self.assertMailed()

    def test_an_answer_and_a_new_time_are_two_acts(self):
        """The organizer moves it and the guest answers: an update each, a response."""
        self.write(self.event, self.ann, **self.later(self.event))
        self.settle()
        self._attendee(self.bob.partner_id).with_user(self.bob).do_accept()

        self.assertMailed(outlook=[*everybody("update"), ("response", ANN)])

    def test_the_organizers_own_answer_is_told_to_nobody(self):
        """He is no guest of his meeting."""
        self._attendee(self.ann.partner_id).with_user(self.ann).do_decline()

        self.assertMailed()
