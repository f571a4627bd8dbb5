"""A move that waits, is interrupted, or comes upon what is older. docs/sync-rules.md."""

from odoo.tests import tagged

from .common import ANN, BOB, GUEST
from .organizer_case import OrganizerCase


@tagged("post_install", "-at_install")
class TestOrganizerChangeWaits(OrganizerCase):
    """A move needs both mailboxes: nobody is told of half of it."""

    def _moving(self, user=None):
        event = self.plan(self.bob)
        self.give(event, user or self.bob)
        return event

    def test_nobody_is_told_while_the_old_mailbox_cannot_cancel(self):
        """Its sign-in is dead: the guests would have the meeting twice."""
        event = self.plan(self.bob)
        account = self.account(self.ann)
        account.state = "reconnect"
        self.give(event, self.bob)
        self.settle()

        self.assertEqual(([], []), (self.kinds(), self.written()))
        self.assertFalse(self.mails())
        self.assertIn("Ann", event.with_user(self.bob).outlook_move_notice)

        account.state = "active"
        self.settle()
        self.assertEqual(4, len(self.kinds()))
        self.assertFalse(event.with_user(self.bob).outlook_move_notice)

    def test_nobody_is_told_while_the_new_mailbox_cannot_invite(self):
        """It is paused: a cancellation now and an invitation some day would be half of it."""
        event = self.plan(self.bob)
        account = self.account(self.bob)
        account.with_user(self.bob).action_pause()
        self.give(event, self.bob)
        self.settle()

        self.assertEqual(([], []), (self.kinds(), self.written()))
        self.assertIn("Bob", event.with_user(self.ann).outlook_move_notice)
        self.assertFalse(event.outlook_can_move_now)

        account.with_user(self.bob).action_resume()
        self.settle()
        self.assertEqual(4, len(self.kinds()))

    def test_what_is_edited_in_outlook_meanwhile_comes_in(self):
        """Until it moves, the former organizer's Outlook is where it is."""
        event = self.plan(self.bob)
        self.account(self.bob).with_user(self.bob).action_pause()
        self.give(event, self.bob)
        remote = self.remote(ANN, "Plan")
        self.sandbox.change_event(ANN, remote["id"], {"location": {"displayName": "Room 1"}})
        self.settle()

        self.assertEqual("Room 1", event.location)
        self.assertEqual([], self.written())

    def test_a_person_may_go_on_without_the_old_mailbox(self):
        """Invited anew at once; the old mailbox cancels what it has when it is back."""
        event = self.plan(self.bob)
        account = self.account(self.ann)
        account.state = "reconnect"
        self.give(event, self.bob)
        self.assertTrue(event.with_user(self.bob).outlook_can_move_now)
        event.with_user(self.bob).action_outlook_move_now()
        self.settle()
        self.assertEqual([("invitation", BOB, ANN), ("invitation", BOB, GUEST)], self.kinds())

        account.state = "active"
        self.settle()
        self.assertEqual([("cancellation", ANN, BOB), ("cancellation", ANN, GUEST)], self.kinds())
        self.assertEqual(event, self.local("Plan"))
        self.assertTrue(event.active)

    def test_what_was_left_behind_is_cancelled_although_it_was_edited(self):
        """The meeting went on elsewhere: an edit of the old one does not bring a second here."""
        event = self.plan(self.bob)
        account = self.account(self.ann)
        account.state = "reconnect"
        self.give(event, self.bob)
        event.with_user(self.bob).action_outlook_move_now()
        self.settle()
        old = next(one for one in self.sandbox.events(ANN) if one["isOrganizer"])
        self.sandbox.change_event(ANN, old["id"], {"subject": "Old plan"})
        account.state = "active"
        self.settle()

        self.assertFalse(self.local("Old plan"))
        self.assertFalse([one for one in self.sandbox.events(ANN) if one["isOrganizer"]])

    def test_the_old_mailbox_is_signed_out(self):
        """It says so, and a person may go on; what is edited meanwhile this side mails."""
        event = self.plan(self.bob)
        self.account(self.ann).with_user(self.ann).action_disconnect()
        self.give(event, self.bob, by=self.bob)
        self.settle()

        self.assertEqual([], self.kinds())
        self.assertIn("signed out", event.with_user(self.bob).outlook_move_notice)
        self.assertTrue(event.with_user(self.bob).outlook_can_move_now)

    def test_the_cancellation_gets_no_answer(self):
        """It arrived: the next round looks, finds it gone, and goes on."""
        event = self._moving()
        self.sandbox.faults.drop_after(method="DELETE", path=r"/me/events/")
        self.sync(self.ann)
        self.account(self.ann).backoff_until = False
        self.settle()

        self.assertEqual(4, len(self.kinds()))
        self.assertTrue(event.active)
        self.assertTrue(self.current(BOB, "Plan")["isOrganizer"])

    def test_the_invitation_gets_no_answer(self):
        """It arrived: it is found by its mark, and nobody is invited twice."""
        self._moving()
        self.sandbox.faults.drop_after(method="POST", path=r"/me/calendar/events$")
        self.settle()
        self.account(self.bob).backoff_until = False
        self.settle()

        self.assertEqual(4, len(self.kinds()))
        self.assertEqual(1, len(self.local("Plan")))

    def test_the_former_organizer_deletes_it_in_outlook_meanwhile(self):
        """Somebody gave it to Bob here: that edit beats the deletion, and it goes on with him."""
        event = self.plan(self.bob)
        self.sandbox.delete_event(ANN, self.remote(ANN, "Plan")["id"])
        self.kinds()
        self.give(event, self.bob)
        self.settle()

        self.assertTrue(event.active)
        self.assertEqual([("invitation", BOB, ANN), ("invitation", BOB, GUEST)], self.kinds())

    def test_whichever_mailbox_comes_first(self):
        """The new organizer's rounds wait for the old one's, and see the old copy meanwhile."""
        event = self._moving()
        self.sync(self.bob)
        self.assertEqual([], self.written())
        self.sync(self.ann, self.bob)

        self.assertEqual(4, len(self.kinds()))
        self.assertEqual(event, self.local("Plan"))

    def test_an_old_copy_that_arrives_late_makes_nothing(self):
        """A guest's mailbox shows the meeting after it moved, not yet cancelled: it is known."""
        event = self.plan()
        bob = [(4, self.bob.partner_id.id)]
        self.write(event, self.ann, partner_ids=bob)
        self.sync(self.ann)
        self.sandbox.options.set(delta_lag=1)
        self.give(event, self.carl)
        self.sync(self.ann)
        for _round in range(3):
            self.sync(self.bob)
            self.assertEqual(event, self.local("Plan"))

    def test_where_outlook_tells_no_icaluid(self):
        """Nothing names the old copies but what they are: the meeting moves all the same."""
        self.sandbox.options.set(ical_uid_missing=True)
        event = self.plan(self.bob)
        self.give(event, self.bob)
        self.settle()

        self.assertEqual(4, len(self.kinds()))
        self.assertEqual(event, self.local("Plan"))
        self.written()
        self.settle()
        self.assertEqual([], self.written())

    def test_his_answer_is_not_sent_to_himself(self):
        """The new organizer's own answer here is no answer to the one before."""
        event = self.plan(self.bob)
        self.give(event, self.bob)
        self.answer(event, self.bob, "do_accept")
        self.sync(self.bob)
        self.settle()

        self.assertNotIn("response", {kind for kind, _sender, _to in self.kinds()})

    def test_unarchived_is_another_meeting_in_outlook(self):
        """The old one stays known by its iCalUId: its late copies bring nothing."""
        event = self.plan(self.bob)
        old = self.meeting(event)
        uid = old.ical_uid
        self.write(event, self.ann, active=False)
        self.settle()
        self.write(event, self.ann, active=True)
        self.settle()

        self.assertEqual(uid, old.ical_uid)
        self.assertEqual("gone", old.state)
        self.assertFalse(old.event_id)
        self.assertNotEqual(uid, self.meeting(event).ical_uid)
        self.assertTrue(self.meeting(event).ical_uid)
        self.assertEqual(event, self.local("Plan"))
