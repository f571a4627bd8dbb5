"""Many deletions in Outlook at once: kept here until a person decides. See docs/sync-rules.md."""

from odoo.tests import BaseCase, tagged

from odoo.addons.outlook_calendar.bridge.settings import DeletionLimits

from .common import ANN, BOB, GUEST
from .safety_case import SafetyCase


@tagged("post_install", "-at_install")
class TestDeletionLimits(BaseCase):
    def test_what_is_too_much(self):
        """More than 25, or more than a fifth of the linked meetings where it is at least five."""
        limits = DeletionLimits(count=25, percent=20, least=5)
        asked = {
            (deletions, linked): limits.exceeded(deletions, linked=linked)
            for deletions, linked in ((26, 200), (25, 200), (5, 20), (5, 25), (6, 25), (4, 4))
        }

        self.assertEqual([(26, 200), (5, 20), (6, 25)], [one for one in asked if asked[one]])


@tagged("post_install", "-at_install")
class TestSafetyIncoming(SafetyCase):
    @staticmethod
    def _facts(stop):
        return stop.direction, stop.reason, stop.counted, stop.linked

    def test_a_small_calendar_may_be_emptied(self):
        """All of four meetings: less than five is nothing to ask about."""
        self.limit(least=5)
        events = self.fill(4)
        self.delete_there(events)
        self.sync(self.ann)

        self.assertFalse(self.here(events))
        self.assertFalse(self.waiting())

    def test_deletions_in_dribs_are_counted_together(self):
        """What the rounds of the last hour deleted counts: the last one asks, for what is left."""
        self.limit(deletions=4, percent=100)
        events = self.fill(9)
        for number in (0, 2):
            self.delete_there(events[number : number + 2])
            self.sync(self.ann)
        self.assertEqual(events[4:], self.here(events))
        self.assertFalse(self.waiting())
        self.delete_there(events[4])
        self.sync(self.ann)

        self.assertEqual(("in", "many", 5, 9), self._facts(self.waiting()))
        self.assertEqual(1, self.waiting().count)
        self.assertEqual(events[4:], self.here(events))

    def test_an_empty_mailbox_is_not_believed(self):
        """A full round that meets none of two meetings or more deletes nothing."""
        events = self.fill(3)
        self.lose_there()
        self.sandbox.state.expire_delta(ANN)
        self.sync(self.ann)

        self.assertEqual(("in", "empty", 3, 3), self._facts(self.waiting()))
        self.assertEqual(3, len(self.here(events)))

    def test_a_full_round_that_meets_one_is_believed(self):
        """The mailbox is there: what is missing in it was deleted."""
        events = self.fill(3)
        self.delete_there(events[:2])
        self.sandbox.state.expire_delta(ANN)
        self.sync(self.ann)

        self.assertEqual(events[2], self.here(events))
        self.assertFalse(self.waiting())

    def test_a_series_counts_once(self):
        """A series with all its dates is one meeting."""
        self.fill(2)
        series = self.make(
            self.ann,
            name="Daily",
            recurrency=True,
            rrule_type="daily",
            end_type="count",
            count=10,
            event_tz="UTC",
        )
        self.sync(self.ann)
        self.delete_there(series)
        self.sync(self.ann)

        self.assertFalse(self.waiting())
        self.assertFalse(self.here(series))

    def test_all_else_goes_on_meanwhile(self):
        """What waits stays on its side, everything else is in step, and asking is done once."""
        events = self.fill(5, guests=self.guest)
        self.delete_there(events[:3])
        self.sync(self.ann)
        self.told()
        self.write(events[4], self.ann, location="Room 2")
        self.make_remote(ANN, subject="Fresh")
        self.sync(self.ann)

        self.assertEqual("Room 2", self.remote(ANN, events[4].name)["location"]["displayName"])
        self.assertTrue(self.local("Fresh"))
        self.assertEqual(5, len(self.here(events)))
        self.assertEqual(1, len(self.waiting()))
        self.assertQuiet()

    def test_what_is_deleted_meanwhile_joins(self):
        """While something waits, a single deletion waits with it."""
        events = self.fill(5)
        self.delete_there(events[:3])
        self.sync(self.ann)
        self.delete_there(events[3])
        self.sync(self.ann)

        self.assertEqual(("in", "share", 3, 5), self._facts(self.waiting()))
        self.assertEqual(4, self.waiting().count)
        self.assertEqual(5, len(self.here(events)))

    def test_delete_them(self):
        """They are archived with the note, nobody is mailed; what is deleted later goes, too."""
        events = self.fill(6, guests=self.guest)
        self.delete_there(events[:3])
        self.sync(self.ann)
        self.told()
        self.delete_them()

        self.assertEqual(events[3:], self.here(events))
        self.assertIn("deleted this meeting in Outlook", events[0].message_ids[:1].body)
        self.assertEqual([], self.told())
        self.assertFalse(self.mails())
        self.assertFalse(self.account_of_ann.activity_ids)
        self.delete_there(events[3])
        self.sync(self.ann)
        self.assertEqual(events[4:], self.here(events))
        self.assertQuiet()

    def test_keep_them(self):
        """They stay, and are made again in Outlook, which invites; the records are the same."""
        events = self.fill(3, guests=self.guest)
        self.delete_there(events)
        self.sync(self.ann)
        self.told()
        self.keep_them()

        self.assertEqual(events, self.here(events))
        self.assertEqual(sorted(events.mapped("name")), self.there())
        self.assertEqual([("invitation", GUEST)] * 3, self.told())
        self.assertEqual({"linked"}, {self.meeting(event).state for event in events})
        self.assertEqual("restored", self.env["outlook.stop"].search([]).state)
        self.assertQuiet()

    def test_what_comes_back_by_itself_leaves_the_list(self):
        """The mailbox was mended: nobody is asked any more, and nothing is made twice."""
        events = self.fill(4)
        items = self.lose_there()
        self.sync(self.ann)
        self.assertEqual(4, self.waiting().count)
        self.put_back(items[:2])
        self.sync(self.ann)
        self.assertEqual(2, self.waiting().count)
        self.put_back(items[2:])
        self.sync(self.ann)

        self.assertFalse(self.waiting())
        self.assertEqual("obsolete", self.env["outlook.stop"].search([]).state)
        self.assertFalse(self.account_of_ann.activity_ids)
        self.assertEqual(4, len(self.there()))
        self.write(events[0], self.ann, name="Renamed")
        self.sync(self.ann)
        self.assertTrue(self.remote(ANN, "Renamed"))

    def test_what_is_edited_here_meanwhile_leaves_the_list(self):
        """An edit beats a deletion: made again in Outlook; what is deleted here, too, is gone."""
        events = self.fill(4)
        self.delete_there(events)
        self.sync(self.ann)
        self.write(events[0], self.ann, location="Room 2")
        events[1].with_user(self.ann).unlink()
        events[2].with_user(self.ann).action_archive()
        self.sync(self.ann)

        self.assertEqual(1, self.waiting().count)
        self.assertEqual([events[0].name], self.there())
        self.assertQuiet()

    def test_a_guests_mailbox_that_is_empty_declines_nothing(self):
        """His answers stay; kept they stay for good, deleted they are refusals."""
        self.connect(self.bob, BOB)
        events = self.fill(3, guests=self.bob.partner_id)
        self.sync(self.bob)
        self.lose_there(address=BOB)
        self.sync(self.bob, self.ann)
        self.assertEqual({"needsAction"}, {self.state(event, self.bob) for event in events})
        self.assertEqual(3, self.waiting(self.bob).count)
        self.assertFalse(self.waiting(self.ann))

        self.keep_them(self.bob)
        self.assertEqual({"needsAction"}, {self.state(event, self.bob) for event in events})
        self.assertEqual(3, len(self.here(events)))
        self.assertQuiet(self.bob, self.ann)

    def test_a_guest_who_removes_them_on_purpose_has_declined(self):
        """*Delete them* is his refusal; the meetings stay for everybody else."""
        self.connect(self.bob, BOB)
        events = self.fill(3, guests=self.bob.partner_id)
        self.sync(self.bob)
        self.delete_there(events, address=BOB)
        self.sync(self.bob)
        self.delete_them(self.bob)

        self.assertEqual({"declined"}, {self.state(event, self.bob) for event in events})
        self.assertEqual(3, len(self.here(events)))
        self.assertEqual(3, len(self.there()))

    def test_the_organizers_decision_counts_for_his_guests_mailboxes(self):
        """One list, the organizer's: cancelled copies of guests ask nobody."""
        self.connect(self.bob, BOB)
        events = self.fill(3, guests=self.bob.partner_id)
        self.sync(self.bob)
        self.delete_there(events)
        self.sync(self.bob, self.ann)
        self.assertFalse(self.waiting(self.bob))
        self.assertEqual(3, self.waiting(self.ann).count)
        self.assertEqual(3, len(self.here(events)))

        self.keep_them()
        self.sync(self.bob)
        self.assertEqual(3, len(self.here(events)))
        self.assertQuiet(self.ann, self.bob)

    def test_a_round_that_is_stopped_goes_on(self):
        """What was noted and not judged yet is judged by a later round, with what that finds."""
        mailbox = self.sandbox.state.mailbox(ANN)
        mailbox.add_calendar("Projects")
        self.account_of_ann.calendars_read_at = False
        self.sync(self.ann)
        self.account_of_ann.calendar_ids.chosen = True
        events = self.fill(4)
        self.delete_there(events[:2])
        self.sandbox.faults.server_error(503, times=None, path=r"calendars/.+/calendarView")
        self.sync(self.ann)
        self.assertFalse(self.waiting())
        self.delete_there(events[2])
        self.sandbox.faults.clear()
        self.sync(self.ann)

        self.assertEqual(3, self.waiting().count)
        self.assertEqual(events, self.here(events))
