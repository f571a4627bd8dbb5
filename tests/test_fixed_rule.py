"""Series whose rule Odoo's fields cannot say: "the last weekday of the month"."""

from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .test_series_noticing import LENGTH, SeriesCase

LAST_WEEKDAY = "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1"


@tagged("post_install", "-at_install")
class TestFixedRule(SeriesCase):
    def setUp(self):
        super().setUp()
        recurrence = self.env["calendar.recurrence"].create(
            {
                "rrule_type": "monthly",
                "month_by": "day",
                "weekday": "FRI",
                "byday": "-1",
                "end_type": "count",
                "count": 6,
                "event_tz": "Europe/Brussels",
                "outlook_rule": LAST_WEEKDAY,
            }
        )
        base = (
            self.env["calendar.event"]
            .with_user(self.ann)
            .create(
                {
                    "name": "Closing",
                    "start": "2031-01-31 08:00:00",
                    "stop": "2031-01-31 09:00:00",
                    "recurrence_id": recurrence.id,
                    "follow_recurrence": True,
                }
            )
        )
        base.write({"recurrency": True})
        recurrence.base_event_id = base
        recurrence._apply_recurrence()
        self.base = base

    def _starts(self, event):
        rows = event.recurrence_id.calendar_event_ids.sorted("start")
        return [f"{row.start:%m-%d %H:%M}" for row in rows]

    def _refused(self, event, **vals):
        for scope in ("all_events", "future_events"):
            with self.assertRaisesRegex(UserError, "Outlook"):
                event.write({"recurrence_update": scope, **vals})

    def test_odoos_expansion_follows_the_rule(self):
        """The last weekday of each month at nine in Brussels, in winter and in summer."""
        self.assertEqual(
            [
                "01-31 08:00",
                "02-28 08:00",
                "03-31 07:00",
                "04-30 07:00",
                "05-30 07:00",
                "06-30 07:00",
            ],
            self._starts(self.base),
        )

    def test_the_end_is_said_by_odoos_fields(self):
        """By a number, by a date, and without end as far as Odoo makes occurrences."""
        recurrence = self.base.recurrence_id
        self.assertEqual(6, len(list(recurrence._get_occurrences(self.base.start))))
        recurrence.write({"end_type": "end_date", "until": "2031-03-31"})
        self.assertEqual(3, len(list(recurrence._get_occurrences(self.base.start))))
        recurrence.write({"end_type": "forever"})
        self.assertEqual(720, len(list(recurrence._get_occurrences(self.base.start))))

    def test_the_fields_beside_the_rule_stay(self):
        """The nearest rule that Odoo can say is not read out of the other again."""
        recurrence = self.base.recurrence_id
        self.env.flush_all()

        self.assertEqual("monthly", recurrence.rrule_type)
        self.assertFalse(recurrence.mon)
        self.assertIn("BYSETPOS=-1", recurrence.rrule)

    def test_another_rule_for_all_or_the_rest_is_refused_in_words(self):
        """Neither a field of the rule nor another day; nothing is changed."""
        row = self.base.recurrence_id.calendar_event_ids.sorted("start")[2]
        before = self._starts(self.base)
        self._refused(row, rrule_type="weekly")
        self._refused(row, byday="1")
        self._refused(row, start="2031-04-01 07:00:00", stop="2031-04-01 08:00:00")
        self._refused(row, event_tz="Pacific/Kiritimati", start="2031-03-31 12:00:00")

        self.assertEqual(before, self._starts(self.base))

    def test_another_time_of_day_for_all_keeps_the_rule(self):
        """Two hours later, on the days of the rule."""
        self.base.write(
            {
                "recurrence_update": "all_events",
                "start": "2031-01-31 10:00:00",
                "stop": "2031-01-31 11:00:00",
            }
        )

        self.assertEqual(LAST_WEEKDAY, self.base.recurrence_id.outlook_rule)
        self.assertEqual(["01-31 10:00", "02-28 10:00", "03-31 09:00"], self._starts(self.base)[:3])

    def test_this_and_following_keeps_the_rule(self):
        """Both halves are on the last weekday of the month."""
        rows = self.base.recurrence_id.calendar_event_ids.sorted("start")
        rows[2].write({"recurrence_update": "future_events", "name": "Other"})

        self.assertNotEqual(self.base.recurrence_id, rows[2].recurrence_id)
        self.assertEqual(LAST_WEEKDAY, rows[2].recurrence_id.outlook_rule)
        self.assertEqual(["01-31 08:00", "02-28 08:00"], self._starts(self.base))
        self.assertEqual(
            ["03-31 07:00", "04-30 07:00", "05-30 07:00", "06-30 07:00"], self._starts(rows[2])
        )

    def test_one_occurrence_may_be_moved(self):
        """*This event* has nothing to do with the rule."""
        self.base.write({"start": "2031-01-30 08:00:00", "stop": "2031-01-30 09:00:00"})

        self.assertEqual("01-30 08:00", self._starts(self.base)[0])

    def test_a_series_may_stop_recurring(self):
        """The form sends the emptied rule along: that is no other rule."""
        self.base.write(
            {"recurrence_update": "all_events", "recurrency": False, "count": 0, "day": 0}
        )

        self.assertFalse(self.base.recurrence_id)

    def test_its_name_and_its_form_say_so(self):
        """The rule is said to come from Outlook."""
        self.assertIn("Outlook", self.base.recurrence_id.name)
        with Form(self.base.with_user(self.ann)) as form:
            self.assertIn("in Outlook only", form.outlook_notice)
            self.assertFalse(form.outlook_is_refused)

    def test_weeks_are_those_of_the_rule_and_not_of_the_language(self):
        """Every second week, Sunday and Monday, in weeks that begin on Monday."""
        recurrence = self.base.recurrence_id
        recurrence.outlook_rule = "FREQ=WEEKLY;INTERVAL=2;WKST=MO;BYDAY=SU,MO"
        recurrence.rrule_type = "weekly"
        recurrence.write({"sun": True, "mon": True, "interval": 2, "count": 4})
        sunday = self.base.start.replace(month=1, day=5)

        days = [f"{day:%m-%d}" for day in recurrence._get_occurrences(sunday)]
        self.assertEqual(["01-05", "01-13", "01-19", "01-27"], days)


