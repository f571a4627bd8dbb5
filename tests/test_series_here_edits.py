"""Edits of a series here, in each scope. docs/sync-rules.md, *Recurring meetings: acts here*."""

from datetime import timedelta

from odoo.tests import tagged

from .common import ANN, BOB, GUEST
from .series_case import SeriesCase

UPDATE = ("update", GUEST)
INVITATION = ("invitation", GUEST)
BOB_INVITED = ("invitation", BOB)


@tagged("post_install", "-at_install")
class TestSeriesHereEdits(SeriesCase):
    def _edits(self):
        """Return {what: (values, whom Outlook tells)}; times are made per row."""
        popup = self.popup(45)
        return {
            "subject": ({"name": "Other"}, [UPDATE]),
            "body": ({"description": "<p>New agenda</p>"}, [UPDATE]),
            "place": ({"location": "Room 2"}, [UPDATE]),
            "time": ("time", [UPDATE]),
            "duration": ("duration", [UPDATE]),
            "people": ({"partner_ids": [(4, self.bob.partner_id.id)]}, [BOB_INVITED]),
            "reminder": ({"alarm_ids": [(6, 0, popup.ids)]}, []),
            "privacy": ({"privacy": "private"}, []),
        }

    def _edit(self, row, values, scope):
        if values == "time":
            self.move(row, hours=2, scope=scope)
        elif values == "duration":
            self.move(row, scope=scope, longer=timedelta(minutes=30))
        else:
            self.write(row, scope=scope, **values)

    def _boards(self, names):
        """Make a series for each edit and bring them over in one round."""
        partners = [(6, 0, (self.ann.partner_id + self.guest).ids)]
        rows = {name: self.series(name, partner_ids=partners) for name in names}
        self.bring_over()
        return rows

    def test_every_edit_of_this_event_is_one_patch_of_that_occurrence(self):
        """Subject, body, place, time, duration, people, reminder: of one date only."""
        edits = self._edits()
        del edits["privacy"]
        rows = self._boards(edits)
        for name, (values, _told) in edits.items():
            self._edit(rows[name][1], values, "self_only")
        self.assertArrives(
            {name: ["PATCH day 7"] for name in edits},
            {name: told for name, (_values, told) in edits.items()},
        )

    def test_one_private_event_is_private_here_only(self):
        """Exchange knows one sensitivity for a series: the row here is private, nothing is sent."""
        rows = self.board()
        self.write(rows[1], scope="self_only", privacy="private")
        self.assertArrives({}, {}, in_step=False)

        self.assertEqual("private", rows[1].privacy)
        self.assertEqual({"normal"}, {one["sensitivity"] for one in self.there()})

    def test_every_edit_of_all_events_is_one_patch_of_the_master(self):
        """The same of all events, made on the second row."""
        edits = self._edits()
        rows = self._boards(edits)
        for name, (values, _told) in edits.items():
            self._edit(rows[name][1], values, "all_events")
        self.assertArrives(
            {name: ["PATCH"] for name in edits},
            {name: told for name, (_values, told) in edits.items()},
        )
        self.assertEqual(4 * len(edits), len(self.there()))

    def test_every_edit_of_this_and_following_ends_one_series_and_begins_another(self):
        """The old series gets a new end, one new series begins: one update, one invitation."""
        edits = self._edits()
        rows = self._boards(edits)
        for name, (values, _told) in edits.items():
            self._edit(rows[name][2], values, "future_events")
        self.sync(self.ann)
        wrote, mailed = self._acts()

        begun = {"Other" if name == "subject" else name for name in edits}
        self.assertEqual(
            sorted(["PATCH"] * len(edits) + ["POST"] * len(edits)),
            sorted(act for acts in wrote.values() for act in acts),
        )
        self.assertEqual(begun | {"subject"}, set(wrote))
        told = sorted(mail for mails in mailed.values() for mail in mails)
        expected = [UPDATE, INVITATION] * len(edits) + [BOB_INVITED]
        self.assertEqual(sorted(expected), told)
        self.assertFalse(self.mails(), "Odoo mailed too")
        self._assertQuiet()

    def test_this_and_following_at_the_first_is_all(self):
        """Begun at the first occurrence it is no new series: one PATCH, whatever was edited."""
        edits = self._edits()
        rows = self._boards(edits)
        for name, (values, _told) in edits.items():
            self._edit(rows[name][0], values, "future_events")
        self.assertArrives(
            {name: ["PATCH"] for name in edits},
            {name: told for name, (_values, told) in edits.items()},
        )
        self.assertEqual(4 * len(edits), len(self.there()))

    def test_whole_days_are_edited_like_others(self):
        """One moved by a day, one made longer, one deleted, then all renamed."""
        day = {"start_date": self.monday, "stop_date": self.monday}
        rows = self.board(allday=True, start=self.at(), stop=self.at(), **day)
        for row, first, last in ((rows[1], 9, 9), (rows[2], 14, 15)):
            dates = [self.monday + timedelta(days=number) for number in (first, last)]
            self.write(row, scope="self_only", start_date=dates[0], stop_date=dates[1])
        rows[3].with_user(self.ann).unlink()
        self.assertArrives({"Board": ["PATCH day 7", "PATCH day 14", "DELETE day 21"]})
        self.write(rows[0], scope="all_events", name="Other")
        self.assertArrives({"Board": ["PATCH"]})

    def test_an_exception_can_be_edited_again(self):
        """Moved, then renamed, then moved again: each time that occurrence alone is written."""
        rows = self.board()
        self.move(rows[1], days=1)
        self.assertArrives({"Board": ["PATCH day 7"]}, {"Board": [UPDATE]})
        self.write(rows[1], scope="self_only", name="Special")
        self.assertArrives({"Board": ["PATCH day 7"]}, {"Board": [UPDATE]})
        self.move(rows[1], days=1)
        self.assertArrives({"Board": ["PATCH day 7"]}, {"Board": [UPDATE]})

        self.assertEqual("Special", self.occurrence(7)["subject"])

    def test_an_exception_moved_back_is_none_any_more(self):
        """Back at its own time the occurrence follows its series again."""
        rows = self.board()
        self.move(rows[1], hours=1)
        self.bring_over()
        self.move(rows[1], hours=-1)
        self.assertArrives({"Board": ["PATCH day 7"]})
        self.move(rows[0], hours=3, scope="all_events")
        self.assertArrives({"Board": ["PATCH"]})

        self.assertEqual({"12:00"}, {one["start"]["dateTime"][11:16] for one in self.there()})

    def test_renaming_all_keeps_what_is_special(self):
        """All events renamed: an occurrence keeps its own place and time, there as here."""
        rows = self.board()
        self.write(rows[1], scope="self_only", location="Room 9")
        self.move(rows[2], hours=3)
        self.bring_over()
        self.write(rows[0], scope="all_events", name="Other")
        self.assertArrives({"Board": ["PATCH"]}, {"Board": [UPDATE] * 3})

        self.assertEqual("Room 9", self.occurrence(7)["location"]["displayName"])

    def test_moving_all_drops_what_odoo_drops(self):
        """Odoo makes all rows anew for a new time: exceptions and deleted dates are whole again."""
        rows = self.board()
        self.move(rows[1], hours=3)
        rows[2].with_user(self.ann).unlink()
        self.bring_over()
        self.move(self.here()[0], hours=1, scope="all_events")
        self.assertArrives({"Board": ["PATCH"]})

        self.assertEqual(4, len(self.there()))

    def test_moving_all_to_another_weekday(self):
        """All events from Monday to Tuesday: one PATCH, one update, the same meeting."""
        rows = self.board()
        before = self.master()["iCalUId"]
        self.move(rows[1], days=1, scope="all_events")
        self.assertArrives({"Board": ["PATCH"]}, {"Board": [UPDATE]})

        self.assertEqual(["tuesday"], self.master()["recurrence"]["pattern"]["daysOfWeek"])
        self.assertEqual(before, self.master()["iCalUId"])

    def test_an_edit_before_the_first_round_is_part_of_it(self):
        """Made, then all renamed, then one moved, before any round: nothing is sent twice."""
        rows = self.series()
        self.write(rows[0], scope="all_events", name="Other")
        self.move(rows[1], days=1)
        self.assertArrives({"Other": ["POST", "PATCH day 7"]})

    def test_one_field_of_a_series_costs_three_requests_at_most(self):
        """Look for news, write, look at the outcome: never a request per occurrence."""
        rows = self.board(count=20)
        self.write(rows[0], scope="all_events", name="Other")
        self.forget()
        self.sync(self.ann)
        asked = [one.path for one in self.sandbox.requests if one.path.startswith("/me/")]

        self.assertEqual(1, sum(one.method == "PATCH" for one in self.sandbox.requests))
        self.assertLessEqual(len([one for one in asked if "/delta" not in one]), 3)

    def test_both_sides_edit_different_occurrences(self):
        """One renamed here, another moved there, the place of all there: everything arrives."""
        rows = self.board()
        self.write(rows[1], scope="self_only", name="Special")
        self.change_there(14, **self.span(14, 15))
        self.sandbox.change_event(ANN, self.master()["id"], {"location": {"displayName": "R 3"}})
        self.forget()
        self.assertArrives({"Board": ["PATCH day 7"]})

        self.assertEqual({"R 3"}, set(self.here().mapped("location")))
        self.assertEqual(["Board", "Special", "Board", "Board"], self.here().mapped("name"))
