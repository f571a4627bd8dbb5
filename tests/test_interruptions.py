"""What happens around a break: signed out and in again, switched off and on, another mailbox."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.outlook_calendar.bridge import faults, settings
from odoo.addons.outlook_calendar.bridge.session import LeaseLost, Session

from .common import ANN, BOB, GUEST, SandboxCase


@tagged("post_install", "-at_install")
class TestInterruptions(SandboxCase):
    def setUp(self):
        super().setUp()
        self.account_of_ann = self.connect(self.ann, ANN)

    def _disconnect(self):
        self.account_of_ann.with_user(self.ann).action_disconnect()

    def _board(self):
        return self.make(self.ann, name="Board", partner_ids=[(4, self.guest.id)])

    def test_what_was_done_while_signed_out_arrives_at_the_next_sign_in(self):
        """Changes, deletions and new meetings of the time between are in the outbox."""
        moved, dropped = self.make(self.ann, name="Moved"), self.make(self.ann, name="Dropped")
        self.sync(self.ann)
        self._disconnect()
        self.write(moved, self.ann, location="Room 2")
        dropped.with_user(self.ann).unlink()
        self.make(self.ann, name="Fresh")

        self.connect(self.ann, ANN)

        self.assertEqual("Room 2", self.remote(ANN, "Moved")["location"]["displayName"])
        self.assertIsNone(self.remote(ANN, "Dropped"))
        self.assertTrue(self.remote(ANN, "Fresh"))
        self.assertFalse(self.account_of_ann.pending_count)

    def test_whom_odoo_invited_while_signed_out_outlook_does_not_invite_again(self):
        """One invitation, never two: the meeting is left alone until a person sends it."""
        self._disconnect()
        event = self._board()

        self.connect(self.ann, ANN)

        self.assertEqual(self.guest, self.mails().recipient_ids)
        self.assertEqual([], self.told())
        self.assertEqual("left_alone", self.meeting(event).state)

    def test_whom_odoo_invited_while_switched_off_outlook_does_not_invite_again(self):
        """The administrator unticks the setting, a meeting is made, and he ticks it again."""
        settings.switch(self.env, enabled=False)
        event = self._board()
        alone = self.make(self.ann, name="Alone")
        settings.switch(self.env, enabled=True)

        self.sync(self.ann)

        self.assertEqual(self.guest, self.mails().recipient_ids)
        self.assertEqual([], self.told())
        self.assertEqual("left_alone", self.meeting(event).state)
        self.assertTrue(self.remote(ANN, alone.name))

    def test_after_a_pause_outlook_invites(self):
        """A pause is no sign-out: nobody was told meanwhile, so Outlook does it now."""
        self.account_of_ann.with_user(self.ann).action_pause()
        self._board()
        self.account_of_ann.with_user(self.ann).action_resume()

        self.sync(self.ann)

        self.assertFalse(self.mails())
        self.assertEqual([("invitation", GUEST)], self.told())

    def test_a_round_in_flight_ends_when_the_user_signs_out(self):
        """What it read belongs to a mailbox that is no longer the account's."""
        ways = (self._disconnect, lambda: self.connect(self.ann, BOB, sync=False), self._reset)
        for leave in ways:
            session = Session(
                self.env.registry, self.account_of_ann.id, self.account_of_ann._claim(60)
            )
            self._step(session)

            leave()

            with self.assertRaises(LeaseLost):
                self._step(session)

    def test_a_stopped_account_is_resumed(self):
        """What Microsoft did not allow may be allowed by now: the button tries again."""
        self.account_of_ann.state = "blocked"
        self.make(self.ann, name="Plan")
        self.account_of_ann.with_user(self.ann).action_resume()

        self.sync(self.ann)

        self.assertTrue(self.remote(ANN, "Plan"))

    def test_nobody_leaves_in_the_middle_of_a_reset(self):
        """It deletes what is in this mailbox: no other one may take its place meanwhile."""
        self._reset()

        with self.assertRaisesRegex(UserError, "being reset"):
            self._disconnect()
        with self.assertRaisesRegex(UserError, "being reset"):
            self.connect(self.ann, BOB, sync=False)

    def test_a_late_fault_leaves_a_paused_account_paused(self):
        """A round that was under way finds the sign-in dead: the person's own choice stands."""
        self.sandbox.state.directory.sign_out(ANN, 50173)
        self.sandbox.state.directory.expire_access(ANN)
        session = Session(self.env.registry, self.account_of_ann.id, self.account_of_ann._claim(60))
        self.account_of_ann.with_user(self.ann).action_pause()
        self.env.flush_all()

        with self.enter_registry_test_mode():
            ended_well = faults.guarded(session, lambda: list(session.client.calendars()))

        self.assertFalse(ended_well)
        self.assertEqual("paused", self.account_of_ann.state)

    def _edited_between_two_sign_ins(self, sync_policy):
        """Ann's meeting, known through Bob's mailbox too, is edited here while she is away."""
        event = self.make(
            self.ann, name="Shared", partner_ids=[(4, self.guest.id), (4, self.bob.partner_id.id)]
        )
        self.sync(self.ann)
        self.connect(self.bob, BOB)
        self._reset(sync_policy=sync_policy)
        self.sync(self.ann)
        self.write(event, self.ann, location="Room 2")
        self.sandbox.state.clock.advance(timedelta(minutes=5))
        self.told()
        self.written()
        self.connect(self.ann, ANN, sync=False)
        self.account_of_ann.since = fields.Datetime.now() + timedelta(minutes=2)
        self.sync(self.ann)
        return event

    def test_a_first_round_writes_nothing_to_what_a_colleagues_mailbox_knew(self):
        """The organizer is back: the two sides are joined, what differs is listed, none mailed."""
        event = self._edited_between_two_sign_ins("all")

        self.assertEqual([], self.told())
        self.assertEqual([], self.written())
        self.assertEqual("Room 2", event.location)
        self.assertEqual(["location"], self.meeting(event).differences)

    def test_only_new_meetings_leaves_alone_what_a_colleagues_mailbox_knew(self):
        """What existed before the sign-in is not touched, whoever else has it."""
        event = self._edited_between_two_sign_ins("new")
        self.write(event, self.ann, location="Room 3")
        self.sync(self.ann)

        self.assertEqual([], self.told())
        self.assertEqual([], self.written())
        self.assertEqual("left_alone", self.meeting(event).state)

    def _reset(self, sync_policy="all"):
        self.account_of_ann._start_reset(delete_policy="keep", sync_policy=sync_policy)

    def _step(self, session):
        self.env.flush_all()
        with self.enter_registry_test_mode():
            session.step(lambda desk: None)
