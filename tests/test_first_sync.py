"""The first round: docs/sync-rules.md, *First round*. Nothing doubled, nobody mailed."""

import time
from datetime import timedelta

from odoo.tests import tagged

from odoo.addons.outlook_calendar.bridge import outgoing
from odoo.addons.outlook_calendar.bridge import round as rounds

from .common import ANN, BOB, GUEST, SandboxCase, attendee, graph_time


@tagged("post_install", "-at_install")
class TestFirstSync(SandboxCase):
    def test_without_guests_is_sent(self):
        """A meeting that was here before, without guests, is made in Outlook; nobody is mailed."""
        event = self.made_before(self.make(self.ann, name="Focus"))
        self.connect(self.ann, ANN)

        self.assertIsNotNone(self.remote(ANN, "Focus"))
        self.assertEqual("linked", self.meeting(event).state)
        self.assertEqual([], self.told())

    def test_what_got_no_answer_is_looked_for(self):
        """No row of the outbox asks for it, and no page may show it yet: it is there once."""
        event = self._made_without_an_answer(self.sandbox.faults.drop_after, delta_lag=5)

        self.assertEqual(1, len(self.sandbox.events(ANN)))
        self.assertEqual("linked", self.meeting(event).state)
        self.assertEqual([], self.told())

    def test_what_never_arrived_is_sent_again(self):
        """Nobody edits it, and Outlook knows nothing of it: the round remembers."""
        event = self._made_without_an_answer(self.sandbox.faults.drop_before, times=None)

        self.assertEqual(1, len(self.sandbox.events(ANN)))
        self.assertEqual("linked", self.meeting(event).state)

    def _made_without_an_answer(self, drop, *, delta_lag=0, **how):
        """Return a meeting from before the connection; a round ran after its creation failed."""
        event = self.made_before(self.make(self.ann, name="Focus"))
        drop(method="POST", path=r"/me/calendar/events$", **how)
        self.sandbox.options.set(delta_lag=delta_lag)
        account = self.connect(self.ann, ANN)
        self.assertNotEqual("linked", self.meeting(event).state)
        self.sandbox.faults.clear()
        account.backoff_until = False
        self.sync(self.ann)
        return event

    def test_with_guests_is_left_alone(self):
        """A meeting that was here before, with guests, is left alone, and stays so when edited."""
        event = self.make(self.ann, name="Board", partner_ids=[(4, self.guest.id)])
        self.made_before(event)
        self.connect(self.ann, ANN)
        self.write(event, self.ann, location="Elsewhere")
        self.sync(self.ann)

        self.assertIsNone(self.remote(ANN, "Board"))
        self.assertEqual("left_alone", self.meeting(event).state)
        self.assertEqual([], self.told())

    def test_outside_of_the_window_is_not_sent(self):
        """What is over for more than a year is no business of the first round."""
        start = self.soon(days=-500)
        old = self.make(self.ann, name="Old", start=start, stop=start + timedelta(hours=1))
        self.made_before(old)
        self.connect(self.ann, ANN)

        self.assertIsNone(self.remote(ANN, "Old"))
        self.assertFalse(self.meeting(old))

    def test_what_left_the_window_meanwhile_holds_up_no_round(self):
        """A first round that was interrupted for days ends, whatever fell out of its window."""
        self.connect(self.ann, ANN)
        start = self.soon(days=-367)
        gone = {"start": start, "stop": start + timedelta(hours=1)}
        for number in range(outgoing.BATCH):
            self.made_before(self.make(self.ann, name=f"Gone {number}", **gone))
        self.made_before(self.make(self.ann, name="Focus"))
        self.env["outlook.outbox"].search([]).unlink()
        calendar = self.account(self.ann).calendar_ids.filtered("is_default")
        calendar.write({"matching": True, "window_start": self.soon(days=-370)})
        self.sync(self.ann)

        self.assertIsNotNone(self.remote(ANN, "Focus"))
        self.sync(self.ann)
        self.assertFalse(calendar.matching)

    def test_somebody_elses_is_not_sent(self):
        """Only what the user organizes goes to his mailbox."""
        self.made_before(
            self.make(self.bob, name="Hers", partner_ids=[(4, self.ann.partner_id.id)])
        )
        self.connect(self.ann, ANN)

        self.assertIsNone(self.remote(ANN, "Hers"))

    def test_equal_meetings_are_joined_without_a_write(self):
        """The same start, end, subject, organizer: joined, differences listed, nothing written."""
        event = self.made_before(self.make(self.ann, name="Plan", location="Here"))
        before = event.write_date
        self.make_remote(ANN, subject=" plan ", location={"displayName": "There"})
        self.connect(self.ann, ANN)

        self.assertEqual(1, len(self.sandbox.events(ANN)))
        self.assertEqual([], self.written())
        self.assertEqual(before, event.write_date)
        self.assertEqual("Here", event.location)
        self.assertIn("location", self.meeting(event).differences)
        self.assertFalse(self.local(" plan "))

    def test_equal_meetings_with_guests_are_joined(self):
        """Guests on both sides: joined like others, and nobody is mailed."""
        event = self.make(self.ann, name="Board", partner_ids=[(4, self.guest.id)])
        self.made_before(event)
        self.make_remote(ANN, subject="Board", attendees=[attendee(GUEST)])
        self.told()
        self.connect(self.ann, ANN)

        self.assertEqual([], self.written())
        self.assertEqual([], self.told())
        self.assertEqual("linked", self.meeting(event).state)

    def test_a_joined_meeting_is_kept_in_step(self):
        """After joining, a change on either side goes to the other; what differed stays."""
        event = self.made_before(self.make(self.ann, name="Plan", location="Here"))
        self.make_remote(ANN, subject="Plan", location={"displayName": "There"})
        self.connect(self.ann, ANN)
        self.write(event, self.ann, name="Plan B")
        self.sync(self.ann)

        remote = self.remote(ANN, "Plan B")
        self.assertEqual("There", remote["location"]["displayName"])
        self.assertEqual("Here", event.location)

    def test_equal_candidates_pair_off(self):
        """Three equal meetings here and two there: two pairs, and the third is asked about."""
        events = self.env["calendar.event"]
        for _number in range(3):
            events |= self.made_before(self.make(self.ann, name="Same"))
        for _number in range(2):
            self.make_remote(ANN, subject="Same")
        self.connect(self.ann, ANN)

        self.assertEqual(2, len(self.sandbox.events(ANN)))
        self.assertEqual(3, len(self.local("Same")))
        self.assertEqual(2, len(events.outlook_meeting_ids.copy_ids))
        self.assertEqual(["here"], events.outlook_meeting_ids.filtered("asked").mapped("asked"))

    def test_only_new_meetings_when_asked_for(self):
        """With the policy *new* nothing that existed before is touched, on either side."""
        here = self.made_before(self.make(self.ann, name="Here"))
        there = self.make_remote(ANN, subject="There")
        self.sandbox.clock.advance(timedelta(days=1))
        account = self.connect(self.ann, ANN, sync=False)
        account.write(
            {"sync_policy": "new", "since": self.sandbox.clock.now().replace(tzinfo=None)}
        )
        self.sync(self.ann)
        self.sandbox.change_event(ANN, there["id"], {"subject": "There still"})
        self.write(here, self.ann, location="Still here")
        self.sync(self.ann)

        self.assertFalse(self.local("There"))
        self.assertFalse(self.local("There still"))
        self.assertIsNone(self.remote(ANN, "Here"))
        self.sandbox.clock.advance(timedelta(days=1))
        self.make_remote(ANN, subject="Fresh")
        self.sync(self.ann)
        self.assertTrue(self.local("Fresh"))

    def test_signing_in_again_doubles_nothing(self):
        """Disconnect and connect again: what was linked stays linked."""
        self.connect(self.ann, ANN)
        self.make(self.ann, name="Plan")
        self.make_remote(ANN, subject="Lunch")
        self.sync(self.ann)
        self.account(self.ann).with_user(self.ann).action_disconnect()
        self.written()
        self.connect(self.ann, ANN)

        self.assertEqual([], self.written())
        self.assertEqual(1, len(self.local("Plan")))
        self.assertEqual(1, len(self.local("Lunch")))
        self.assertEqual(2, len(self.sandbox.events(ANN)))

    def test_another_mailbox_begins_anew(self):
        """Signed in to another mailbox: the old one is left as it is, the new one is matched."""
        self.connect(self.ann, ANN)
        event = self.made_before(self.make(self.ann, name="Plan"))
        self.sync(self.ann)
        self.account(self.ann).with_user(self.ann).action_disconnect()
        self.written()
        self.sandbox.add_mailbox("ann@private.example", name="Ann")
        self.connect(self.ann, "ann@private.example")

        self.assertIsNotNone(self.remote(ANN, "Plan"))
        self.assertIsNotNone(self.remote("ann@private.example", "Plan"))
        self.assertEqual(1, len(self.meeting(event).copy_ids))

    def test_links_lost_are_found_by_the_mark(self):
        """Copies forgotten, subject changed there: our own mark still tells which meeting it is."""
        self.connect(self.ann, ANN)
        event = self.make(self.ann, name="Plan")
        self.sync(self.ann)
        meeting = self.meeting(event)
        meeting.copy_ids.unlink()
        meeting.write({"ical_uid": False, "base": False})
        self.sandbox.change_event(ANN, self.remote(ANN, "Plan")["id"], {"subject": "Renamed"})
        self.account(self.ann).calendar_ids.write({"delta_link": False})
        self.written()
        self.sync(self.ann)

        self.assertEqual([], self.written())
        self.assertFalse(self.local("Renamed"))
        self.assertIn("subject", meeting.differences)

    def test_two_mailboxes_share_one_meeting(self):
        """Whoever syncs first, organizer and guest end up with one meeting here."""
        for first, second in ((self.ann, self.bob), (self.bob, self.ann)):
            with self.subTest(first=first.login):
                name = f"Shared by {first.name}"
                self.make_remote(ANN, subject=name, attendees=[attendee(BOB, "Bob")])
                for user in (first, second):
                    address = ANN if user == self.ann else BOB
                    if not self.account(user):
                        self.connect(user, address)
                    else:
                        self.sync(user)
                event = self.local(name)
                self.assertEqual(1, len(event))
                self.assertEqual(self.ann, event.user_id)
                self.assertEqual(
                    {"organizer", "attendee"}, set(self.meeting(event).copy_ids.mapped("role"))
                )

    def _fill(self, count):
        for number in range(count):
            start = self.soon() + timedelta(hours=number)
            self.make_remote(
                ANN,
                subject=f"N{number}",
                start=graph_time(start),
                end=graph_time(start + timedelta(minutes=30)),
            )

    def _arrived(self):
        return self.env["calendar.event"].search_count([("name", "=like", "N%")])

    def test_a_restarted_first_round_goes_on(self):
        """A first round that was interrupted between two pages goes on behind the last page."""
        self._fill(60)
        self.connect(self.ann, ANN, sync=False)
        self.sandbox.faults.server_error(503, path=r"/calendarView/delta", skip=1)
        self.sync(self.ann)
        some = self._arrived()
        self.account(self.ann).backoff_until = False
        self.sync(self.ann)

        self.assertGreater(60, some)
        self.assertLess(0, some)
        self.assertEqual(60, self._arrived())

    def test_a_first_round_proceeds_in_slices(self):
        """Out of time after a page: the account is due again at once, and goes on there."""
        self._fill(60)
        account = self.connect(self.ann, ANN, sync=False)
        self.env.flush_all()
        with self.enter_registry_test_mode():
            outcome = rounds.run_once(
                self.env.registry, account.id, deadline=time.monotonic(), reason="cron"
            )
        self.env.invalidate_all()

        self.assertIs(rounds.Outcome.MORE, outcome)
        self.assertGreater(60, self._arrived())
        self.assertIn(account.id, self.due())
        self.run_lane()
        self.assertEqual(60, self._arrived())
