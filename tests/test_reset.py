"""Reset Account: each policy on both sides, what it leaves alone, and the sign-in afterwards."""

from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .common import ANN, BOB, GUEST, attendee, graph_time
from .reset_case import ResetCase


@tagged("post_install", "-at_install")
class TestResetPolicies(ResetCase):
    def test_keep_leaves_both_sides_as_they_are(self):
        """Nothing is deleted and nothing written; the links and the sign-in are gone."""
        event = self.make_in_step()
        self.written()
        reset = self.reset(delete_policy="keep", sync_policy="all")

        self.assertEqual("done", reset.state)
        self.assertTrue(event.exists().active)
        self.assertTrue(self.remote(ANN, "Plan"))
        self.assertEqual([], self.written())
        self.assertFalse(self.meeting(event).copy_ids)
        self.assertEqual("connect", self.status(self.ann))
        account = self.account(self.ann)
        self.assertFalse(account.token_cache or account.address or account.calendar_ids)

    def test_outlook_deletes_there_only(self):
        """The meetings leave the mailbox and stay here."""
        event = self.make_in_step()
        reset = self.reset(delete_policy="outlook", sync_policy="new")

        self.assertIsNone(self.remote(ANN, "Plan"))
        self.assertTrue(event.exists().active)
        self.assertEqual((1, 0), (reset.deleted_remote, reset.deleted_local))
        self.assertFalse(reset.remnant_ids)

    def test_local_deletes_here_only(self):
        """The meetings leave this calendar, without a mail, and stay in the mailbox."""
        event = self.make_in_step(partner_ids=[(4, self.guest.id)])
        self.told()
        reset = self.reset(delete_policy="local", sync_policy="new")

        self.assertFalse(event.exists())
        self.assertTrue(self.remote(ANN, "Plan"))
        self.assertEqual((0, 1), (reset.deleted_remote, reset.deleted_local))
        self.assertEqual([], self.told())
        self.assertFalse(self.mails())

    def test_both_deletes_on_both_sides(self):
        """Exchange cancels; nobody hears of it twice."""
        event = self.make_in_step(partner_ids=[(4, self.guest.id)])
        self.told()
        self.reset(delete_policy="both", sync_policy="new")

        self.assertFalse(event.exists())
        self.assertIsNone(self.remote(ANN, "Plan"))
        self.assertEqual([("cancellation", GUEST)], self.told())
        self.assertFalse(self.mails())

    def test_many_meetings_go_in_batches(self):
        """Twenty deletions are one request."""
        events = [self.make(self.ann, name=f"Plan {number}") for number in range(21)]
        self.sync(self.ann)
        self.written()
        reset = self.reset(delete_policy="both", sync_policy="new")

        self.assertEqual(21, reset.deleted_remote)
        self.assertEqual([], self.sandbox.events(ANN))
        self.assertFalse([event for event in events if event.exists()])
        self.assertEqual(100, reset.progress)

    def test_what_others_organize_is_left_alone(self):
        """A guest's copy is neither deleted in Outlook nor is the meeting deleted here."""
        self.make_remote(BOB, subject="Bob's", attendees=[attendee(ANN)])
        self.make_remote(ANN, subject="Ann's")
        self.sync(self.ann)
        self.assertTrue(self.local("Bob's") and self.local("Ann's"))
        self.reset(delete_policy="both", sync_policy="new")

        self.assertTrue(self.local("Bob's").active)
        self.assertTrue(self.remote(ANN, "Bob's"))
        self.assertTrue(self.remote(BOB, "Bob's"))
        self.assertFalse(self.local("Ann's"))

    def test_what_was_never_linked_is_left_alone(self):
        """Meetings that the sync left here, and events it does not know, stay where they are."""
        before = self.made_before(self.make(self.bob, name="Old", partner_ids=[(4, self.guest.id)]))
        self.connect(self.bob, BOB)
        self.make_remote(BOB, subject="Unknown")
        self.reset(user=self.bob, delete_policy="both", sync_policy="new")

        self.assertTrue(before.exists().active)
        self.assertTrue(self.remote(BOB, "Unknown"))


