"""*Not in Outlook*: meetings that are left alone say so, and a person can send them."""

from datetime import timedelta

from odoo.exceptions import AccessError
from odoo.tests import Form, new_test_user, tagged

from .common import ANN, BOB, GUEST, SandboxCase


@tagged("standard", "post_install", "-at_install")
class TestSendThroughOutlook(SandboxCase):
    """Ann left what she had here alone when she connected; Cara has no mailbox."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cara = new_test_user(cls.env, "cara-outlook", groups="base.group_user")

    def left_alone(self, name="Board", *, guests=None, **values):
        """Return a meeting of Ann's that was here before she connected."""
        people = self.ann.partner_id + (self.guest if guests is None else guests)
        values["partner_ids"] = [(6, 0, people.ids)]
        event = self.make(self.ann, name=name, **values)
        for row in event.recurrence_id.calendar_event_ids or event:
            self.made_before(row)
        return event

    def series_left_alone(self):
        """Make a series of three that was here before, and return its rows."""
        start = self.soon()
        rule = {"recurrency": True, "rrule_type": "daily", "end_type": "count", "count": 3}
        series = self.left_alone(
            "Daily", start=start, stop=start + timedelta(hours=1), event_tz="UTC", **rule
        )
        return series.recurrence_id.calendar_event_ids

    def there(self, **values):
        """Make an event in Ann's mailbox as of yesterday: before she connects."""
        self.sandbox.clock.advance(timedelta(days=-1))
        self.make_remote(ANN, **values)
        self.sandbox.clock.advance(timedelta(days=1))

    def connected(self):
        """Connect Ann, who leaves her meetings with guests alone."""
        self.connect(self.ann, ANN)
        self.told(), self.written()

    def wizard(self, events, user):
        """Open the question as the button, or the action on a selection, does."""
        action = events.with_user(user).action_outlook_send()
        wizards = self.env[action["res_model"]].with_user(user)
        return Form(wizards.with_context(**action["context"])).save()

    def found(self, user):
        """Return what the filter *Not in Outlook* finds."""
        events = self.env["calendar.event"].with_user(user)
        return events.search([("outlook_is_left_alone", "=", True)]).sudo()

    def test_what_is_left_alone_says_so(self):
        """The form has the note and the button; a meeting that is in Outlook has neither."""
        board = self.left_alone()
        self.connected()
        fresh = self.make(self.ann, name="Fresh")
        self.sync(self.ann)

        shown = board.with_user(self.ann)
        self.assertTrue(shown.outlook_is_left_alone and shown.outlook_can_be_sent)
        self.assertEqual("This meeting is not in Outlook.", shown.outlook_left_alone_note)
        self.assertFalse(fresh.with_user(self.ann).outlook_is_left_alone)
        self.assertEqual(board, self.found(self.ann))

    def test_all_rows_of_a_series_say_so(self):
        """A series is left alone as one; each of its rows is marked, and sending one sends all."""
        rows = self.series_left_alone()
        self.connected()

        self.assertEqual([True] * 3, rows.with_user(self.ann).mapped("outlook_is_left_alone"))
        self.assertEqual(rows, self.found(self.ann).sorted("id"))
        wizard = self.wizard(rows[1:], self.ann)
        self.assertEqual((1, 1), (wizard.meeting_count, wizard.people_count))
        wizard.action_send()
        self.sync(self.ann)
        self.assertEqual([("invitation", GUEST)], self.told())
        self.assertFalse(self.found(self.ann))

    def test_sending_mails_whom_it_said(self):
        """The number comes first; then Outlook invites exactly these people, once."""
        board = self.left_alone(guests=self.guest + self.bob.partner_id)
        self.connected()
        before = self.mails()
        wizard = self.wizard(board, self.ann)

        self.assertEqual("2 people are mailed", wizard.mail_note)
        self.assertEqual([], self.told())
        wizard.action_send()
        self.sync(self.ann)
        self.assertEqual([("invitation", BOB), ("invitation", GUEST)], self.told())
        self.assertEqual("linked", self.meeting(board).state)
        self.assertFalse(board.with_user(self.ann).outlook_is_left_alone)
        self.assertEqual(before, self.mails())

    def test_sent_twice_is_one_meeting(self):
        """Who presses again, or in another window, sends nothing more."""
        board = self.left_alone()
        self.connected()
        first, second = self.wizard(board, self.ann), self.wizard(board, self.ann)
        first.action_send()
        second.action_send()
        self.sync(self.ann)

        self.assertEqual([("invitation", GUEST)], self.told())
        self.assertTrue(self.remote(ANN, "Board"))

    def test_a_mixed_selection_says_what_is_not_sent_and_why(self):
        """Over, in Outlook already, of somebody without a mailbox, not one's own: each is named."""
        board = self.left_alone()
        over = self.left_alone("Over", start=self.soon(-3), stop=self.soon(-3, 10))
        focus = self.left_alone("Focus", guests=self.guest.browse())
        caras = self.make(self.cara, name="Caras", partner_ids=[(4, self.ann.partner_id.id)])
        others = self.make(self.cara, name="Others")
        self.connected()
        wizard = self.wizard(board + over + focus + caras + others, self.ann)

        self.assertEqual((1, 1), (wizard.meeting_count, wizard.people_count))
        self.assertEqual((1, 4), (wizard.over_count, wizard.skipped_count))
        for reason in (
            "1 meeting: not yours to change.",
            "1 meeting: in Outlook already, or on the way there.",
            "1 meeting: over.",
            f"1 meeting: the organizer has not connected Outlook ({self.cara.name}).",
        ):
            self.assertIn(reason, wizard.skipped)
        wizard.action_send()
        self.sync(self.ann)
        self.assertEqual([("invitation", GUEST)], self.told())

    def test_what_is_over_is_never_sent(self):
        """Nobody is invited to the past: there is no button, and the question sends nothing."""
        over = self.left_alone("Over", start=self.soon(-3), stop=self.soon(-3, 10))
        self.connected()
        shown = over.with_user(self.ann)
        wizard = self.wizard(over, self.ann)

        self.assertTrue(shown.outlook_is_left_alone)
        self.assertFalse(shown.outlook_can_be_sent)
        self.assertEqual(0, wizard.meeting_count)
        wizard.action_send()
        self.sync(self.ann)
        self.assertEqual([], self.told())

    def test_an_archived_series_opens_and_is_not_sent(self):
        """No row of it is left to tell when it ends: its form and the question open."""
        rows = self.series_left_alone()
        self.connected()
        rows.with_user(self.ann).write({"active": False})
        self.env.flush_all(), self.env.invalidate_all()

        shown = Form(rows[0].with_user(self.ann))
        self.assertFalse(shown.outlook_can_be_sent)
        wizard = self.env["outlook.send"].with_user(self.ann).create({"event_ids": rows.ids})
        self.assertEqual(0, wizard.meeting_count)

    def test_a_guest_sends_through_the_organizers_mailbox(self):
        """Who may change a meeting may send it; Outlook sends it as its organizer."""
        board = self.left_alone(guests=self.guest + self.bob.partner_id)
        self.connected()
        self.wizard(board, self.bob).action_send()
        self.sync(self.ann)

        sent = self.remote(ANN, "Board")
        self.assertEqual(ANN, sent["organizer"]["emailAddress"]["address"])

    def test_private_meetings_of_others_stay_hidden(self):
        """Neither marked nor sent for somebody who may not know what it is."""
        secret = self.left_alone("Surgery", privacy="private")
        self.connected()
        shown = secret.with_user(self.bob)
        wizard = self.wizard(secret, self.bob)

        self.assertFalse(shown.outlook_is_left_alone or shown.outlook_can_be_sent)
        self.assertFalse(wizard.sendable_ids)
        self.assertIn("not yours to change", wizard.skipped)
        wizard.action_send()
        self.sync(self.ann)
        self.assertEqual([], self.told())

    def test_what_rests_goes_out_later(self):
        """While the organizer's sync is paused the question says so; then it goes out."""
        board = self.left_alone()
        self.connected()
        account = self.account(self.ann).with_user(self.ann)
        account.action_pause()
        wizard = self.wizard(board, self.ann)

        self.assertIn("Ann", wizard.waiting_note)
        wizard.action_send()
        self.sync(self.ann)
        self.assertEqual([], self.told())
        account.action_resume()
        self.sync(self.ann)
        self.assertEqual([("invitation", GUEST)], self.told())

    def test_what_outlook_has_is_joined_and_mails_nobody(self):
        """Left alone on both sides, as after *only new meetings*: asked for, it is kept in step."""
        plan = self.left_alone("Plan")
        self.left_alone()
        self.there(subject="Plan")
        self.connect(self.ann, ANN, choice="new")
        self.told()
        shown = plan.with_user(self.ann).outlook_left_alone_note
        wizard = self.wizard(plan, self.ann)

        self.assertEqual("This meeting is not kept in step with Outlook.", shown)
        self.assertEqual((1, 0), (wizard.meeting_count, wizard.people_count))
        wizard.action_send()
        self.sync(self.ann)
        self.assertEqual([], self.told())
        self.assertEqual("linked", self.meeting(plan).state)
        self.assertTrue(self.remote(ANN, "Plan"))

    def test_a_double_in_outlook_is_brought_in_by_its_owner(self):
        """It stays there until its owner says that it is a meeting of its own; nobody else can."""
        self.made_before(self.make(self.ann, name="Plan"))
        self.left_alone()
        self.there(subject="Plan")
        self.there(subject="Plan")
        self.connected()
        double = self.account(self.ann).double_ids

        self.assertEqual(1, len(double))
        self.assertEqual(1, len(self.local("Plan")))
        with self.assertRaises(AccessError):
            double.with_user(self.bob).action_bring_in()
        double.with_user(self.ann).action_bring_in()
        self.sync(self.ann)
        self.assertEqual(2, len(self.local("Plan")))
        self.assertFalse(self.account(self.ann).double_ids)
        self.assertEqual([], self.told())
