"""How a mailbox is surveyed, and that the round then does what the preview said."""

import random
import time
from datetime import timedelta

from odoo.tests import tagged

from odoo.addons.outlook_calendar.bridge import forecast, lanes
from odoo.addons.outlook_calendar.bridge import round as rounds

from .common import ANN, BOB, GUEST, attendee, graph_time
from .preview_case import PreviewCase

ED = "ed@outside.example"
SITUATIONS = 6


@tagged("post_install", "-at_install")
class TestSurvey(PreviewCase):
    def fill(self, count):
        """Make so many meetings in Ann's mailbox."""
        for number in range(count):
            start = self.soon() + timedelta(hours=number)
            end = start + timedelta(minutes=30)
            self.make_remote(
                ANN, subject=f"N{number}", start=graph_time(start), end=graph_time(end)
            )

    def slice(self):
        """Run one round whose time is over after its first page."""
        self.env.flush_all()
        with self.enter_registry_test_mode():
            outcome = rounds.run_once(
                self.env.registry,
                self.account(self.ann).id,
                deadline=time.monotonic(),
                reason="cron",
            )
        self.env.invalidate_all()
        return outcome

    def pages(self):
        """Return how many pages of the calendar were asked for, and forget it."""
        asked = [one for one in self.sandbox.requests if "calendarView/delta" in one.path]
        self.sandbox.state.requests.clear()
        return len(asked)

    def test_a_big_mailbox_is_surveyed_in_slices(self):
        """Out of time: due again at once, goes on behind the last page, and then asks."""
        self.existing()
        self.fill(450)
        account = self.connect(self.ann, ANN, sync=False)
        self.assertIs(rounds.Outcome.MORE, self.slice())
        self.assertEqual("active", account.state)
        self.assertFalse(self.numbers()["done"])
        self.assertEqual(200, self.numbers()["incoming"])
        self.assertIn(account.id, lanes.due_accounts(self.env))
        while account.state == "active":
            self.slice()

        self.assertEqual("preview", account.state)
        self.assertEqual(450, self.numbers()["incoming"])
        self.assertEqual(3, self.pages())
        self.assertEqual([], self.written())

    def test_a_page_whose_link_expired_is_begun_anew(self):
        """Nothing is counted twice when Graph has forgotten where the survey was."""
        self.existing()
        self.fill(250)
        account = self.connect(self.ann, ANN, sync=False)
        self.slice()
        self.sandbox.state.expire_delta(ANN)
        self.sync(self.ann)

        self.assertEqual("preview", account.state)
        self.assertEqual(250, self.numbers()["incoming"])

    def test_a_throttled_survey_goes_on_where_it_was(self):
        """Microsoft asks to wait: the mailbox rests as in any round, and nothing is read twice."""
        self.existing()
        self.fill(250)
        account = self.connect(self.ann, ANN, sync=False)
        self.slice()
        self.pages()
        self.sandbox.faults.throttle(300, path="/calendarView/delta")
        self.sync(self.ann)
        self.assertTrue(account.backoff_until)
        self.assertEqual("active", account.state)
        account.backoff_until = False
        self.pages()
        self.sync(self.ann)

        self.assertEqual("preview", account.state)
        self.assertEqual((250, 1), (self.numbers()["incoming"], self.pages()))

    def test_a_sign_in_that_dies_meanwhile(self):
        """The survey ends in *reconnect*; after the sign-in it is made, and asks."""
        self.existing()
        account = self.connect(self.ann, ANN, sync=False)
        self.sandbox.state.directory.sign_out(ANN, code=50173)
        self.sandbox.state.directory.expire_access(ANN)
        self.sync(self.ann)
        self.assertEqual("reconnect", account.state)
        self.assertEqual(1, len(account.activity_ids))
        self.wait()

    def test_what_is_told_twice_counts_once(self):
        """Pages of changes may repeat themselves."""
        self.existing()
        self.fill(3)
        self.sandbox.faults.duplicate_delta(times=None)
        self.wait()

        self.assertEqual(3, self.numbers()["incoming"])

    def test_an_unreadable_event_stops_no_survey(self):
        """What cannot be read is left out, as the round will set it aside."""
        self.existing()
        self.fill(2)
        broken = self.make_remote(ANN, subject="Broken")
        self.sandbox.state.mailbox(ANN).find(broken["id"]).item.content["subject"] = 5
        self.wait()

        self.assertEqual(2, self.numbers()["incoming"])

    def test_the_button_looks_again_when_the_survey_is_old(self):
        """A young survey is shown as it is; after an hour the button looks anew, and waits on."""
        self.existing()
        account = self.wait()
        self.fill(1)
        self.sandbox.state.requests.clear()
        self.look()
        self.assertEqual((0, 0), (self.pages(), self.numbers()["incoming"]))
        account.preview_at -= timedelta(hours=2)
        self.look()

        self.assertEqual((1, 1), (self.pages(), self.numbers()["incoming"]))
        self.assertEqual("preview", account.state)
        self.assertEqual([], self.written())

    def test_a_dead_sign_in_shows_at_the_button(self):
        """Looking again with a dead sign-in: the account asks to sign in, the owner is told why."""
        self.existing()
        account = self.wait()
        account.preview_at -= timedelta(hours=2)
        self.sandbox.state.directory.sign_out(ANN, code=50173)
        self.sandbox.state.directory.expire_access(ANN)
        self.env.flush_all()
        with self.enter_registry_test_mode():
            outcome = forecast.run(self.env.registry, account.id, deadline=time.monotonic() + 20)
        self.env.invalidate_all()

        self.assertIs(forecast.Outcome.FAULT, outcome)
        self.assertEqual("reconnect", account.state)


