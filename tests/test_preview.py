"""Before the first round writes: what its owner is shown and chooses (docs/sync-rules.md)."""

from datetime import datetime, timedelta, timezone

from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.outlook_calendar.bridge import preview_words

from .common import ANN, BOB, GUEST, attendee
from .preview_case import PreviewCase


@tagged("post_install", "-at_install")
class TestPreview(PreviewCase):
    def test_meetings_with_guests_make_a_mailbox_wait(self):
        """An own upcoming meeting with guests that Outlook lacks: nothing happens anywhere."""
        self.existing()
        self.make_remote(ANN, subject="Lunch")
        self.wait()
        self.sync(self.ann)

        self.assertEqual("preview", self.status()["state"])
        self.assertFalse(self.local("Lunch"))
        self.assertFalse(self.env["outlook.meeting"].search([]))
        self.assertIsNone(self.remote(ANN, "Board"))
        self.assertFalse(self.account(self.ann).last_success_at)

    def test_what_is_shown(self):
        """Each number of the preview, a series counted once and a person once."""
        private = self.env["res.partner"].create({"name": "Ed", "email": "ed@outside.example"})
        board = self.existing(
            partner_ids=[(6, 0, (self.guest + private + self.ann.partner_id).ids)]
        )
        weekly = self.weekly(partner_ids=[(6, 0, (self.guest + self.ann.partner_id).ids)])
        focus = self.existing("Focus", guests=False)
        self.existing("Past", **self.past())
        plan = self.existing("Plan", guests=False, location="Here")
        self.existing("Same", guests=False)
        self.make_remote(ANN, subject="plan", location={"displayName": "There"})
        self.make_remote(ANN, subject="Same", isReminderOn=False)
        self.make_remote(ANN, subject="Lunch")
        self.make_remote(BOB, subject="Bob's", attendees=[attendee(ANN)])
        self.told()
        self.wait()

        numbers = self.numbers()
        self.assertEqual((2, 2), (numbers["incoming"], numbers["joined"]))
        self.assertEqual([plan.id], [one["event_id"] for one in numbers["differing"]])
        self.assertIn("location", numbers["differing"][0]["fields"])
        self.assertEqual([focus.id], numbers["without_guests"])
        self.assertEqual({board.id, weekly.id}, set(numbers["with_guests"]))
        self.assertEqual((1, 2), (numbers["over"], numbers["people"]))
        self.assertTrue(numbers["done"])

    def test_leaving_is_the_default_choice(self):
        """*leave*: all else comes together, those with guests stay here, nobody is mailed."""
        board, focus = self.existing(), self.existing("Focus", guests=False)
        self.make_remote(ANN, subject="Lunch")
        self.wait()
        self.choose(self.ann, "leave")

        self.assertEqual("left_alone", self.meeting(board).state)
        self.assertEqual("linked", self.meeting(focus).state)
        self.assertTrue(self.local("Lunch"))
        self.assertEqual([], self.told())
        self.assertEqual("synced", self.status()["state"])

    def test_sending_invites_each_guest_once(self):
        """*send*: the upcoming ones go out, a series as one, what is over does not."""
        board, weekly = self.existing(), self.weekly()
        past = self.existing("Past", **self.past())
        self.wait()
        people = self.numbers()["people"]
        self.choose(self.ann, "send")

        self.assertEqual(1, people)
        self.assertEqual([("invitation", GUEST)] * 2, self.told())
        self.assertTrue(self.remote(ANN, "Board"))
        self.assertEqual("linked", self.meeting(board).state)
        self.assertEqual("linked", self.meeting(weekly).state)
        self.assertEqual("left_alone", self.meeting(past).state)
        self.assertIsNone(self.remote(ANN, "Past"))

    def test_who_is_in_a_new_and_an_old_meeting_is_one_person(self):
        """All that is mailed counts together: a new meeting may have the same guest."""
        self.existing()
        self.wait()
        self.make(self.ann, name="New", partner_ids=[(4, self.guest.id)])

        numbers = self.numbers()
        self.assertEqual((1, 1), (numbers["people"], numbers["people_now"]))
        self.assertEqual(1, preview_words.mailed(numbers, "send"))
        self.assertEqual(1, preview_words.mailed(numbers, "leave"))

    def test_sending_is_said_of_what_was_shown(self):
        """*send* is no rule for later: an old meeting that comes to Ann afterwards stays here."""
        self.existing()
        self.wait()
        self.choose(self.ann, "send")
        self.told()
        self.env.flush_all()
        late = self.existing("Late")
        self.env["outlook.outbox"].search([("event_id", "=", late.id)]).unlink()
        self.account(self.ann).calendar_ids.matching = True
        self.sync(self.ann)

        self.assertEqual("left_alone", self.meeting(late).state)
        self.assertEqual([], self.told())

    def test_only_new_meetings_leaves_all_that_exists(self):
        """*new*: nothing that exists moves, on either side, nor when it is edited later."""
        board, focus = self.existing(), self.existing("Focus", guests=False)
        plan = self.existing("Plan", guests=False)
        self.make_remote(ANN, subject="Plan", location={"displayName": "There"})
        lunch = self.make_remote(ANN, subject="Lunch")
        self.sandbox.clock.advance(timedelta(days=1))
        account = self.wait()
        account.since = self.sandbox.clock.now().replace(tzinfo=None)
        self.choose(self.ann, "new")
        for event in (board, focus, plan):
            self.write(event, self.ann, location="Elsewhere")
        self.sandbox.change_event(ANN, lunch["id"], {"subject": "Late lunch"})
        self.sync(self.ann)

        self.assertEqual([], self.written())
        self.assertEqual([], self.told())
        self.assertFalse(self.local("Late lunch") | self.local("Lunch"))
        self.assertEqual("Elsewhere", plan.location)
        self.assertEqual("There", self.remote(ANN, "Plan")["location"]["displayName"])

    def test_after_only_new_meetings_new_ones_are_kept_in_step(self):
        """*new*: what is made from then on goes over, with its guests, and comes in."""
        self.existing()
        self.sandbox.clock.advance(timedelta(days=1))
        self.wait()
        self.choose(self.ann, "new")
        self.make(self.ann, name="Fresh", partner_ids=[(4, self.guest.id)])
        self.sandbox.clock.advance(timedelta(days=1))
        self.make_remote(ANN, subject="Theirs")
        self.sync(self.ann)

        self.assertTrue(self.remote(ANN, "Fresh"))
        self.assertTrue(self.local("Theirs"))
        self.assertEqual([("invitation", GUEST)], self.told())

    def test_what_is_over_asks_nothing(self):
        """Meetings with guests that are over, a series with its last date: nobody is asked."""
        past = self.existing(**self.past())
        weekly = self.weekly(days=-60)
        account = self.connect(self.ann, ANN, choice=None)

        self.assertEqual(("active", "leave"), (account.state, account.existing_policy))
        self.assertEqual(
            ["left_alone"] * 2, (self.meeting(past) | self.meeting(weekly)).mapped("state")
        )
        self.assertEqual([], self.told())

    def test_a_series_whose_last_date_is_ahead_is_not_over(self):
        """A series that began in the past and goes on is an upcoming meeting."""
        weekly = self.weekly(days=-7, count=4)
        self.wait()

        self.assertEqual([weekly.id], self.numbers()["with_guests"])

    def test_a_meeting_of_today_is_over_when_it_has_ended(self):
        """The end counts, of a whole day the day."""
        now = datetime.now(timezone.utc).replace(tzinfo=None, microsecond=0)
        ended = {"start": now - timedelta(hours=2), "stop": now - timedelta(hours=1)}
        self.existing("Ended", **ended)
        begun = self.existing("Begun", start=ended["start"], stop=now + timedelta(hours=1))
        today = now.replace(hour=8, minute=0, second=0)
        whole = self.existing("Whole", allday=True, start=today, stop=today)
        self.wait()

        self.assertEqual({begun.id, whole.id}, set(self.numbers()["with_guests"]))
        self.assertEqual(1, self.numbers()["over"])

    def test_what_is_over_is_not_sent_when_it_is_new_either(self):
        """A meeting with guests noted down afterwards invites nobody to the past."""
        self.connect(self.ann, ANN)
        event = self.make(self.ann, name="Noted", partner_ids=[(4, self.guest.id)], **self.past())
        self.sync(self.ann)

        self.assertEqual("left_alone", self.meeting(event).state)
        self.assertEqual([], self.told())

    def test_what_this_side_announced_does_not_go_out_by_itself(self):
        """Far ahead this side invited; as it comes nearer, Outlook is not to invite again."""
        self.existing()
        self.wait()
        people = self.ann.partner_id | self.guest
        far = {"start": self.soon(800), "stop": self.soon(800, 10)}
        event = self.make(self.ann, name="Far", partner_ids=[(6, 0, people.ids)], **far)
        self.write(event, self.ann, start=self.soon(8), stop=self.soon(8, 10))

        self.assertIn(event.id, self.numbers()["with_guests"])
        self.assertNotIn(event.id, self.numbers()["to_send"])

    def test_what_no_round_was_told_of_does_not_go_out_by_itself(self):
        """Only what is noted for a round can be new, whatever else is noted."""
        self.existing()
        self.wait()
        people = [(6, 0, (self.ann.partner_id | self.guest).ids)]
        noted = self.make(self.ann, name="Noted", partner_ids=people)
        event = self.make(self.ann, name="Not noted", partner_ids=people)
        self.env.flush_all()
        self.env["outlook.outbox"].search([("event_id", "=", event.id)]).unlink()

        self.assertEqual(noted.ids, self.numbers()["to_send"])
        self.assertIn(event.id, self.numbers()["with_guests"])

    def test_nothing_to_decide_goes_straight_on(self):
        """Own meetings without guests: the first round runs through, as if they had been left."""
        self.existing("Focus", guests=False)
        account = self.connect(self.ann, ANN, choice=None)

        self.assertEqual(("active", "leave"), (account.state, account.existing_policy))
        self.assertTrue(self.remote(ANN, "Focus"))

    def test_without_own_meetings_the_mailbox_is_read_once(self):
        """Nothing of Ann's is here: there is nothing to compare, so nothing is read beforehand."""
        self.make_remote(ANN, subject="Lunch")
        self.existing("Bob's").user_id = self.bob
        self.connect(self.ann, ANN, choice=None)

        rounds = [one for one in self.sandbox.requests if "calendarView/delta" in one.path]
        self.assertEqual(1, len(rounds))
        self.assertTrue(self.local("Lunch"))

    def test_a_choice_is_made_once(self):
        """Who confirms in a second window is told that it was decided."""
        self.existing()
        account = self.wait().with_user(self.ann)
        account._choose("leave")

        with self.assertRaises(UserError):
            account._choose("send")
        self.assertEqual("leave", account.existing_policy)
