"""What leaves a row in the outbox, and what becomes of it."""

from odoo.tests import new_test_user, tagged

from odoo.addons.outlook_calendar.bridge import noticing

from .common import ANN, BOB, SandboxCase, attendee


@tagged("post_install", "-at_install")
class TestOutbox(SandboxCase):
    def _rows(self):
        self.env.flush_all()
        return self.env["outlook.outbox"].search([])

    def test_nobody_connected_nothing_noted(self):
        """Meetings of people without an account leave no trace."""
        event = self.make(self.ann, name="Plan")
        self.write(event, self.ann, name="Plan B")
        event.with_user(self.ann).unlink()

        self.assertFalse(self._rows())

    def test_a_person_without_an_account_pays_one_query_per_batch(self):
        """However many meetings are written at once, there is one query more."""
        carl = new_test_user(self.env, "carl-outlook", groups="base.group_user")
        events = self.env["calendar.event"].concat(
            *(self.make(carl, name=f"N{number}") for number in range(5))
        )
        self.env.flush_all()
        events.invalidate_recordset()
        with self.assertQueryCount(1):
            noticing.note_events(self.env, events.ids, "write")

    def test_only_what_outlook_shows_is_noted(self):
        """A write of other fields is no business of Outlook."""
        self.connect(self.ann, ANN)
        event = self.make(self.ann, name="Plan")
        self.sync(self.ann)
        self.write(event, self.ann, notes="<p>internal</p>")

        self.assertFalse(self._rows())
        self.write(event, self.ann, name="Plan B")
        self.assertEqual({"write"}, set(self._rows().mapped("kind")))

    def test_saving_asks_nobody(self):
        """Saving a meeting sends no request at all."""
        self.connect(self.ann, ANN)
        self.sandbox.state.requests.clear()
        event = self.make(self.ann, name="Plan", partner_ids=[(4, self.guest.id)])
        self.write(event, self.ann, name="Plan B")
        event.with_user(self.ann).unlink()

        self.assertEqual([], self.sandbox.requests)

    def test_a_commit_wakes_a_lane(self):
        """The change and the trigger of the cron are committed together."""
        account = self.connect(self.ann, ANN)
        triggers = self.env["ir.cron.trigger"]
        before = triggers.search([])
        self.make(self.ann, name="Plan")
        self.make(self.ann, name="Plan too")
        self.env.cr.precommit.run()

        lane = f"outlook_calendar.ir_cron_lane_{account.id % 3 + 1}"
        self.assertEqual(self.env.ref(lane), (triggers.search([]) - before).cron_id)

    def test_what_is_dealt_with_is_gone(self):
        """Rows are deleted once their effect is recorded, those of skipped series too."""
        self.connect(self.ann, ANN)
        self.make(self.ann, name="Plan")
        self.sync(self.ann)

        self.assertFalse(self._rows())

    def test_a_change_while_paused_is_sent_later(self):
        """A pause delays what is changed here; it forgets nothing."""
        account = self.connect(self.ann, ANN)
        event = self.make(self.ann, name="Plan")
        self.sync(self.ann)
        account.with_user(self.ann).action_pause()
        self.write(event, self.ann, name="Plan B")
        self.sync(self.ann)
        self.assertIsNone(self.remote(ANN, "Plan B"))
        self.assertTrue(account.pending_count)

        account.with_user(self.ann).action_resume()
        self.sync(self.ann)
        self.assertIsNotNone(self.remote(ANN, "Plan B"))
        self.assertFalse(account.pending_count)

    def test_a_change_while_signed_out_by_microsoft_is_sent_later(self):
        """Neither is what was changed while the sign-in was dead."""
        account = self.connect(self.ann, ANN)
        event = self.make(self.ann, name="Plan")
        self.sync(self.ann)
        account.state = "reconnect"
        self.write(event, self.ann, name="Plan B")
        self.connect(self.ann, ANN)

        self.assertIsNotNone(self.remote(ANN, "Plan B"))

    def test_a_lost_answer_to_a_creation_doubles_nothing(self):
        """The request arrived, the answer did not: the next round looks, and finds it."""
        account = self.connect(self.ann, ANN)
        event = self.make(self.ann, name="Plan")
        self.sandbox.faults.drop_after(method="POST", path=r"/me/calendar/events$")
        self.sync(self.ann)
        self.write(event, self.ann, location="Room 1")
        account.backoff_until = False
        self.sync(self.ann)

        remote = self.remote(ANN, "Plan")
        self.assertEqual("Room 1", remote["location"]["displayName"])
        self.assertEqual("linked", self.meeting(event).state)

    def test_a_creation_that_never_arrived_is_sent_again(self):
        """Nothing was made there: the next round makes it."""
        account = self.connect(self.ann, ANN)
        event = self.make(self.ann, name="Plan")
        self.sandbox.faults.server_error(503, method="POST", path=r"/me/calendar/events$")
        self.sync(self.ann)
        self.assertIsNone(self.remote(ANN, "Plan"))
        account.backoff_until = False
        self.sync(self.ann)

        self.assertIsNotNone(self.remote(ANN, "Plan"))
        self.assertEqual("linked", self.meeting(event).state)

    def test_a_change_there_in_the_same_moment_is_merged(self):
        """Outlook's edit after we read it is no obstacle: look, merge, write again."""
        self.connect(self.ann, ANN)
        event = self.make(self.ann, name="Plan")
        self.sync(self.ann)
        remote = self.remote(ANN, "Plan")
        self.sandbox.change_event(ANN, remote["id"], {"location": {"displayName": "There"}})
        self.write(event, self.ann, name="Plan B")
        self.sync(self.ann)

        self.assertEqual("There", self.remote(ANN, "Plan B")["location"]["displayName"])
        self.assertEqual("There", event.location)

    def test_a_write_over_an_unseen_edit_is_refused_and_merged(self):
        """If-Match with what we last saw: Outlook refuses, we look, merge, and write again."""
        self.connect(self.ann, ANN)
        event = self.make(self.ann, name="Plan")
        self.sync(self.ann)
        self.sync(self.ann)
        self.meeting(event).copy_ids.change_key = "seen long ago"
        self.written()
        self.write(event, self.ann, name="Plan B")
        self.sync(self.ann)

        self.assertIsNotNone(self.remote(ANN, "Plan B"))
        self.assertEqual(["PATCH", "PATCH"], [method for method, _path in self.written()])
        self.assertFalse(self._rows())

    def test_an_older_state_than_the_one_we_wrote_is_no_change(self):
        """Delta may repeat what was: it does not undo what was written since."""
        self.connect(self.ann, ANN)
        event = self.make(self.ann, name="Plan")
        self.sync(self.ann)
        self.sandbox.change_event(ANN, self.remote(ANN, "Plan")["id"], {"subject": "Old"})
        self.meeting(event).copy_ids.modified_at = self.soon()
        self.sync(self.ann)

        self.assertEqual("Plan", event.name)

    def test_a_new_organizers_row_reaches_both_mailboxes(self):
        """Who organizes is a change for the mailbox that had the meeting, too."""
        self.connect(self.ann, ANN)
        self.connect(self.bob, BOB)
        event = self.make(self.ann, name="Plan", partner_ids=[(4, self.bob.partner_id.id)])
        self.sync(self.ann, self.bob)
        self.write(event, self.ann, user_id=self.bob.id)

        accounts = {row.account_id for row in self._rows()}
        self.assertEqual({self.account(self.ann), self.account(self.bob)}, accounts)

    def test_a_meeting_that_came_from_a_guest_is_not_made_again(self):
        """Brought in by a guest, edited by its organizer here: the organizer has it already."""
        self.connect(self.ann, ANN)
        self.connect(self.bob, BOB)
        self.make_remote(ANN, subject="Board", attendees=[attendee(BOB)])
        self.sync(self.bob)
        self.write(self.local("Board"), self.ann, location="Room 1")
        self.sync(self.ann)

        self.assertEqual(1, len(self.sandbox.events(ANN)))
