"""Another organizer here: the meeting moves to his mailbox. docs/sync-rules.md."""

from datetime import timedelta

from odoo.tests import tagged

from .common import ANN, BOB, GUEST, attendee, graph_time
from .organizer_case import CARL, OrganizerCase


@tagged("post_install", "-at_install")
class TestOrganizerChange(OrganizerCase):
    def test_it_moves_to_the_new_organizers_mailbox(self):
        """Cancelled in one mailbox, then begun in the other; one mail of each kind a person."""
        event = self.plan(self.bob)
        self.give(event, self.bob)
        self.settle()

        self.assertEqual(
            [
                ("cancellation", ANN, BOB),
                ("cancellation", ANN, GUEST),
                ("invitation", BOB, ANN),
                ("invitation", BOB, GUEST),
            ],
            sorted(self.kinds()),
        )
        self.assertFalse(self.mails())
        self.assertTrue(self._organized_by(BOB, "Plan"))
        self.assertEqual(event, self.local("Plan"))
        self.assertEqual(self.bob, event.user_id)
        self.assertTrue(event.active)

    def test_first_it_is_cancelled_and_then_begun(self):
        """The people's calendars are free again before they are asked anew."""
        event = self.plan(self.bob)
        self.give(event, self.bob)
        self.settle()

        kinds = [kind for kind, _sender, _to in self.kinds()]
        self.assertEqual(sorted(kinds), kinds)

    def test_answers_and_messages_stay(self):
        """What people answered stays here and is not sent again; Outlook asks them anew."""
        self.connect(self.carl_with_mailbox(), CARL)
        event = self.plan(self.bob, self.carl)
        self.answer(event, self.carl, "do_accept")
        event.message_post(body="Bring the plans")
        self.settle()
        self.kinds()
        self.give(event, self.bob)
        self.settle()

        self.assertEqual("accepted", self.state(event, self.carl))
        self.assertEqual("accepted", self.state(event, self.ann))
        self.assertNotIn("response", {kind for kind, _sender, _to in self.kinds()})
        self.assertIn("Bring the plans", "".join(event.message_ids.mapped("body")))
        response = self.current(CARL, "Plan")["responseStatus"]["response"]
        self.assertEqual("notResponded", response)

    def test_an_edit_in_outlook_comes_along(self):
        """What the former organizer changed in Outlook meanwhile is not lost with her event."""
        event = self.plan(self.bob)
        remote = self.remote(ANN, "Plan")
        self.sandbox.change_event(ANN, remote["id"], {"location": {"displayName": "Room 1"}})
        self.kinds()
        self.give(event, self.bob, name="Plan B")
        self.settle()

        moved = self.current(BOB, "Plan B")
        self.assertEqual("Room 1", moved["location"]["displayName"])
        self.assertEqual("Room 1", event.location)
        self.assertNotIn("update", {kind for kind, _sender, _to in self.kinds()})

    def test_to_somebody_without_a_mailbox(self):
        """Outlook cancels, and this side invites by its own mail."""
        event = self.plan(self.bob)
        self.give(event, self.carl)
        self.settle()

        self.assertEqual(
            [("cancellation", ANN, BOB), ("cancellation", ANN, GUEST)], sorted(self.kinds())
        )
        people = self.ann.partner_id | self.bob.partner_id | self.guest
        self.assertEqual(people, self.mails().recipient_ids)
        self.assertEqual(len(people), len(self.mails()))
        self.assertIsNone(self.current(ANN, "Plan"))
        self.assertTrue(event.active)

    def test_to_nobody(self):
        """The same without any organizer."""
        event = self.plan(self.bob)
        self.write(event, self.ann, user_id=False)
        self.settle()

        self.assertEqual(
            [("cancellation", ANN, BOB), ("cancellation", ANN, GUEST)], sorted(self.kinds())
        )
        self.assertIn(self.guest, self.mails().recipient_ids)
        self.assertEqual(3, len(self.mails()))
        self.assertTrue(event.active)

    def test_and_back_after_a_round(self):
        """Each change is a cancellation and an invitation; there is one event for all of it."""
        event = self.plan(self.bob)
        self.give(event, self.bob)
        self.settle()
        self.kinds()
        self.give(event, self.ann, by=self.bob)
        self.settle()

        self.assertEqual(
            [
                ("cancellation", BOB, ANN),
                ("cancellation", BOB, GUEST),
                ("invitation", ANN, BOB),
                ("invitation", ANN, GUEST),
            ],
            sorted(self.kinds()),
        )
        self.assertEqual(event, self.local("Plan"))
        self.assertEqual(2, len(self.tombstones().filtered("ical_uid")))

    def test_and_back_before_a_round_is_nothing(self):
        """Several changes before a round are one, or none."""
        event = self.plan(self.bob)
        self.give(event, self.bob)
        self.give(event, self.ann, by=self.bob)
        self.settle()

        self.assertEqual([], self.kinds())
        self.assertEqual([], self.written())

    def test_several_changes_before_a_round_are_one(self):
        """Given to one and then to another: one cancellation, one invitation."""
        event = self.plan(self.bob)
        self.give(event, self.carl)
        self.give(event, self.bob)
        self.settle()

        self.assertEqual(2, len([kind for kind, *_ in self.kinds() if kind == "invitation"]))
        self.assertFalse(self.mails())

    def test_given_away_before_it_was_ever_sent(self):
        """Nobody heard of it yet: the new organizer's mailbox invites, and that is all."""
        event = self.make(self.ann, name="Plan", partner_ids=[(4, self.guest.id)])
        self.give(event, self.bob)
        self.settle()

        self.assertEqual([("invitation", BOB, GUEST)], self._to(GUEST))
        self.assertFalse(self.mails())

    def test_given_to_nobody_before_it_was_ever_sent(self):
        """Outlook was to invite and never will: this side does, once."""
        event = self.make(self.ann, name="Plan", partner_ids=[(4, self.guest.id)])
        self.give(event, self.carl)
        self.assertFalse(self.mails())
        self.settle()

        self.assertEqual([], self.kinds())
        self.assertIn(self.guest, self.mails().recipient_ids)
        mailed = len(self.mails())
        self.write(event, self.carl, location="Room 1")
        self.settle()
        self.assertEqual(mailed, len(self.mails()))

    def test_whom_this_side_invited_outlook_does_not_invite_again(self):
        """From one without a mailbox: its guests know of it, so a person decides."""
        guests = [(4, self.guest.id)]
        event = self.make(self.carl, name="Plan", partner_ids=guests)
        self.assertIn(self.guest, self.mails().recipient_ids)
        self.give(event, self.bob, by=self.carl)
        self.settle()

        self.assertEqual([], self.kinds())
        self.assertEqual("left_alone", self.meeting(event).state)

    def test_what_has_no_guests_goes_out(self):
        """From one without a mailbox, and nobody was told of it: sent."""
        event = self.make(self.carl, name="Plan", partner_ids=[(6, 0, self.carl.partner_id.ids)])
        self.give(event, self.bob, by=self.carl, partner_ids=[(6, 0, self.bob.partner_id.ids)])
        self.settle()

        self.assertIsNotNone(self.remote(BOB, "Plan"))
        self.assertEqual([], self.kinds())

    def test_what_is_over_stays_where_it_is(self):
        """Nobody is invited to what has been; the form says why both sides differ."""
        start = self.soon(days=-3)
        self.make_remote(
            ANN,
            subject="Plan",
            attendees=[attendee(GUEST)],
            start=graph_time(start),
            end=graph_time(start + timedelta(hours=1)),
        )
        self.settle()
        event = self.local("Plan")
        self.kinds()
        self.give(event, self.bob)
        self.settle()

        self.assertEqual(([], []), (self.kinds(), self.written()))
        self.assertEqual("parked", self.meeting(event).state)

    def test_where_owner_and_organizer_merely_differ_nothing_moves(self):
        """The mailbox was never in step with it, so nobody here gave it away: it is set aside."""
        event = self.plan(self.bob)
        self.meeting(event).copy_ids.write({"base": False})
        self.give(event, self.bob)
        self.settle()

        self.assertEqual(([], []), (self.kinds(), self.written()))
        self.assertEqual("parked", self.meeting(event).state)

    def test_deleted_before_it_moved(self):
        """One cancellation, and no invitation."""
        event = self.plan(self.bob)
        self.give(event, self.bob)
        self.write(event, self.bob, active=False)
        self.settle()

        self.assertEqual(
            [("cancellation", ANN, BOB), ("cancellation", ANN, GUEST)], sorted(self.kinds())
        )

    def test_edited_after_it_moved(self):
        """The new organizer's mailbox has it: an edit is an update from there alone."""
        event = self.plan(self.bob)
        self.give(event, self.bob)
        self.settle()
        self.kinds()
        start = self.soon(days=9)
        self.write(event, self.bob, start=start, stop=start + timedelta(hours=1))
        self.settle()

        self.assertEqual([("update", BOB, ANN), ("update", BOB, GUEST)], sorted(self.kinds()))
        self.assertFalse(self.mails())

    def test_edited_while_it_moves(self):
        """An edit before the round is in the invitation: no mail of its own from either side."""
        event = self.plan(self.bob)
        self.give(event, self.bob)
        start = self.soon(days=9)
        self.write(event, self.bob, start=start, stop=start + timedelta(hours=1))
        self.settle()

        self.assertFalse(self.mails())
        self.assertEqual(4, len(self.kinds()))

    def test_a_further_round_finds_nothing(self):
        """Moved is moved."""
        event = self.plan(self.bob)
        self.give(event, self.bob)
        self.settle()
        self.written()
        self.kinds()
        self.account(self.ann).calendar_ids.write({"delta_link": False})
        self.account(self.bob).calendar_ids.write({"delta_link": False})
        self.settle()

        self.assertEqual(([], []), (self.written(), self.kinds()))
        self.assertEqual(event, self.local("Plan"))

    def _organized_by(self, address, subject):
        return self.current(address, subject)["isOrganizer"]

    def _to(self, address):
        return [mail for mail in self.kinds() if mail[2] == address]