@tagged("post_install", "-at_install")
class TestPreviewComesTrue(PreviewCase):
    """Situations of all kinds, drawn: what the preview says is what the round then does."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ed = cls.env["res.partner"].create({"name": "Ed", "email": ED})

    def draw(self, dice):
        """Put some meetings of each kind on both sides, as the dice say."""
        for number in range(dice.randint(4, 9)):
            kind = dice.choice(sorted(self.KINDS))
            self.KINDS[kind](self, f"{kind} {number}", dice)
        self.sandbox.state.mails.clear()

    def here_only(self, name, dice):
        guests = dice.sample([self.guest, self.ed], dice.randint(0, 2))
        partners = self.ann.partner_id.union(*guests)
        when = self.past() if dice.random() < 0.3 else {}
        self.existing(name, partner_ids=[(6, 0, partners.ids)], **when)

    def series_here(self, name, dice):
        self.weekly(name, guests=dice.random() < 0.7, days=dice.choice([-60, -7, 7]))

    def there_only(self, name, dice):
        guests = [attendee(ED)] if dice.random() < 0.5 else []
        self.make_remote(ANN, subject=name, attendees=guests)

    def series_there(self, name, dice):
        start = self.soon()
        self.make_remote(ANN, subject=name, start=graph_time(start), recurrence=_weekly(start))

    def invited(self, name, dice):
        self.make_remote(BOB, subject=name, attendees=[attendee(ANN), attendee(GUEST)])

    def both(self, name, dice):
        guests = dice.random() < 0.5
        self.existing(name, guests=guests, location=dice.choice(["Here", False]))
        people = [attendee(GUEST)] if guests and dice.random() < 0.7 else []
        self.make_remote(ANN, subject=name.upper(), attendees=people, isReminderOn=False)

    def series_on_both(self, name, dice):
        start = self.weekly(name, guests=dice.random() < 0.5).start
        self.make_remote(
            ANN,
            subject=name,
            start=graph_time(start),
            end=graph_time(start + timedelta(hours=1)),
            recurrence=_weekly(start),
            location={"displayName": dice.choice(["", "There"])},
        )

    def equal_ones(self, name, dice):
        for _number in range(dice.randint(1, 3)):
            self.existing(name, guests=dice.random() < 0.5)
        for _number in range(dice.randint(1, 3)):
            self.make_remote(ANN, subject=name)

    KINDS = {
        "here": here_only,
        "series here": series_here,
        "there": there_only,
        "series there": series_there,
        "invited": invited,
        "both": both,
        "series on both": series_on_both,
        "equal": equal_ones,
    }

    def test_what_it_says_is_what_happens(self):
        """Each number, for each choice; who is mailed, by name."""
        for seed in range(SITUATIONS):
            for choice in ("leave", "send"):
                self.begin_microsoft()
                with self.subTest(seed=seed, choice=choice), self.env.cr.savepoint() as savepoint:
                    self._come_true(random.Random(seed), choice)
                    savepoint.rollback()

    def _come_true(self, dice, choice):
        self.existing("Question")  # there is something to decide
        self.sandbox.clock.advance(timedelta(days=-1))  # what is there was there before
        self.draw(dice)
        self.sandbox.clock.advance(timedelta(days=1))
        account = self.connect(self.ann, ANN, choice=None)
        self.assertEqual("preview", account.state)
        self.assertEqual([], self.written())
        told = self.numbers()
        self.choose(self.ann, choice)
        self._hold(told, choice)

    def _hold(self, told, choice):
        runs = self.account(self.ann).run_ids
        meetings = self.env["outlook.meeting"].search([])
        happened = {
            "incoming": sum(runs.mapped("created_local")),
            "joined": sum(runs.mapped("joined")),
            "differing": {one.event_id.id: one.differences for one in meetings if one.differences},
            "sent": set(meetings.filtered(self._was_sent).event_id.ids),
            "left": len(meetings.filtered(lambda one: one.state == "left_alone" and one.event_id)),
            "doubles": sorted(meetings.filtered("asked").mapped("asked")),
            "mailed": {to for _kind, to in self.told()},
        }
        events = self.env["calendar.event"]
        sending = told["without_guests"] + (told["with_guests"] if choice == "send" else [])
        doubles = len(told["doubles_here"]) * ["here"] + told["doubles_there"] * ["there"]
        left = len(doubles) - told["doubles_there"] + told["over"]
        left += 0 if choice == "send" else len(told["with_guests"])
        guests = events.browse(told["with_guests"]).partner_ids - self.ann.partner_id
        said = {
            "incoming": told["incoming"],
            "joined": told["joined"],
            "differing": {one["event_id"]: one["fields"] for one in told["differing"]},
            "sent": set(sending),
            "left": left,
            "doubles": sorted(doubles),
            "mailed": set(guests.mapped("email")) if choice == "send" else set(),
        }
        self.assertEqual(said, happened)
        self.assertEqual(told["people"], len(guests))

    def _was_sent(self, meeting):
        return meeting.made_here and bool(meeting._organizer_copy().transaction_id)


@tagged("post_install", "-at_install")
class TestForecast(PreviewCase):
    """The same button for a mailbox in use: what the next round would do."""

    def setUp(self):
        super().setUp()
        self.connect(self.ann, ANN)
        for name in ("Here", "There", "Gone here", "Gone there"):
            self.make(self.ann, name=name, partner_ids=[(4, self.guest.id)])
        self.sync(self.ann)
        self.written(), self.told()

    def test_the_next_round_is_told_and_not_done(self):
        """Changes, removals, what is new, and who would be mailed: only counted."""
        self.write(self.local("Here"), self.ann, location="Room 1")
        self.write(self.local("Gone here"), self.ann, active=False)
        self.make(self.ann, name="Fresh", partner_ids=[(4, self.guest.id)])
        self.make_remote(ANN, subject="Theirs")
        self.sandbox.change_event(ANN, self.remote(ANN, "There")["id"], {"subject": "Moved"})
        self.sandbox.delete_event(ANN, self.remote(ANN, "Gone there")["id"])
        self.told()
        self.look()

        numbers = self.numbers()
        names = ("incoming", "changed_here", "changed_there", "removed_here", "removed_there")
        self.assertEqual(dict.fromkeys(names, 1), {name: numbers[name] for name in names})
        self.assertEqual(self.local("Fresh").ids, numbers["to_send"])
        self.assertEqual(1, numbers["people_now"])
        self.assertEqual(([], []), (self.written(), self.told()))
        self.assertTrue(self.local("There").active and self.local("Gone there").active)
        self.assertFalse(self.local("Theirs") | self.local("Moved"))

    def test_after_a_look_the_round_does_all_of_it(self):
        """A look takes nothing away from the round that follows."""
        self.write(self.local("Here"), self.ann, location="Room 1")
        self.sandbox.change_event(ANN, self.remote(ANN, "There")["id"], {"subject": "Moved"})
        self.look()
        self.sync(self.ann)

        self.assertEqual("Room 1", self.remote(ANN, "Here")["location"]["displayName"])
        self.assertTrue(self.local("Moved"))

    def test_nothing_to_do(self):
        """Both sides in step: every number is nought."""
        self.look()
        numbers = self.numbers()

        self.assertTrue(numbers.pop("done"))
        self.assertFalse([name for name, number in numbers.items() if number])

    def test_what_mails_nobody_is_counted_so(self):
        """A reminder, a tag, how it shows: Outlook gets it and tells nobody."""
        self.write(self.local("Here"), self.ann, show_as="free")
        self.look()

        self.assertEqual((1, 0), (self.numbers()["changed_here"], self.numbers()["people_now"]))

    def test_a_paused_mailbox_can_be_looked_at(self):
        """Before somebody resumes he sees what waits; the pause goes on."""
        account = self.account(self.ann).with_user(self.ann)
        account.action_pause()
        self.make_remote(ANN, subject="Theirs")
        self.look()

        self.assertEqual(1, self.numbers()["incoming"])
        self.assertEqual("paused", account.state)


def _weekly(start):
    return {
        "pattern": {
            "type": "weekly",
            "interval": 1,
            "daysOfWeek": [start.strftime("%A").lower()],
        },
        "range": {
            "type": "numbered",
            "numberOfOccurrences": 4,
            "startDate": start.date().isoformat(),
        },
    }
