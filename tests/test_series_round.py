"""What a round does with series that no edit of a person tells: how much it asks, what it repeats.

What becomes of each edit is in `test_series_here_*` and `test_series_there_*`.
"""

from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from odoo.addons.outlook_calendar.bridge import homes

from .common import ANN, BOB, GUEST, attendee, graph_time
from .reset_case import ResetCase
from .series_case import SeriesCase

HOUR = timedelta(hours=1)


@tagged("post_install", "-at_install")
class TestSeriesRound(SeriesCase):
    def _asked(self):
        """Return how many requests the rounds made since the last question, batches as one."""
        runs = self.account(self.ann).run_ids
        news = runs.filtered(lambda run: run.id > self._last_run)
        self._last_run = max(runs.ids, default=0)
        return sum(news.mapped("requests"))

    def setUp(self):
        super().setUp()
        self._last_run = 0
        self._asked()

    def _series_from_before(self, name="Board", **values):
        """Make a series that was here before anybody connected."""
        rows = self.series(name, **values)
        for row in rows:
            self.made_before(row)
        return rows

    def _meeting(self, row):
        meetings = self.env["outlook.meeting"]
        return meetings.search([("recurrence_ref", "=", row.recurrence_id.id)])

    def _whole(self):
        """Return how many series were read whole since `forget`."""
        path = "/me/events/"
        return len(
            [one for one in self.sandbox.requests if one.method == "GET" and path in one.path]
        )

    def test_what_changed_there_between_reading_and_writing_arrives_later(self):
        """Of a date that both sides edit the answer shows both: what was not ours is news still."""
        rows = self.series()
        self.bring_over()
        self.change_there(7, location={"displayName": "Room 9"})
        self.sandbox.options.set(delta_lag=1)
        self.write(rows[1], scope="self_only", name="Special")
        self.sync(self.ann)
        self.sandbox.options.set(delta_lag=0)
        self.sync(self.ann)

        self.assertEqual(("Special", "Room 9"), (rows[1].name, rows[1].location))
        self.assertInStep("Special")

    def test_the_journal_tells_what_was_overruled_on_a_date(self):
        """Both sides rename it and set a reminder: both, of that date, with both values."""
        rows = self.series()
        self.bring_over()
        there = {"isReminderOn": True, "reminderMinutesBeforeStart": 5}
        self.change_there(7, subject="There", **there)
        reminder = [(6, 0, self.popup(10).ids)]
        self.write(rows[1], scope="self_only", name="Here", alarm_ids=reminder)
        self.sync(self.ann)
        told = self.env["outlook.sync.change"].search([("kind", "=", "overruled")])
        day = (self.monday + timedelta(days=7)).isoformat()
        told = {(one.part, one.field): {one.old, one.new} for one in told}

        self.assertEqual({"Here", "There"}, told[day, "subject"])
        self.assertEqual({(day, "subject"), (day, "reminder")}, set(told))

    def test_a_change_of_all_of_many_is_one_request(self):
        """One field of 300 occurrences: one PATCH, three requests in all."""
        rows = self.series(rrule_type="daily", count=300)
        self.bring_over()
        self.sync(self.ann)
        self.forget()
        self._asked()
        self.write(rows[5], scope="all_events", location="Room 4")
        self.sync(self.ann)

        self.assertLessEqual(self._asked(), 3)
        self.assertEqual(["PATCH"], [method for method, _path in self.written()])
        self.assertEqual("Room 4", self.master()["location"]["displayName"])

    def test_many_series_come_in_few_requests(self):
        """Twelve series: one part of a batch for each, and no more."""
        for number in range(12):
            self.make_series_there(subject=f"Series {number}")
        self.sync(self.ann)

        self.assertEqual(48, len(self.here()))
        self.assertEqual(12, self._whole())
        self.assertLessEqual(self._asked(), 5)

    def test_a_series_without_news_is_not_read(self):
        """What another series does costs this one nothing."""
        self.make_series_there(subject="Quiet")
        loud = self.make_series_there(subject="Loud")
        self.sync(self.ann)
        self.forget()
        self.sandbox.change_event(ANN, loud["id"], {"subject": "Louder"})
        self.sync(self.ann)

        self.assertEqual(1, self._whole())
        self.assertEqual(4, len(self.here("Louder")))

    def test_a_full_round_reads_no_series_that_it_knows(self):
        """An expired delta tells of all of them; their states are known."""
        self.board()
        self.sync(self.ann)
        self.forget()
        self.sandbox.state.expire_delta(ANN)
        self.sync(self.ann)

        self.assertEqual(0, self._whole())
        self.assertEqual([], self.written())

    def test_a_series_that_is_gone_is_found_by_a_full_round(self):
        """Deleted while the delta was lost: looked up once, then archived with all its rows."""
        self.board()
        self.sandbox.delete_event(ANN, self.master()["id"])
        self.sandbox.state.expire_delta(ANN)
        self.sync(self.ann)

        self.assertFalse(self.here())

    def test_equal_series_are_joined_without_a_write(self):
        """The same rule, start and subject on both sides from before: one series, nothing written.

        Later it is kept in step.
        """
        rows = self._series_from_before(user=self.bob)
        self.make_series_there(BOB)
        self.forget()
        self.connect(self.bob, BOB)

        self.assertEqual([], self.written())
        self.assertEqual(4, len(self.here()))
        self.write(rows[1], self.bob, scope="all_events", location="Room 4")
        self.sync(self.bob)
        self.assertEqual({"Room 4"}, {one["location"]["displayName"] for one in self.there(BOB)})
        self.assertEqual(4, len(self.there(BOB)))

    def test_a_series_from_before_is_sent_without_guests_only(self):
        """Sending one with guests would mail them: a person decides that."""
        guests = [(6, 0, (self.bob.partner_id + self.guest).ids)]
        for name, values in (("Alone", {}), ("Together", {"partner_ids": guests})):
            self._series_from_before(name, user=self.bob, **values)
        self.connect(self.bob, BOB)

        self.assertEqual({"Alone"}, {one["subject"] for one in self.there(BOB)})
        self.assertEqual(4, len(self.there(BOB)))

    def test_exceptions_that_outlook_dropped_are_put_back_after_a_break(self):
        """The round dies between the new time and the look that shows what Outlook dropped."""
        rows = self.board()
        self.delete(rows[1], "one")
        self.bring_over()
        for row in self.here():
            self.write(row, scope="self_only", start=row.start + HOUR, stop=row.stop + HOUR)
        self.sandbox.faults.server_error(503, method="GET", path=r"/me/events/[^?]*$")
        self.sync(self.ann)
        self.assertEqual("failed", self.account(self.ann).run_ids[:1].state)
        self.account(self.ann).backoff_until = False
        self.sync(self.ann)

        starts = sorted(one["start"]["dateTime"][:19] for one in self.there())
        self.assertEqual([row.start.isoformat() for row in self.here()], starts)
        self.assertEqual(3, len(starts))

    def test_one_occurrence_that_outlook_cannot_cope_with_holds_up_nothing(self):
        """500 to its PATCH: the series rests, another meeting goes on, later it is written."""
        rows = self.board()
        trouble = self.sandbox.faults.server_error(
            500, method="PATCH", path=r"/me/events/", times=1
        )
        self.write(rows[1], scope="self_only", location="Room 4")
        self.sync(self.ann)
        self.assertTrue(trouble.hits)
        copy = self._meeting(rows[0]).copy_ids
        self.assertTrue(copy.next_attempt)

        self.make(self.ann, name="Other")
        self.sync(self.ann)
        self.assertIsNotNone(self.remote(ANN, "Other"))
        copy.next_attempt = fields.Datetime.now() - timedelta(seconds=1)
        self.sync(self.ann)
        self.assertInStep("Board")

    def test_what_outlook_cancelled_and_cannot_restore_goes_on_alone(self):
        """An occurrence unarchived here becomes a meeting of its own on both sides."""
        rows = self.board(guests=False)
        row = rows[1]
        row.with_user(self.ann).action_archive()
        self.bring_over()
        self.assertEqual(3, len(self.there()))
        row.with_user(self.ann).action_unarchive()
        self.sync(self.ann)

        self.assertFalse(row.recurrence_id)
        self.assertEqual(4, len(self.there()))
        self.assertIn("singleInstance", {one["type"] for one in self.there()})
        self.forget()
        self.sync(self.ann)
        self.assertEqual([], self.written())

    def test_a_duplicated_row_is_a_meeting_of_its_own(self):
        """The copy is dragged: the series stays in Outlook as it is, its guest hears of one more.

        Odoo leaves the copy in the series of its original.
        """
        rows = self.board()
        double = rows[1].with_user(self.ann).copy().sudo()
        self.assertEqual(rows.recurrence_id, double.recurrence_id)
        self.move(double, days=2, hours=4)
        self.assertArrives({"Board": ["POST"]}, {"Board": [("invitation", GUEST)]})

        self.assertFalse(double.recurrence_id)
        self.assertEqual(4, len(homes.rows(rows[0])))
        starts = {one["type"]: one["start"]["dateTime"][:19] for one in self.there()}
        self.assertEqual({"occurrence", "singleInstance"}, starts.keys())
        self.assertEqual(double.start.isoformat(), starts["singleInstance"])
        self.assertIn("meeting of its own", double.message_ids[:1].body)

    def test_a_double_on_the_same_date_is_a_meeting_of_its_own(self):
        """Nobody moved it: it was there before Outlook was asked, or is made while it has it."""
        rows = self.series()
        rows[1].with_user(self.ann).copy()
        self.bring_over()
        rows[2].with_user(self.ann).copy()
        self.assertArrives({"Board": ["POST"]}, {})

        self.assertEqual([1, 2, 2, 1], [len(self._on(day)) for day in (0, 7, 14, 21)])
        self.assertEqual(4, len(homes.rows(rows[0])))

    def _on(self, day):
        return [one for one in self.here() if one.start == self.at(day)]

    def test_a_series_is_deleted_there_although_its_rest_is_a_colleagues(self):
        """The rest went to a colleague without an account: what is left and deleted is Ann's."""
        rows = self.board()
        self.write(rows[2], scope="future_events", user_id=self.bob.id)
        self.bring_over()
        self.assertEqual(2, len(self.there()))
        self.delete(rows[0], "all")
        self.assertArrives({"Board": ["DELETE"]}, in_step=False)

        self.assertFalse(self.there())
        self.assertEqual(self.bob, self.here().user_id)

    def test_one_date_for_a_colleague_holds_up_no_other(self):
        """The first occurrence gets another organizer: it says why it stays, the series goes on."""
        rows = self.board()
        self.write(rows[0], scope="self_only", user_id=self.bob.id, location="Room 4")
        self.assertArrives({}, {}, in_step=False)
        self.assertIn("organizer", rows[0].outlook_notice)
        self.assertTrue(rows[0].outlook_is_refused)
        self.assertFalse(rows[1].outlook_notice)

        self.write(rows[1], scope="self_only", location="Room 5")
        self.assertArrives(
            {"Board": ["PATCH day 7"]}, {"Board": [("update", GUEST)]}, in_step=False
        )
        self.assertEqual("linked", self._meeting(rows[0]).state)
        rows[0].with_user(self.ann).user_id = self.ann
        self.assertArrives({"Board": ["PATCH day 0"]}, {"Board": [("update", GUEST)]})
        self.assertFalse(rows[0].outlook_notice)

    def test_answers_in_outlook_reach_the_rows(self):
        """To the series: all rows. To one date: that row."""
        self.connect(self.bob, BOB)
        self.make_series_there(attendees=[attendee(BOB), attendee(GUEST)])
        self.sync(self.ann, self.bob)
        self.sandbox.answer_event(BOB, self.master(address=BOB)["id"], "accept")
        self.sync(self.bob)
        self.assertEqual({"accepted"}, {self.state(row, self.bob) for row in self.here()})

        self.sandbox.answer_event(BOB, self.occurrence(7, BOB)["id"], "tentativelyAccept")
        self.sync(self.bob)
        states = [self.state(row, self.bob) for row in self.here()]
        self.assertEqual(["accepted", "tentative", "accepted", "accepted"], states)

    def test_a_guest_who_removes_an_occurrence_has_declined_it(self):
        """That row says *No* for him; it stays for all others, and so do the other rows."""
        self.connect(self.bob, BOB)
        self.make_series_there(attendees=[attendee(BOB), attendee(GUEST)])
        self.sync(self.ann, self.bob)
        self.delete_there(7, BOB)
        self.sync(self.bob, self.ann)

        states = [self.state(row, self.bob) for row in self.here()]
        self.assertEqual(["needsAction", "declined", "needsAction", "needsAction"], states)
        self.assertEqual(4, len(self.there(ANN)))

    def test_a_guest_who_removes_a_series_has_declined_it(self):
        """All rows say *No* for him, and stay."""
        self.connect(self.bob, BOB)
        self.make_series_there(attendees=[attendee(BOB), attendee(GUEST)])
        self.sync(self.ann, self.bob)
        self.sandbox.delete_event(BOB, self.master(address=BOB)["id"])
        self.sync(self.bob)

        self.assertEqual(["declined"] * 4, [self.state(row, self.bob) for row in self.here()])
        self.assertEqual(4, len(self.there(ANN)))


