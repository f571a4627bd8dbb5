"""A mailbox changes hands: who signed out gives way to a colleague."""

from odoo.tests import tagged

from .common import ANN, BOB, SandboxCase, attendee, graph_time


@tagged("post_install", "-at_install")
class TestMailboxChangesHands(SandboxCase):
    def setUp(self):
        super().setUp()
        self.connect(self.ann, ANN)
        self.make_remote(ANN, subject="Lunch")
        self.make_remote(BOB, subject="Board", attendees=[attendee(ANN, "Ann")])
        self.plan = self.make(self.ann, name="Plan", partner_ids=[(4, self.guest.id)])
        self.sync(self.ann)
        self.account(self.ann).with_user(self.ann).action_disconnect()
        self.told()
        self.written()

    def test_what_was_disconnected_may_be_connected_by_a_colleague(self):
        """The holder who signed out gives way: identity and calendars are the colleague's."""
        self.connect(self.bob, ANN)

        account = self.account(self.ann)
        self.assertEqual("active", self.account(self.bob).state)
        self.assertEqual(ANN, self.account(self.bob).address)
        self.assertFalse(account.object_id or account.address or account.calendar_ids)
        self.assertEqual("new", account.state)

    def test_meetings_are_recognised_in_the_colleagues_hands(self):
        """By iCalUId: no meeting is doubled, nothing written, nobody mailed."""
        self.connect(self.bob, ANN)
        self.sync(self.bob)

        for name in ("Lunch", "Board", "Plan"):
            with self.subTest(name):
                event = self.local(name)
                self.assertEqual(1, len(event))
                self.assertTrue(event.active)
                copies = self.meeting(event).copy_ids
                self.assertEqual(self.account(self.bob), copies.account_id)
        self.assertEqual(self.ann, self.plan.user_id)
        self.assertEqual(([], []), (self.written(), self.told()))
        self.assertFalse(self.mails())

    def test_the_former_holder_may_begin_anew_elsewhere(self):
        """With another mailbox his meetings are matched like on the first day."""
        self.connect(self.bob, ANN)
        self.plan.write({"partner_ids": [(3, self.guest.id)]})
        self.account(self.bob).with_user(self.bob).action_disconnect()
        self.sandbox.add_mailbox("ann@private.example", name="Ann")
        self.sandbox.create_event(
            "ann@private.example",
            {
                "subject": "Lunch",
                "start": graph_time(self.local("Lunch").start),
                "end": graph_time(self.local("Lunch").stop),
            },
        )
        self.account(self.bob)._give_up_mailbox()
        self.connect(self.ann, "ann@private.example")

        self.assertEqual(1, len(self.local("Lunch")))
        self.assertEqual("linked", self.meeting(self.local("Lunch")).state)
        self.assertEqual("active", self.account(self.ann).state)
