"""Edits of a series in Outlook. docs/sync-rules.md, *Recurring meetings: acts in Outlook*."""

from datetime import timedelta

from odoo.tests import tagged

from .common import ANN, BOB, GUEST, attendee
from .series_case import SeriesCase

DAILY = {"type": "daily", "interval": 1}


@tagged("post_install", "-at_install")
class TestSeriesThereEdits(SeriesCase):
    def setUp(self):
        super().setUp()
        self.board_there()
        self.rows = self.here()

    def _all(self, **changes):
        self.sandbox.change_event(ANN, self.master()["id"], changes)

    def _rewrite(self, pattern=None, ends=None, **changes):
        old = self.master()["recurrence"]
        ends = {"startDate": old["range"]["startDate"], **ends} if ends else old["range"]
        self._all(recurrence={"pattern": pattern or old["pattern"], "range": ends}, **changes)

    def test_every_kind_of_exception(self):
        """Moved, renamed, other people, another length, whole day: each on its own date."""
        changes = {
            0: {"subject": "Special"},
            7: self.span(9, 15),
            14: {"attendees": [attendee(GUEST), attendee(BOB)]},
            21: {"isAllDay": True, "start": self.graph_at(21, 0), "end": self.graph_at(22, 0)},
        }
        for day, change in changes.items():
            self.change_there(day, **change)
        self.assertTaken()

        rows = self.here()
        self.assertEqual(self.rows, rows)
        self.assertEqual(["Special", "Board", "Board", "Board"], rows.mapped("name"))
        self.assertEqual(self.at(9, 15), rows[1].start)
        self.assertIn(self.bob.partner_id, rows[2].partner_ids)
        self.assertEqual([False] * 3 + [True], rows.mapped("allday"))

    def test_more_kinds_of_exception(self):
        """Place, body, reminder, privacy, duration of one date."""
        changes = {
            0: {"location": {"displayName": "Room 9"}},
            7: {"body": {"contentType": "html", "content": "<p>Special</p>"}},
            14: {"isReminderOn": True, "reminderMinutesBeforeStart": 50},
            21: self.span(21, 10, 90),
        }
        for day, change in changes.items():
            self.change_there(day, **change)
        self.assertTaken()

        self.assertEqual(self.rows, self.here())
        self.assertEqual("Room 9", self.rows[0].location)

    def test_an_exception_of_an_exception(self):
        """Changed again and again, in rounds of their own or between two rounds."""
        self.change_there(7, subject="Special")
        self.assertTaken()
        self.change_there(7, **self.span(8, 15))
        self.change_there(7, location={"displayName": "Room 9"})
        self.assertTaken()

        self.assertEqual("Special", self.rows[1].name)
        self.assertEqual(self.at(8, 15), self.rows[1].start)

    def test_an_exception_taken_back(self):
        """Moved back and renamed back by hand: it follows the series here, too."""
        self.change_there(7, subject="Special", **self.span(8))
        self.assertTaken()
        self.change_there(7, subject="Board", **self.span(7))
        self.assertTaken()
        self._all(subject="Other")
        self.sync(self.ann)

        self.assertEqual(self.at(7), self.rows[1].start)

    def test_one_cancelled(self):
        """The first, one in the middle and the last: archived here with a note, others stay."""
        for day in (0, 7, 21):
            self.delete_there(day)
        self.assertTaken()

        self.assertEqual(self.rows[2], self.here())
        gone = self.rows - self.rows[2]
        self.assertEqual([False] * 3, gone.mapped("active"))
        self.assertIn("Outlook", "".join(gone.mapped(lambda row: row.message_ids[:1].body)))

    def test_an_exception_cancelled(self):
        """Moved, then deleted: that row goes."""
        self.change_there(7, **self.span(8))
        self.assertTaken()
        self.delete_there(7)
        self.assertTaken()

        self.assertEqual(self.rows - self.rows[1], self.here())

    def test_all_renamed(self):
        """Every row is renamed; what is special on one date stays."""
        self.change_there(7, subject="Special")
        self._all(subject="Other", location={"displayName": "Room 3"})
        self.assertTaken()

        self.assertEqual(["Other", "Special", "Other", "Other"], self.rows.mapped("name"))
        self.assertEqual({"Room 3"}, set(self.rows.mapped("location")))

    def test_guests_of_all(self):
        """Somebody is added to the series, somebody else removed."""
        self._all(attendees=[attendee(BOB)])
        self.assertTaken()

        self.assertEqual({self.bob.partner_id}, set(self.rows.partner_ids - self.ann.partner_id))

    def test_moved_to_another_time_and_day(self):
        """All rows move; each keeps its record."""
        self._rewrite(
            {"type": "weekly", "interval": 1, "daysOfWeek": ["tuesday"]},
            {"type": "numbered", "numberOfOccurrences": 4, "startDate": f"{self._day(1)}"},
            **self.span(1, 16),
        )
        self.assertTaken()

        self.assertEqual(self.rows, self.here())
        self.assertEqual([self.at(7 * week + 1, 16) for week in range(4)], self._starts())

    def test_moved_with_exceptions(self):
        """A new time in Outlook drops what was special there; so it does here, by options."""
        for drops in (True, False):
            with self.subTest(drops=drops):
                self.sandbox.options.set(pattern_change_drops_exceptions=drops)
                self.change_there(7, subject="Special")
                self.delete_there(14)
                self.assertTaken()
                self._all(**self.span(0, 15 + drops))
                self.assertTaken()

    def test_shortened_and_lengthened(self):
        """Rows beyond the new end are archived; new ones appear; the others keep their records."""
        self._rewrite(ends={"type": "numbered", "numberOfOccurrences": 2})
        self.assertTaken()
        self.assertEqual(self.rows[:2], self.here())
        self._rewrite(ends={"type": "numbered", "numberOfOccurrences": 6})
        self.assertTaken()

        self.assertEqual(6, len(self.here()))
        self.assertEqual(self.rows[:2], self.here()[:2])
        self.assertEqual(1, len(self.here().recurrence_id))

    def test_another_pattern(self):
        """Daily instead of weekly: another rule, one series still."""
        self._rewrite(DAILY)
        self.assertTaken()

        self.assertEqual([self.at(day) for day in range(4)], self._starts())
        self.assertEqual("daily", self.here().recurrence_id.rrule_type)

    def test_another_zone(self):
        """The same hour of another zone."""
        self._rewrite(
            ends={
                "type": "numbered", "numberOfOccurrences": 4,
                "recurrenceTimeZone": "America/New_York",
            },
            **self.span(zone="America/New_York"),
        )  # fmt: skip
        self.assertTaken()

        self.assertEqual("America/New_York", self.here().recurrence_id.event_tz)
        self.assertEqual(self.at(zone="America/New_York"), self.here()[0].start)
        self.assertEqual(self.rows, self.here())

    def test_turned_into_a_single_meeting(self):
        """One row stays and is no series any more; the others are archived."""
        self._all(recurrence=None)
        self.assertTaken()

        self.assertEqual(self.rows[0], self.here())
        self.assertFalse(self.here().recurrence_id)
        self.assertFalse(self.here().recurrency)

    def test_a_single_meeting_becomes_a_series(self):
        """Its record is the first row of the series."""
        single = self.make_remote(ANN, subject="Single", **self.span(1))
        self.assertTaken()
        event = self.here("Single")
        ends = {"type": "numbered", "numberOfOccurrences": 3, "startDate": f"{self._day(1)}"}
        self.sandbox.change_event(
            ANN, single["id"], {"recurrence": {"pattern": DAILY, "range": ends}}
        )
        self.assertTaken()

        self.assertEqual(3, len(self.here("Single")))
        self.assertEqual(event, self.here("Single")[0])

    def test_deleted(self):
        """All rows are archived with a note, none is deleted."""
        self.sandbox.delete_event(ANN, self.master()["id"])
        self.assertTaken()

        self.assertFalse(self.here())
        self.assertEqual(4, len(self.rows.exists()))
        self.assertIn("Outlook", self.rows[0].message_ids[:1].body)

    def test_deleted_one_by_one(self):
        """With its last occurrence the series is gone here, too."""
        for day in (0, 7, 14, 21):
            self.delete_there(day)
        self.assertTaken()

        self.assertFalse(self.here())
        self.assertEqual(4, len(self.rows.exists()))

    def test_rows_that_stay_keep_everything(self):
        """Id, message, activity, answer and a link survive a move, a rename, a longer series."""
        row = self.rows[2]
        row.message_post(body="Bring the plan")
        row.write({"res_model": "res.partner", "res_id": self.guest.id})
        self.env["mail.activity"].create(
            {
                "summary": "Print it",
                "res_model_id": self.env["ir.model"]._get_id("res.partner"),
                "res_id": self.guest.id,
                "calendar_event_id": row.id,
            }
        )
        self.forget()
        self._rewrite(ends={"type": "numbered", "numberOfOccurrences": 5}, **self.span(0, 14))
        self._all(subject="Other")
        self.sync(self.ann)

        self.assertEqual(row, self.here("Other")[2])
        self.assertEqual(self.at(14, 14), row.start)
        self.assertIn("Bring the plan", "".join(row.message_ids.mapped("body")))
        self.assertEqual(1, len(row.activity_ids))
        self.assertEqual(self.guest.id, row.res_id)

    def test_the_same_occurrence_edited_on_both_sides(self):
        """Another field each: both stay, and only ours is written there."""
        self.change_there(7, location={"displayName": "Room 9"})
        self.write(self.rows[1], scope="self_only", name="Special")
        self.forget()
        self.assertArrives({"Board": ["PATCH day 7"]})

        self.assertEqual(("Special", "Room 9"), (self.rows[1].name, self.rows[1].location))

    def test_moved_there_while_one_is_renamed_here(self):
        """A new time counts whole: what was done here to one date is not lost in silence."""
        self._all(**self.span(0, 16))
        self.write(self.rows[1], scope="self_only", name="Special")
        self.forget()
        self.sync(self.ann)

        self.assertInStep()
        self.assertEqual([self.at(7 * week, 16) for week in range(4)], self._starts())
        self.forget()
        self.sync(self.ann)
        self.assertEqual([], self.written())

    def test_cancelled_there_and_edited_here(self):
        """The edit wins: it is a meeting of its own, as Exchange restores nothing."""
        self.delete_there(7)
        self.write(self.rows[1], scope="self_only", name="Special")
        self.forget()
        self.sync(self.ann)

        self.assertIn(self.rows[1], self.here())
        self.assertInStep()

    def _starts(self):
        return self.here().mapped("start")

    def _day(self, days):
        return self.monday + timedelta(days=days)