@tagged("post_install", "-at_install")
class TestResetAndSignInAgain(ResetCase):
    def test_keep_and_all_match_every_meeting(self):
        """Nothing is doubled and nothing written, whoever had made the meetings."""
        self.make_in_step("From here")
        self.make_remote(ANN, subject="From there")
        self.sync(self.ann)
        self.reset(delete_policy="keep", sync_policy="all")
        self.written()
        self.connect(self.ann, ANN)

        for name in ("From here", "From there"):
            self.assertEqual(1, len(self.local(name)))
            self.assertTrue(self.remote(ANN, name))
            self.assertEqual("linked", self.meeting(self.local(name)).state)
        self.assertEqual([], self.written())

    def test_keep_and_all_match_what_has_no_subject(self):
        """The name that stands for no subject here is none, whichever side shows it."""
        for hour, subject in ((10, ""), (12, "(No subject)")):
            self.make_remote(
                ANN,
                subject=subject,
                start=graph_time(self.soon(hour=hour)),
                end=graph_time(self.soon(hour=hour + 1)),
            )
        self.sync(self.ann)
        self.reset(delete_policy="keep", sync_policy="all")
        self.written()
        self.connect(self.ann, ANN)

        self.assertEqual(2, len(self.local("(No subject)")))
        self.assertEqual(2, len(self.sandbox.events(ANN)))
        self.assertEqual([], self.written())

    def test_keep_and_all_match_what_was_edited_and_not_sent(self):
        """A dead sign-in is why people reset: what they changed meanwhile doubles nothing."""
        alone = self.make_in_step("Alone")
        board = self.make(self.ann, name="Board", partner_ids=[(4, self.guest.id)])
        self.sync(self.ann)
        self.account(self.ann).state = "reconnect"
        start = self.soon(days=12)
        for event in (alone, board):
            self.write(event, self.ann, name=f"{event.name} moved", start=start)
        self.reset(delete_policy="keep", sync_policy="all")
        self.told()
        self.written()

        self.connect(self.ann, ANN)

        self.assertEqual(2, len(self.sandbox.events(ANN)))
        self.assertEqual([], self.told())
        self.assertEqual([], self.written())
        for event in (alone, board):
            self.assertEqual("linked", self.meeting(event).state)
            self.assertEqual({"subject", "when"}, set(self.meeting(event).differences))
        self.assertEqual(2, len(self.local("Alone moved") | self.local("Board moved")))
        self.assertFalse(self.local("Alone") | self.local("Board"))

    def test_what_outlook_lost_meanwhile_is_sent_again_only_if_nobody_is_mailed(self):
        """After keep and all: without guests it is sent, with guests a person decides."""
        alone = self.make_in_step("Alone")
        board = self.make(self.ann, name="Board", partner_ids=[(4, self.guest.id)])
        self.made_before(alone)
        self.made_before(board)
        self.sync(self.ann)
        self.reset(delete_policy="keep", sync_policy="all")
        for event in self.sandbox.events(ANN):
            self.sandbox.delete_event(ANN, event["id"])
        self.told()

        self.connect(self.ann, ANN)

        self.assertTrue(self.remote(ANN, "Alone"))
        self.assertIsNone(self.remote(ANN, "Board"))
        self.assertEqual("left_alone", self.meeting(board).state)
        self.assertEqual([], self.told())

    def test_all_brings_back_what_was_deleted_here(self):
        """After *local* and *all* the mailbox's meetings come in again."""
        self.make_in_step()
        self.reset(delete_policy="local", sync_policy="all")
        self.connect(self.ann, ANN)

        self.assertEqual(1, len(self.local("Plan")))

    def test_new_leaves_alone_what_was_there(self):
        """After *new* only what is first seen after the sign-in is synchronized."""
        event = self.make_in_step("Old")
        self.reset(delete_policy="keep", sync_policy="new")
        account = self.connect(self.ann, ANN, sync=False)
        account.since = fields.Datetime.now() + timedelta(minutes=1)
        self.sandbox.clock.advance(timedelta(minutes=2))
        self.written()
        self.sync(self.ann)
        self.write(event, self.ann, name="Old, edited")
        self.make_remote(ANN, subject="New")
        self.sync(self.ann)

        self.assertEqual([], self.written())
        self.assertTrue(self.local("New"))
        self.assertTrue(self.remote(ANN, "Old"))

    def test_another_user_may_take_the_mailbox(self):
        """After a reset the mailbox belongs to nobody."""
        self.reset(delete_policy="keep", sync_policy="new")
        self.connect(self.bob, ANN)

        self.assertEqual("active", self.account(self.bob).state)


