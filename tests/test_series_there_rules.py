"""Series made in Outlook: every pattern and range. docs/sync-rules.md, *Recurring meetings: acts in
Outlook* and *Rules that this side cannot say*."""

from datetime import date, timedelta

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import ANN, GUEST, attendee
from .series_case import SeriesCase
from .series_shown import BRUSSELS, on_day, on_wall

WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday"]
EVERY_DAY = [*WEEKDAYS, "saturday", "sunday"]
_WEEKLY = ("rrule_type", "mon", "count")
THREE = {"type": "numbered", "numberOfOccurrences": 3}


@tagged("post_install", "-at_install")
class TestSeriesThereRules(SeriesCase):
    def test_a_series_made_there_is_a_series_here(self):
        """With all its fields on every row, organized by the mailbox's user, and nobody mailed."""
        self.make_series_there(
            body={"contentType": "html", "content": "<p>Agenda</p>"},
            location={"displayName": "Room 1"},
            sensitivity="private",
            isReminderOn=True,
            reminderMinutesBeforeStart=20,
            attendees=[attendee(GUEST)],
        )
        self.assertTaken()

        rows = self.here("Board")
        self.assertEqual(4, len(rows))
        self.assertEqual(self.ann, rows.user_id)
        self.assertEqual(1, len(rows.recurrence_id))
        recurrence = rows.recurrence_id
        self.assertEqual(("weekly", True, 4), tuple(recurrence[name] for name in _WEEKLY))
        # Windows has one name for both.
        self.assertIn(recurrence.event_tz, (BRUSSELS, "Europe/Paris"))
        self.assertFalse(rows.filtered("outlook_notice"))

    def test_every_pattern_that_this_side_can_say(self):
        """Odoo's own recurrence says the rule, and Odoo's own expansion gives these rows."""
        day = self.monday.day
        patterns = {
            "daily": {"type": "daily", "interval": 2},
            "weekly": {"type": "weekly", "interval": 1, "daysOfWeek": ["monday", "thursday"]},
            "by date": {"type": "absoluteMonthly", "interval": 1, "dayOfMonth": day},
            "by weekday": {
                "type": "relativeMonthly", "interval": 1, "daysOfWeek": ["monday"],
                "index": "first",
            },
            "last": {
                "type": "relativeMonthly", "interval": 2, "daysOfWeek": ["friday"], "index": "last",
            },
        }  # fmt: skip
        for name, pattern in patterns.items():
            self.make_series_there(subject=name, pattern=pattern, ends=THREE)
        self.assertTaken()

        for name in patterns:
            rows = self.here(name)
            self.assertEqual(3, len(rows), name)
            self.assertFalse(rows.recurrence_id.outlook_rule, name)
            expanded = set(rows.recurrence_id._get_occurrences(rows[0].start))
            self.assertEqual(set(rows.mapped("start")), expanded, name)

    def test_a_yearly_rule(self):
        """The same day each year, as Odoo says it too."""
        first = self.monday
        pattern = {
            "type": "absoluteYearly", "interval": 1, "dayOfMonth": first.day, "month": first.month,
        }  # fmt: skip
        ends = {"type": "numbered", "numberOfOccurrences": 2}
        self.make_series_there(pattern=pattern, ends=ends)
        self.assertTaken()

        years = [row.start.year for row in self.here()]
        self.assertEqual([first.year, first.year + 1], years)

    def test_every_range(self):
        """So many times and until a date: this side has the same occurrences."""
        end = self.monday + timedelta(days=16)
        self.make_series_there(subject="count", ends=THREE)
        self.make_series_there(subject="until", ends={"type": "endDate", "endDate": f"{end}"})
        self.assertTaken()

        self.assertEqual([3, 3], [len(self.here(name)) for name in ("count", "until")])

    def test_whole_days(self):
        """An all-day series covers the same dates here."""
        begin, end = self.graph_at(0, 0), self.graph_at(2, 0)
        self.make_series_there(isAllDay=True, start=begin, end=end)
        self.assertTaken()

        rows = self.here()
        self.assertEqual({True}, set(rows.mapped("allday")))
        self.assertEqual(self.monday + timedelta(days=1), rows[0].stop_date)

    def test_rules_that_this_side_cannot_say_come_in_right(self):
        """The rows are at the right times, in one recurrence, and a note says who can change it."""
        last = date(self.monday.year, 12, 31)
        rules = {
            "last weekday": ("relativeMonthly", {"daysOfWeek": WEEKDAYS, "index": "last"}),
            "last day": ("relativeMonthly", {"daysOfWeek": EVERY_DAY, "index": "last"}),
            "clamped": ("absoluteMonthly", {"dayOfMonth": 31}),
            "weekend": (
                "relativeMonthly",
                {"daysOfWeek": ["saturday", "sunday"], "index": "first"},
            ),
        }
        for name, (kind, values) in rules.items():
            self.make_series_there(
                subject=name, pattern={"type": kind, "interval": 1, **values}, ends=THREE
            )
        self.make_series_there(
            subject="yearly",
            pattern={
                "type": "relativeYearly", "interval": 1, "daysOfWeek": ["monday"],
                "index": "first", "month": 2,
            },
            ends={"type": "numbered", "numberOfOccurrences": 2},
        )  # fmt: skip
        self.assertTaken()

        for name in [*rules, "yearly"]:
            rows = self.here(name)
            self.assertEqual(1, len(rows.recurrence_id), name)
            self.assertTrue(rows.recurrence_id.outlook_rule, name)
            self.assertTrue(all(rows.mapped("outlook_notice")), name)
        self.assertLess(self.here("clamped")[0].start.date(), last)

    def test_a_first_occurrence_later_than_the_start_date(self):
        """The pattern's first hit counts, whatever the range says."""
        self.make_series_there(
            pattern={"type": "weekly", "interval": 1, "daysOfWeek": ["friday"]}, ends=THREE
        )
        self.assertTaken()

        self.assertEqual(self.at(4), self.here()[0].start)

    def test_the_first_day_of_the_week_counts(self):
        """Fortnightly on Sunday and Monday: other dates with weeks that begin on Monday."""
        days = {"type": "weekly", "interval": 2, "daysOfWeek": ["sunday", "monday"]}
        for first in ("sunday", "monday"):
            self.make_series_there(subject=first, pattern={**days, "firstDayOfWeek": first})
        self.assertTaken()

        here = [self.here(first).mapped("start") for first in ("sunday", "monday")]
        self.assertNotEqual(*here)

    def _weekday_rule(self):
        self.make_series_there(
            pattern={
                "type": "relativeMonthly", "interval": 1, "daysOfWeek": WEEKDAYS, "index": "last",
            },
            ends=THREE,
        )  # fmt: skip
        self.sync(self.ann)
        self.forget()
        return self.here()

    def test_all_events_of_a_rule_that_this_side_cannot_say(self):
        """Renamed and moved to another hour as a whole: the rule and its dates stay."""
        rows = self._weekday_rule()
        days = [row.start.date() for row in rows]
        self.write(rows[1], scope="all_events", name="Other")
        self.assertArrives({"Board": ["PATCH"]})
        self.move(self.here()[1], hours=2, scope="all_events")
        self.assertArrives({"Board": ["PATCH"]})

        self.assertEqual(days, [row.start.date() for row in self.here()])
        pattern = self.master("Other")["recurrence"]["pattern"]
        self.assertEqual(("relativeMonthly", "last"), (pattern["type"], pattern["index"]))
        self.assertTrue(self.here().recurrence_id.outlook_rule)

    def test_one_event_of_a_rule_that_this_side_cannot_say(self):
        """Moved, and deleted, like one of any series."""
        rows = self._weekday_rule()
        self.move(rows[1], hours=3)
        rows[2].with_user(self.ann).unlink()
        self.sync(self.ann)
        wrote = self._acts()[0]["Board"]

        self.assertEqual(["DELETE", "PATCH"], sorted(act.split()[0] for act in wrote))
        self.assertInStep()

    def test_a_rule_that_this_side_cannot_say_is_changed_in_outlook_only(self):
        """A new rule, or another day, for all events is refused in words."""
        rows = self._weekday_rule()
        with self.assertRaisesRegex(UserError, "Outlook"):
            self.write(rows[0], scope="all_events", rrule_type="daily")
        with self.assertRaisesRegex(UserError, "Outlook"):
            self.move(rows[0], days=1, scope="all_events")

    def test_such_a_rule_becomes_one_that_this_side_can_say(self):
        """Outlook changes it to weekly: an ordinary series here from then on."""
        self._weekday_rule()
        self._rewrite({"type": "weekly", "interval": 1, "daysOfWeek": ["monday"]})
        self.assertTaken()

        self.assertFalse(self.here().recurrence_id.outlook_rule)
        self.assertFalse(self.here().filtered("outlook_notice"))

    def test_hours_that_do_not_exist_or_exist_twice_there(self):
        """Across the nights when clocks change, both walls show the same time."""
        for name, month in (("gap", 3), ("fold", 10)):
            end = date(self.monday.year, month, 31)
            sunday = end - timedelta(days=(end.weekday() + 1) % 7)
            start = on_day(sunday - timedelta(days=1), 2, 30)
            self.make_series_there(
                subject=name,
                pattern={"type": "daily", "interval": 1},
                ends=THREE,
                start={"dateTime": start.isoformat(), "timeZone": BRUSSELS},
                end={
                    "dateTime": (start + timedelta(minutes=20)).isoformat(), "timeZone": BRUSSELS,
                },
            )  # fmt: skip
        self.sync(self.ann)

        for name in ("gap", "fold"):
            here = [on_wall(row.start) for row in self.here(name)]
            self.assertEqual(self.walls_there(name), here)
        self.sync(self.ann)
        self.assertEqual([], self.written())

    def test_a_night_in_which_clocks_change_there(self):
        """From ten to six: the clock on the wall says when it ends, or the length; no exception."""
        end = date(self.monday.year, 3, 31)
        friday = end - timedelta(days=(end.weekday() + 1) % 7 + 2)
        times = {
            "start": {"dateTime": on_day(friday, 22).isoformat(), "timeZone": BRUSSELS},
            "end": {
                "dateTime": on_day(friday + timedelta(days=1), 6).isoformat(),
                "timeZone": BRUSSELS,
            },
        }
        self.make_series_there(pattern={"type": "daily", "interval": 1}, ends=THREE, **times)
        self.sync(self.ann)
        self.forget()
        self.write(self.here()[0], scope="all_events", name="Night")
        self.sync(self.ann)

        self.assertEqual({"Board": ["PATCH"]}, self._acts()[0])
        self.assertEqual({"occurrence"}, {one["type"] for one in self.there()})
        self.assertEqual(self.walls_there("Night"), [on_wall(row.start) for row in self.here()])

    def _rewrite(self, pattern):
        master = self.master()
        span = {**master["recurrence"]["range"], "startDate": self.monday.isoformat()}
        recurrence = {"pattern": pattern, "range": span}
        self.sandbox.change_event(ANN, master["id"], {"recurrence": recurrence, **self.span()})
