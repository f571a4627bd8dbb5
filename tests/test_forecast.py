"""*Preview* of a mailbox in use: what the next round would do."""

from odoo import SUPERUSER_ID
from odoo.tests import tagged

from odoo.addons.outlook_calendar.bridge import forecast, outgoing
from odoo.addons.outlook_calendar.bridge.desk import Desk

from .common import ANN, BOB, GUEST, attendee
from .preview_case import PreviewCase


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

    def test_whoever_the_round_mails_is_counted(self):
        """What is silent goes first, in a request of its own: what follows it mails the guests."""
        event = self.local("Here")
        later = {"start": self.soon(8), "stop": self.soon(8, 10)}
        self.write(event, self.ann, show_as="free", **later)
        self.look()

        self.assertEqual((1, 1), (self.numbers()["changed_here"], self.numbers()["people_now"]))

    def test_who_is_added_or_removed_alone_is_counted_alone(self):
        """The other guests hear nothing of it."""
        event = self.local("Here")
        other = self.env["res.partner"].create({"name": "New", "email": "new@else.example"})
        self.write(event, self.ann, partner_ids=[(4, other.id)])
        self.look()
        self.assertEqual(1, self.numbers()["people_now"])

        self.write(event, self.ann, partner_ids=[(3, self.guest.id)])
        self.look()
        self.assertEqual(2, self.numbers()["people_now"])

    def test_an_answer_mails_the_organizer(self):
        """An answer given here: one person is mailed, who asked for it."""
        there = [attendee(ANN), attendee(GUEST)]
        self.make_remote(BOB, subject="Theirs", attendees=there)
        self.sync(self.ann)
        event = self.local("Theirs").with_user(self.ann)
        event.attendee_ids.filtered(lambda one: one.partner_id == self.ann.partner_id).do_accept()
        self.look()

        self.assertEqual((1, 1), (self.numbers()["changed_here"], self.numbers()["people_now"]))

    def test_a_paused_mailbox_can_be_looked_at(self):
        """Before somebody resumes he sees what waits; the pause goes on."""
        account = self.account(self.ann).with_user(self.ann)
        account.action_pause()
        self.make_remote(ANN, subject="Theirs")
        self.look()

        self.assertEqual(1, self.numbers()["incoming"])
        self.assertEqual("paused", account.state)

    def test_a_long_outbox_is_counted_as_far_as_time_allows(self):
        """A worker is not kept longer than a person waits; what is shown is said to be a part."""
        rows = [{"account_id": self.account(self.ann).id, "event_id": 0, "kind": "write"}]
        self.env["outlook.outbox"].create(rows * (4 * outgoing.BATCH + 1))
        desk = Desk(self.env(user=SUPERUSER_ID), self.account(self.ann).id)

        plans, is_done = forecast._plans(desk, lambda: False)
        self.assertEqual((1, False), (len(plans), is_done))
        _plans, is_done = forecast._plans(desk, lambda: True)
        self.assertTrue(is_done)