@tagged("post_install", "-at_install")
class TestResetOfSharedMeetings(ResetCase):
    def setUp(self):
        super().setUp()
        self.connect(self.bob, BOB)
        self.event = self.make_in_step(
            "Shared", partner_ids=[(4, self.ann.partner_id.id), (4, self.bob.partner_id.id)]
        )
        self.sync(self.bob)
        self.assertEqual(2, len(self.meeting(self.event).copy_ids))

    def test_keep_leaves_the_guests_link(self):
        """The guest's mailbox stays in step with the meeting."""
        self.reset(delete_policy="keep", sync_policy="all")

        copies = self.meeting(self.event).copy_ids
        self.assertEqual(self.account(self.bob), copies.account_id)
        self.sync(self.bob)
        self.assertTrue(self.event.exists().active)

    def test_keep_and_all_join_the_meeting_again(self):
        """The organizer's mailbox finds the meeting that the guest's kept."""
        self.reset(delete_policy="keep", sync_policy="all")
        self.connect(self.ann, ANN)
        self.sync(self.bob, self.ann)

        self.assertEqual(1, len(self.local("Shared")))
        self.assertEqual(2, len(self.meeting(self.event).copy_ids))

    def test_local_and_all_bring_the_organizers_meeting_back(self):
        """The guest's copy keeps the meeting known; the organizer's next sign-in makes it again."""
        self.reset(delete_policy="local", sync_policy="all")
        self.sync(self.bob)
        self.assertFalse(self.local("Shared"))
        self.told()
        self.written()
        self.connect(self.ann, ANN)
        self.sync(self.bob, self.ann)

        event = self.local("Shared")
        self.assertEqual((1, self.ann), (len(event), event.user_id))
        self.assertEqual("linked", self.meeting(event).state)
        self.assertEqual(2, len(self.meeting(event).copy_ids))
        self.assertEqual(([], []), (self.written(), self.told()))
        self.write(event, self.ann, location="Room 2")
        self.sync(self.ann, self.bob)
        self.assertEqual("Room 2", self.remote(BOB, "Shared")["location"]["displayName"])
        self.env["calendar.attendee"].search(
            [("event_id", "=", event.id), ("partner_id", "=", self.bob.partner_id.id)]
        ).with_user(self.bob).do_decline()
        self.sync(self.bob)
        self.assertIsNone(self.remote(BOB, "Shared"))

    def test_deleted_in_outlook_the_meeting_stays_here(self):
        """The cancellation that reaches the guest's mailbox does not archive what was kept."""
        self.reset(delete_policy="outlook", sync_policy="new")
        self.sync(self.bob)

        self.assertTrue(self.event.exists().active)

    def test_deleted_here_the_guests_mailbox_is_not_touched(self):
        """The guest did not leave the meeting: his copy stays, and nobody is told anything."""
        self.told()
        self.written()
        self.reset(delete_policy="local", sync_policy="new")
        self.sync(self.bob)

        self.assertTrue(self.remote(BOB, "Shared"))
        self.assertEqual([], self.written())
        self.assertEqual([], self.told())
