"""New times that guests propose in Outlook: shown to whom they concern, accepted here."""

from datetime import timedelta
from urllib.parse import quote

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged

from .common import ANN, BOB, attendee, graph_time
from .series_case import SeriesCase

CARL = "carl@contoso.example"


@tagged("post_install", "-at_install")
class TestProposals(SeriesCase):
    """Ann organizes; Bob and Carl have mailboxes that nobody connected."""

    def configure(self):
        self.sandbox.add_mailbox(CARL, name="Carl", time_zone="UTC")
        self.carl = self.env["res.partner"].create({"name": "Carl", "email": CARL})

    def _plan(self, **values):
        guests = self.bob.partner_id + self.carl
        event = self.make(self.ann, name="Plan", partner_ids=[(4, one.id) for one in guests])
        if values:
            self.write(event, self.ann, **values)
        self.bring_over()
        return event

    def _propose(self, address, start, remote=None, answer="tentativelyAccept", hours=1):
        """Answer an invitation with another time, as in Outlook."""
        remote = remote or self.remote(address, "Plan")
        slot = {"start": graph_time(start), "end": graph_time(start + timedelta(hours=hours))}
        path = f"/me/events/{quote(remote['id'])}/{answer}"
        body = {"sendResponse": True, "proposedNewTime": slot}
        self.sandbox.graph(address, "POST", path, body)
        self.sync(self.ann)
        self.forget()

    def _shown(self, event, user=None):
        event.invalidate_recordset()
        return event.with_user(user or self.ann).outlook_proposals

    def _accept(self, event, user=None):
        return event.with_user(user or self.ann).action_outlook_accept_proposal()

    # Shown --------------------------------------------------------------------------------------

    def test_a_proposal_shows_on_the_form_on_its_readers_clock(self):
        """Who proposes, and when that is where the reader is."""
        event = self._plan()
        self._propose(BOB, self.soon(hour=14))

        for user in (self.ann, self.bob):
            there = event.with_context(tz=user.tz)
            shown = self._shown(there, user)
            self.assertTrue(shown.startswith("Bob proposes "))
            begins = fields.Datetime.context_timestamp(there, self.soon(hour=14))
            self.assertIn(begins.strftime("%I:%M").lstrip("0"), shown)
            self.assertIn(begins.strftime("%a"), shown)
        form = Form(event.with_user(self.ann))
        self.assertIn("Bob", form.outlook_proposals)

    def test_several_proposals_show_in_order(self):
        """The earliest first, whoever answered first."""
        event = self._plan()
        self._propose(BOB, self.soon(hour=16))
        self._propose(CARL, self.soon(hour=14), answer="decline")

        first, second = self._shown(event).splitlines()
        self.assertTrue(first.startswith("Carl"))
        self.assertTrue(second.startswith("Bob"))

    def test_a_proposal_moves_nothing_by_itself(self):
        """It is news for the form, and for nobody's mailbox."""
        event = self._plan()
        before = event.start
        self._propose(BOB, self.soon(hour=14))

        self.assertEqual(before, event.start)
        self.assertEqual("tentative", self.state(event, self.bob))

    def test_who_answers_again_takes_his_proposal_back(self):
        """A plain yes carries none."""
        event = self._plan()
        self._propose(BOB, self.soon(hour=14))
        self.sandbox.answer_event(BOB, self.remote(BOB, "Plan")["id"], "accept")
        self.sync(self.ann)

        self.assertFalse(self._shown(event))

    def test_a_new_time_voids_proposals_at_once(self):
        """They were made instead of another time, which Outlook need not have heard of yet."""
        event = self._plan()
        self._propose(BOB, self.soon(hour=14))
        self.write(event, self.ann, start=self.soon(hour=11), stop=self.soon(hour=12))
        self.assertFalse(self._shown(event))
        self.sync(self.ann)

        self.assertFalse(self._shown(event))

    def test_a_private_meetings_proposals_are_its_peoples(self):
        """Who may not know what it is does not learn who would like it when."""
        event = self._plan(privacy="private")
        self._propose(BOB, self.soon(hour=14))
        stranger = new_test_user(self.env, "dora-outlook", groups="base.group_user")

        self.assertTrue(self._shown(event))
        self.assertFalse(self._shown(event, stranger))

    def _assertMoved(self, *guests):
        """The next round writes once and each guest is told; then both sides are in step."""
        self.sync(self.ann)
        self.assertEqual(["PATCH"], [method for method, _path in self.written()])
        self.assertEqual([("update", address) for address in guests], self.told())
        self.sync(self.ann)  # takes in that Outlook voided the answers
        self.assertInStep("Plan")
        self.assertEqual([], self.written())

    # Accepted -----------------------------------------------------------------------------------

    def test_accepting_moves_the_meeting_on_both_sides(self):
        """One PATCH of the time, one update each; the proposal is gone."""
        event = self._plan()
        self._propose(BOB, self.soon(hour=14), hours=2)

        self._accept(event)

        self.assertEqual((self.soon(hour=14), self.soon(hour=16)), (event.start, event.stop))
        self.assertFalse(self._shown(event))
        self._assertMoved(BOB, CARL)
        self.assertFalse(self._shown(event))

    def test_of_several_one_is_chosen(self):
        """A dialog names them; the others are void with the new time."""
        event = self._plan()
        self._propose(BOB, self.soon(hour=14))
        self._propose(CARL, self.soon(hour=16))
        action = self._accept(event)
        self.assertEqual("outlook.proposal", action["res_model"])
        dialog = self.env["outlook.proposal"].with_user(self.ann).browse(action["res_id"])
        self.assertEqual([BOB, CARL], dialog.choice_ids.mapped("address"))
        self.assertIn("Bob proposes", dialog.choice_ids[0].words)
        self.assertFalse(dialog.choice_ids.with_user(self.bob).search([]))

        dialog.choice_ids[1].action_accept()
        self.assertEqual(self.soon(hour=16), event.start)
        self.sync(self.ann)

        self.assertFalse(self._shown(event))

    def test_whoever_may_edit_may_accept(self):
        """A guest of this side may, as he may move the meeting; a stranger may not."""
        event = self._plan()
        self._propose(CARL, self.soon(hour=14))
        stranger = new_test_user(self.env, "dora-outlook", groups="base.group_user")
        with self.assertRaises(AccessError):
            self._accept(event, stranger)

        self._accept(event, self.bob)

        self.assertEqual(self.soon(hour=14), event.start)

    def test_a_proposal_that_is_gone_is_not_accepted(self):
        """The page was drawn before the meeting moved: said in words."""
        event = self._plan()
        with self.assertRaises(UserError):
            self._accept(event)

    def test_whole_days_are_proposed_as_days(self):
        """Dates stay dates, whatever the zone."""
        day = self.soon().date()
        event = self.make(
            self.ann,
            name="Plan",
            allday=True,
            start_date=day,
            stop_date=day,
            partner_ids=[(4, self.bob.partner_id.id)],
        )
        self.bring_over()
        midnight = self.soon(days=9, hour=0)
        self._propose(BOB, midnight, hours=24)

        self._accept(event)

        self.assertTrue(event.allday)
        self.assertEqual((midnight.date(), midnight.date()), (event.start_date, event.stop_date))
        self._assertMoved(BOB)

    # Series -------------------------------------------------------------------------------------

    def _series(self):
        partners = self.ann.partner_id + self.bob.partner_id
        rows = self.series("Board", partner_ids=[(6, 0, partners.ids)])
        self.bring_over()
        return rows

    def test_a_proposal_for_one_date_is_that_dates(self):
        """Shown on its row, and accepted for it alone."""
        rows = self._series()
        moved = rows[1].start + timedelta(hours=3)
        self._propose(BOB, moved, self.occurrence(7, BOB))
        self.assertEqual([False, True, False, False], [bool(self._shown(row)) for row in rows])

        self._accept(rows[1])

        self.assertEqual(moved, rows[1].start)
        self.assertArrives({"Board": ["PATCH day 7"]}, {"Board": [("update", BOB)]})
        self.assertFalse(self._shown(rows[1]))

    def test_a_proposal_for_all_dates_is_none(self):
        """Outlook lets nobody propose another time for a whole series."""
        rows = self._series()
        self._propose(BOB, rows[0].start + timedelta(hours=3), self.remote(BOB, "Board"))

        self.assertFalse(any(self._shown(row) for row in rows))

    def test_a_meeting_from_outlook_shows_proposals_too(self):
        """Wherever it was made: the organizer's copy tells."""
        self.make_remote(ANN, subject="Plan", attendees=[attendee(BOB)])
        self.sync(self.ann)
        self._propose(BOB, self.soon(hour=14))

        self.assertIn("Bob", self._shown(self.local("Plan")))
