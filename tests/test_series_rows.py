"""A series is written as rows and read back as one meeting."""

from datetime import date, datetime, time, timedelta

from odoo.tests import tagged

from odoo.addons.calendar.models.calendar_recurrence import MAX_RECURRENT_EVENT

from ..core.engine.errors import Unmappable
from ..core.engine.fields import CANCELLED
from ..core.engine.recurrence import Rule
from ..core.engine.snapshot import EMPTY, AllDay, Body, Keyed, Person
from .rows_case import MONDAY, WEEK, RowsCase

EVERY_MONDAY = {"kind": "weekly", "interval": 1, "start": MONDAY, "weekdays": {"monday"}}
#: Every kind of pattern there is, with what the fields of Odoo's record say of it.
PATTERNS = {
    "daily": ({"kind": "daily", "interval": 3}, {"rrule_type": "daily", "interval": 3}),
    "weekly": (
        {"kind": "weekly", "interval": 1, "weekdays": {"monday", "friday"}},
        {"rrule_type": "weekly", "mon": True, "tue": False, "fri": True},
    ),
    "fortnightly, weeks as the owner's": (
        {"kind": "weekly", "interval": 2, "weekdays": {"sunday", "monday"}},
        {"rrule_type": "weekly", "sun": True, "mon": True},
    ),
    "monthly by date": (
        {"kind": "absoluteMonthly", "interval": 1, "day": 15},
        {"rrule_type": "monthly", "month_by": "date", "day": 15},
    ),
    "monthly by weekday": (
        {"kind": "relativeMonthly", "interval": 1, "weekdays": {"tuesday"}, "index": "second"},
        {"rrule_type": "monthly", "month_by": "day", "byday": "2", "weekday": "TUE"},
    ),
    "yearly by date": (
        {"kind": "absoluteYearly", "interval": 1, "day": 31, "month": 3},
        {"rrule_type": "yearly"},
    ),
}
#: Those that Odoo's fields cannot say, with the RRULE that says them.
FOREIGN = {
    "fortnightly, other weeks": (
        {
            "kind": "weekly",
            "interval": 2,
            "weekdays": {"sunday", "monday"},
            "first_day": "monday",
        },
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,MO;WKST=MO",
    ),
    "the 31st, or the last day": (
        {"kind": "absoluteMonthly", "interval": 1, "day": 31},
        "FREQ=MONTHLY;INTERVAL=1;BYMONTHDAY=28,29,30,31;BYSETPOS=-1",
    ),
    "the last working day": (
        {
            "kind": "relativeMonthly",
            "interval": 1,
            "weekdays": {"monday", "tuesday", "wednesday", "thursday", "friday"},
            "index": "last",
        },
        "FREQ=MONTHLY;INTERVAL=1;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
    ),
    "29 February, or the last day": (
        {"kind": "absoluteYearly", "interval": 1, "day": 29, "month": 2},
        "FREQ=YEARLY;INTERVAL=1;BYMONTH=2;BYMONTHDAY=28,29;BYSETPOS=-1",
    ),
    "a weekday of the year": (
        {
            "kind": "relativeYearly",
            "interval": 1,
            "weekdays": {"sunday"},
            "index": "last",
            "month": 3,
        },
        "FREQ=YEARLY;INTERVAL=1;BYMONTH=3;BYDAY=SU;BYSETPOS=-1",
    ),
}


