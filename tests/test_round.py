"""How a round ends when something is wrong: whose problem it is, and what goes on."""

import time
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import ANN, BOB, SandboxCase, attendee


@tagged("post_install", "-at_install")
class TestRound(SandboxCase):
    def test_a_round_says_what_it_did(self):
        """The row of a round counts what it brought in and sent, and what it cost."""
        self.connect(self.ann, ANN)
        self.make_remote(ANN, subject="Lunch")
        self.make(self.ann, name="Plan")
        run = self.sync(self.ann)

        self.assertEqual("done", run.state)
        self.assertEqual((1, 1), (run.created_local, run.created_remote))
        self.assertTrue(run.requests)
        self.assertTrue(run.request_ids)
        self.assertTrue(run.finished_at)
        self.assertTrue(self.account(self.ann).last_success_at)

    def test_an_ended_sign_in_is_told_once(self):
        """Revoked at Microsoft: state *reconnect*, one activity for the user, nothing else lost."""
        account = self.connect(self.ann, ANN)
        self.sandbox.state.directory.sign_out(ANN, code=50173)
        self.sandbox.state.directory.expire_access(ANN)
        self.sync(self.ann)
        self.sync(self.ann)

        self.assertEqual("reconnect", account.state)
        self.assertTrue(account.last_error)
        self.assertEqual(self.ann, account.activity_ids.user_id)
        self.assertEqual(1, len(account.activity_ids))
        self.connect(self.ann, ANN)
        self.assertEqual("active", account.state)
        self.assertFalse(account.activity_ids)

    def test_a_wrong_secret_is_not_the_users_problem(self):
        """An expired client secret leaves the account as it is; it goes on once that is mended."""
        account = self.connect(self.ann, ANN)
        self.sandbox.state.directory.apps["cid"].secret_expired = True
        self.sandbox.state.directory.expire_access(ANN)
        self.sync(self.ann)

        self.assertEqual("active", account.state)
        self.assertIn("AADSTS7000222", account.last_error)
        self.sandbox.state.directory.apps["cid"].secret_expired = False
        account.backoff_until = False
        self.assertEqual("done", self.sync(self.ann).state)
        self.assertFalse(account.last_error)

    def test_throttling_stops_this_mailbox_as_long_as_asked(self):
        """Retry-After is obeyed, and kept in the database."""
        account = self.connect(self.ann, ANN)
        self.sandbox.faults.throttle(retry_after=90)
        now = fields.Datetime.now()
        run = self.sync(self.ann)

        self.assertEqual("failed", run.state)
        self.assertGreaterEqual(account.backoff_until, now + timedelta(seconds=85))
        self.assertEqual("active", account.state)

    def test_trouble_at_microsoft_backs_off_longer_each_time(self):
        """Without a hint the pause doubles, with jitter."""
        account = self.connect(self.ann, ANN)
        self.sandbox.faults.server_error(503, times=None)
        for failures in (1, 2, 3):
            account.backoff_until = False
            self.sync(self.ann)
            self.assertEqual(failures, account.failures)
        pause = account.backoff_until - fields.Datetime.now()

        self.assertGreater(pause, timedelta(seconds=55))
        self.assertLess(pause, timedelta(seconds=125))

    def test_sync_now_ends_the_pause(self):
        """A person who asks is not told to wait."""
        account = self.connect(self.ann, ANN)
        account.backoff_until = fields.Datetime.now() + timedelta(hours=1)
        account.with_user(self.ann).action_sync_now()

        self.assertFalse(account.backoff_until)

    def test_one_account_in_trouble_does_not_stop_the_others(self):
        """The lane goes on with the next account."""
        self.connect(self.ann, ANN)
        self.connect(self.bob, BOB)
        self.sandbox.faults.server_error(503, times=None, mailbox=ANN)
        self.make_remote(BOB, subject="Lunch")
        accounts = self.account(self.ann) | self.account(self.bob)
        accounts.next_round_at = False
        self.env.flush_all()
        self.run_lane()

        self.assertTrue(self.account(self.ann).last_error)
        self.assertFalse(self.account(self.bob).last_error)
        self.assertTrue(self.local("Lunch"))

    def test_one_meeting_in_trouble_does_not_stop_the_others(self):
        """What Outlook does not take is set aside with the reason; the rest goes on."""
        self.connect(self.ann, ANN)
        self.make(self.ann, name="Fine")
        poison = self.make(self.ann, name="Poison")
        self.sandbox.faults.server_error(400, path=r"/me/calendar/events$", skip=1)
        self.sync(self.ann)

        self.assertIsNotNone(self.remote(ANN, "Fine"))
        self.assertEqual("parked", self.meeting(poison).state)
        self.assertTrue(self.meeting(poison).reason)
        self.written()
        self.sync(self.ann)
        self.assertEqual([], self.written())  # not again until it changes
        self.write(poison, self.ann, name="Cured")
        self.sync(self.ann)
        self.assertIsNotNone(self.remote(ANN, "Cured"))
        self.assertEqual("linked", self.meeting(poison).state)

    def test_a_text_that_postgresql_cannot_hold_comes_in_without_it(self):
        """NUL characters are left out; that is no edit, and nothing is written back."""
        self.connect(self.ann, ANN)
        self.make_remote(ANN, subject="Poison \x00pill")
        self.sync(self.ann)
        self.written()
        self.sync(self.ann)

        self.assertTrue(self.local("Poison pill"))
        self.assertEqual([], self.written())

    def test_an_expired_delta_is_read_anew(self):
        """Everything is read again and compared; what is missing is looked up, then believed."""
        self.connect(self.ann, ANN)
        kept = self.make_remote(ANN, subject="Kept")
        gone = self.make_remote(ANN, subject="Gone")
        self.sync(self.ann)
        self.sandbox.delete_event(ANN, gone["id"])
        self.sandbox.change_event(ANN, kept["id"], {"subject": "Kept 2"})
        self.sandbox.state.expire_delta(ANN)
        self.sync(self.ann)

        self.assertFalse(self.local("Gone").active)
        self.assertTrue(self.local("Kept 2").active)

    def test_an_expired_delta_says_nothing_about_what_left_the_window(self):
        """Moved far ahead: not met by the full round, looked up, and not deleted."""
        self.connect(self.ann, ANN)
        remote = self.make_remote(ANN, subject="Far")
        self.sync(self.ann)
        start = self.soon(days=1500)
        times = {
            "start": {"dateTime": start.isoformat(), "timeZone": "UTC"},
            "end": {"dateTime": (start + timedelta(hours=1)).isoformat(), "timeZone": "UTC"},
        }
        self.sandbox.change_event(ANN, remote["id"], times)
        self.sandbox.state.expire_delta(ANN)
        self.sync(self.ann)

        self.assertTrue(self.local("Far").active)
        self.assertEqual(start, self.local("Far").start)

    def test_moved_out_of_the_window_is_not_deleted(self):
        """Delta calls it removed; it is looked up and has only moved."""
        self.connect(self.ann, ANN)
        remote = self.make_remote(ANN, subject="Far")
        self.sync(self.ann)
        start = self.soon(days=1500)
        times = {
            "start": {"dateTime": start.isoformat(), "timeZone": "UTC"},
            "end": {"dateTime": (start + timedelta(hours=1)).isoformat(), "timeZone": "UTC"},
        }
        self.sandbox.change_event(ANN, remote["id"], times)
        self.sync(self.ann)

        self.assertTrue(self.local("Far").active)
        self.assertEqual(start, self.local("Far").start)

    def test_an_account_that_is_taken_is_left_to_its_worker(self):
        """One worker at a time talks to a mailbox."""
        account = self.connect(self.ann, ANN)
        claim = account._claim(60)
        self.assertTrue(claim)
        self.assertFalse(account._claim(60))
        runs = len(account.run_ids)
        with self.enter_registry_test_mode():
            account._run_rounds(deadline=time.monotonic(), reason="wait")
        account.invalidate_recordset()

        self.assertEqual(runs, len(account.run_ids))
        account._release(claim)
        self.assertTrue(account._claim(60))

    def test_a_lease_that_was_taken_over_stops_the_round(self):
        """Who lost the claim writes nothing more."""
        account = self.connect(self.ann, ANN)
        claim = account._claim(60)
        self.env.cr.execute("UPDATE outlook_account SET lease_token = 'other'")

        self.assertFalse(account._renew(claim, 60))

    def test_a_rotated_sign_in_is_kept(self):
        """Each refresh brings a new refresh token; the stored one is never an old one."""
        account = self.connect(self.ann, ANN)
        before = account.sudo().token_cache
        self.sandbox.state.directory.expire_access(ANN)
        self.sync(self.ann)

        self.assertEqual("active", account.state)
        self.assertNotEqual(before, account.sudo().token_cache)
        self.assertEqual("done", account.run_ids[:1].state)

    def test_a_copy_of_the_database_touches_nothing(self):
        """Another database.uuid than the connection's: no round."""
        account = self.connect(self.ann, ANN)
        account.database_uuid = "another"
        self.sandbox.state.requests.clear()
        self.sync(self.ann)

        self.assertEqual([], self.sandbox.requests)

    def test_switched_off_or_paused_nothing_runs(self):
        """Unticked, or paused by an administrator: no request at all."""
        self.connect(self.ann, ANN)
        parameters = self.env["ir.config_parameter"]
        for name, value in (("enabled", "False"), ("paused", "True")):
            with self.subTest(name):
                self.sandbox.state.requests.clear()
                parameters.set_param(f"outlook_calendar.{name}", value)
                self.sync(self.ann)
                self.assertEqual([], self.sandbox.requests)
                parameters.set_param(f"outlook_calendar.{name}", "True")

    def test_a_mailbox_has_one_user(self):
        """A mailbox that somebody connected already is refused, in words."""
        self.connect(self.ann, ANN)
        with self.assertRaisesRegex(UserError, "Ann"):
            self.connect(self.bob, ANN)

    def test_others_cannot_steer_an_account(self):
        """Buttons work on one's own account; administrators may press any."""
        account = self.connect(self.ann, ANN)
        for button in ("action_sync_now", "action_pause", "action_resume", "action_disconnect"):
            with self.subTest(button), self.assertRaises(AccessError):
                getattr(account.with_user(self.bob), button)()
        account.with_user(self.env.ref("base.user_admin")).action_pause()

        self.assertEqual("paused", account.state)

    def test_guests_of_a_page_are_told_by_the_bus(self):
        """Open calendars hear of what arrived, in the transaction that brought it."""
        self.connect(self.ann, ANN)
        self.make_remote(ANN, subject="Board", attendees=[attendee(BOB)])
        before = self.env["bus.bus"].search([], order="id desc", limit=1).id
        self.sync(self.ann)

        messages = self.env["bus.bus"].search([("id", ">", before)]).mapped("message")
        self.assertTrue([one for one in messages if "outlook_calendar/changed" in one])
