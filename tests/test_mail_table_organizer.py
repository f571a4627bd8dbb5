"""Who is mailed when a meeting gets another organizer. docs/sync-rules.md, *Who mails*."""

from odoo.tests import tagged

from .common import ANN, BOB, GUEST
from .mail_case import DORA, MailCase, everybody


@tagged("post_install", "-at_install")
class TestMailTableOrganizer(MailCase):
    def setUp(self):
        super().setUp()
        self.connect_both()

    def _give(self, event, user, **values):
        self.write(event, self.ann, user_id=user.id if user else False, **values)

    def test_to_one_with_a_mailbox_is_a_cancellation_and_an_invitation(self):
        """The old mailbox cancels, the new one invites: Exchange hands nothing over."""
        self._give(self.known_board(), self.bob)

        self.assertMailed(
            outlook=[*everybody("cancellation"), *everybody("invitation", ANN, GUEST)]
        )

    def test_with_a_new_time_it_is_the_same(self):
        """Odoo would announce the new time: the invitation says it."""
        event = self.known_board()
        self._give(event, self.bob, **self.later(event))

        self.assertMailed(
            outlook=[*everybody("cancellation"), *everybody("invitation", ANN, GUEST)]
        )

    def test_to_one_without_a_mailbox_odoo_invites(self):
        """Outlook cancels, then this side invites everybody but the new organizer."""
        self._give(self.known_board(), self.dora)

        self.assertMailed(
            outlook=everybody("cancellation"), here=everybody("invitation", ANN, BOB, GUEST)
        )

    def test_to_nobody_odoo_invites(self):
        """The same, in nobody's name."""
        self._give(self.known_board(), None)
        self.settle()

        self.assertEqual(everybody("cancellation"), self.told())
        self.assertLessEqual({*everybody("invitation", BOB, GUEST)}, {*self.here()})

    def test_afterwards_odoo_tells_of_changes(self):
        """Of what has no mailbox any more."""
        event = self.known_board()
        self._give(event, self.dora)
        self.settle()
        self.forget_mails()
        self.write(event, self.dora, **self.later(event))

        self.assertMailed(here=everybody("update", ANN, BOB, GUEST))

    def test_from_one_without_a_mailbox_nobody_is_told_twice(self):
        """Odoo has invited to it, so it is left alone when it comes to somebody with a mailbox."""
        event = self.known_board(user=self.dora)
        self._give(event, self.ann)
        self.assertMailed()
        self.write(event, self.ann, **self.later(event))
        self.assertMailed(here=everybody("update", BOB, DORA, GUEST))

    def test_a_series_is_a_cancellation_and_an_invitation(self):
        """One of each for the whole."""
        rows = self.known_weekly()
        self._give(rows[0], self.bob, recurrence_update="all_events")

        self.assertMailed(
            outlook=[*everybody("cancellation"), *everybody("invitation", ANN, GUEST)]
        )

    def test_taken_back_before_a_round_is_told_nobody(self):
        """Nothing happened, as far as Outlook can tell."""
        event = self.known_board()
        self._give(event, self.bob)
        self._give(event, self.ann)

        self.assertMailed()

    def test_while_the_old_mailbox_is_paused_nobody_is_told(self):
        """It happens when it can: the guests keep what they have until then."""
        event = self.known_board()
        self.account(self.ann).with_user(self.ann).action_pause()
        self._give(event, self.bob, **self.later(event))
        self.assertMailed()
        self.account(self.ann).with_user(self.ann).action_resume()

        self.assertMailed(
            outlook=[*everybody("cancellation"), *everybody("invitation", ANN, GUEST)]
        )

    def test_made_and_given_away_before_a_round(self):
        """Nobody heard of it yet: who has it now tells."""
        self._give(self.board(), self.bob)
        self.assertMailed(outlook=everybody("invitation", ANN, GUEST))
        self._give(self.board(name="Second"), self.dora)
        self.assertMailed(here=everybody("invitation", ANN, BOB, GUEST))


@tagged("post_install", "-at_install")
class TestMailTableUntold(MailCase):
    """This side invites where Outlook could not; more of it is in `test_untold.py`."""

    def test_let_this_side_invite(self):
        """One invitation each from Odoo, and none from Outlook, also when the pause is over."""
        self.connect_both()
        self.env["ir.config_parameter"].set_param("outlook_calendar.untold_hours", "0")
        account = self.account(self.ann).with_user(self.ann)
        account.action_pause()
        event = self.board()
        self.env.flush_all()
        event.with_user(self.ann).action_outlook_invite()
        self.assertMailed(here=everybody("invitation"))
        account.action_resume()
        self.assertMailed()
        self.write(event, self.ann, partner_ids=[(4, self.dora.partner_id.id)])
        self.assertMailed(here=everybody("invitation", DORA))