@tagged("post_install", "-at_install")
class TestSeriesRows(RowsCase):
    def setUp(self):
        super().setUp()
        self.env["ir.config_parameter"].set_param("outlook_calendar.horizon_days", 4000)

    def assertKept(self, target):
        """Assert that what is written is what is read, and that nothing is left to write."""
        event = self.create(target)
        shown = self.read(event)
        self.assertEqual(dict(target), dict(shown))
        with self.assertWrites(0):
            self.change(event, shown, **target)
        return event

    def test_a_series_is_a_row_per_occurrence(self):
        """Four Mondays are four rows of one recurrence, all alike, and nobody is mailed."""
        event = self.assertKept(self.series())

        rows = self.rows(event)
        self.assertEqual([0, 7, 14, 21], self.days(event))
        self.assertEqual({"Board"}, set(rows.mapped("name")))
        self.assertEqual([True] * 4, rows.mapped("follow_recurrence"))
        self.assertEqual(rows[0], event)
        self.assertEqual(event, event.recurrence_id.base_event_id)
        self.assertEqual(self.ann, rows.user_id)
        self.assertIsNone(self.horizon)
        self.assertFalse(self.mails())

    def test_every_row_has_the_guests_and_their_answers(self):
        """The organizer has accepted, the guest as he answered, on each occurrence."""
        rows = self.rows(self.create(self.series()))

        for row in rows:
            states = {one.partner_id: one.state for one in row.attendee_ids}
            self.assertEqual({self.ann.partner_id: "accepted", self.guest: "accepted"}, states)
            self.assertEqual(self.ann.partner_id + self.guest, row.partner_ids)

    def test_every_pattern_comes_back(self):
        """Whatever the pattern: written and read it is the same, and Odoo's fields say it."""
        for name, (parts, said) in PATTERNS.items():
            with self.subTest(name):
                rule = Rule.settled(start=MONDAY, count=5, **parts)
                recurrence = self.assertKept(self.series(rule)).recurrence_id
                self.assertEqual(said, {name: recurrence[name] for name in said})
                self.assertFalse(recurrence.outlook_rule)
                self.assertEqual(("count", 5), (recurrence.end_type, recurrence.count))

    def test_patterns_that_are_foreign_here_come_back(self):
        """What Odoo's fields cannot say stands beside them as an RRULE, and is what counts."""
        for name, (parts, text) in FOREIGN.items():
            with self.subTest(name):
                rule = Rule.settled(start=MONDAY, count=6, **parts)
                event = self.assertKept(self.series(rule))
                self.assertEqual(text, event.recurrence_id.outlook_rule)

    def test_weeks_begin_as_in_the_owners_language(self):
        """Odoo takes the first day of the week from the language: other weeks are foreign."""
        self.env["res.lang"]._activate_lang("fr_FR")
        self.ann.lang = "fr_FR"
        parts = {"kind": "weekly", "interval": 2, "weekdays": {"sunday", "monday"}}
        for first_day, is_foreign in (("sunday", True), ("monday", False)):
            with self.subTest(first_day):
                rule = Rule.settled(start=MONDAY, count=6, first_day=first_day, **parts)
                event = self.assertKept(self.series(rule))
                self.assertEqual(is_foreign, bool(event.recurrence_id.outlook_rule))

    def test_odoo_expands_what_is_written_to_the_same_rows(self):
        """The record says what the rows say: Odoo's own expansion adds and removes nothing."""
        for name, (parts, _said) in (PATTERNS | FOREIGN).items():
            with self.subTest(name):
                rule = Rule.settled(start=MONDAY, count=6, **parts)
                event = self.create(self.series(rule))
                rows = self.rows(event)
                as_owner = event.recurrence_id.with_user(self.ann).with_context(tz=self.ann.tz)
                as_owner._apply_recurrence()
                self.assertEqual(rows, self.rows(event))

    def test_the_end_is_said_as_it_was(self):
        """A number of times, a last day, or none."""
        for rule, said in (
            (self.weekly(count=3), {"end_type": "count", "count": 3}),
            (
                self.weekly(end=MONDAY + 3 * WEEK),
                {"end_type": "end_date", "until": MONDAY + 3 * WEEK},
            ),
        ):
            recurrence = self.assertKept(self.series(rule)).recurrence_id
            self.assertEqual(said, {name: recurrence[name] for name in said})

    def test_seven_hundred_and_twenty_times_is_for_ever(self):
        """Odoo's record comes to say so of what has no end: what has one there says when."""
        ends = Rule.settled(kind="daily", interval=1, start=MONDAY, count=MAX_RECURRENT_EVENT)
        event = self.assertKept(self.series(ends))
        self.assertEqual("end_date", event.recurrence_id.end_type)
        event = self.assertKept(self.series(Rule.settled(**EVERY_MONDAY)))
        event.recurrence_id.write({"end_type": "count", "count": MAX_RECURRENT_EVENT})
        self.assertIsNone(self.read(event)["rule"].end)

    def test_the_clock_on_the_wall_is_kept(self):
        """Ten in Brussels is ten in Brussels, in winter and in summer, over night as well."""
        for hours in (1, 18):
            rule = self.weekly(start=date(2027, 3, 21), weekdays={"sunday"}, count=3)
            when = self.span(rule.start, 10, hours=hours)
            event = self.assertKept(self.series(rule, when=when))
            self.assertEqual([9, 8, 8], [row.start.hour for row in self.rows(event)])
            self.assertEqual("Europe/Brussels", event.recurrence_id.event_tz)

    def test_another_zone_than_the_owners(self):
        """A series made in Auckland stays on Auckland's Mondays, which begin on Sunday here."""
        zone = "Pacific/Auckland"
        target = self.series(when=self.span(MONDAY, 9, zone=zone), zone=zone)
        event = self.assertKept(target)

        self.assertEqual([-1, 6, 13, 20], self.days(event))
        self.assertEqual(MONDAY, min(self.slots(event)))

    def test_whole_days(self):
        """Whole days are dates, of whatever length, and carry no time."""
        two = AllDay(MONDAY, MONDAY + timedelta(days=1))
        event = self.assertKept(self.series(when=two))

        for row in self.rows(event):
            self.assertTrue(row.allday)
            self.assertEqual(timedelta(days=1), row.stop_date - row.start_date)

    def test_exceptions_come_back(self):
        """Cancelled, moved, renamed, with guests and privacy of the mailbox of their own."""
        first, second, third, fourth = (MONDAY + number * WEEK for number in range(4))
        other = "other@outside.example"
        event = self.assertKept(
            self.series(
                occurrences=Keyed(
                    {
                        first.isoformat(): Keyed({"when": self.span(first + WEEK / 7, 15)}),
                        second.isoformat(): CANCELLED,
                        third.isoformat(): Keyed(
                            {
                                "subject": "Board, at length",
                                "body": Body.of("<p>Longer agenda</p>"),
                                "reminder": None,
                                "show_as": "free",
                                "categories": frozenset(),
                            }
                        ),
                        fourth.isoformat(): Keyed(
                            {"people": Keyed({other: Person("required", "", other)})}
                        ),
                    }
                )
            )
        )
        moved, renamed, elsewhere = self.rows(event)
        self.assertEqual([False, True, True], self.rows(event).mapped("follow_recurrence"))
        self.assertEqual(datetime.combine(MONDAY, time(9)), moved.outlook_original_start)
        self.assertEqual("Board, at length", renamed.name)
        self.assertEqual({other, self.ann.email}, set(elsewhere.partner_ids.mapped("email")))
        self.assertEqual(elsewhere.recurrence_id.base_event_id, event)

    def test_a_moved_whole_day_keeps_its_slot(self):
        """The original start of a whole day is a date, whatever it was made of."""
        exceptions = {
            MONDAY.isoformat(): Keyed({"when": AllDay(MONDAY + WEEK / 7, MONDAY + WEEK / 7)}),
            (MONDAY + WEEK).isoformat(): Keyed({"when": self.span(MONDAY + WEEK, 23)}),
        }
        self.ann.tz = "Pacific/Honolulu"
        self.assertKept(
            self.series(
                when=AllDay(MONDAY, MONDAY),
                zone="Pacific/Honolulu",
                occurrences=Keyed(exceptions),
            )
        )

    def test_what_nobody_takes_part_in_is_refused(self):
        """A series whose every date is cancelled has no row to stand for it."""
        gone = Keyed({(MONDAY + number * WEEK).isoformat(): CANCELLED for number in range(4)})
        with self.assertRaises(Unmappable):
            self.create(self.series(occurrences=gone))

    def test_an_organizer_from_outside(self):
        """A series of somebody outside belongs to nobody here; he is a guest of every row."""
        host = self.env["res.partner"].create({"name": "Host", "email": "host@outside.example"})
        written = self.writer.create(
            self.series(), organizer=self.env["res.users"], host=host, states={}
        )
        rows = self.rows(written.event)

        self.assertFalse(rows.user_id)
        self.assertEqual([host + self.guest] * 4, [row.partner_ids for row in rows])

    def test_a_single_meeting_says_that_it_is_one(self):
        """It has no rule, and nothing that is otherwise on single dates."""
        shown = self.read(self.create(self.single()))

        self.assertIsNone(shown["rule"])
        self.assertEqual(EMPTY, shown["occurrences"])

    def test_any_row_stands_for_the_whole(self):
        """Whichever row is read, and also one that is archived: it is the series that is shown."""
        event = self.create(self.series())
        rows = self.rows(event)
        rows[1].active = False
        for row in rows:
            shown = self.read(row)
            self.assertEqual({(MONDAY + WEEK).isoformat()}, set(shown["occurrences"]))
        rows.active = False
        self.assertIsNone(self.read(event))

    def test_how_private_one_row_is_does_not_matter(self):
        """Exchange knows one sensitivity for the whole series: that of most rows."""
        event = self.create(self.series())
        self.rows(event)[2].privacy = "private"
        shown = self.read(event)

        self.assertEqual(dict(self.series()), dict(shown))
        self.change(event, subject="Council")
        self.assertEqual("private", self.rows(event)[2].privacy)

    def test_many_rows_are_read_at_once(self):
        """A series of two years costs a handful of queries, not some per row."""
        rule = Rule.settled(kind="daily", interval=1, start=MONDAY, count=720)
        event = self.create(self.series(rule))
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self.read(event)

        self.assertLess(self.env.cr.sql_log_count - before, 40)
        self.assertEqual(720, len(self.rows(event)))

    def test_many_rows_are_retimed_at_once(self):
        """Another time of day for a hundred rows costs a handful of queries, and is noted once."""
        self.env["ir.config_parameter"].set_param("outlook_calendar.enabled", "True")
        self.env["outlook.account"].create({"user_id": self.ann.id, "object_id": "ann"})
        event = self.create(self.series(self.weekly(count=100)))
        local = self.read(event)
        self.env["outlook.outbox"].search([]).unlink()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self.change(event, local, when=self.span(MONDAY, 14))

        self.assertLess(self.env.cr.sql_log_count - before, 60)
        self.assertEqual(self.span(MONDAY, 14), self.read(event)["when"])
        self.assertEqual(1, self.env["outlook.outbox"].search_count([]))
