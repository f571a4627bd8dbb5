"""Series made here: every rule and end. docs/sync-rules.md, *Recurring meetings: acts here*."""

from datetime import date, timedelta

from odoo.tests import Form, tagged

from .common import BOB, GUEST
from .series_case import SeriesCase
from .series_shown import instant, on_day, on_wall

NEW_YORK = "America/New_York"


@tagged("post_install", "-at_install")
class TestSeriesHereRules(SeriesCase):
    def test_a_series_made_here_is_one_meeting_there(self):
        """One POST of one master, one invitation; all fields, the rule and its zone arrive."""
        popup = self.popup(30)
        rows = self.series(
            description="<p>Agenda</p>",
            location="Room 1",
            privacy="private",
            alarm_ids=[(6, 0, popup.ids)],
            partner_ids=[(6, 0, (self.ann.partner_id + self.guest).ids)],
        )
        self.assertArrives({"Board": ["POST"]}, {"Board": [("invitation", GUEST)]})

        rule = self.master()["recurrence"]
        self.assertEqual("weekly", rule["pattern"]["type"])
        self.assertEqual(["monday"], rule["pattern"]["daysOfWeek"])
        self.assertEqual("Romance Standard Time", rule["range"]["recurrenceTimeZone"])
        meetings = self.env["outlook.meeting"].search([("event_id", "in", rows.ids)])
        self.assertEqual(["linked"], meetings.mapped("state"))

    def test_every_rule_of_the_form_arrives(self):
        """Daily, weekly on any days, monthly by date and weekday, yearly, any interval."""
        last = self.monday + timedelta(days=21)
        last += timedelta(days=7) if (last + timedelta(days=7)).month == 2 else timedelta()
        at_last = {
            "start": instant(on_day(last)),
            "stop": instant(on_day(last, 11)),
        }
        by_date = {"rrule_type": "monthly", "month_by": "date"}
        by_day = {"rrule_type": "monthly", "month_by": "day", "weekday": "MON"}
        rules = {
            "daily": ({"rrule_type": "daily"}, "daily"),
            "every third day": ({"rrule_type": "daily", "interval": 3}, "daily"),
            "three days a week": ({"wed": True, "fri": True}, "weekly"),
            "every other week": ({"interval": 2, "thu": True}, "weekly"),
            "by date": ({**by_date, "day": self.monday.day}, "absoluteMonthly"),
            "every third month": (
                {**by_date, "day": self.monday.day, "interval": 3},
                "absoluteMonthly",
            ),
            "first Monday": ({**by_day, "byday": "1"}, "relativeMonthly"),
            "last Monday": ({**by_day, "byday": "-1", **at_last}, "relativeMonthly"),
            "yearly": ({"rrule_type": "yearly", "count": 2}, "absoluteYearly"),
        }
        for name, (values, _kind) in rules.items():
            self.series(name, **values)
        self.assertArrives({name: ["POST"] for name in rules})

        shown = {name: self.master(name)["recurrence"]["pattern"]["type"] for name in rules}
        self.assertEqual({name: kind for name, (_values, kind) in rules.items()}, shown)

    def test_every_end_of_the_form_arrives(self):
        """So many times, or until a date: the last occurrence is the same on both sides."""
        self.series("count", count=3)
        until = self.monday + timedelta(days=17)
        self.series("until", end_type="end_date", until=until)
        self.assertArrives({"count": ["POST"], "until": ["POST"]})

        self.assertEqual(3, len(self.there(subject="count")))
        self.assertEqual(3, len(self.there(subject="until")))

    def test_forever_is_without_end_there(self):
        """A series for ever has no end in Outlook; nothing is written for its far years."""
        self.series(end_type="forever")
        self.sync(self.ann)

        self.assertEqual({"Board": ["POST"]}, self._acts()[0])
        self.assertEqual("noEnd", self.master()["recurrence"]["range"]["type"])
        self.sync(self.ann)
        self.assertEqual([], self.written())

    def test_the_shortcuts_of_the_form_arrive(self):
        """What the form makes of Daily, Weekly, Monthly, Yearly with one choice each."""
        # The days of a week are a widget's, which the form's test harness does not draw.
        self.series("weekly", rrule_type_ui="weekly", count=2)
        names = ("daily", "monthly", "yearly")
        for name in names:
            form = Form(self.env["calendar.event"].with_user(self.ann))
            form.name = name
            form.start = self.at()
            form.stop = self.at(hour=11)
            form.recurrency = True
            form.rrule_type_ui = name
            form.end_type = "count"
            form.count = 2
            form.save()
        names += ("weekly",)
        self.assertArrives({name: ["POST"] for name in names})

        self.assertEqual([2] * 4, [len(self.there(subject=name)) for name in names])

    def test_a_series_without_its_first_day_begins_where_its_rule_does(self):
        """Begun on a Monday, repeated on Thursdays: the Monday is none of them."""
        self.series(mon=False, thu=True)
        self.assertArrives({"Board": ["POST"]})

        self.assertEqual(4, len(self.there()))
        self.assertEqual((self.monday + timedelta(days=3)).isoformat(), self._first_day_there())

    def test_the_day_that_a_month_lacks_is_left_out_on_both_sides(self):
        """Odoo skips the 31st of a short month where Outlook takes the 30th: these are off."""
        day = date(self.monday.year, 1, 31) + timedelta(days=365)
        start = instant(on_day(day))
        self.series(
            start=start,
            stop=start + timedelta(hours=1),
            rrule_type="monthly",
            month_by="date",
            day=31,
            count=3,
        )
        self.sync(self.ann)

        self.assertInStep()
        self.assertEqual([31, 31, 31], [row.start.day for row in self.here()])
        self.forget()
        self.sync(self.ann)
        self.assertEqual([], self.written())

    def test_the_zone_of_the_series_is_its_own(self):
        """Made in Brussels for New York: wall-clock time is New York's on both sides."""
        rows = self.series(
            event_tz=NEW_YORK, count=8, start=self.at(zone=NEW_YORK),
            stop=self.at(hour=11, zone=NEW_YORK),
        )  # fmt: skip
        self.assertArrives({"Board": ["POST"]})

        self.assertEqual({10}, {on_wall(row.start, NEW_YORK).hour for row in rows})
        self.assertEqual({14, 15}, {row.start.hour for row in rows})
        zone = self.master()["recurrence"]["range"]["recurrenceTimeZone"]
        self.assertEqual("Eastern Standard Time", zone)

    def test_hours_that_do_not_exist_or_exist_twice(self):
        """Across the nights when clocks change, both walls show the same time."""
        for name, month in (("gap", 3), ("fold", 10)):
            start = on_day(self._last_sunday(month) - timedelta(days=1), 2, 30)
            self.series(
                name, start=instant(start), stop=instant(start) + timedelta(minutes=20),
                rrule_type="daily", count=3,
            )  # fmt: skip
        self.sync(self.ann)

        self.assertEqual({"gap": ["POST"], "fold": ["POST"]}, self._acts()[0])
        for name in ("gap", "fold"):
            here = [on_wall(row.start) for row in self.here(name)]
            self.assertEqual(self.walls_there(name), here)
        self.sync(self.ann)
        self.assertEqual([], self.written())

    def test_a_night_in_which_clocks_change_is_no_exception(self):
        """From ten to six: Odoo keeps the length, Exchange the clock; nothing is moved for that."""
        sunday = self._last_sunday(3)
        start = instant(on_day(sunday - timedelta(days=2), 22))
        self.series(start=start, stop=start + timedelta(hours=8), rrule_type="daily")
        self.assertArrives({"Board": ["POST"]}, in_step=False)

        self.assertEqual({"occurrence"}, {one["type"] for one in self.there()})
        starts = [f"{row.start:%Y-%m-%dT%H:%M}" for row in self.here()]
        self.assertEqual([one["start"]["dateTime"][:16] for one in self.there()], starts)

    def _last_sunday(self, month):
        end = date(self.monday.year, month, 31)
        return end - timedelta(days=(end.weekday() + 1) % 7)

    def test_whole_days_repeat_as_dates(self):
        """All-day series cover the same dates on both sides, over several days too."""
        days = {"allday": True, "start": self.at(), "stop": self.at()}
        first = {"start_date": self.monday, "stop_date": self.monday}
        self.series("one", **days, **first)
        self.series("two", **days, **{**first, "stop_date": self.monday + timedelta(days=1)})
        self.assertArrives({"one": ["POST"], "two": ["POST"]})

        self.assertTrue(all(one["isAllDay"] for one in self.there()))

    def test_the_week_begins_where_the_owners_does(self):
        """Fortnightly on Sunday and Monday depends on where the week begins: rows decide."""
        self.env["res.lang"]._activate_lang("fr_FR")
        for name, language in (("american", "en_US"), ("french", "fr_FR")):
            self.ann.lang = language
            self.series(name, interval=2, sun=True, count=6)
        self.assertArrives({"american": ["POST"], "french": ["POST"]})

        here = [[row.start for row in self.here(name)] for name in ("american", "french")]
        self.assertNotEqual(*here)

    def test_exceptions_made_before_the_first_round_arrive_with_one_invitation(self):
        """Moved and deleted before it was ever sent: the guest is invited once."""
        rows = self.series(partner_ids=[(6, 0, (self.ann.partner_id + self.guest).ids)])
        self.move(rows[1], hours=2)
        rows[2].with_user(self.ann).unlink()
        self.assertArrives(
            {"Board": ["POST", "PATCH day 7", "DELETE day 14", "PATCH"]},
            {"Board": [("invitation", GUEST)]},
        )

        self.assertEqual(3, len(self.there()))

    def test_a_series_made_from_another_record_arrives(self):
        """Planned from a contact as its meeting: the link is on every row, and stays."""
        contact = self.guest
        model = self.env["ir.model"]._get_id("res.partner")
        rows = self.series(res_model_id=model, res_id=contact.id)
        self.assertArrives({"Board": ["POST"]})
        self.write(rows[0], scope="all_events", name="Plan")
        self.assertArrives({"Board": ["PATCH"]})

        self.assertEqual([contact.id] * 4, [row.res_id for row in self.here("Plan")])

    def test_a_series_of_somebody_without_an_account_stays_here(self):
        """Nobody is connected: Odoo mails, Outlook hears of nothing."""
        self.series(user=self.bob, partner_ids=[(6, 0, (self.bob.partner_id + self.guest).ids)])
        self.sync(self.ann)

        self.assertEqual([], self.written())
        self.assertIn(self.guest, self.mails().recipient_ids)
        self.assertEqual([], self.there(BOB))

    def _first_day_there(self):
        return self.there()[0]["start"]["dateTime"][:10]
