"""Many deletions here at once: the save works, the sending asks. See docs/sync-rules.md."""

from odoo.tests import tagged

from .common import ANN, BOB, GUEST
from .safety_case import SafetyCase


@tagged("post_install", "-at_install")
class TestSafetyOutgoing(SafetyCase):
    def _archive(self, events, user=None):
        """Archive these as the list's action does."""
        events.with_user(user or self.ann).action_archive()
        self.sync(self.ann)

    def _delete(self, events):
        """Delete these as the list's action does."""
        events.with_user(self.ann).unlink()
        self.sync(self.ann)

    def test_a_mass_deletion_works_here_and_asks_before_it_mails(self):
        """Nothing is deleted in Outlook and nobody mailed; all else goes on."""
        events = self.fill(6, guests=self.guest)
        self.write(events[5], self.ann, location="Room 2")
        events[:2].with_user(self.ann).action_archive()
        self._delete(events[2:5])

        self.assertEqual(("out", "share", 5, 6), self._facts())
        self.assertEqual(events[5], self.here(events))
        self.assertEqual(6, len(self.there()))
        self.assertEqual("Room 2", self.remote(ANN, events[5].name)["location"]["displayName"])
        self.assertEqual([("update", GUEST)], self.told())
        self.assertQuiet()

    def _facts(self):
        stop = self.waiting()
        return stop.direction, stop.reason, stop.count, stop.linked

    def test_delete_them(self):
        """Outlook deletes them and tells each guest once; two were no reason to ask."""
        events = self.fill(6, guests=self.guest)
        self._archive(events[:2])
        self.assertEqual([("cancellation", GUEST)] * 2, self.told())
        self._delete(events[2:5])
        self.assertEqual((3, 3), (self.waiting().count, self.waiting().guests))
        self.assertEqual([], self.told())
        self.delete_them()

        self.assertEqual([events[5].name], self.there())
        self.assertEqual([("cancellation", GUEST)] * 3, self.told())
        self.assertFalse(self.account_of_ann.activity_ids)
        self.assertQuiet()

    def test_keep_what_was_archived(self):
        """The same records are back, as Outlook has them; nothing is written there."""
        events = self.fill(3, guests=self.guest)
        self._archive(events)
        self.assertFalse(self.here(events))
        self.keep_them()

        self.assertEqual(events, self.here(events))
        self.assertEqual([], self.written())
        self.assertEqual([], self.told())
        self.assertFalse(self.mails())
        self.write(events[0], self.ann, location="Room 2")
        self.sync(self.ann)
        self.assertEqual("Room 2", self.remote(ANN, events[0].name)["location"]["displayName"])
        self.assertQuiet()

    def test_keep_what_was_deleted(self):
        """They come back from Outlook with their guests, a series with its dates; once."""
        events = self.fill(2, guests=self.guest)
        series = self.make(
            self.ann,
            name="Daily",
            recurrency=True,
            rrule_type="daily",
            end_type="count",
            count=3,
            event_tz="Europe/Brussels",
        )
        names = [*events.mapped("name"), *["Daily"] * 3]
        self.sync(self.ann)
        self._delete(events | series.recurrence_id.calendar_event_ids)
        self.assertEqual(3, self.waiting().count)
        self.assertEqual(1, len(self.waiting().line_ids.filtered("is_series")))
        self.written()
        self.keep_them()

        back = self.env["calendar.event"].search([("name", "in", names)])
        self.assertEqual(sorted(names), sorted(back.mapped("name")))
        self.assertEqual(2, len(back.filtered(lambda one: self.guest in one.partner_ids)))
        self.assertEqual(self.ann, back.user_id)
        self.assertEqual([], self.written())
        self.assertQuiet()

    def test_what_a_person_brings_back_leaves_the_list(self):
        """Unarchived, it is in step again, and nobody hears of it."""
        events = self.fill(4, guests=self.guest)
        self._archive(events)
        events[:3].with_user(self.ann).action_unarchive()
        self.sync(self.ann)
        self.assertEqual(1, self.waiting().count)
        events[3].with_user(self.ann).action_unarchive()
        self.sync(self.ann)

        self.assertFalse(self.waiting())
        self.assertEqual([], self.told())
        self.assertQuiet()

    def test_what_is_edited_in_outlook_meanwhile_comes_back(self):
        """An edit beats a deletion, before the decision and after it."""
        events = self.fill(4)
        self._archive(events)
        for event, change in ((events[0], "before"), (events[1], "after")):
            remote = self.remote(ANN, event.name)
            values = {"location": {"displayName": change}}
            self.sandbox.change_event(ANN, remote["id"], values)
            if change == "before":
                self.sync(self.ann)
                self.assertEqual(3, self.waiting().count)
        self.delete_them()

        self.assertEqual(events[:2], self.here(events))
        self.assertEqual(sorted(events[:2].mapped("name")), self.there())
        self.assertQuiet()

    def test_what_is_gone_in_outlook_meanwhile_leaves_the_list(self):
        """Both sides agree."""
        events = self.fill(4)
        self._archive(events)
        self.delete_there(events[:3])
        self.sync(self.ann)
        self.assertEqual(1, self.waiting().count)
        self.delete_there(events[3])
        self.sync(self.ann)

        self.assertFalse(self.waiting())

    def test_deletions_in_dribs_are_counted_together(self):
        """Each by itself, a round after each: the one too many asks."""
        self.limit(deletions=2, percent=100)
        events = self.fill(6)
        for event in events[:3]:
            self._archive(event)

        self.assertEqual(("out", "many", 1, 6), self._facts())
        self.assertEqual(4, len(self.there()))

    def test_a_full_round_is_no_way_around(self):
        """What Outlook shows anew of meetings that were deleted here is not deleted there."""
        events = self.fill(4, guests=self.guest)
        events.with_user(self.ann).unlink()
        self.env["outlook.outbox"].search([]).unlink()  # as a restored database may lack it
        self.sandbox.state.expire_delta(ANN)
        self.sync(self.ann)

        self.assertEqual(4, self.waiting().count)
        self.assertEqual(4, len(self.there()))
        self.assertEqual([], self.told())

    def test_meetings_that_move_to_a_colleague_are_not_deleted(self):
        """Another organizer for many: nobody is asked."""
        self.connect(self.bob, BOB)
        events = self.fill(4)
        for event in events:
            self.write(event, self.ann, user_id=self.bob.id)
        self.sync(self.ann, self.bob)

        self.assertFalse(self.waiting())
        self.assertEqual([], self.there())
        self.assertEqual(4, len(self.there(BOB)))

    def test_a_guests_mailbox_does_not_notice(self):
        """Guests keep their invitations until somebody decides, and after they are kept."""
        self.connect(self.bob, BOB)
        events = self.fill(3, guests=self.bob.partner_id)
        self.sync(self.bob)
        self._archive(events)
        self.sync(self.bob)
        self.assertEqual(3, len(self.there(BOB)))
        self.keep_them()
        self.sync(self.bob)

        self.assertEqual(events, self.here(events))
        self.assertEqual({"needsAction"}, {self.state(event, self.bob) for event in events})
        self.assertQuiet(self.bob, self.ann)

    def test_a_deletion_that_is_stopped_goes_on_and_mails_once(self):
        """Outlook's answer to what was confirmed is lost: looked up, and nobody asked again."""
        events = self.fill(4, guests=self.guest)
        self._archive(events)
        self.sandbox.faults.drop_after(path=r"\$batch")
        self.waiting().with_user(self.ann).action_delete()
        for _round in range(3):
            self.account_of_ann.backoff_until = False
            self.sync(self.ann)

        self.assertEqual([], self.there())
        self.assertEqual([("cancellation", GUEST)] * 4, self.told())
        self.assertFalse(self.waiting())

    def test_what_outlook_cannot_delete_rests(self):
        """It stays decided, and is tried again when its rest is over."""
        events = self.fill(3)
        self._archive(events)
        self.sandbox.faults.add("server_error", status=500, times=None, method="DELETE")
        self.delete_them()
        self.assertEqual(3, len(self.there()))
        self.sandbox.faults.clear()
        copies = self.env["outlook.copy"].search([("departed", "=", "here")])
        copies.next_attempt = "2020-01-01"
        self.sync(self.ann)

        self.assertEqual([], self.there())
        self.assertFalse(self.waiting())
