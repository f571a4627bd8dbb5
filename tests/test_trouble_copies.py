"""Copies of a database, restored backups, two databases with one mailbox: stop, and say why."""

from contextlib import contextmanager
from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from ..bridge import mailers
from ..core.graph.marks import OWNER_ID
from .common import ANN, GUEST, attendee
from .test_trouble_sign_in import TroubleCase


@tagged("post_install", "-at_install")
class TestCopies(TroubleCase):
    def setUp(self):
        super().setUp()
        self.plan = self.make(self.ann, name="Plan", partner_ids=[(4, self.guest.id)])
        self.make_remote(ANN, subject="Lunch")
        self.sync(self.ann)
        self.forget_what_was_told()

    def forget_what_was_told(self):
        self.told()
        self.written()

    @property
    def mark(self):
        """What Ann's mailbox bears."""
        return self.bears().get(OWNER_ID)

    def bears(self):
        return self.sandbox.state.mailbox(ANN).default_calendar.extended

    def later(self, **ago):
        """Let time have passed since the mark was seen, and since it was made."""
        past = fields.Datetime.now() - timedelta(**ago)
        self.account(self.ann).write({"mark_seen_at": past, "mark_at": past})

    @contextmanager
    def restored_afterwards(self):
        """Make a backup; what the block does is undone here, and stays in Outlook."""
        self.env.flush_all()
        self.env.cr.execute("SAVEPOINT backup")
        yield
        self.env.flush_all()
        self.env.cr.execute("ROLLBACK TO SAVEPOINT backup")
        self.env.invalidate_all()

    def stopped(self, reason):
        """Assert that nothing was done, and that somebody was told why."""
        account = self.account(self.ann)
        self.assertEqual(("blocked", reason), (account.state, account.left_alone))
        self.assertTrue(account.last_error)
        self.assertEqual({"copy": [1, 1]}, self.told_administrators())
        self.assertEqual(([], []), (self.written(), self.told()))
        self.assertFalse(self.mails())

    def take_over(self):
        """Press *This is the one in use*, as an administrator does where he was told."""
        alarm = self.env["outlook.alarm"].with_user(self.bosses[0]).search([("kind", "=", "copy")])
        alarm.action_take_over()
        self.sync(self.ann)

    def test_a_copy_elsewhere_asks_nothing_of_the_mailbox(self):
        """Restored beside the original it has the same uuid: its place tells."""
        self.account(self.ann).place = "where the original is"
        self.write(self.plan, self.ann, location="Room 1")
        self.sandbox.state.requests.clear()
        self.sync(self.ann)

        self.stopped("copied")
        self.assertFalse(self.sandbox.requests)
        self.assertEqual(1, self.account(self.ann).pending_count)

    def test_the_one_in_use_goes_on_where_it_was(self):
        """Taken over, all is read anew: nothing is doubled, only what was changed is sent."""
        self.account(self.ann).place = "another cluster"
        self.write(self.plan, self.ann, location="Room 1")
        self.sync(self.ann)
        self.take_over()

        account = self.account(self.ann)
        self.assertEqual(("active", False), (account.state, account.left_alone))
        self.assertEqual(["PATCH"], [method for method, _path in self.written()])
        self.assertEqual(1, len(self.local("Lunch")))
        self.assertEqual({}, self.told_administrators())

    def test_its_user_cannot_let_a_copy_go_on(self):
        """*Resume* is for pauses; whether this is the database in use an administrator says."""
        self.account(self.ann).place = "where the original is"
        self.sync(self.ann)
        self.account(self.ann).with_user(self.ann).action_resume()

        self.stopped("copied")

    def test_disconnected_here_nothing_is_touched(self):
        """The other database goes on; here the account is signed out and the notice is over."""
        self.account(self.ann).place = "where the original is"
        self.sync(self.ann)
        self.env["res.config.settings"].with_user(self.bosses[0]).create(
            {}
        ).action_outlook_calendar_let_go()

        self.assertEqual("new", self.account(self.ann).state)
        self.assertFalse(self.account(self.ann).token_cache)
        self.assertTrue(self.plan.active)
        self.assertEqual({}, self.told_administrators())
        self.assertEqual(([], []), (self.written(), self.told()))

    def test_another_database_with_the_same_mailbox_stops_this_one(self):
        """Whoever connected it last goes on: the mailbox bears that one's mark."""
        self.bears()[OWNER_ID] = "another-uuid and a word"
        self.later(hours=1)
        self.write(self.plan, self.ann, location="Room 1")
        self.sync(self.ann)

        self.stopped("other")

    def test_a_sign_in_takes_the_mailbox_over(self):
        """The person has just said where it belongs: the other database finds the new mark."""
        self.bears()[OWNER_ID] = "another-uuid and a word"
        self.connect(self.ann, ANN)

        self.assertEqual("active", self.account(self.ann).state)
        self.assertEqual(self.account(self.ann).mark, self.mark)
        self.assertTrue(self.mark.startswith(self.account(self.ann).database_uuid))

    def test_the_mark_is_made_anew_every_day(self):
        """So that a server that was copied as a whole does not know it; else it is only read."""
        first = self.mark
        self.sandbox.state.requests.clear()
        self.sync(self.ann)
        self.assertNotIn("/me/calendar", [one.path for one in self.sandbox.requests])
        self.later(hours=1)
        self.account(self.ann).mark_at = fields.Datetime.now() - timedelta(hours=1)
        self.sync(self.ann)
        self.assertEqual(first, self.mark)
        self.later(days=2)
        self.sync(self.ann)
        self.assertNotEqual(first, self.mark)
        self.assertEqual("active", self.account(self.ann).state)

    def test_a_mark_whose_writing_was_interrupted_is_known(self):
        """It is kept before it is sent: a killed round is no other database."""
        account = self.account(self.ann)
        account.write({"mark_next": self.mark, "mark": "before it"})
        self.later(hours=1)
        self.sync(self.ann)

        self.assertEqual("active", account.state)

    def test_a_mailbox_without_marks_is_kept_in_step(self):
        """What Graph refuses here is no reason to stop."""
        self.later(days=2)
        self.sandbox.faults.server_error(400, path=r"^/me/calendar$", method="GET", times=None)
        self.write(self.plan, self.ann, location="Room 1")
        self.sync(self.ann)

        self.assertEqual("active", self.account(self.ann).state)
        self.assertEqual("Room 1", self.remote(ANN, "Plan")["location"]["displayName"])

    def test_a_backup_that_was_restored_stops_and_says_so(self):
        """The mailbox was kept in step by a later state: nothing is undone there, nothing sent."""
        with self.restored_afterwards():
            self.later(days=2)
            self.make(self.ann, name="After", partner_ids=[(4, self.guest.id)])
            self.sync(self.ann)
            self.forget_what_was_told()
        self.later(hours=1)
        self.sync(self.ann)

        self.stopped("restored")
        self.assertTrue(self.remote(ANN, "After"))

    def test_taken_over_a_restored_backup_doubles_nothing(self):
        """What was sent after the backup comes from Outlook; what waited then is not sent twice."""
        waiting = self.make(self.ann, name="Waiting", partner_ids=[(4, self.guest.id)])
        with self.restored_afterwards():
            self.later(days=2)
            self.make(self.ann, name="After", partner_ids=[(4, self.guest.id)])
            self.write(self.plan, self.ann, location="Room 2")
            self.sync(self.ann)
            self.make_remote(ANN, subject="Trip", attendees=[attendee(GUEST)])
            self.sync(self.ann)
            self.forget_what_was_told()
        self.later(hours=1)
        self.sync(self.ann)
        self.take_over()

        for name in ("Waiting", "After", "Plan", "Lunch", "Trip"):
            with self.subTest(name):
                self.assertEqual(1, len(self.local(name)))
                self.assertTrue(self.remote(ANN, name))
        self.assertEqual("Room 2", self.plan.location)
        self.assertEqual(([], []), (self.written(), self.told()))
        self.assertTrue(waiting.active)

    def test_taken_over_a_restored_backup_deletes_once(self):
        """What was deleted after the backup is gone there: here it goes, too, and nobody is told.

        Its deletion was announced when it was made.
        """
        with self.restored_afterwards():
            self.later(days=2)
            self.plan.with_user(self.ann).unlink()
            self.sync(self.ann)
            self.forget_what_was_told()
        self.later(hours=1)
        self.sync(self.ann)
        self.take_over()

        self.assertFalse(self.plan.exists().active)
        self.assertTrue(self.local("Lunch").active)
        self.assertEqual(([], []), (self.written(), self.told()))

    def test_a_mailbox_of_an_older_version_learns_its_place(self):
        """Connected before places were kept: with the next mark that is its own."""
        account = self.account(self.ann)
        place = account.place
        account.write({"place": False, "mark_seen_at": False})
        self.sync(self.ann)

        self.assertEqual(place, account.place)

    def test_a_server_that_does_not_tell_its_place(self):
        """Hardened: no form fails of it, rounds go on, people sign in; the mark has to tell."""
        self.env.cr.execute(
            """
            CREATE FUNCTION public.pg_control_system(OUT system_identifier bigint)
            LANGUAGE plpgsql AS $$ BEGIN RAISE insufficient_privilege; END $$
            """
        )
        self.env.cr.execute("SET LOCAL search_path = public, pg_catalog")
        self.env.cr.cache.clear()
        account = self.account(self.ann)
        self.assertEqual("", mailers.halted(self.env, account))
        self.write(self.plan, self.ann, location="Room 1")
        self.sync(self.ann)
        self.assertEqual("Room 1", self.remote(ANN, "Plan")["location"]["displayName"])
        self.connect(self.ann, ANN)

        self.assertEqual("active", account.state)
        self.assertFalse(account.place)
