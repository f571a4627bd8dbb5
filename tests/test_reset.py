"""Reset Account: each policy on both sides, what it leaves alone, and what breaks it on the way."""

import time
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.release import product_name
from odoo.tests import new_test_user, tagged

from .common import ANN, BOB, GUEST, SandboxCase, attendee

SLICE_SECONDS = 60


class ResetCase(SandboxCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.admin = new_test_user(
            cls.env, "admin-reset", groups="base.group_system,base.group_partner_manager"
        )

    def setUp(self):
        super().setUp()
        self.connect(self.ann, ANN)

    def wizard(self, by=None, user=None, **values):
        """Open the dialog as `by`, for `user`."""
        user = user or self.ann
        wizards = self.env["outlook.account.reset"].with_user(by or user)
        return wizards.create({"user_id": user.id, **values})

    def reset(self, by=None, user=None, *, run=True, **values):
        """Confirm the dialog, let the background work, and return the report."""
        action = self.wizard(by, user, **values).action_confirm()
        reset = self.env["outlook.reset"].browse(action["res_id"])
        if run:
            self.work(reset)
        return reset

    def work(self, reset):
        """Do what the cron does in one slice."""
        self.env.flush_all()
        with self.enter_registry_test_mode():
            reset.account_id._run_rounds(deadline=time.monotonic() + SLICE_SECONDS)
        self.env.invalidate_all()

    def status(self, user):
        """Return the state that the route answers with."""
        accounts = self.env["outlook.account"].with_user(user)
        return accounts._status_of_current_user()["state"]

    def make_in_step(self, name="Plan", **values):
        """Make a meeting of ann's and bring it to Outlook."""
        event = self.make(self.ann, name=name, **values)
        self.sync(self.ann)
        self.assertTrue(self.remote(ANN, name))
        return event


@tagged("post_install", "-at_install")
class TestResetPolicies(ResetCase):
    def test_keep_leaves_both_sides_as_they_are(self):
        """Nothing is deleted and nothing written; the links and the sign-in are gone."""
        event = self.make_in_step()
        self.written()
        reset = self.reset(delete_policy="keep", sync_policy="all")

        self.assertEqual("done", reset.state)
        self.assertTrue(event.exists().active)
        self.assertTrue(self.remote(ANN, "Plan"))
        self.assertEqual([], self.written())
        self.assertFalse(self.meeting(event))
        self.assertEqual("connect", self.status(self.ann))
        account = self.account(self.ann)
        self.assertFalse(account.token_cache or account.address or account.calendar_ids)

    def test_outlook_deletes_there_only(self):
        """The meetings leave the mailbox and stay here."""
        event = self.make_in_step()
        reset = self.reset(delete_policy="outlook", sync_policy="new")

        self.assertIsNone(self.remote(ANN, "Plan"))
        self.assertTrue(event.exists().active)
        self.assertEqual((1, 0), (reset.deleted_remote, reset.deleted_local))
        self.assertFalse(reset.remnant_ids)

    def test_local_deletes_here_only(self):
        """The meetings leave this calendar, without a mail, and stay in the mailbox."""
        event = self.make_in_step(partner_ids=[(4, self.guest.id)])
        self.told()
        reset = self.reset(delete_policy="local", sync_policy="new")

        self.assertFalse(event.exists())
        self.assertTrue(self.remote(ANN, "Plan"))
        self.assertEqual((0, 1), (reset.deleted_remote, reset.deleted_local))
        self.assertEqual([], self.told())
        self.assertFalse(self.mails())

    def test_both_deletes_on_both_sides(self):
        """Exchange cancels; nobody hears of it twice."""
        event = self.make_in_step(partner_ids=[(4, self.guest.id)])
        self.told()
        self.reset(delete_policy="both", sync_policy="new")

        self.assertFalse(event.exists())
        self.assertIsNone(self.remote(ANN, "Plan"))
        self.assertEqual([("cancellation", GUEST)], self.told())
        self.assertFalse(self.mails())

    def test_many_meetings_go_in_batches(self):
        """Twenty deletions are one request."""
        events = [self.make(self.ann, name=f"Plan {number}") for number in range(21)]
        self.sync(self.ann)
        self.written()
        reset = self.reset(delete_policy="both", sync_policy="new")

        self.assertEqual(21, reset.deleted_remote)
        self.assertEqual([], self.sandbox.events(ANN))
        self.assertFalse([event for event in events if event.exists()])
        self.assertEqual(100, reset.progress)

    def test_what_others_organize_is_left_alone(self):
        """A guest's copy is neither deleted in Outlook nor is the meeting deleted here."""
        self.make_remote(BOB, subject="Bob's", attendees=[attendee(ANN)])
        self.make_remote(ANN, subject="Ann's")
        self.sync(self.ann)
        self.assertTrue(self.local("Bob's") and self.local("Ann's"))
        self.reset(delete_policy="both", sync_policy="new")

        self.assertTrue(self.local("Bob's").active)
        self.assertTrue(self.remote(ANN, "Bob's"))
        self.assertTrue(self.remote(BOB, "Bob's"))
        self.assertFalse(self.local("Ann's"))

    def test_what_was_never_linked_is_left_alone(self):
        """Meetings that the sync left here, and events it does not know, stay where they are."""
        before = self.made_before(
            self.make(self.bob, name="Old", partner_ids=[(4, self.guest.id)])
        )
        self.connect(self.bob, BOB)
        self.make_remote(BOB, subject="Unknown")
        self.reset(user=self.bob, delete_policy="both", sync_policy="new")

        self.assertTrue(before.exists().active)
        self.assertTrue(self.remote(BOB, "Unknown"))


@tagged("post_install", "-at_install")
class TestResetAndSignInAgain(ResetCase):
    def test_keep_and_all_match_every_meeting(self):
        """Nothing is doubled and nothing written, whoever had made the meetings."""
        self.make_in_step("From here")
        self.make_remote(ANN, subject="From there")
        self.sync(self.ann)
        self.reset(delete_policy="keep", sync_policy="all")
        self.written()
        self.connect(self.ann, ANN)

        for name in ("From here", "From there"):
            self.assertEqual(1, len(self.local(name)))
            self.assertTrue(self.remote(ANN, name))
            self.assertEqual("linked", self.meeting(self.local(name)).state)
        self.assertEqual([], self.written())

    def test_all_brings_back_what_was_deleted_here(self):
        """After *local* and *all* the mailbox's meetings come in again."""
        self.make_in_step()
        self.reset(delete_policy="local", sync_policy="all")
        self.connect(self.ann, ANN)

        self.assertEqual(1, len(self.local("Plan")))

    def test_new_leaves_alone_what_was_there(self):
        """After *new* only what is first seen after the sign-in is synchronized."""
        event = self.make_in_step("Old")
        self.reset(delete_policy="keep", sync_policy="new")
        account = self.connect(self.ann, ANN, sync=False)
        account.since = fields.Datetime.now() + timedelta(minutes=1)
        self.sandbox.clock.advance(timedelta(minutes=2))
        self.written()
        self.sync(self.ann)
        self.write(event, self.ann, name="Old, edited")
        self.make_remote(ANN, subject="New")
        self.sync(self.ann)

        self.assertEqual([], self.written())
        self.assertTrue(self.local("New"))
        self.assertTrue(self.remote(ANN, "Old"))

    def test_another_user_may_take_the_mailbox(self):
        """After a reset the mailbox belongs to nobody."""
        self.reset(delete_policy="keep", sync_policy="new")
        self.connect(self.bob, ANN)

        self.assertEqual("active", self.account(self.bob).state)


@tagged("post_install", "-at_install")
class TestResetOfSharedMeetings(ResetCase):
    def setUp(self):
        super().setUp()
        self.connect(self.bob, BOB)
        self.event = self.make_in_step(
            "Shared", partner_ids=[(4, self.ann.partner_id.id), (4, self.bob.partner_id.id)]
        )
        self.sync(self.bob)
        self.assertEqual(2, len(self.meeting(self.event).copy_ids))

    def test_keep_leaves_the_guests_link(self):
        """The guest's mailbox stays in step with the meeting."""
        self.reset(delete_policy="keep", sync_policy="all")

        copies = self.meeting(self.event).copy_ids
        self.assertEqual(self.account(self.bob), copies.account_id)
        self.sync(self.bob)
        self.assertTrue(self.event.exists().active)

    def test_keep_and_all_join_the_meeting_again(self):
        """The organizer's mailbox finds the meeting that the guest's kept."""
        self.reset(delete_policy="keep", sync_policy="all")
        self.connect(self.ann, ANN)
        self.sync(self.bob, self.ann)

        self.assertEqual(1, len(self.local("Shared")))
        self.assertEqual(2, len(self.meeting(self.event).copy_ids))

    def test_deleted_in_outlook_the_meeting_stays_here(self):
        """The cancellation that reaches the guest's mailbox does not archive what was kept."""
        self.reset(delete_policy="outlook", sync_policy="new")
        self.sync(self.bob)

        self.assertTrue(self.event.exists().active)

    def test_deleted_here_the_guests_mailbox_is_not_touched(self):
        """The guest did not leave the meeting: his copy stays, and nobody is told anything."""
        self.told()
        self.written()
        self.reset(delete_policy="local", sync_policy="new")
        self.sync(self.bob)

        self.assertTrue(self.remote(BOB, "Shared"))
        self.assertEqual([], self.written())
        self.assertEqual([], self.told())


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
        self.env.cr.execute(
            "UPDATE outlook_reset SET create_date = create_date - interval '2 days' WHERE id = %s",
            (reset.id,),
        )
        self.env.invalidate_all()
        self.work(reset)
        self.work(reset)

        self.assertEqual("done", reset.state)
        self.assertEqual("unreachable", reset.remnant_ids.reason)

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