@tagged("post_install", "-at_install")
class TestSeriesReset(SeriesCase, ResetCase):
    def test_a_reset_counts_a_series_once_and_deletes_the_whole(self):
        """One meeting treated, all occurrences gone on both sides."""
        self.board()
        reset = self.reset(delete_policy="both")

        self.assertEqual((1, 1), (reset.deleted_local, reset.deleted_remote))
        self.assertFalse(self.here())
        self.assertFalse(self.there())

    def test_a_reset_finds_a_series_that_was_just_made_anew(self):
        """Begun anew from its first occurrence, and no round since: gone on both sides."""
        guests = [(6, 0, (self.ann.partner_id + self.guest).ids)]
        rows = self.series(partner_ids=guests)
        rows.recurrence_id.base_event_id = rows[1]
        self.bring_over()
        self.move(rows[0], hours=1, scope="future_events")
        self.assertFalse(rows[1].active)
        self.assertEqual(1, self.wizard().guest_count)
        reset = self.reset(delete_policy="both")

        self.assertEqual((1, 1), (reset.deleted_local, reset.deleted_remote))
        self.assertFalse(self.here())
        self.assertFalse(self.there())


@tagged("post_install", "-at_install")
class TestSeriesReached(SeriesCase):
    """Time reaches days of a series without end on which Outlook has something else."""

    def configure(self):
        self._reach(40)
        self.env["ir.config_parameter"].set_param("outlook_calendar.window_future_days", 30)

    def _reach(self, days):
        self.env["ir.config_parameter"].set_param("outlook_calendar.horizon_days", days)

    def test_what_is_otherwise_beyond_the_horizon_is_asked_for_until_it_is_known(self):
        """The round ends between the new rows and the look at the series: a later one looks."""
        start = self.soon(3)
        begins = {"type": "noEnd", "startDate": start.date().isoformat()}
        self.make_remote(
            ANN,
            subject="Endless",
            start=graph_time(start),
            end=graph_time(start + HOUR),
            recurrence={"pattern": {"type": "daily", "interval": 7}, "range": begins},
        )
        far = start + timedelta(days=63)
        [one] = [
            each for each in self.there() if each["start"]["dateTime"][:10] == f"{far:%Y-%m-%d}"
        ]
        self.sandbox.change_event(ANN, one["id"], {"subject": "Special"})
        self.sync(self.ann)
        self.assertFalse(self.here("Special"))

        self._reach(82)
        self.sandbox.faults.server_error(503, method="GET", path=r"/me/events/[^?]*$", times=9)
        self.sync(self.ann)
        self.assertFalse(self.here("Special"))
        self.sandbox.faults.clear()
        self.account(self.ann).backoff_until = False
        self.sync(self.ann)

        self.assertEqual([far], self.here("Special").mapped("start"))
