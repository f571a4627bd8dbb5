"""Guests of series whose organizer is outside, or who come otherwise than by a series' own list.

docs/sync-rules.md, *Answers to series*.
"""

from odoo.tests import tagged

from .common import ANN, BOB, GUEST, attendee
from .test_series_answers import AnswerCase

CARL = "carl@contoso.example"


@tagged("post_install", "-at_install")
class TestSeriesOfOutsiders(AnswerCase):
    """Carl has no account here: a guest's copy tells of his series."""

    def setUp(self):
        super().setUp()
        self.sandbox.add_mailbox(CARL, name="Carl", time_zone="Europe/Brussels")

    def outsiders(self, *addresses):
        """Let Carl invite these people."""
        self.make_series_there(CARL, attendees=[attendee(one) for one in addresses])
        self.bring_over(self.ann, self.bob)
        return self.here()

    def test_a_date_that_a_guest_removes_is_his_refusal(self):
        """His *No* to that date; the row stays, also for the colleague who has it still."""
        rows = self.outsiders(ANN, BOB)
        self.delete_there(7, ANN)
        self.bring_over(self.ann, self.bob)

        self.assertEqual(rows, self.here())
        one_refused = ["needsAction", "declined", "needsAction", "needsAction"]
        self.assertEqual(one_refused, self.states(self.ann))
        self.assertEqual(["needsAction"] * 4, self.states(self.bob))
        self.sandbox.change_event(CARL, self.master(address=CARL)["id"], {"subject": "Council"})
        self.sync(self.ann, self.bob)
        self.assertEqual(["Council"] * 4, self.here().mapped("name"))
        self.assertEqual(one_refused, self.states(self.ann))

    def test_a_date_that_is_declined_here_stays_here(self):
        """It leaves his calendar there, and nothing else comes of it."""
        rows = self.outsiders(ANN, BOB)
        self.answer(rows[1], "declined", "self_only")
        self.assertAnswers(["decline day 7"], 1)

        self.assertEqual(rows, self.here())
        self.assertEqual(4, len(self.there(ANN)))

    def test_a_series_that_is_declined_here_stays_here(self):
        """The only copy is gone; the rows say *No*."""
        rows = self.outsiders(BOB)
        self.answer(rows[1], "declined", "all_events")
        self.assertAnswers(["decline"], 1)

        self.assertEqual(rows, self.here())

    def test_a_date_that_is_called_off_goes_and_stays_gone(self):
        """Also when the guest then tidies his calendar up."""
        rows = self.outsiders(ANN, BOB)
        self.delete_there(7, CARL)
        self.bring_over(self.ann, self.bob)
        self.assertEqual([True, False, True, True], rows.mapped("active"))
        self.delete_there(7, ANN)
        self.bring_over(self.ann, self.bob)

        self.assertEqual([True, False, True, True], rows.mapped("active"))

    def test_dates_that_a_guest_removes_one_by_one_are_refusals(self):
        """Even when none is left to him."""
        rows = self.outsiders(ANN, BOB)
        for day in (0, 7, 14, 21):
            self.delete_there(day, ANN)
        self.bring_over(self.ann, self.bob)

        self.assertEqual(rows, self.here())
        self.assertEqual(["declined"] * 4, self.states(self.ann))

    def test_dates_that_are_all_called_off_one_by_one_are_the_end(self):
        """The series is over, with the note of a cancelled meeting."""
        rows = self.outsiders(ANN)
        for day in (0, 7, 14, 21):
            self.delete_there(day, CARL)
        self.bring_over(self.ann)

        self.assertFalse(self.here())
        self.assertIn("organizer deleted", rows[0].message_ids[:1].body)
        self.assertQuiet()


@tagged("post_install", "-at_install")
class TestSeriesGuests(AnswerCase):
    """Guests who come to a series otherwise than by its own list."""

    def _quiet(self):
        self.sync(self.ann, self.bob, self.ann)
        self.assertEqual(({}, {}), self.acts())

    def test_one_date_and_then_the_series_is_no_refusal(self):
        """Exchange puts the series in the place of the single copy."""
        self.make_series_there(attendees=[attendee(GUEST)])
        self.change_there(7, attendees=[attendee(BOB), attendee(GUEST)])
        self.bring_over(self.ann, self.bob)
        everybody = [attendee(BOB), attendee(GUEST)]
        self.sandbox.change_event(ANN, self.master()["id"], {"attendees": everybody})
        self.bring_over(self.ann, self.bob)

        self.assertEqual(["needsAction"] * 4, self.states())
        self._quiet()

    def test_who_is_invited_through_a_list_is_not_invited_again(self):
        """To the series, of which one date has guests of its own: nothing goes to Outlook."""
        team = "team@contoso.example"
        carl = self._user("carl", CARL, "UTC")
        self.sandbox.add_mailbox(CARL, name="Carl", alias=team)
        self.connect(carl, CARL)
        self.make_series_there(attendees=[attendee(team, "Team")])
        self.change_there(7, attendees=[attendee(team, "Team"), attendee(GUEST)])
        self.bring_over(self.ann, carl)
        self.assertEqual(["needsAction"] * 4, self.states(carl))
        self.sync(self.ann, carl, self.ann)

        self.assertEqual(({}, {}), self.acts())
