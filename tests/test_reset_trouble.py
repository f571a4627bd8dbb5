"""Reset Account: what breaks it on the way, what the dialog says first, and who may open it."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.release import product_name
from odoo.tests import tagged

from ..core.graph.marks import OWNER_ID
from .common import ANN, GUEST
from .reset_case import ResetCase


@tagged("post_install", "-at_install")
class TestResetUnderTrouble(ResetCase):
    def test_a_dead_sign_in_is_reported(self):
        """What can be done is done, and the rest is named with its reason."""
        event = self.make_in_step("Plan")
        self.sandbox.state.directory.sign_out(ANN, code=50173)
        self.sandbox.state.directory.expire_access(ANN)
        reset = self.reset(delete_policy="both", sync_policy="new")

        self.assertFalse(event.exists())
        self.assertTrue(self.remote(ANN, "Plan"))
        [remnant] = reset.remnant_ids
        self.assertEqual(("Plan", "outlook"), (remnant.name, remnant.side))
        self.assertEqual("signin", remnant.reason)
        self.assertEqual("connect", self.status(self.ann))

    def test_a_known_dead_sign_in_is_said_first(self):
        """The dialog tells before anybody confirms that nothing can be deleted in Outlook."""
        self.make_in_step()
        self.account(self.ann).state = "reconnect"

        self.assertFalse(self.wizard(delete_policy="keep").warning)
        wizard = self.wizard(delete_policy="both")
        self.assertIn("sign-in", wizard.warning)
        self.written()
        self.reset(delete_policy="both", sync_policy="new")
        self.assertEqual([], self.written())

    def test_a_private_meeting_is_reported_without_its_subject(self):
        """An administrator who reads the report learns no more than he may."""
        self.make_in_step("Doctor", privacy="private")
        self.account(self.ann).token_cache = False
        reset = self.reset(by=self.admin, delete_policy="outlook", sync_policy="new")

        [remnant] = reset.remnant_ids
        self.assertNotIn("Doctor", remnant.name)
        self.assertFalse(remnant.subject)

    def test_a_busy_mailbox_is_waited_for(self):
        """Throttled half-way, the reset goes on later and ends as if nothing had been."""
        self.make_in_step()
        self.sandbox.faults.throttle(retry_after=30, path=r"/me/events")
        reset = self.reset(delete_policy="both", sync_policy="new")

        self.assertEqual("running", reset.state)
        self.assertGreater(reset.next_attempt, fields.Datetime.now() + timedelta(seconds=20))
        self.assertEqual("syncing", self.status(self.ann))
        self.assertTrue(self.local("Plan"))

        self.sandbox.faults.clear()
        self.work(reset)
        self.assertEqual("done", reset.state)
        self.assertIsNone(self.remote(ANN, "Plan"))
        self.assertFalse(self.local("Plan"))

    def test_after_a_day_it_ends_without_outlook(self):
        """A reset does not hang on a Microsoft that never answers."""
        self.make_in_step()
        self.sandbox.faults.server_error(503, times=None)
        reset = self.reset(delete_policy="outlook", sync_policy="new")
        self.assertEqual("running", reset.state)
        self.env.flush_all()
        reset.failing_since -= timedelta(days=2)
        self.work(reset)
        self.work(reset)

        self.assertEqual("done", reset.state)
        self.assertEqual("unreachable", reset.remnant_ids.reason)

    def test_one_meeting_that_cannot_be_deleted_holds_up_no_other(self):
        """500 to one deletion for ever: the others are deleted, it is named after some tries."""
        stuck = self.make_in_step("Stuck")
        self.make_in_step("Plan")
        path = f"/me/events/{self.meeting(stuck).copy_ids.remote_id}$"
        trouble = self.sandbox.faults.server_error(500, method="DELETE", path=path, times=None)
        reset = self.reset(delete_policy="outlook", sync_policy="new")
        self.assertIsNone(self.remote(ANN, "Plan"))
        self.assertEqual("running", reset.state)
        for _try in range(3):
            reset.next_attempt = False
            self.work(reset)

        self.assertEqual("done", reset.state)
        self.assertEqual(("Stuck", "rejected"), (reset.remnant_ids.name, reset.remnant_ids.reason))
        self.assertEqual(3, trouble.hits)

    def test_a_lost_answer_is_no_second_deletion(self):
        """The effect reached Outlook and the answer did not: the next attempt finds it done."""
        self.make_in_step(partner_ids=[(4, self.guest.id)])
        self.told()
        self.sandbox.faults.drop_after(method="DELETE")
        reset = self.reset(delete_policy="both", sync_policy="new")
        self.assertEqual("running", reset.state)
        self.work(reset)

        self.assertEqual("done", reset.state)
        self.assertFalse(reset.remnant_ids)
        self.assertEqual([("cancellation", GUEST)], self.told())

    def test_a_refused_deletion_here_is_reported(self):
        """Where another document needs the meeting, it stays, and the report says so."""
        event = self.make_in_step()
        self.env.cr.execute(
            """
            CREATE TABLE needs_meeting (event_id integer REFERENCES calendar_event (id));
            INSERT INTO needs_meeting VALUES (%s)
            """,
            (event.id,),
        )
        reset = self.reset(delete_policy="local", sync_policy="new")

        self.assertTrue(event.exists())
        self.assertEqual(("local", "kept"), (reset.remnant_ids.side, reset.remnant_ids.reason))
        self.assertEqual("done", reset.state)

    def test_a_copied_database_deletes_nothing_in_outlook(self):
        """The mailbox belongs to the original: the copy only forgets it."""
        self.make_in_step()
        self.env["ir.config_parameter"].set_param("database.uuid", "a-copy")
        reset = self.reset(delete_policy="outlook", sync_policy="new")

        self.assertTrue(self.remote(ANN, "Plan"))
        self.assertEqual("copy", reset.remnant_ids.reason)

    def test_a_copy_that_the_mailbox_found_out_deletes_nothing_in_outlook(self):
        """A server that was copied as a whole, or another database: the mailbox bears its mark."""
        self.make_in_step()
        self.account(self.ann).left_alone = "restored"
        self.assertIn("another one keeps", self.wizard(delete_policy="outlook").warning)
        reset = self.reset(delete_policy="outlook", sync_policy="new")

        self.assertTrue(self.remote(ANN, "Plan"))
        self.assertEqual("copy", reset.remnant_ids.reason)

    def test_a_reset_that_was_copied_asks_first_whose_the_mailbox_is(self):
        """Restored in its midst it deletes nothing any more, however lately the mark was seen."""
        self.make_in_step()
        reset = self.reset(delete_policy="outlook", sync_policy="new", run=False)
        self.sandbox.state.mailbox(ANN).default_calendar.extended[OWNER_ID] = "another-uuid a-word"
        self.work(reset)

        self.assertTrue(self.remote(ANN, "Plan"))
        self.assertEqual(("done", "copy"), (reset.state, reset.remnant_ids.reason))

    def test_nothing_else_happens_during_a_reset(self):
        """From the confirmation on no round runs, and no sign-in comes in between."""
        self.make_in_step()
        reset = self.reset(delete_policy="keep", sync_policy="all", run=False)
        account = self.account(self.ann)

        self.assertEqual("syncing", self.status(self.ann))
        self.assertFalse(account._may_run())
        self.assertEqual(reset, self.reset(delete_policy="both", sync_policy="new", run=False))
        with self.assertRaises(UserError):
            self.connect(self.ann, ANN, sync=False)


@tagged("post_install", "-at_install")
class TestResetDialog(ResetCase):
    def test_it_says_first_what_will_happen_in_numbers(self):
        """Meetings on each side, and each guest once however many meetings he is in."""
        for name in ("One", "Two"):
            self.make_in_step(name, partner_ids=[(4, self.guest.id)])
        wizard = self.wizard(delete_policy="both")

        self.assertEqual((2, 1), (wizard.meeting_count, wizard.guest_count))
        self.assertIn("Deleted in Outlook: 2 meetings.", wizard.consequences)
        self.assertIn(f"Deleted in {product_name}: 2 meetings.", wizard.consequences)
        self.assertIn("1 person", wizard.consequences)
        self.assertNotIn("1 person", self.wizard(delete_policy="local").consequences)

    def test_labels_carry_the_name_of_the_running_server(self):
        """No product is named that is not the one that runs."""
        labels = dict(self.wizard()._fields["delete_policy"]._description_selection(self.env))

        self.assertEqual(f"Delete from {product_name}", labels["local"])
        self.assertEqual(["keep", "outlook", "local", "both"], list(labels))

    def test_an_administrator_without_a_mailbox_resets_others(self):
        """He needs no connection of his own."""
        self.make_in_step()
        reset = self.reset(by=self.admin, delete_policy="both", sync_policy="new")

        self.assertEqual("done", reset.with_user(self.admin).state)
        self.assertEqual("new", self.account(self.ann).state)
        self.assertIsNone(self.remote(ANN, "Plan"))

    def test_nobody_resets_a_colleague(self):
        """Neither by the dialog nor by its numbers does a colleague get anywhere."""
        self.make_in_step()
        with self.assertRaises(AccessError):
            self.wizard(by=self.bob, user=self.ann).action_confirm()
        with self.assertRaises(AccessError):
            self.wizard(by=self.bob, user=self.ann).meeting_count  # noqa: B018

    def test_nobody_reads_a_colleagues_report(self):
        """The report names meetings: it is for their owner and for administrators."""
        self.make_in_step()
        self.account(self.ann).token_cache = False
        reset = self.reset(delete_policy="outlook", sync_policy="new")

        with self.assertRaises(AccessError):
            reset.with_user(self.bob).read(["mailbox"])
        with self.assertRaises(AccessError):
            reset.remnant_ids.with_user(self.bob).read(["subject"])
        self.assertEqual("Plan", reset.remnant_ids.with_user(self.ann).name)

    def test_without_an_account_there_is_nothing_to_reset(self):
        """The dialog says so instead of failing."""
        with self.assertRaises(UserError):
            self.reset(user=self.bob, delete_policy="keep", sync_policy="new")
