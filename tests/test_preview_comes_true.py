"""What a preview says is what the round then does, in situations of all kinds."""

import random
from datetime import timedelta

from odoo.tests import tagged

from .common import ANN, BOB, GUEST, attendee, graph_time
from .preview_case import PreviewCase

ED = "ed@outside.example"
SITUATIONS = 6


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
