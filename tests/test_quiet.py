"""When what was changed here goes out: edits that follow each other go as one."""

import time
from datetime import timedelta

from odoo.tests import tagged

from odoo.addons.outlook_calendar.bridge import lanes, quiet, settings
from odoo.addons.outlook_calendar.bridge import round as rounds
from odoo.addons.outlook_calendar.bridge.session import Session

from .common import ANN, BOB, GUEST, SandboxCase, attendee

QUIET = 20


@tagged("post_install", "-at_install")
class TestQuiet(SandboxCase):
    """A meeting rests for 20 s here; tests say how long ago each change was."""

    def setUp(self):
        super().setUp()
        self.env["ir.config_parameter"].set_param("outlook_calendar.quiet_seconds", str(QUIET))
        self.connect(self.ann, ANN)
        self._let_pass()
        self.account(self.ann).next_round_at = self.soon()

    # What happened when -------------------------------------------------------------------------

    def _weekly(self):
        """Make a weekly meeting of three with a guest."""
        return self.make(
            self.ann,
            name="Board",
            recurrency=True,
            rrule_type="weekly",
            end_type="count",
            count=3,
            event_tz="UTC",
            **{self.soon().strftime("%a").lower(): True},
            partner_ids=[(4, self.guest.id)],
        )

    def _let_pass(self, seconds=0):
        """Let the changes that were made just now be so many seconds old, and others older."""
        self.env.flush_all()
        self.env.cr.execute(
            """
            UPDATE outlook_outbox
               SET create_date = CASE WHEN create_date = now() AT TIME ZONE 'UTC'
                                      THEN clock_timestamp() AT TIME ZONE 'UTC'
                                      ELSE create_date END - %s * INTERVAL '1 second'
            """,
            (seconds,),
        )
        self.env["outlook.outbox"].invalidate_model()

    def _round(self, user=None, reason="cron"):
        """Run one round as the clock does."""
        self.env.flush_all()
        with self.enter_registry_test_mode():
            rounds.run_once(
                self.env.registry,
                self.account(user or self.ann).id,
                deadline=time.monotonic() + 60,
                reason=reason,
            )
        self.env.invalidate_all()
        return [method for method, _path in self.written()]

    def _left(self):
        return self.env["outlook.outbox"].search_count([])

    def _meeting_with_guest(self, name="Plan"):
        event = self.make(self.ann, name=name, partner_ids=[(4, self.guest.id)])
        self.sync(self.ann)
        self.written()
        self.told()
        self.account(self.ann).next_round_at = self.soon()
        return event

    # Several edits ------------------------------------------------------------------------------

    def test_a_new_meeting_and_what_is_changed_at_once_go_as_one(self):
        """Made, moved, a guest more, renamed: one POST, one invitation each."""
        event = self.make(self.ann, name="Plan", partner_ids=[(4, self.guest.id)])
        self._let_pass(5)
        self.write(event, self.ann, location="Room 1")
        self._let_pass(5)
        self.assertEqual([], self._round())
        self.write(event, self.ann, name="Plan B", partner_ids=[(4, self.bob.partner_id.id)])
        self._let_pass(5)
        self.assertEqual([], self._round())
        self._let_pass(QUIET)

        self.assertEqual(["POST"], self._round())
        self.assertEqual([("invitation", BOB), ("invitation", GUEST)], self.told())
        self.assertEqual("Room 1", self.remote(ANN, "Plan B")["location"]["displayName"])
        self.assertFalse(self._left())

    def test_several_changes_of_a_meeting_go_as_one(self):
        """One PATCH, one mail."""
        event = self._meeting_with_guest()
        for values in ({"name": "Plan B"}, {"location": "Room 1"}, {"name": "Plan C"}):
            self.write(event, self.ann, **values)
            self._let_pass(5)
            self.assertEqual([], self._round())
        self._let_pass(QUIET)

        self.assertEqual(["PATCH"], self._round())
        self.assertEqual([("update", GUEST)], self.told())

    def test_who_is_added_and_removed_again_hears_nothing(self):
        """Nothing is written where nothing is different in the end."""
        event = self._meeting_with_guest()
        self.write(event, self.ann, partner_ids=[(4, self.bob.partner_id.id)])
        self._let_pass(5)
        self.write(event, self.ann, partner_ids=[(3, self.bob.partner_id.id)])
        self._let_pass(QUIET)

        self.assertEqual([], self._round())
        self.assertEqual([], self.told())
        self.assertFalse(self._left())

    def test_a_series_that_is_edited_row_by_row_rests_as_one(self):
        """Rows of one series are one meeting: the last edit of any of them counts."""
        event = self._weekly()
        self._let_pass(QUIET)
        rows = event.recurrence_id.calendar_event_ids.sorted("start")
        self.write(rows[1], self.ann, location="Room 1", recurrence_update="self_only")
        self._let_pass(5)
        self.assertEqual([], self._round())
        self._let_pass(QUIET)
        self._round()
        self._round()

        self.assertEqual([("invitation", GUEST)], self.told())

    def test_an_answer_that_is_changed_again_is_given_once(self):
        """Yes, no, yes: Outlook hears of the last."""
        self.make_remote(BOB, subject="Board", attendees=[attendee(ANN)])
        self.sync(self.ann)
        self.written()
        self.told()
        own = self.local("Board").attendee_ids.filtered(
            lambda one: one.partner_id == self.ann.partner_id
        )
        for answer in ("do_accept", "do_decline", "do_tentative"):
            getattr(own.with_user(self.ann), answer)()
            self._let_pass(5)
            self.assertEqual([], self._round())
        self._let_pass(QUIET)
        self._round()

        self.assertEqual([("response", BOB)], self.told())

    # No longer than that ------------------------------------------------------------------------

    def test_what_is_edited_on_and_on_goes_out_all_the_same(self):
        """The first edit waits no longer than the limit, however short ago the last one was."""
        event = self._meeting_with_guest()
        for number in range(4):
            self.write(event, self.ann, name=f"Plan {number}")
            self._let_pass(QUIET - 5)

        self.write(event, self.ann, name="Plan B")
        self.assertLess(settings.LONGEST_QUIET_SECONDS, 4 * (QUIET - 5))
        self.assertEqual(["PATCH"], self._round())
        self.assertEqual([("update", GUEST)], self.told())

    def test_no_setting_lets_it_wait_longer(self):
        """An administrator may ask for less; more is cut to what keeps within 90 s."""
        for value in ("3600", "44", "99999999999"):
            self.env["ir.config_parameter"].set_param("outlook_calendar.quiet_seconds", value)
            self.assertLessEqual(settings.quiet_seconds(self.env), 45)

    def test_another_meeting_does_not_wait_for_the_one_that_is_edited(self):
        """What is ripe goes; what is not stays, unread."""
        edited, done = self._meeting_with_guest("Edited"), self._meeting_with_guest("Done")
        self.write(done, self.ann, location="Room 1")
        self._let_pass(QUIET)
        self.write(edited, self.ann, location="Room 2")
        self._let_pass(1)

        self.assertEqual(["PATCH"], self._round())
        self.assertEqual("Room 1", self.remote(ANN, "Done")["location"]["displayName"])
        self.assertEqual("", self.remote(ANN, "Edited")["location"]["displayName"])
        self._let_pass(QUIET)
        self.assertEqual(["PATCH"], self._round())
        self.assertFalse(self._left())

    def test_a_round_for_another_reason_leaves_what_rests(self):
        """Outlook's news of the very meeting come in; what is edited here goes out later."""
        event = self._meeting_with_guest()
        self.write(event, self.ann, name="Plan B")
        self._let_pass(1)
        there = self.remote(ANN, "Plan")["id"]
        self.sandbox.change_event(ANN, there, {"location": {"displayName": "There"}})
        self.told()

        self.assertEqual([], self._round())
        self.assertEqual(("Plan B", "There"), (event.name, event.location))
        self._let_pass(QUIET)
        self.assertEqual(["PATCH"], self._round())
        self.assertEqual([("update", GUEST)], self.told())
        self.assertEqual("There", self.remote(ANN, "Plan B")["location"]["displayName"])

    def test_what_is_left_is_news_for_the_next_round(self):
        """A row that no round has read calls a lane; one that was read waits for the clock."""
        event = self._meeting_with_guest()
        self.sandbox.faults.server_error(500, method="PATCH", path=r"/me/events/", times=None)
        self.write(event, self.ann, name="Plan B")
        self._let_pass(QUIET)
        self._round()
        self.sandbox.faults.clear()
        self.account(self.ann).next_round_at = self.soon()
        self.assertTrue(self._left())
        self.assertFalse(quiet.has_unread(self.env, self.account(self.ann)))
        self.assertEqual([], lanes.turns(self.env))

        self.write(event, self.ann, name="Plan C")
        self._let_pass(QUIET)

        self.assertEqual([self.account(self.ann).id], self.due())
        self.assertEqual(["PATCH"], self._round())

    def test_a_change_whose_number_is_older_than_one_that_was_read_is_news(self):
        """Numbers are given before a save is committed: the later one may be read first."""
        first, second = self._meeting_with_guest("One"), self._meeting_with_guest("Two")
        self.write(first, self.ann, location="Room 1")
        self.env.flush_all()
        slow = self.env["outlook.outbox"].search([])
        values = slow.read(["event_id", "kind", "create_date"])[0]
        self.write(second, self.ann, location="Room 2")
        self.env.flush_all()
        self.env.cr.execute("DELETE FROM outlook_outbox WHERE id = %s", (slow.id,))
        self._let_pass(QUIET)
        self._round()
        self.account(self.ann).next_round_at = self.soon()
        self.env.cr.execute(
            "INSERT INTO outlook_outbox (id, account_id, event_id, kind, create_date)"
            " VALUES (%s, %s, %s, %s, %s)",
            (slow.id, self.account(self.ann).id, first.id, "write", values["create_date"]),
        )
        self._let_pass(QUIET)

        self.assertEqual([self.account(self.ann).id], self.due())

    # Somebody waits -----------------------------------------------------------------------------

    def test_who_waits_for_a_round_waits_for_no_quiet(self):
        """`wait`: everything goes at once."""
        self._meeting_with_guest().with_user(self.ann).write({"name": "Plan B"})
        self._let_pass(1)

        self.assertEqual(["PATCH"], self._round(reason="wait"))

    def test_sync_now_sends_at_once(self):
        """The button's round is a lane's, and rests for nothing."""
        event = self._meeting_with_guest()
        self.write(event, self.ann, name="Plan B")
        self._let_pass(1)
        self.account(self.ann).with_user(self.ann).action_sync_now()

        self.run_lane()

        self.assertEqual(["PATCH"], [method for method, _path in self.written()])

    def test_sync_now_during_a_round_that_leaves_what_rests_is_heard(self):
        """The round that is under way does not count as the one that was asked for."""
        account = self.account(self.ann)
        session = Session(self.env.registry, account.id, account._claim(60))
        report = {
            "costs": session.costs(),
            "state": "done",
            "is_complete": True,
            "read_rows": [],
            "seconds_ahead": session.seconds_ahead(),
        }
        self.env.flush_all()
        with self.enter_registry_test_mode():
            session.run_id, session.is_at_once = session.step(rounds._begin, "cron")
            account.with_user(self.ann).action_sync_now()
            self.env.flush_all()
            session.last_step(rounds._end, report)
        self.env.invalidate_all()

        self.assertTrue(account.is_awaited)
        self.assertEqual([account.id], self.due())

    # Lanes --------------------------------------------------------------------------------------

    def test_whoever_is_ripe_first_is_served_first(self):
        """Ann edits on; Bob's change has rested: his turn comes, hers is known to come."""
        self.connect(self.bob, BOB)
        ann, bob = self.account(self.ann), self.account(self.bob)
        (ann | bob).write({"next_round_at": self.soon()})
        self.make(self.bob, name="Bob's")
        self._let_pass(QUIET)
        self.make(self.ann, name="Ann's")
        self._let_pass(1)

        self.assertEqual([bob.id, ann.id], [turn.account_id for turn in lanes.turns(self.env)])
        self.assertEqual([bob.id], self.due())

    def test_a_lane_holds_until_what_was_changed_has_rested(self):
        """Nobody calls it again: it is there when the time has come."""
        event = self._meeting_with_guest()
        self.write(event, self.ann, name="Plan B")
        self._let_pass(QUIET - 1)

        self.run_lane()

        self.assertTrue(self.remote(ANN, "Plan B"))
        self.assertEqual([("update", GUEST)], self.told())

    def test_what_a_round_leaves_to_itself_does_not_rest(self):
        """A new series with something special on a date takes two steps, one after the other."""
        event = self._weekly()
        rows = event.recurrence_id.calendar_event_ids.sorted("start")
        start = rows[1].start + timedelta(hours=1)
        self.write(
            rows[1],
            self.ann,
            recurrence_update="self_only",
            start=start,
            stop=start + timedelta(hours=1),
        )
        self._let_pass(QUIET)
        self._round()
        self.assertEqual([], self.told())

        self.assertEqual([self.account(self.ann).id], self.due())
        self._round()

        self.assertEqual([("invitation", GUEST)], self.told())
        self.assertFalse(self._left())

    def test_a_change_that_is_rolled_back_was_never_there(self):
        """What waits is a row of the outbox: it goes with the save that made it."""
        event = self._meeting_with_guest()
        with self.env.cr.savepoint() as savepoint:
            self.write(event, self.ann, name="Plan B")
            self.env.flush_all()
            savepoint.rollback()
        self.env.invalidate_all()

        self.assertEqual([], lanes.turns(self.env))
        self.assertEqual([], self._round())

    def test_what_waits_for_a_paused_mailbox_is_not_gone_through(self):
        """It may be much and only grows, and lanes ask several times a minute."""
        self.make(self.ann, name="Plan")
        self._let_pass()
        account = self.account(self.ann)
        self.assertTrue(quiet.resting(self.env, account))
        account.with_user(self.ann).action_pause()
        self.env.flush_all()

        self.assertFalse(quiet.resting(self.env, account))
