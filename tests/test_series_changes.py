"""What Outlook changes of a series is written into the rows that are there."""

from datetime import timedelta

from odoo.tests import tagged

from ..core.engine.errors import Unmappable
from ..core.engine.fields import CANCELLED
from ..core.engine.recurrence import Rule
from ..core.engine.snapshot import EMPTY, AllDay, Body, Keyed, Person
from .rows_case import GUEST, MONDAY, WEEK, RowsCase

DAY = timedelta(days=1)
FIRST, SECOND, THIRD, FOURTH = ((MONDAY + number * WEEK).isoformat() for number in range(4))


@tagged("post_install", "-at_install")
class TestSeriesChanges(RowsCase):
    def setUp(self):
        super().setUp()
        self.event = self.create(self.series())
        self.was = self.rows(self.event)

    def assertShows(self, event, **values):
        """Assert that the series is now what it was but for these values."""
        expected = {**self.series(), **values}
        self.assertEqual(expected, dict(self.read(event, past=Keyed(expected))))

    def archived(self):
        """Return the rows that were there at first and are archived now."""
        return self.was.filtered(lambda row: not row.active)

    def test_a_field_of_the_series_is_one_write(self):
        """Renaming five hundred rows is one UPDATE of each, in a bounded number of queries."""
        rule = Rule.settled(kind="daily", interval=1, start=MONDAY, count=500)
        event = self.create(self.series(rule))
        shown = self.read(event)
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        with self.assertWrites(500):
            self.change(event, shown, subject="Council")

        self.assertLess(self.env.cr.sql_log_count - before, 50)
        self.assertEqual({"Council"}, set(self.rows(event).mapped("name")))

    def test_rows_keep_their_records_when_the_series_moves(self):
        """Another time of day, another weekday: the same rows in the same order."""
        for rule, hour in (
            (self.weekly(), 15),
            (self.weekly(start=MONDAY + DAY, weekdays={"tuesday"}), 9),
        ):
            when = self.span(rule.start, hour)
            event = self.change(self.event, when=when, rule=rule)
            self.assertEqual(self.was, self.rows(event))
            self.assertShows(event, when=when, rule=rule)

    def test_answers_survive_a_move(self):
        """Who had accepted has accepted: Odoo asks nobody anew, and mails nobody."""
        self.change(self.event, when=self.span(MONDAY, 15))

        self.assertEqual({"accepted"}, set(self.was.attendee_ids.mapped("state")))
        self.assertFalse(self.mails())

    def test_a_cancelled_date_is_archived_with_a_note(self):
        """The row is kept with its messages, and says why it is gone."""
        cancelled = self.was[1]
        cancelled.message_post(body="Minutes")
        event = self.change(self.event, occurrences=Keyed({SECOND: CANCELLED}))

        self.assertEqual(cancelled, self.archived())
        self.assertIn("Outlook", cancelled.message_ids[0].body)
        self.assertIn("Minutes", cancelled.message_ids[1].body)
        self.assertEqual(self.was - cancelled, self.rows(event))
        self.assertShows(event, occurrences=Keyed({SECOND: CANCELLED}))

    def test_a_cancelled_date_that_is_back_is_the_same_row(self):
        """What was archived comes back with its number, as the series says it now."""
        self.change(self.event, occurrences=Keyed({SECOND: CANCELLED}))
        event = self.change(self.event, occurrences=EMPTY, subject="Council")

        self.assertEqual(self.was, self.rows(event))
        self.assertShows(event, subject="Council")

    def test_the_base_event_gone(self):
        """Where the row on which the series hangs is cancelled, it hangs on the next."""
        event = self.change(self.event, occurrences=Keyed({FIRST: CANCELLED}))

        self.assertEqual(self.was[1], event)
        self.assertEqual(event, event.recurrence_id.base_event_id)
        self.assertShows(event, occurrences=Keyed({FIRST: CANCELLED}))

    def test_one_occurrence_moves_and_returns(self):
        """Moved it knows where it was; back on its slot it is a row like the others."""
        moved = Keyed({SECOND: Keyed({"when": self.span(MONDAY + WEEK + DAY, 14)})})
        event = self.change(self.event, occurrences=moved)
        self.assertShows(event, occurrences=moved)
        self.assertEqual(
            self.was[1].start, self.was[1].outlook_original_start + timedelta(hours=28)
        )

        event = self.change(event, occurrences=EMPTY)
        self.assertShows(event)
        self.assertFalse(self.was[1].outlook_original_start)
        self.assertTrue(self.was[1].follow_recurrence)

    def test_a_moved_occurrence_is_not_moved_by_others(self):
        """Renaming the series leaves times alone, and the name that one row has for itself."""
        own = Keyed(
            {
                SECOND: Keyed({"when": self.span(MONDAY + WEEK + DAY, 14)}),
                THIRD: Keyed({"subject": "Party"}),
            }
        )
        event = self.change(self.event, occurrences=own)
        event = self.change(event, subject="Council")

        self.assertEqual(
            ["Council", "Council", "Party", "Council"], self.rows(event).mapped("name")
        )
        self.assertShows(event, occurrences=own, subject="Council")

    def test_a_longer_series_has_new_rows_like_the_others(self):
        """New rows have the guests, their answers, the documents; nobody gets an activity."""
        document = self.env["res.partner"].create({"name": "Contract"})
        self.was.write(
            {"res_id": document.id, "res_model_id": self.env["ir.model"]._get_id("res.partner")}
        )
        self.was.attendee_ids.filtered(lambda one: one.partner_id == self.guest).state = "declined"
        event = self.change(self.event, rule=self.weekly(count=6))
        new = self.rows(event) - self.was

        self.assertEqual(2, len(new))
        self.assertEqual([0, 7, 14, 21, 28, 35], self.days(event))
        for row in new:
            self.assertEqual(document.id, row.res_id)
            self.assertEqual("res.partner", row.res_model)
            self.assertEqual({"accepted", "declined"}, set(row.attendee_ids.mapped("state")))
        self.assertFalse(new.activity_ids or document.activity_ids)
        self.assertFalse(self.mails())
        self.assertShows(event, rule=self.weekly(count=6))

    def test_new_rows_are_as_the_series_is_now(self):
        """Renamed and made longer at once, with an exception that bears the old name."""
        own = Keyed({(MONDAY + 4 * WEEK).isoformat(): Keyed({"subject": "Board", "reminder": 30})})
        rule = self.weekly(count=6)
        event = self.change(self.event, rule=rule, subject="Council", reminder=5, occurrences=own)

        names = ["Council"] * 4 + ["Board", "Council"]
        self.assertEqual(names, self.rows(event).mapped("name"))
        self.assertShows(event, rule=rule, subject="Council", reminder=5, occurrences=own)

    def test_a_shorter_series_archives_the_rest(self):
        """What is beyond the new end is archived, with a note each."""
        event = self.change(self.event, rule=self.weekly(count=2))

        self.assertEqual(self.was[2:], self.archived())
        self.assertShows(event, rule=self.weekly(count=2))

    def test_another_pattern_keeps_the_rows_of_days_that_stay(self):
        """Mondays become Mondays and Wednesdays: Mondays keep their rows."""
        rule = self.weekly(weekdays={"monday", "wednesday"}, count=8)
        event = self.change(self.event, rule=rule)

        self.assertEqual(self.was, self.rows(event)[::2])
        self.assertShows(event, rule=rule)

    def test_guests_change_on_every_row(self):
        """One more and one less on all rows; who stays keeps his answer."""
        other = "other@outside.example"
        people = {GUEST: Person("required", "", GUEST), other: Person("required", "", other)}
        event = self.change(self.event, people=Keyed(people))
        for row in self.rows(event):
            states = {one.partner_id.email: one.state for one in row.attendee_ids}
            self.assertEqual(
                {self.ann.email: "accepted", GUEST: "accepted", other: "needsAction"}, states
            )
        event = self.change(event, people=EMPTY)
        self.assertEqual(self.ann.partner_id, self.rows(event).partner_ids)
        self.assertShows(event, people=EMPTY)

    def test_a_text_that_is_not_at_hand_overwrites_none(self):
        """A base keeps digests: who has no more than that must not write."""
        digest = Body(None, Body.of("<p>Other</p>").digest)
        with self.assertRaises(Unmappable):
            self.change(self.event, body=digest)
        self.assertIn("Agenda", self.event.description)

    def test_timed_becomes_whole_days(self):
        """All rows at once, and back again."""
        whole = AllDay(MONDAY, MONDAY)
        self.assertShows(self.change(self.event, when=whole), when=whole)
        self.assertTrue(all(self.was.mapped("allday")))
        when = self.span(MONDAY)
        self.assertShows(self.change(self.event, when=when))
        self.assertEqual(self.was, self.rows(self.event))

    def test_another_zone(self):
        """The same clock elsewhere is another time for every row."""
        zone = "America/New_York"
        when = self.span(MONDAY, zone=zone)
        event = self.change(self.event, zone=zone, when=when)

        self.assertEqual(zone, event.recurrence_id.event_tz)
        self.assertShows(event, zone=zone, when=when)

    def test_a_single_meeting_becomes_a_series(self):
        """It becomes the first occurrence, with its number, and the others are like it."""
        event = self.create(self.single())
        event.message_post(body="Minutes")
        stays = self.change(event, rule=self.weekly())

        self.assertEqual(event, stays)
        self.assertEqual(event, self.rows(event)[0])
        self.assertFalse(event.outlook_zone)
        self.assertEqual([0, 7, 14, 21], self.days(event))
        self.assertShows(event)

    def test_a_series_becomes_a_single_meeting(self):
        """The row of that day stays; the others are archived, the recurrence is gone."""
        recurrence = self.event.recurrence_id
        when = self.span(MONDAY + WEEK, 16)
        stays = self.change(self.event, rule=None, occurrences=EMPTY, when=when, subject="Once")

        self.assertEqual(self.was[1], stays)
        self.assertEqual(self.was - stays, self.archived())
        self.assertFalse(recurrence.exists() or stays.recurrency)
        self.assertEqual(dict(self.single(when=when, subject="Once")), dict(self.read(stays)))

    def test_an_archived_series_comes_back(self):
        """Deleted here and edited there: the same rows, as Outlook has them."""
        self.writer.archive(self.event, "Deleted in Outlook")
        self.assertEqual(self.was, self.archived())
        self.assertIn("Deleted", self.was[3].message_ids[0].body)

        target = self.series(subject="Council", occurrences=Keyed({SECOND: CANCELLED}))
        written = self.writer.change(self.event, target, organizers=self.ann.partner_id, local=None)
        self.assertEqual(self.was - self.was[1], self.rows(written.event))
        self.assertEqual(dict(target), dict(self.read(written.event)))

    def test_odoos_own_series_is_written_in_place(self):
        """A series made by hand, with a row deleted: what is written leaves the rest alone."""
        event = (
            self.env["calendar.event"]
            .with_user(self.ann)
            .create(
                {
                    "name": "Own",
                    "start": self.was[0].start,
                    "stop": self.was[0].stop,
                    "recurrency": True,
                    "rrule_type": "weekly",
                    "mon": True,
                    "event_tz": "Europe/Brussels",
                    "end_type": "count",
                    "count": 4,
                }
            )
        )
        event = event.sudo().with_env(self.env)
        rows = self.rows(event)
        rows[1].unlink()
        rule = event.recurrence_id.rrule
        self.change(event, subject="Ours", reminder=15)

        self.assertEqual((rows - rows[1]).exists(), self.rows(event))
        self.assertEqual(rule, event.recurrence_id.rrule)
        shown = self.read(event)
        self.assertEqual(("Ours", 15), (shown["subject"], shown["reminder"]))
        self.assertEqual(Keyed({SECOND: CANCELLED}), shown["occurrences"])

    def test_rows_that_are_no_occurrence_are_left_alone(self):
        """Two rows on one day of a weekly series: the reader says which is one too many."""
        stray = self.was[1].copy({"recurrence_id": self.event.recurrence_id.id})
        local = self.read(self.event, past=self.series())
        self.assertEqual(dict(self.series()), dict(local))
        series = self.reader.series(self.event, organizers=self.ann.partner_id, past=self.series())
        self.assertIn(series.strays, [self.was[1], stray])

        self.change(self.event, local, subject="Council")
        self.assertEqual("Board", series.strays.name)
        self.assertTrue(series.strays.active)