@tagged("post_install", "-at_install")
class TestNotice(SeriesCase):
    def setUp(self):
        super().setUp()
        self.rows = self.make(
            self.ann, event_tz="Asia/Tokyo", start="2031-03-03 20:00:00", stop="2031-03-03 20:30:00"
        )
        self.meeting = self.known(self.rows)
        # 2031-03-06 20:00 UTC is the morning of the 7th in Tokyo.
        self.meeting.refused = {"2031-03-07": {"reason": "It is too long", "digest": "x"}}

    def _notice(self, row):
        row.invalidate_recordset()
        return row.with_user(self.ann).outlook_notice

    def test_a_refused_occurrence_says_why(self):
        """On the row of that day on the series' calendar, also when it was moved; on no other."""
        row = self.rows[3]
        self.assertIn("It is too long.", self._notice(row))
        row.write({"start": "2031-03-15 20:00:00", "stop": "2031-03-16 20:30:00"})

        self.assertIn("It is too long.", self._notice(row))
        self.assertFalse(self._notice(self.rows[4]))

    def test_a_row_that_was_made_a_whole_day_is_told_by_its_day_in_the_series(self):
        """Mondays at 17:00 in Los Angeles are Tuesdays in UTC, where whole days are kept."""
        series = self.env["calendar.event"].create(
            {
                "name": "Coast",
                "user_id": self.ann.id,
                "start": "2031-03-18 00:00:00",
                "stop": "2031-03-18 01:00:00",
                "recurrency": True,
                "rrule_type": "weekly",
                "mon": True,
                "end_type": "count",
                "count": 3,
                "event_tz": "America/Los_Angeles",
            }
        )
        self._park(series, refused={"2031-03-24": {"reason": "It is too long.", "digest": "x"}})
        row = series.recurrence_id.calendar_event_ids.sorted("start")[1]
        row.write({"allday": True, "start_date": "2031-03-24", "stop_date": "2031-03-25"})
        self.assertTrue(row.outlook_original_start)

        self.assertIn("It is too long.", self._notice(row))

    def test_it_can_be_detached_with_one_click(self):
        """The row becomes a meeting of its own, in the zone of its series, and the alert goes."""
        row = self.rows[3]
        self.assertTrue(row.outlook_is_refused)
        row.with_user(self.ann).action_outlook_detach()

        self.assertFalse(self._notice(row))
        self.assertEqual("Asia/Tokyo", row.outlook_zone)
        self.assertEqual(LENGTH - 1, len(self.rows[0].recurrence_id.calendar_event_ids))

    def test_the_base_event_can_be_detached_too(self):
        """Another row is what the series hangs on then."""
        self.rows[0].with_user(self.ann).action_outlook_detach()

        self.assertEqual(self.rows[1], self.rows[1].recurrence_id.base_event_id)

    def test_others_do_not_read_the_reason_of_a_private_meeting(self):
        """Who may not see the meeting sees no alert either."""
        self.rows[3].write({"privacy": "private"})
        self.env.flush_all()
        self.env.invalidate_all()

        self.assertFalse(self.rows[3].with_user(self.carl).outlook_notice)

    def _park(self, event, **values):
        meeting = self.env["outlook.meeting"].search([("event_id", "=", event.id)])
        meeting = meeting or self.env["outlook.meeting"].create({"event_id": event.id})
        meeting.write({"state": "parked", "reason": "Outlook refused the request", **values})
        return meeting

    def test_a_series_that_was_set_aside_says_why_on_every_row(self):
        """Refused as a whole, it concerns all occurrences; detaching one would not help."""
        self._park(self.rows[0], refused=False)

        for row in (self.rows[0], self.rows[7], self.rows[-1]):
            self.assertIn("Outlook refused the request.", self._notice(row))
            self.assertFalse(row.outlook_is_refused)

    def test_a_single_meeting_that_was_set_aside_says_why_until_it_is_in_step(self):
        """The form is where its people look; what is in step says nothing."""
        event = self.env["calendar.event"].create(
            {
                "name": "Lunch",
                "start": "2031-03-03 11:00:00",
                "stop": "2031-03-03 12:00:00",
                "user_id": self.ann.id,
            }
        )
        meeting = self._park(event)
        self.assertIn("Outlook refused the request.", self._notice(event))
        meeting.state = "linked"

        self.assertFalse(self._notice(event))

    def test_others_do_not_read_why_a_private_series_was_set_aside(self):
        """The reason names what is wrong with what they may not see."""
        self._park(self.rows[0])
        self.rows.write({"privacy": "private"})
        self.env.flush_all()
        self.env.invalidate_all()

        self.assertFalse(self.rows[3].with_user(self.carl).outlook_notice)

    def test_a_meeting_that_is_not_saved_yet_says_nothing(self):
        """Meetings whose event is gone were set aside, too: they are none of its business."""
        self._park(self.rows[0], event_id=False, recurrence_ref=False)

        self.assertFalse(Form(self.env["calendar.event"].with_user(self.ann)).outlook_notice)
