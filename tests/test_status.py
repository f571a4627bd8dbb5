"""The mark on a meeting: what it says, to whom, and a look at one meeting alone."""

import time

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ..bridge import one_meeting
from ..bridge.round import Outcome
from ..core.graph import transport
from .common import ANN, BOB, GUEST, SandboxCase


@tagged("post_install", "-at_install")
class TestStatus(SandboxCase):
    """Ann has a mailbox; what she sees of her meetings, and others of theirs."""

    def setUp(self):
        super().setUp()
        self.asked_before = []
        self.connect(self.ann, ANN)

    def mark(self, event, user=None):
        """Return (state, reason) as `user` (Ann) sees them at this moment."""
        self.env.invalidate_all()
        seen = event.with_user(user or self.ann)
        return seen.outlook_status, seen.outlook_status_reason

    def press(self, event, user=None):
        """Sync one meeting as `user` (Ann) does; return what he is told."""
        self.env.flush_all()
        with self.enter_registry_test_mode(), self.env.registry.cursor() as cr:
            seen = event.with_env(self.env(cr=cr, user=user or self.ann))
            cr.precommit.add(lambda: self.asked_before.append(len(self.sandbox.requests)))
            told = seen.action_outlook_sync_meeting()
        self.env.invalidate_all()
        return told["params"]

    def test_a_meeting_is_on_its_way_until_a_round_has_sent_it(self):
        """On its way before the round, in step after it, on its way again when edited."""
        event = self.make(self.ann)
        self.assertEqual(self.mark(event)[0], "on_its_way")
        self.sync(self.ann)
        self.assertEqual(self.mark(event)[0], "in_step")
        self.assertIn("Outlook was last read", self.mark(event)[1])
        self.write(event, self.ann, location="Room 1")
        self.assertEqual(self.mark(event)[0], "on_its_way")

    def test_what_is_none_of_outlooks_has_no_mark(self):
        """No mark without a mailbox, left alone, or with all switched off."""
        self.assertEqual(self.mark(self.make(self.bob), self.bob), (False, False))
        event = self.make(self.ann)
        self.sync(self.ann)
        self.meeting(event).state = "left_alone"
        self.assertEqual(self.mark(event), (False, False))
        self.meeting(event).state = "linked"
        self.env["ir.config_parameter"].set_param("outlook_calendar.enabled", "False")
        self.assertEqual(self.mark(event), (False, False))

    def test_set_aside_it_needs_attention_and_says_why(self):
        """A parked meeting needs attention, with the reason that is kept."""
        event = self.make(self.ann)
        self.sync(self.ann)
        self.meeting(event).write({"state": "parked", "reason": "Outlook dislikes it"})
        state, reason = self.mark(event)
        self.assertEqual(state, "attention")
        self.assertIn("Outlook dislikes it.", reason)

    def test_a_deletion_that_waits_for_a_person_is_said(self):
        """Deleted in Outlook with many others, it stays here, and names who is to decide."""
        event = self.make(self.ann)
        self.sync(self.ann)
        meeting = self.meeting(event)
        stop = {"account_id": self.account(self.ann).id, "direction": "in", "reason": "many"}
        line = {"meeting_id": meeting.id, "copy_id": meeting.copy_ids.id}
        self.env["outlook.stop"].create({**stop, "line_ids": [(0, 0, line)]})
        state, reason = self.mark(event)
        self.assertEqual(state, "attention")
        self.assertIn("Ann is to say", reason)
        events = self.env["calendar.event"].with_user(self.ann)
        self.assertEqual(events.search([("outlook_needs_attention", "=", True)]).ids, event.ids)

    def test_a_mailbox_without_rounds_makes_its_meetings_need_attention(self):
        """Paused, the mark names who is paused, and whether something waits."""
        event = self.make(self.ann)
        self.sync(self.ann)
        self.account(self.ann).with_user(self.ann).action_pause()
        state, reason = self.mark(event)
        self.assertEqual(state, "attention")
        self.assertEqual(
            reason, "Not kept in step at present: the synchronization of Ann's mailbox is paused."
        )
        self.write(event, self.ann, location="Room 1")
        self.assertIn("Changes of this meeting wait:", self.mark(event)[1])

    def test_the_filter_finds_what_needs_attention(self):
        """The filter finds exactly the events whose mark says so, dates of series included."""
        good, bad = self.make(self.ann, name="Good"), self.make(self.ann, name="Bad")
        series = self.make(
            self.ann,
            name="Series",
            recurrency=True,
            rrule_type="daily",
            interval=1,
            end_type="count",
            count=2,
            event_tz="UTC",
        )
        self.sync(self.ann)
        self.meeting(bad).write({"state": "parked", "reason": "No"})
        meeting = self.env["outlook.meeting"].search(
            [("recurrence_ref", "=", series.recurrence_id.id)]
        )
        meeting.write({"state": "parked", "reason": "No"})
        events = self.env["calendar.event"].with_user(self.ann)
        found = events.search([("outlook_needs_attention", "=", True)])
        self.assertEqual(
            found, (bad | series.recurrence_id.calendar_event_ids).with_user(self.ann).sorted()
        )
        rest = events.search([("outlook_needs_attention", "=", False), ("id", "=", good.id)])
        self.assertEqual(rest.ids, good.ids)

    def test_the_filter_is_about_ones_own_meetings(self):
        """Of a halted mailbox its owner finds all, a guest what he is on, nobody else anything."""
        self.connect(self.bob, BOB)
        boss = new_test_user(self.env, "boss-outlook", groups="base.group_system")
        alone = self.make(self.bob, name="Alone")
        both = self.make(self.bob, name="Both", partner_ids=[(4, self.ann.partner_id.id)])
        self.sync(self.bob, self.ann)
        self.account(self.bob).with_user(self.bob).action_pause()
        for event in (alone, both):
            self.assertEqual(self.mark(event, self.bob)[0], "attention")
        for user, wanted in ((self.bob, alone | both), (self.ann, both), (boss, both.browse())):
            found = self.env["calendar.event"].with_user(user)
            found = found.search([("outlook_needs_attention", "=", True)])
            self.assertEqual(set(found.ids), set(wanted.ids), user.name)

    def test_private_meetings_of_others_have_no_mark(self):
        """Who may not know what a meeting is learns nothing of it, nor does the filter find it."""
        event = self.make(self.ann, name="Secret", privacy="private")
        self.sync(self.ann)
        self.meeting(event).write({"state": "parked", "reason": "Secret"})
        boss = new_test_user(self.env, "boss-outlook", groups="base.group_system")
        self.assertEqual(self.mark(event, boss), (False, False))
        seen = event.with_user(boss)
        self.assertFalse(seen.outlook_last_changes)
        self.assertFalse(seen.outlook_web_link)
        found = self.env["calendar.event"].with_user(boss)
        self.assertFalse(found.search([("outlook_needs_attention", "=", True)]))

    def test_the_last_changes_are_listed(self):
        """What rounds did to the meeting is listed, newest first."""
        event = self.make(self.ann)
        self.sync(self.ann)
        self.write(event, self.ann, location="Room 1")
        self.sync(self.ann)
        self.env.invalidate_all()
        lines = event.with_user(self.ann).outlook_last_changes.splitlines()
        self.assertEqual(len(lines), 2)
        self.assertIn("Place: – → Room 1", lines[0])
        self.assertIn("To Outlook · Created", lines[1])

    def test_a_conflict_is_one_of_the_last_changes_once(self):
        """What was overruled was written, too: that is one change, whichever side won."""
        event = self.make(self.ann, location="Before")
        self.sync(self.ann)
        remote = self.remote(ANN, "Meeting")
        parameters = self.env["ir.config_parameter"]
        for winner, there, here, stays in (
            ("outlook", "There 1", "Here 1", "There 1"),
            ("local", "There 2", "Here 2", "Here 2"),
        ):
            parameters.set_param("outlook_calendar.conflict_winner", winner)
            self.sandbox.change_event(ANN, remote["id"], {"location": {"displayName": there}})
            self.write(event, self.ann, location=here)
            self.sync(self.ann)
            self.env.invalidate_all()
            lines = event.with_user(self.ann).outlook_last_changes.splitlines()
            told = [line for line in lines if f"→ {stays}" in line]
            self.assertEqual(len(told), 1, lines)
            self.assertIn("Overruled", told[0])

    def test_one_meeting_is_synced_in_both_directions(self):
        """*Sync this meeting now* brings in and sends this meeting, and leaves others alone."""
        event, other = self.make(self.ann, name="One"), self.make(self.ann, name="Other")
        self.sync(self.ann)
        for name in ("One", "Other"):
            remote = self.remote(ANN, name)
            self.sandbox.change_event(ANN, remote["id"], {"subject": f"{name} there"})
        self.write(event, self.ann, location="Room 1")
        self.write(other, self.ann, location="Room 2")
        self.written()
        self.assertEqual(self.press(event)["type"], "success")
        self.assertEqual(event.name, "One there")
        self.assertEqual(self.remote(ANN, "One there")["location"]["displayName"], "Room 1")
        self.assertEqual(other.name, "Other")
        self.assertEqual(len(self.written()), 1)
        self.assertEqual(self.mark(event)[0], "in_step")
        self.assertEqual(self.account(self.ann).run_ids[:1].trigger, "meeting")
        self.sync(self.ann)
        self.assertEqual(other.name, "Other there")
        self.assertEqual(self.remote(ANN, "Other there")["location"]["displayName"], "Room 2")

    def test_a_new_meeting_is_sent_at_once(self):
        """What no round has met yet is made in Outlook, its guests told once."""
        event = self.make(self.ann, partner_ids=[(4, self.guest.id)])
        self.assertEqual(self.press(event)["type"], "success")
        self.sync(self.ann)
        self.assertTrue(self.remote(ANN, "Meeting"))
        self.assertEqual(self.told(), [("invitation", GUEST)])

    def test_a_guest_sends_his_answer_through_his_own_mailbox(self):
        """A guest's button syncs his answer, too."""
        self.connect(self.bob, BOB)
        event = self.make(self.ann, partner_ids=[(4, self.bob.partner_id.id)])
        self.sync(self.ann, self.bob)
        event.with_user(self.bob).attendee_ids.filtered(
            lambda one: one.partner_id == self.bob.partner_id
        ).do_accept()
        self.press(event, self.bob)
        status = self.remote(BOB, "Meeting")["responseStatus"]["response"]
        self.assertEqual(status, "accepted")

    def test_a_busy_mailbox_is_asked_for_one_more_round(self):
        """While a round holds the mailbox the person is told so, and another round follows."""
        event = self.make(self.ann)
        self.sync(self.ann)
        account = self.account(self.ann)
        account._claim(60)
        self.write(event, self.ann, location="Room 1")
        self.assertEqual(self.press(event)["type"], "info")
        self.assertTrue(account.is_awaited)
        account._revoke_claim()
        self.run_lane()
        self.assertEqual(self.mark(event)[0], "in_step")

    def test_the_persons_transaction_is_over_before_outlook_is_asked(self):
        """Who waits for Outlook holds neither locks nor a snapshot of the database."""
        event = self.make(self.ann)
        self.sync(self.ann)
        self.written()
        self.press(event)
        self.assertEqual(self.asked_before[0], 0)
        self.assertTrue(list(self.sandbox.requests))

    def test_what_takes_long_goes_on_in_the_background(self):
        """Where time is over the person is told so; it is no trouble, and a round brings it in."""
        event = self.make(self.ann)
        self.sync(self.ann)
        self.sandbox.change_event(ANN, self.remote(ANN, "Meeting")["id"], {"subject": "Late"})
        account = self.account(self.ann)
        for spare in (transport.LEAST_SECONDS / 2, 0):  # begun and broken off; not begun at all
            account.write({"is_awaited": False, "next_round_at": self.soon()})
            self.env.flush_all()
            with self.enter_registry_test_mode():
                until = time.monotonic() + spare
                registry = self.env.registry
                outcome = one_meeting.look(registry, account.id, event.id, until=until)
            self.env.invalidate_all()
            self.assertIs(outcome, Outcome.MORE)
            self.assertTrue(account.is_awaited)
            self.assertFalse(account.last_error or account.failures)
            self.assertIn("background", event.with_user(self.ann)._outlook_told({outcome})[1])
        self.run_lane()
        self.assertEqual(event.name, "Late")

    def test_trouble_of_the_mailbox_is_told(self):
        """Where Microsoft does not answer, the person reads why, and nothing is lost."""
        event = self.make(self.ann)
        self.sync(self.ann)
        self.write(event, self.ann, location="Room 1")
        self.sandbox.faults.server_error(503, times=None)
        told = self.press(event)
        self.assertEqual(told["type"], "warning")
        self.assertEqual(told["message"], self.account(self.ann).last_error)
        self.sandbox.faults.clear()
        self.assertEqual(self.press(event)["type"], "success")

    def test_strangers_cannot_sync_a_meeting(self):
        """Who may not edit the meeting has no button, and is refused."""
        event = self.make(self.ann)
        self.sync(self.ann)
        self.env.invalidate_all()
        self.assertFalse(event.with_user(self.bob).outlook_can_sync)
        with self.assertRaises(UserError):
            event.with_user(self.bob).action_outlook_sync_meeting()

    def test_a_guest_from_outside_learns_nothing_and_starts_no_rounds(self):
        """Portal users read their meetings; what Outlook has to do with them is not for them."""
        outsider = new_test_user(self.env, "outsider", groups="base.group_portal")
        event = self.make(self.ann, partner_ids=[(4, outsider.partner_id.id)])
        self.sync(self.ann)
        self.meeting(event).write({"state": "parked", "reason": "No"})
        self.written()
        self.assertEqual(self.mark(event, outsider), (False, False))
        seen = event.with_user(outsider)
        self.assertTrue(seen.user_can_edit)
        for name in ("last_changes", "web_link", "can_sync", "can_retry"):
            self.assertFalse(seen[f"outlook_{name}"], name)
        self.assertNotIn("outlook_conflict_ids", seen.fields_get())
        for action in (seen.action_outlook_sync_meeting, seen.action_outlook_open):
            self.assertRaises(UserError, action)
        self.assertRaises(AccessError, seen.action_outlook_retry)
        self.assertFalse(self.written())

    def test_what_a_mailbox_keeps_for_itself_is_in_nobody_elses_list(self):
        """A reminder is its owner's alone; in the list of changes, and in the administrators'."""
        event = self.make(self.ann, partner_ids=[(4, self.bob.partner_id.id)])
        self.sync(self.ann)
        alarm = self.env["calendar.alarm"].create(
            {"name": "9", "alarm_type": "notification", "interval": "minutes", "duration": 9}
        )
        self.write(event, self.ann, alarm_ids=[(6, 0, alarm.ids)], location="Room 1")
        self.sync(self.ann)
        self.env.invalidate_all()
        seen, theirs = (event.with_user(one).outlook_last_changes for one in (self.ann, self.bob))
        self.assertIn("9 minutes before", seen)
        self.assertNotIn("Reminder", theirs)
        self.assertIn("Room 1", theirs)
        boss = new_test_user(self.env, "boss-outlook", groups="base.group_system")
        change = (
            self.env["outlook.sync.change"].with_user(boss).search([("field", "=", "reminder")])
        )
        self.assertEqual([(False, False)], [(one.before, one.after) for one in change])

    def test_many_meetings_are_read_by_few_queries(self):
        """Whoever reads all fields of many events pays for the last changes of each, no more."""
        names = ("status", "last_changes", "web_link", "can_sync", "can_retry", "conflict_ids")
        events = self.make(self.ann)
        for _number in range(5):
            events |= self.make(self.ann)
        self.sync(self.ann)

        def queries(some):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            some.with_user(self.ann).read([f"outlook_{name}" for name in names])
            return self.env.cr.sql_log_count - before

        queries(events)
        self.assertLessEqual(queries(events) - queries(events[:2]), 2 * len(events[2:]))

    def test_only_ones_own_copy_is_opened(self):
        """*Open in Outlook* leads to the reader's own mailbox, never to somebody else's."""
        event = self.make(self.ann, partner_ids=[(4, self.bob.partner_id.id)])
        self.sync(self.ann)
        self.env.invalidate_all()
        action = event.with_user(self.ann).action_outlook_open()
        self.assertEqual(action["url"], self.remote(ANN, "Meeting")["webLink"])
        self.assertFalse(event.with_user(self.bob).outlook_web_link)
        with self.assertRaises(UserError):
            event.with_user(self.bob).action_outlook_open()
        copy = self.meeting(event).copy_ids
        copy.write({"web_link": "javascript:alert(1)"})
        self.env.invalidate_all()
        self.assertFalse(event.with_user(self.ann).outlook_web_link)
