"""Guests whom Outlook could not tell: the form says why, and this side may invite them."""

from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.outlook_calendar.bridge import settings

from .common import ANN, BOB, GUEST
from .mail_case import DORA, MailCase, everybody

OUTLOOK = "Outlook invites the guests of this meeting."


@tagged("post_install", "-at_install")
class TestUntold(MailCase):
    def setUp(self):
        super().setUp()
        self.account_of_ann = self.connect(self.ann, ANN)

    def _fresh(self, event):
        self.env.flush_all()
        self.env.invalidate_all()
        return event.with_user(self.ann)

    def _wait(self, hours):
        """Let so many hours pass since anything was noted for Outlook."""
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE outlook_outbox SET create_date = create_date - %s", (timedelta(hours=hours),)
        )
        self.env.cr.execute(
            "UPDATE outlook_copy SET create_date = create_date - %s", (timedelta(hours=hours),)
        )
        self.env.invalidate_all()

    def _assert_untold(self, event, *words):
        event = self._fresh(event)
        for word in ("have not been told", *words):
            self.assertIn(word, event.outlook_mailer_notice)
        self.assertTrue(event.outlook_is_untold)

    def _paused_board(self, **values):
        self.account_of_ann.with_user(self.ann).action_pause()
        return self.board(**values)

    def test_it_says_why_nobody_has_told_the_guests(self):
        """Each state of the mailbox in words; in order it is only a matter of seconds."""
        event = self.board()
        self.assertFalse(self._fresh(event).outlook_is_untold)
        for state, words in (
            ("paused", "is paused"),
            ("reconnect", "sign in to Outlook again"),
            ("preview", "has not chosen"),
            ("blocked", "does not let"),
        ):
            self.account_of_ann.state = state
            self._assert_untold(event, words, "Ann" if state != "blocked" else "mailbox")

        self.account_of_ann.state = "active"
        self.env["ir.config_parameter"].set_param("outlook_calendar.paused", "True")
        self._assert_untold(event, "an administrator")

    def test_a_meeting_that_rests_says_so(self):
        """Outlook cannot cope with it (500), and is asked again later."""
        self.sandbox.faults.server_error(500, method="POST", path="/events$", times=9)
        event = self.board()
        self.settle()

        self._assert_untold(event, "asked again")

    def test_this_side_offers_to_invite_after_some_hours(self):
        """As the settings say, not before."""
        event = self._paused_board()
        self.assertFalse(self._fresh(event).outlook_can_invite)
        with self.assertRaises(UserError):
            self._fresh(event).action_outlook_invite()
        self._wait(3)
        self.assertFalse(self._fresh(event).outlook_can_invite)
        self._wait(2)

        self.assertTrue(self._fresh(event).outlook_can_invite)

    def test_where_no_round_ever_comes_it_is_offered_too(self):
        """Nothing is known to be wrong, and still nobody was told: the clockwork stands still."""
        event = self.board()
        self._wait(5)

        self._assert_untold(event, "has not been asked")
        self.assertTrue(self._fresh(event).outlook_can_invite)

    def test_invited_from_here_it_is_left_alone(self):
        """Everybody hears once; Outlook never invites, though a person may send it later."""
        event = self._paused_board()
        self._wait(5)
        self._fresh(event).action_outlook_invite()

        self.assertMailed(here=everybody("invitation"))
        meeting = self.meeting(event)
        self.assertEqual(("left_alone", "odoo"), (meeting.state, meeting.mailer))
        self.assertFalse(self.account_of_ann.pending_count)
        self.assertFalse(self._fresh(event).outlook_is_untold)
        with self.assertRaises(UserError):
            self._fresh(event).action_outlook_invite()
        self.account_of_ann.with_user(self.ann).action_resume()
        self.assertMailed()
        self.assertIsNone(self.remote(ANN, "Board"))

    def test_it_can_be_sent_through_outlook_later(self):
        """A second invitation, because a person wants it."""
        event = self._paused_board()
        self._wait(5)
        self._fresh(event).action_outlook_invite()
        self.forget_mails()
        self.account_of_ann.with_user(self.ann).action_resume()
        wizards = self.env["outlook.send"].with_user(self.ann)
        wizards.create({"event_ids": [(6, 0, event.ids)]}).action_send()

        self.assertMailed(outlook=everybody("invitation"))

    def test_of_a_series_everybody_hears_once(self):
        """Who is in it as a whole, of the series; who is on one date only, of that."""
        rows = self._paused_board(recurrency=True, rrule_type="daily", end_type="count", count=3)
        rows = rows.recurrence_id.calendar_event_ids.sorted("start")
        self.write(rows[1], self.ann, partner_ids=[(4, self.dora.partner_id.id)])
        self._wait(5)
        self._fresh(rows[2]).action_outlook_invite()

        self.assertMailed(here=everybody("invitation", BOB, DORA, GUEST))
        self.account_of_ann.with_user(self.ann).action_resume()
        self.assertMailed()

    def test_a_colleague_who_lets_it_invite_mails_guests_only(self):
        """The organizer knows of his meeting."""
        event = self._paused_board()
        self._wait(5)
        self._fresh(event).with_user(self.dora).action_outlook_invite()

        self.assertMailed(here=everybody("invitation"))

    def test_what_outlook_refused_can_be_announced_from_here(self):
        """Set aside, and nobody was told: the way out, and it is not tried again."""
        self.sandbox.faults.server_error(400, method="POST", path="/events$")
        event = self.board()
        self.settle()
        self._wait(5)
        self._fresh(event).action_outlook_invite()

        self.assertMailed(here=everybody("invitation"))
        self.write(event, self.ann, location="Room 2")
        self.assertMailed()

    def test_what_rests_is_not_tried_again_once_this_side_has_invited(self):
        """The mailbox is well, only this meeting was not: nothing is left that would send it."""
        self.sandbox.faults.server_error(500, method="POST", path="/events$", times=9)
        event = self.board()
        self.settle()
        self.sandbox.faults.clear()
        self._wait(5)
        self._fresh(event).action_outlook_invite()

        self.assertMailed(here=everybody("invitation"))

    def test_while_a_round_is_at_work_it_is_refused(self):
        """It may be inviting at this very moment."""
        event = self.board()
        self._wait(5)
        self.account_of_ann._claim(60)
        with self.assertRaisesRegex(UserError, "at work"):
            self._fresh(event).action_outlook_invite()

        self.assertEqual([], self.here())

    def test_what_may_have_arrived_is_not_announced_from_here(self):
        """The answer to its creation was lost: Outlook has invited, and only a round can see it."""
        self.sandbox.faults.add("truncate", method="POST", path=r"/me/calendar/events$")
        event = self.board()
        self.run_lane()
        for action in ("action_pause", "action_disconnect"):
            getattr(self.account_of_ann.with_user(self.ann), action)()
            self._wait(5)
            self.assertIn("may have invited", self._fresh(event).outlook_mailer_notice)
            self.assertFalse(self._fresh(event).outlook_can_invite)
            with self.assertRaises(UserError):
                self._fresh(event).action_outlook_invite()
        self.connect(self.ann, ANN)

        self.assertMailed(outlook=everybody("invitation"))

    def test_what_outlook_has_is_not_announced_from_here(self):
        """Of a change that waits the sentence says so, and no more."""
        event = self.known_board()
        self.assertEqual(OUTLOOK, self._fresh(event).outlook_mailer_notice)
        self.account_of_ann.with_user(self.ann).action_pause()
        self.assertEqual(OUTLOOK, self._fresh(event).outlook_mailer_notice)
        self.write(event, self.ann, **self.later(event))
        self._wait(5)

        self._assert_untold(event, OUTLOOK, "last changes", "is paused")
        self.assertFalse(self._fresh(event).outlook_can_invite)
        with self.assertRaises(UserError):
            self._fresh(event).action_outlook_invite()
        self.assertMailed()

    def test_nobody_is_invited_to_what_is_over(self):
        """It became too late meanwhile."""
        event = self._paused_board()
        self._wait(5)
        event.write({"start": self.soon(days=-2), "stop": self.soon(days=-2, hour=10)})

        self.assertFalse(self._fresh(event).outlook_can_invite)

    def _assert_stranded(self, event, *words):
        """Nobody comes who would invite: it is said, and this side may at once; edits are quiet."""
        self._assert_untold(event, *words)
        self.write(event, self.ann, location="Room 2", **self.later(event))
        self.write(event, self.ann, partner_ids=[(4, self.dora.partner_id.id)])
        self.assertMailed()
        self.assertTrue(self._fresh(event).outlook_can_invite)
        self._fresh(event).action_outlook_invite()
        self.assertMailed(here=everybody("invitation", BOB, DORA, GUEST))
        self.assertFalse(self._fresh(event).outlook_is_untold)

    def test_whose_owner_disconnects_stays_untold_and_can_be_announced(self):
        """Also after edits and one guest more, and when he is back nobody hears twice."""
        event = self._paused_board()
        self.account_of_ann.with_user(self.ann).action_disconnect()
        self._assert_stranded(event, "not connected any more")
        self.connect(self.ann, ANN)
        self.assertMailed()

    def test_one_guest_more_does_not_silence_the_others(self):
        """Added while the owner is signed out: when he is back, Outlook invites everybody."""
        event = self._paused_board()
        self.account_of_ann.with_user(self.ann).action_disconnect()
        self.write(event, self.ann, partner_ids=[(4, self.dora.partner_id.id)])
        self.assertMailed()
        self.connect(self.ann, ANN)
        self.assertMailed(outlook=everybody("invitation", BOB, DORA, GUEST))

    def test_of_an_owner_who_has_left_it_stays_untold(self):
        """No round reads his mailbox."""
        event = self._paused_board()
        self.ann.active = False
        event = event.with_user(self.dora)
        self._fresh(event)
        self.assertTrue(event.outlook_is_untold)
        self.assertTrue(event.outlook_can_invite)
        other = self.make(
            self.dora,
            name="Board",
            user_id=self.ann.id,
            partner_ids=[(6, 0, (self.bob.partner_id | self.guest).ids)],
        )
        self.assertMailed(here=everybody("invitation"))
        self.assertFalse(other.outlook_is_untold)

    def test_switched_off_it_stays_untold(self):
        """What is new then is Odoo's; what Outlook was to announce is told by nobody."""
        event = self._paused_board()
        settings.switch(self.env, enabled=False)
        self._assert_stranded(event, "switched off")
        self.board(name="Other")
        self.assertMailed(here=everybody("invitation"))

    def test_given_away_and_then_disconnected_it_stays_untold(self):
        """The new organizer has no mailbox, and the old one's has no rounds any more."""
        event = self._paused_board()
        self.write(event, self.ann, user_id=self.dora.id)
        self._assert_untold(event, "is paused")
        self.assertFalse(self._fresh(event).outlook_can_invite)
        self.account_of_ann.with_user(self.ann).action_disconnect()
        self._assert_untold(event, "not connected any more")
        self._fresh(event).with_user(self.dora).action_outlook_invite()

        self.assertMailed(here=everybody("invitation", ANN, BOB, GUEST))

    def test_moved_to_a_mailbox_that_signs_out_it_stays_untold(self):
        """Cancelled in the old mailbox, and not begun in the new one."""
        account = self.connect(self.bob, BOB)
        event = self.known_board()
        self.write(event, self.ann, user_id=self.bob.id)
        self.sync(self.ann)
        account.with_user(self.bob).action_disconnect()
        self.forget_mails()
        self._assert_untold(event, "not connected any more")
        self._fresh(event).with_user(self.dora).action_outlook_invite()

        self.assertMailed(here=everybody("invitation", ANN, GUEST))

    def test_who_may_not_write_it_may_not_invite(self):
        """A portal user, by a call."""
        event = self._paused_board()
        self._wait(5)
        with self.assertRaises(AccessError):
            self._fresh(event).with_user(self.visitor).action_outlook_invite()
