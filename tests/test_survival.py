"""A committed change is sent, once, whatever happened between the save and the round."""

from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from ..bridge import round as rounds
from ..bridge import settings
from .common import ANN, BOB, graph_time
from .test_trouble_sign_in import REVOKED, TroubleCase


@tagged("post_install", "-at_install")
class TestSurvival(TroubleCase):
    """Each test: break, make, change and delete, let rounds try, mend, and see what was sent."""

    def setUp(self):
        super().setUp()
        self.plan = self.make(self.ann, name="Plan")
        self.old = self.make(self.ann, name="Old")
        self.sync(self.ann)
        self.written()

    def change(self, **values):
        """Make, change and delete a meeting as the user; `values` of the one that is made."""
        self.make(self.ann, name="New", **values)
        self.write(self.plan, self.ann, location="Room 1")
        self.old.with_user(self.ann).unlink()
        self.run_lane()

    def assert_sent_once(self):
        """See that each change is there, by one write, and that a further round writes nothing."""
        self.end_pause()
        self.run_lane()
        self.sync(self.ann)
        self.assertEqual(
            ["DELETE", "PATCH", "POST"], sorted(method for method, _path in self.written())
        )
        self.assertTrue(self.remote(ANN, "New"))
        self.assertEqual("Room 1", self.remote(ANN, "Plan")["location"]["displayName"])
        self.assertIsNone(self.remote(ANN, "Old"))
        self.assertEqual(0, self.account(self.ann).pending_count)
        self.sync(self.ann)
        self.assertEqual([], self.written())

    def end_pause(self):
        """Let the pause after failures be over, as days later it is."""
        past = fields.Datetime.now() - timedelta(seconds=1)
        self.account(self.ann).write({"backoff_until": past, "next_round_at": past})

    def test_paused_and_resumed(self):
        """Nothing goes out meanwhile, all of it after."""
        account = self.account(self.ann).with_user(self.ann)
        account.action_pause()
        self.change()
        self.assertEqual([], self.written())
        account.action_resume()
        self.assert_sent_once()

    def test_paused_for_everybody_and_resumed(self):
        """Who resumes his own meanwhile is told that it does not go on by that."""
        parameters = self.env["ir.config_parameter"]
        parameters.set_param("outlook_calendar.paused", "True")
        self.change()
        account = self.account(self.ann).with_user(self.ann)
        account.action_pause()
        said = account.action_resume()
        self.assertIn("administrator", said["params"]["message"])
        self.assertEqual([], self.written())
        parameters.set_param("outlook_calendar.paused", False)
        self.assertFalse(account.action_resume())
        self.assert_sent_once()

    def test_switched_off_and_on(self):
        """The tick taken away keeps what is changed meanwhile."""
        settings.switch(self.env, enabled=False)
        self.change()
        self.assertEqual([], self.written())
        settings.switch(self.env, enabled=True)
        self.assert_sent_once()

    def test_the_sign_in_dead_for_a_week(self):
        """Also what is over by the time of the new sign-in."""
        self.refuse(REVOKED)
        self.sync(self.ann)
        self.change(start=self.soon(-2, 9), stop=self.soon(-2, 10))
        self.assertEqual([], self.written())
        self.mend()
        self.connect(self.ann, ANN)
        self.assert_sent_once()

    def test_outlook_down_for_days(self):
        """Failed rounds are more and more seldom, and forget nothing."""
        self.sandbox.faults.server_error(503, path="^/me/", times=None)
        self.change()
        for _day in range(3):
            self.end_pause()
            self.run_lane()
        self.assertGreater(self.account(self.ann).failures, 2)
        self.mend()
        self.written()
        self.assert_sent_once()

    def test_a_user_archived_and_back(self):
        """While he is away nothing is done in his mailbox, and nothing is lost."""
        self.ann.active = False
        self.make(self.ann, name="New")
        self.plan.location = "Room 1"
        self.old.unlink()
        self.run_lane()
        self.assertEqual([], self.written())
        self.ann.active = True
        self.assert_sent_once()

    def test_what_was_rolled_back_is_never_sent(self):
        """The note of a change is in its transaction, and goes with it."""
        self.env.flush_all()
        self.env.cr.execute("SAVEPOINT a_save")
        self.make(self.ann, name="New")
        self.write(self.plan, self.ann, location="Room 1")
        self.env.flush_all()
        self.env.cr.execute("ROLLBACK TO SAVEPOINT a_save")
        self.env.invalidate_all()
        self.sync(self.ann)

        self.assertEqual([], self.written())
        self.assertIsNone(self.remote(ANN, "New"))


@tagged("post_install", "-at_install")
class TestLaneTrouble(TroubleCase):
    """What is wrong with one mailbox is nobody else's, and never the cron's."""

    def setUp(self):
        super().setUp()
        self.connect(self.bob, BOB)
        self.begin()

    def begin(self):
        """Let it be both mailboxes' turn, Ann's first."""
        now = fields.Datetime.now()
        for user, minutes in ((self.ann, 2), (self.bob, 1)):
            self.account(user).write(
                {"next_round_at": now - timedelta(minutes=minutes), "last_success_at": False}
            )

    def poison(self, user):
        """Let the database refuse whatever is written to an account."""
        self.env.flush_all()
        self.env.cr.execute(
            f"""
            CREATE FUNCTION poisoned() RETURNS trigger LANGUAGE plpgsql AS
                $$ BEGIN RAISE EXCEPTION 'poisoned'; END $$;
            CREATE TRIGGER poisoned BEFORE UPDATE ON outlook_account FOR EACH ROW
                WHEN (OLD.id = {self.account(user).id}) EXECUTE FUNCTION poisoned();
            """
        )

    def test_a_poisonous_account_stops_nobody(self):
        """Not even one whose claim fails for a reason that nobody thought of."""
        self.poison(self.ann)
        with self.assertLogs("odoo.addons.outlook_calendar.bridge.lanes", "ERROR"):
            self.run_lane()

        self.assertTrue(self.account(self.bob).last_success_at)

    def test_a_throttled_mailbox_does_not_hold_the_lane(self):
        """It rests as long as Microsoft asks; the next one is served in the same slice."""
        self.sandbox.faults.throttle(600, mailbox=ANN, times=None)
        self.run_lane()

        self.assertTrue(self.account(self.bob).last_success_at)
        pause = self.account(self.ann).backoff_until - fields.Datetime.now()
        self.assertGreater(pause, timedelta(minutes=9))
        self.assertEqual([], self.due())

    def test_a_big_import_goes_on_slice_after_slice(self):
        """None of them begins anew, and all is here in the end, once."""
        self.account(self.bob).next_round_at = fields.Datetime.now() + timedelta(hours=1)
        for number in range(60):
            self.make_remote(
                ANN,
                subject=f"Import {number}",
                start=graph_time(self.soon(number)),
                end=graph_time(self.soon(number, 10)),
            )
        slices = 1
        while self.run_slice(self.ann) is rounds.Outcome.MORE:
            slices += 1
            self.assertLess(slices, 10)

        self.assertGreater(slices, 1)
        found = self.env["calendar.event"].search([("name", "=like", "Import %")])
        self.assertEqual(60, len(found))
        self.assertEqual([], self.written())
